import { createBrowserInspector, createWebSocketInspector } from '@statelyai/inspect';
import { createStrongAuth } from 'strong-auth-machine';
import { createSafeInspector } from 'strong-auth-machine/inspect';

/** What the test gives the app to leak. */
export interface Private {
  readonly pin: string;
  readonly otp: string;
  readonly parameter: string;
  readonly result: string;
}

declare global {
  interface Window {
    /** Opens the inspector, or connects to its socket. */
    inspectWith(how: { readonly page?: string; readonly socket?: string }): void;
    /** Locks the doors, with a wrong PIN first. */
    lock(secrets: Private): Promise<unknown>;
  }
}

/*
 * An app as a developer has one: the client, inspected by Stately's own inspector through the safe one. Its SDK is three lines.
 */

let inspect: ReturnType<typeof createSafeInspector> | undefined;

window.inspectWith = ({ page, socket }) => {
  inspect = createSafeInspector(
    socket === undefined
      ? createBrowserInspector(page === undefined ? {} : { url: page })
      : createWebSocketInspector({ url: socket }),
  );
};

window.lock = (secrets) => {
  let isStrong = false;
  let isMistyped = true;
  const failed = (code: number) => ({ status: 'FAILED', error: { code, label: 'refused' } });
  const strongAuth = createStrongAuth({
    inspect,
    enterPin: async () => {
      const pin = isMistyped ? `${secrets.pin.slice(0, -1)}0` : secrets.pin;
      isMistyped = false;
      return pin;
    },
    transport: {
      async send({ api, parameters }) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (api === 'pims.authentication.otp') {
          isStrong = parameters?.pinCode === secrets.pin;
          return isStrong ? { status: 'SUCCEEDED', result: { otp: secrets.otp } } : failed(2308);
        }
        return isStrong ? { status: 'SUCCEEDED', result: { value: secrets.result } } : failed(2302);
      },
    },
  });
  return strongAuth.get<unknown>('pims.vehicle.informations', { action: 'get', vin: secrets.parameter });
};
