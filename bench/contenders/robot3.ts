import { createMachine, guard, immediate, interpret, invoke, reduce, state, transition } from 'robot3';
import { type Contender, isChallenge, type Message, OTP_API, resultOf, type Scene } from '../contender.js';

interface Context {
  readonly pin: string;
}
interface Done<Data> {
  readonly data: Data;
}

/** The same shape as the package's chart, in the smallest state machine library there is; calls wait in a list beside it. */
const createSession = (scene: Scene) => {
  const otp = (context: Context, more: object) =>
    scene.send({
      verb: 'get',
      api: OTP_API,
      parameters: { action: 'withPIN', pinCode: context.pin, ...more },
    });
  const isGranted = guard((_: Context, { data }: Done<Message>) => data.status === 'SUCCEEDED');
  const needsReset = guard((_: Context, { data }: Done<Message>) =>
    [2312, 2317].includes(Number(data.error?.code)),
  );
  const keepPin = reduce((context: Context, { data }: Done<string>) => ({ ...context, pin: data }));
  const isGiven = guard((_: Context, { data }: Done<string | null>) => Boolean(data));
  const gaveUp = [transition('error', 'denied'), transition('cancelled', 'denied')];
  return createMachine(
    'rest',
    {
      rest: state(transition('started', 'calling')),
      calling: state(transition('landed', 'rest'), transition('challenged', 'needStrongAuth')),
      needStrongAuth: invoke(
        () => scene.enterPin(),
        transition('done', 'requestingOtp', isGiven, keepPin),
        transition('done', 'denied'),
        ...gaveUp,
      ),
      requestingOtp: invoke(
        (context: Context) => otp(context, {}),
        transition('done', 'replaying', isGranted),
        transition('done', 'resetting', needsReset),
        transition('done', 'denied'),
        ...gaveUp,
      ),
      resetting: invoke(
        (context: Context) => otp(context, { resetStep: true }),
        transition('done', 'replaying', isGranted),
        transition('done', 'denied'),
        ...gaveUp,
      ),
      replaying: state(transition('landed', 'rest'), transition('challenged', 'needStrongAuth')),
      denied: state(immediate('calling')),
    },
    () => ({ pin: '' }),
  );
};

export const robot3: Contender = {
  name: 'robot3, one machine',
  create(scene) {
    let waiting: { replay: () => void; reject: (error: Error) => void }[] = [];
    let onTheirWay = 0;
    const leave = () => {
      onTheirWay += 1;
      if (onTheirWay === 1) service.send('started');
    };
    const land = () => {
      onTheirWay -= 1;
      if (onTheirWay === 0) service.send('landed');
    };
    const takeWaiting = () => {
      const taken = waiting;
      waiting = [];
      return taken;
    };
    let before = 'rest';
    const service = interpret(createSession(scene), ({ machine }) => {
      const { name } = machine.state;
      const wasWave = ['needStrongAuth', 'requestingOtp', 'resetting'].includes(before);
      before = name;
      if (name === 'replaying') for (const { replay } of takeWaiting()) replay();
      else if (name === 'calling' && wasWave)
        for (const { reject } of takeWaiting()) reject(new Error('CANCELLED'));
    });
    return {
      async get(api, parameters) {
        const send = async () => {
          leave();
          return scene.send({ verb: 'get', api, parameters });
        };
        try {
          const message = await send();
          if (!isChallenge(message)) return resultOf(message);
          return await new Promise((resolve, reject) => {
            const replay = () =>
              scene.send({ verb: 'get', api, parameters }).then(resultOf).then(resolve, reject);
            waiting.push({ replay, reject });
            service.send('challenged');
          });
        } finally {
          land();
        }
      },
      // Its types do not see the transitions of an invoking state.
      cancel: () => service.send('cancelled' as never),
      dispose() {},
    };
  },
};
