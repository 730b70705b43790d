import type { StrongAuthErrorCode, StrongAuthEvent } from '../../machines/strong-auth/index.js';

/**
 * What happens in the world around the machine: what apps, users, back ends and clocks do. `call` is the number of a call in
 * the world, from 0.
 */
export type WorldEvent =
  /** The app makes a call. */
  | {
      readonly type: 'call.made';
      /** The number of the call. */
      readonly call: number;
    }
  /** The SDK answers it well. */
  | {
      readonly type: 'call.succeeded';
      /** The number of the call. */
      readonly call: number;
    }
  /** The SDK refuses it. */
  | {
      readonly type: 'call.failed';
      /** The number of the call. */
      readonly call: number;
    }
  /** The SDK answers 2302. */
  | {
      readonly type: 'call.challenged';
      /** The number of the call. */
      readonly call: number;
    }
  /** The app gives it up. */
  | {
      readonly type: 'call.aborted';
      /** The number of the call. */
      readonly call: number;
    }
  /** The user enters a PIN that could be right. */
  | { readonly type: 'pin.given' }
  /** The user enters what could not be right. */
  | { readonly type: 'pin.malformed' }
  /** The user declines. */
  | { readonly type: 'pin.declined' }
  /** The PIN entry itself breaks. */
  | { readonly type: 'pin.failed' }
  /** The OTP request is granted. */
  | { readonly type: 'otp.granted' }
  /** The PIN was wrong. */
  | {
      readonly type: 'otp.pinRejected';
      /** The SDK's code. */
      readonly otpCode: number;
      /** Attempts that the back end says are left. */
      readonly attemptsLeft?: number;
    }
  /** The SDK would not even try the PIN. */
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
      /** What the refusal means. */
      readonly code: StrongAuthErrorCode;
      /** The SDK's code. */
      readonly otpCode: number;
    }
  /** The app has cured the account or the device (`WorldOptions.cures`). */
  | { readonly type: 'recovery.succeeded' }
  /** It has not. */
  | { readonly type: 'recovery.failed' }
  /** An OTP request whose wave is over is answered after all, with a grant: it must make no difference. */
  | { readonly type: 'otp.answeredLate' }
  /** As much time passes as this delay of the chart lasts. */
  | {
      readonly type: 'timeout';
      /** Its name in the chart. */
      readonly delay: string;
    }
  /** The time has come that the back end named when it asked to wait (429 with `retryAfter`). */
  | { readonly type: 'retryTime.came' }
  /** The turn of the event loop ends in which the last waiter left (`WorldOptions.turns`). */
  | { readonly type: 'turn.ended' }
  /** The app cancels. */
  | { readonly type: 'cancelled' }
  /** The app has found the account well again. */
  | { readonly type: 'recovered' }
  /** The user signs out. */
  | { readonly type: 'reset' }
  /** The app disposes of the client. */
  | { readonly type: 'disposed' };

/** What an outcome of a port is caused by. */
export type OutcomeEvent = Extract<WorldEvent, { readonly type: `pin.${string}` | `otp.${string}` }>;

/**
 * Which things the world does to bring about an event of the machine. Some follow from others and need nothing of their own:
 * the ledger tells them, the OTP line, or the app's own limit on OTPs (`WorldOptions.otpBudget`).
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

/** Says of each type of event whether it may happen; it does not compile if one is missing. */
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
 * Makes an alphabet for `WorldOptions` from a list of all events, so that none is left out by mistake: an event that is added to
 * the kit later does not compile until the list says whether the app can be driven through it.
 */
export const alphabetOf =
  (alphabet: Alphabet) =>
  (event: WorldEvent): boolean =>
    alphabet[event.type];

/** @returns Whether no simpler event has the same effect on which calls wait, are sent or settle. */
export function isEssential(event: WorldEvent): boolean {
  switch (event.type) {
    case 'call.failed': // as call.succeeded
    case 'pin.failed': // as pin.declined, but for the code
    case 'pin.malformed': // another prompt, as after otp.pinRejected
    case 'otp.pinMalformed':
    case 'recovered':
    case 'retryTime.came': // it follows a throttle, which is not essential
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
