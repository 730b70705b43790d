/*
 * The facts that an inspector is sent: of an event of our own machine, and of its context. Anything that is not listed here,
 * today's or tomorrow's, is left out. A field that a type gains does not compile until it has a line.
 */
import type {
  Failure,
  Remedy,
  StrongAuthContext,
  StrongAuthEvent,
} from '../../machines/strong-auth/index.js';
import { read } from './read.js';

/** What is sent of a field that should hold a `Value`: nothing if it holds something else. */
type Show<Value> = (value: unknown) => Value | undefined;
type Facts<Of> = { readonly [Field in keyof Of]-?: Show<NonNullable<Of[Field]>> };
/** The fields of an event beside its type. */
type FactsOfEvent<Event> = Facts<Omit<Event, 'type'>>;

const count: Show<number> = (value) => (typeof value === 'number' ? value : undefined);
const flag: Show<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
/** A code of an error, by its form: a PIN, an OTP or a VIN has digits. */
const code: Show<Failure['code']> = (value) =>
  typeof value === 'string' && /^[A-Z]+(_[A-Z]+)*$/.test(value) ? (value as Failure['code']) : undefined;
/** One of a few words. */
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
  lasting: failure,
  failure,
  lastGrantAt: count,
};

/** @returns The facts of an event that our own machine received; none of an event that is not one of its own. */
export const factsOfEvent = (type: string, event: unknown): Record<string, unknown> =>
  has(ofEvents, type) ? pick(event, ofEvents[type]) : {};

/** @returns The facts in the context of our own machine. */
export const factsOfContext = (context: unknown): Record<string, unknown> => pick(context, ofContext);

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
