import type { StrongAuthErrorCode, StrongAuthEvent } from '../../machines/strong-auth/index.js';

/**
 * An event in the world around the machine: caused by apps, users, back ends or clocks. `call` is the number
 * of a call in the world, from 0.
 */
export type WorldEvent =
  /** The app makes a call. */
  | {
      readonly type: 'call.made';
      /** The number of the call. */
      readonly call: number;
    }
  /** The SDK answers a call with a success. */
  | {
      readonly type: 'call.succeeded';
      /** The number of the call. */
      readonly call: number;
    }
  /** The SDK answers a call with an error. */
  | {
      readonly type: 'call.failed';
      /** The number of the call. */
      readonly call: number;
    }
  /** The SDK answers a call with 2302. */
  | {
      readonly type: 'call.challenged';
      /** The number of the call. */
      readonly call: number;
    }
  /** The app aborts a call. */
  | {
      readonly type: 'call.aborted';
      /** The number of the call. */
      readonly call: number;
    }
  /** The user enters a well-formed PIN. */
  | { readonly type: 'pin.given' }
  /** The user enters a malformed PIN. */
  | { readonly type: 'pin.malformed' }
  /** The user declines. */
  | { readonly type: 'pin.declined' }
  /** The PIN entry itself fails. */
  | { readonly type: 'pin.failed' }
  /** The OTP request is granted. */
  | { readonly type: 'otp.granted' }
  /** The PIN was wrong. */
  | {
      readonly type: 'otp.pinRejected';
      /** The SDK's code. */
      readonly otpCode: number;
      /** How many attempts are left according to the back end. */
      readonly attemptsLeft?: number;
    }
  /** The SDK rejects the PIN as malformed, without trying it. */
  | {
      readonly type: 'otp.pinMalformed';
      /** The SDK's code. */
      readonly otpCode: number;
    }
  /** The SDK's cache of the device is stale. */
  | {
      readonly type: 'otp.resetNeeded';
      /** The SDK's code. */
      readonly otpCode: number;
    }
  /** The OTP request is refused. */
  | {
      readonly type: 'otp.denied';
      /** The meaning of the refusal. */
      readonly code: StrongAuthErrorCode;
      /** The SDK's code. */
      readonly otpCode: number;
    }
  /** The app has cured the account or the device (`WorldOptions.cures`). */
  | { readonly type: 'recovery.succeeded' }
  /** The app could not cure the account or the device. */
  | { readonly type: 'recovery.failed' }
  /** An OTP request whose wave is over is answered late, with a grant. This must have no effect. */
  | { readonly type: 'otp.answeredLate' }
  /** As much time passes as this delay of the chart lasts. */
  | {
      readonly type: 'timeout';
      /** The name of the delay in the chart. */
      readonly delay: string;
    }
  /** The time has come that the back end named when it asked to wait (429 with `retryAfter`). */
  | { readonly type: 'retryTime.came' }
  /** The turn of the event loop ends in which the last waiting call left (`WorldOptions.turns`). */
  | { readonly type: 'turn.ended' }
  /** The app cancels. */
  | { readonly type: 'cancelled' }
  /** The app calls `recovered()`. */
  | { readonly type: 'recovered' }
  /** The user signs out. */
  | { readonly type: 'reset' }
  /** The app disposes of the client. */
  | { readonly type: 'disposed' };

/** The events of the world that may cause an event of a port. */
export type OutcomeEvent = Extract<WorldEvent, { readonly type: `pin.${string}` | `otp.${string}` }>;

/**
 * The events of the world that cause each event of the machine. Some machine events follow from others and
 * need no event of their own: they come from the ledger, the OTP line, or the app's own limit on OTP
 * requests (`WorldOptions.otpBudget`).
 *
 * A new event of the machine does not compile until it is listed here.
 */
export const causes: Readonly<Record<StrongAuthEvent['type'], 'derived' | 'byCall' | readonly WorldEvent[]>> =
  {
    'calls.started': 'derived',
    'calls.landed': 'derived',
    'replays.landed': 'derived',
    'waiters.gone': 'derived',
    'otp.lineFree': 'derived',
    'pin.unaffordable': 'derived',
    'call.challenged': 'byCall',
    'ensure.requested': 'byCall',
    'pin.given': [{ type: 'pin.given' }],
    'pin.malformed': [{ type: 'pin.malformed' }],
    'pin.declined': [{ type: 'pin.declined' }],
    'pin.failed': [{ type: 'pin.failed' }],
    'otp.granted': [{ type: 'otp.granted' }],
    'otp.pinRejected': [
      { type: 'otp.pinRejected', otpCode: 2308 },
      { type: 'otp.pinRejected', otpCode: 2308, attemptsLeft: 1 },
      { type: 'otp.pinRejected', otpCode: 2308, attemptsLeft: 0 },
    ],
    'otp.pinMalformed': [{ type: 'otp.pinMalformed', otpCode: 2102 }],
    'otp.resetNeeded': [
      { type: 'otp.resetNeeded', otpCode: 2312 },
      { type: 'otp.resetNeeded', otpCode: 2317 },
    ],
    'otp.denied': [
      { type: 'otp.denied', code: 'ACCOUNT_BLOCKED', otpCode: 2310 },
      { type: 'otp.denied', code: 'OFFLINE', otpCode: 2202 },
      { type: 'otp.denied', code: 'OUTCOME_UNKNOWN', otpCode: 2204 },
      { type: 'otp.denied', code: 'SIGN_IN_REQUIRED', otpCode: 2301 },
      { type: 'otp.denied', code: 'OTP_REFUSED', otpCode: 2309 },
      { type: 'otp.denied', code: 'THROTTLED', otpCode: 429 },
    ],
    'recovery.succeeded': [{ type: 'recovery.succeeded' }],
    'recovery.failed': [{ type: 'recovery.failed' }],
    cancelled: [{ type: 'cancelled' }],
    recovered: [{ type: 'recovered' }],
    reset: [{ type: 'reset' }],
    disposed: [{ type: 'disposed' }],
  };

/** Whether each type of event may happen. It does not compile if a type is missing. */
export type Alphabet = Readonly<Record<WorldEvent['type'], boolean>>;

const all: Alphabet = {
  'call.made': true,
  'call.succeeded': true,
  'call.failed': true,
  'call.challenged': true,
  'call.aborted': true,
  'pin.given': true,
  'pin.malformed': true,
  'pin.declined': true,
  'pin.failed': true,
  'otp.granted': true,
  'otp.pinRejected': true,
  'otp.pinMalformed': true,
  'otp.resetNeeded': true,
  'otp.denied': true,
  'otp.answeredLate': true,
  'recovery.succeeded': true,
  'recovery.failed': true,
  timeout: true,
  'retryTime.came': true,
  'turn.ended': true,
  cancelled: true,
  recovered: true,
  reset: true,
  disposed: true,
};

/** Every type of event that may happen in a world. */
export const worldEventTypes = Object.keys(all) as readonly WorldEvent['type'][];

/**
 * Makes an alphabet for `WorldOptions` from a list of all events. An event that is added to the kit later
 * does not compile until the list says whether the app can be driven through it.
 */
export const alphabetOf =
  (alphabet: Alphabet) =>
  (event: WorldEvent): boolean =>
    alphabet[event.type];

/** @returns Whether no simpler event has the same effect on which calls wait, are sent or settle. */
export function isEssential(event: WorldEvent): boolean {
  switch (event.type) {
    case 'call.failed': // like call.succeeded
    case 'pin.failed': // like pin.declined, except for the code
    case 'pin.malformed': // another prompt, like after otp.pinRejected
    case 'otp.pinMalformed':
    case 'recovered':
    case 'retryTime.came': // only after a throttle, which is not essential
      return false;
    case 'otp.pinRejected':
      return event.attemptsLeft === undefined;
    case 'otp.resetNeeded':
      return event.otpCode === 2312;
    case 'otp.denied':
      return event.code === 'ACCOUNT_BLOCKED' || event.code === 'OFFLINE';
    default:
      return true;
  }
}

/** @returns The event in words, for the title of a path. */
export function describeEvent(event: WorldEvent): string {
  switch (event.type) {
    case 'call.made':
    case 'call.succeeded':
    case 'call.failed':
    case 'call.challenged':
    case 'call.aborted':
      return `${event.type.replace('call.', `call ${event.call} `)}`;
    case 'timeout':
      return `${event.delay} passes`;
    case 'otp.denied':
    case 'otp.resetNeeded':
      return `${event.type} (${event.otpCode})`;
    case 'otp.pinRejected':
      return event.attemptsLeft === undefined ? event.type : `${event.type} (${event.attemptsLeft} left)`;
    default:
      return event.type;
  }
}
