import { surface } from '../host/surface.js';
import {
  type ApiError,
  envelopeOf,
  isApiError,
  isStrongAuthError,
  type StrongAuthErrorCode,
} from '../messages/errors.js';
import type { ApiMessage, ApiParameters, ApiRequest } from '../messages/message.js';
import type { Transport } from '../messages/transport.js';
import type { Pims, PimsCallback } from '../pims/pims.js';

/** What the facade stands on. Nothing of it throws: it rejects. */
interface FacadeParts {
  readonly send: (request: ApiRequest) => Promise<ApiMessage>;
  readonly subscribe: (request: ApiRequest, onMessage: (message: ApiMessage) => void) => Promise<unknown>;
  readonly lifecycle: Transport['lifecycle'];
}

/**
 * The codes with which a wave ends. Only they reach the caller as the 2302 that the SDK would have answered.
 */
const deniedWave: ReadonlySet<StrongAuthErrorCode> = new Set([
  'CANCELLED',
  'PIN_REJECTED',
  'PIN_ENTRY_FAILED',
  'PIN_ENTRY_TIMED_OUT',
  'AUTHENTICATION_FAILED',
  'AUTHENTICATION_TIMED_OUT',
  'ACCOUNT_BLOCKED',
  'DEVICE_UNKNOWN',
  'FORBIDDEN',
  'OTP_REFUSED',
  'SIGN_IN_REQUIRED',
  'OFFLINE',
  'OUTCOME_UNKNOWN',
  'OTP_BUDGET_SPENT',
  'THROTTLED',
]);

/** @returns The SDK's own functions, on top of a client. */
export function createFacade({ send, subscribe, lifecycle }: FacadeParts): Required<Pims> {
  const answerWith = (callback: PimsCallback | undefined) => (message: unknown) => {
    if (typeof callback !== 'function') return; // the SDK accepts a call without a callback
    try {
      callback(message);
    } catch (error) {
      surface(error);
    }
  };
  const pass = (answered: Promise<unknown>, callback: PimsCallback) => {
    const answer = answerWith(callback);
    answered.then(answer, (error) => answer(toEnvelope(error)));
  };
  const verb =
    (name: 'get' | 'set' | 'unsubscribe') =>
    (api: string, parameters: ApiParameters, callback: PimsCallback) =>
      pass(send({ verb: name, api, parameters: parameters ?? undefined }), callback);

  return {
    get: verb('get'),
    set: verb('set'),
    unsubscribe: verb('unsubscribe'),
    subscribe(api, parameters, callback) {
      const answer = answerWith(callback);
      // The acknowledgement and the events take the same path, so that neither overtakes the other.
      subscribe({ verb: 'subscribe', api, parameters: parameters ?? undefined }, answer).catch((error) =>
        answer(toEnvelope(error)),
      );
    },
    initialize: (parameters, callback) => pass(begin(lifecycle, 'initialize', parameters), callback),
    release: (callback) => pass(begin(lifecycle, 'release'), callback),
  };
}

/** Asynchronous, so that what a transport throws at once is a rejection. */
async function begin(
  lifecycle: Transport['lifecycle'],
  call: 'initialize' | 'release',
  parameters?: unknown,
) {
  if (!lifecycle) return { status: 'FAILED', error: { code: 2002, label: `The transport has no ${call}` } };
  return lifecycle(call, parameters);
}

/** @returns The FAILED envelope that code written for the raw SDK understands. */
function toEnvelope(error: unknown): unknown {
  if (isApiError(error)) return envelopeOf(error) ?? rebuild(error);
  if (isStrongAuthError(error)) {
    const { code, remedy, message } = error;
    // An answer to the call itself that is `PROTOCOL` was sent; an OTP without what the replays need ends the wave.
    const isDenied = deniedWave.has(code) || (error.code === 'PROTOCOL' && !error.details.sent);
    return failed(isDenied ? 2302 : code === 'TIMED_OUT' ? 2201 : 2000, message, {
      strongAuth: { code, remedy },
    });
  }
  return failed(2000, error instanceof Error ? error.message : 'Unknown error');
}

const failed = (code: number, label: string, more: object = {}) => ({
  transactionId: '',
  status: 'FAILED',
  error: { code, label, ...more },
});

/** For an error of another copy of the package, which alone has its envelope. */
const rebuild = ({ code, label, transactionId = '' }: ApiError) => ({
  transactionId,
  status: 'FAILED',
  error: { code, label },
});
