import type { Transport } from 'strong-auth-machine';

/** `cordova.exec`. */
export type CordovaExec = (
  success: (value: unknown) => void,
  fail: (reason: unknown) => void,
  service: string,
  action: string,
  args: unknown[],
) => void;

/** The transport over a Cordova plugin called `Pims`, whose actions are the SDK's verbs. */
export function createCordovaTransport(exec: CordovaExec): Transport {
  return {
    // Every message comes to `success`, a FAILED one too; `fail` is for a plugin or an SDK that broke.
    send: ({ verb, api, parameters = {} }) =>
      new Promise((resolve, reject) => exec(resolve, reject, 'Pims', verb, [api, parameters])),
    subscribe: ({ api, parameters = {} }, onMessage) =>
      new Promise<void>((_, reject) => exec(onMessage, reject, 'Pims', 'subscribe', [api, parameters])),
  };
}
