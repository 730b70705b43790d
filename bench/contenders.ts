import type { Contender } from './contender.js';
import { axiosAuthRefresh } from './contenders/axios-auth-refresh.js';
import { handWritten } from './contenders/hand-written.js';
import { robot3 } from './contenders/robot3.js';
import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { version01 } from './contenders/version-0.1.js';
import { xstatePerCall } from './contenders/xstate-per-call.js';

/** In the order of the columns. All ratios are to the one written by hand. */
export const contenders: readonly Contender[] = [
  strongAuthMachine,
  ...(version01 ? [version01] : []),
  handWritten,
  axiosAuthRefresh,
  xstatePerCall,
  robot3,
];

/** The transport without anybody around it. */
export const bareTransport: Contender = {
  name: 'bare transport',
  create: ({ send }) => ({
    get: (api, parameters) => send({ verb: 'get', api, parameters }),
    cancel() {},
    dispose() {},
  }),
};

/** Those of which a round with very many calls takes many seconds. */
export const slow: readonly Contender[] = [axiosAuthRefresh, xstatePerCall];
