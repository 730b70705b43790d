/*
 * The facts that an inspector is sent about the machines of this package: of their events and contexts. A field
 * that is not listed here is left out. A field that a type gains does not compile until it is listed.
 */
import type {
  QuestionReason,
  RecoveryContext,
  RecoveryEvent,
  RecoveryFailure,
  RecoveryFlow,
  RecoveryRemedy,
  SmsPurpose,
} from '../../machines/recovery/index.js';
import type {
  Failure,
  Remedy,
  StrongAuthContext,
  StrongAuthEvent,
} from '../../machines/strong-auth/index.js';
import { read } from './read.js';

/** Copies the value of a field that should hold a `Value`; `undefined` if the field holds something else. */
type Show<Value> = (value: unknown) => Value | undefined;
type Facts<Of> = { readonly [Field in keyof Of]-?: Show<NonNullable<Of[Field]>> };
/** The fields of an event beside its type. */
type FactsOfEvent<Event> = Facts<Omit<Event, 'type'>>;

const count: Show<number> = (value) => (typeof value === 'number' ? value : undefined);
const flag: Show<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
/** An error code, recognised by its form: a PIN, an OTP or a VIN has digits, a code has none. */
const code: Show<Failure['code'] & RecoveryFailure['code']> = (value) =>
  typeof value === 'string' && /^[A-Z]+(_[A-Z]+)*$/.test(value) ? (value as 'CANCELLED') : undefined;
/** One of a fixed set of words. */
const oneOf =
  <Word extends string>(words: Readonly<Record<Word, true>>): Show<Word> =>
  (value) =>
    typeof value === 'string' && has(words, value) ? value : undefined;

const reason = oneOf<StrongAuthContext['reason']>({
  strongAuthNeeded: true,
  pinRejected: true,
  pinMalformed: true,
});
const why = oneOf<NonNullable<Failure['why']>>({ threw: true, notAString: true, malformed: true });
const remedy = oneOf<Remedy>({
  retry: true,
  checkState: true,
  authenticate: true,
  unblockAccount: true,
  enrollDevice: true,
  signIn: true,
  wait: true,
  none: true,
});

const ofFailure: Facts<Failure> = { code, remedy, otpCode: count, retryAt: count, why };
const failure: Show<Failure> = (value) =>
  typeof value === 'object' && value !== null ? (pick(value, ofFailure) as unknown as Failure) : undefined;

const ofWaiter = { id: count, waiting: count, retryDue: flag, ofPrompt: flag };

const ofEvents: { readonly [Event in StrongAuthEvent as Event['type']]: FactsOfEvent<Event> } = {
  'calls.started': {},
  'calls.landed': {},
  'replays.landed': {},
  'call.challenged': { ...ofWaiter, wave: count, rounds: count, interactive: flag },
  'ensure.requested': ofWaiter,
  'waiters.gone': { wave: count },
  'pin.given': {},
  'pin.malformed': {},
  'pin.declined': {},
  'pin.failed': { why },
  'pin.unaffordable': { retryAt: count },
  'otp.lineFree': {},
  'otp.granted': { at: count },
  'otp.pinRejected': { otpCode: count, attemptsLeft: count },
  'otp.pinMalformed': {},
  'otp.resetNeeded': { otpCode: count },
  'otp.denied': { code, otpCode: count, retryAt: count },
  'recovery.succeeded': {},
  'recovery.failed': {},
  cancelled: {},
  recovered: {},
  reset: {},
  disposed: {},
};

const ofContext: Facts<Omit<StrongAuthContext, 'policy'>> = {
  waves: count,
  inFlight: flag,
  attempt: count,
  pins: count,
  malformed: count,
  reason,
  serverAttemptsLeft: count,
  hasReset: flag,
  recovers: flag,
  hasRecovered: flag,
  lasting: failure,
  failure,
  lastGrantAt: count,
};

/**
 * Words of the recovery: the flow, the purpose of an SMS, the reason for a
 * question. None comes from the user.
 */
const flow = oneOf<RecoveryFlow>({
  enrollDevice: true,
  unblockAccount: true,
  resetPin: true,
  changePin: true,
});
const purpose = oneOf<SmsPurpose>({ enrollment: true, phoneNumberCertification: true, resetPIN: true });
const questionReason = oneOf<QuestionReason>({
  needed: true,
  malformed: true,
  pinRejected: true,
  pinReused: true,
  smsUncertain: true,
  smsRejected: true,
  smsExpired: true,
  accountBlocked: true,
  notEnrolled: true,
});
const askFault = oneOf<NonNullable<RecoveryFailure['why']>>({
  threw: true,
  notAnAnswer: true,
  malformed: true,
});
const ofRecoveryFailure: Facts<RecoveryFailure> = {
  code,
  remedy: oneOf<RecoveryRemedy>({
    retry: true,
    checkState: true,
    enrollDevice: true,
    unblockAccount: true,
    resetPin: true,
    signIn: true,
    wait: true,
    contactSupport: true,
    none: true,
  }),
  apiCode: count,
  retryAt: count,
  why: askFault,
};

const ofRecoveryEvents: { readonly [Event in RecoveryEvent as Event['type']]: FactsOfEvent<Event> } = {
  'answer.given': {},
  'answer.malformed': {},
  'answer.declined': {},
  'answer.failed': { why: askFault },
  'resend.requested': {},
  'steps.read': { isTodo: flag },
  'device.read': { isActivated: flag },
  'account.read': { blockage: oneOf({ clear: true, blocked: true, unknown: true }) },
  'phone.read': { isKnown: flag },
  'sms.sent': { isCertain: flag },
  'sms.unaffordable': { retryAt: count },
  'code.accepted': { hasPin: flag },
  'code.rejected': { isExpired: flag, apiCode: count },
  'code.unwanted': { apiCode: count },
  'pin.rejected': { apiCode: count },
  'pin.malformed': {},
  'pin.reused': { apiCode: count },
  'phone.malformed': {},
  'phone.taken': { apiCode: count },
  'account.blocked': { apiCode: count },
  'device.refused': { apiCode: count },
  'request.done': {},
  'request.unsupported': { apiCode: count },
  'request.failed': { code, apiCode: count },
  'flow.started': { flow },
  cancelled: {},
  reset: {},
  disposed: {},
};

const ofRecoveryContext: Facts<Omit<RecoveryContext, 'policy'>> = {
  flow,
  reason: questionReason,
  pinAttempt: count,
  newPinAttempt: count,
  smsAttempt: count,
  malformed: count,
  sms: count,
  purpose,
  smsRetryAt: count,
  hasNewPin: flag,
  isStepTodo: flag,
  hasRemoved: flag,
  shortcut: oneOf<RecoveryContext['shortcut']>({ untried: true, phoneTaken: true, pinRejected: true }),
  failure: (value) =>
    typeof value === 'object' && value !== null
      ? (pick(value, ofRecoveryFailure) as unknown as RecoveryFailure)
      : undefined,
};

/**
 * @returns The facts of an event that a machine of this package received; empty for an
 *   event that is not one of its own.
 */
export const factsOfEvent = (type: string, event: unknown): Record<string, unknown> =>
  has(ofEvents, type)
    ? pick(event, ofEvents[type])
    : has(ofRecoveryEvents, type)
      ? pick(event, ofRecoveryEvents[type])
      : {};

/**
 * @returns The facts in the context of a machine of this package: strong authentication
 *   has waves, recovery has none.
 */
export const factsOfContext = (context: unknown): Record<string, unknown> =>
  pick(context, read(context, 'waves') === undefined ? ofRecoveryContext : ofContext);

function pick(from: unknown, facts: Readonly<Record<string, Show<unknown>>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [field, show] of Object.entries(facts)) {
    const value = show(read(from, field));
    if (value !== undefined) kept[field] = value;
  }
  return kept;
}

function has<Key extends string>(from: Readonly<Record<Key, unknown>>, key: string): key is Key {
  return Object.keys(from).includes(key);
}
