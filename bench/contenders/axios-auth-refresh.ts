import axios, { AxiosError, type AxiosResponse } from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';
import { type Contender, isChallenge, type Message, requestOtp, resultOf } from '../contender.js';

/** The token refresher that most apps on axios use, with PIN and OTP as its refresh and the scripted transport as its adapter. */
export const axiosAuthRefresh: Contender = {
  name: 'axios-auth-refresh',
  create(scene) {
    const instance = axios.create({
      async adapter(config) {
        const message = await scene.send({ verb: 'get', api: config.url ?? '', parameters: config.params });
        const status = message.status === 'SUCCEEDED' ? 200 : isChallenge(message) ? 401 : 400;
        const response: AxiosResponse<Message> = {
          data: message,
          status,
          statusText: '',
          headers: {},
          config,
        };
        if (status === 200) return response;
        throw new AxiosError('failed', AxiosError.ERR_BAD_REQUEST, config, undefined, response);
      },
    });
    let decline: (() => void) | undefined;
    createAuthRefresh(
      instance,
      async () => {
        const declined = new Promise<null>((resolve) => {
          decline = () => resolve(null);
        });
        const pin = await Promise.race([scene.enterPin(), declined]);
        if (!pin) throw new Error('CANCELLED');
        await requestOtp(scene, pin);
      },
      { maxRetries: 1 },
    );
    return {
      async get(api, parameters, signal) {
        const config = { params: parameters, ...(signal && { signal }) };
        return resultOf((await instance.get<Message>(api, config)).data);
      },
      cancel: () => decline?.(),
      dispose() {},
    };
  },
};
