import { RECOVER_TIMEOUT_MS } from '../../machines/strong-auth/strong-auth.setup.js';
import type { PolicyOptions } from '../host/policy.js';
import type { ApiMessage } from '../messages/message.js';
import { describeEvent, type WorldEvent } from './events.js';
import type { StrongAuthPath } from './paths.js';
import { playgroundHash } from './play.js';
import { stable } from './stable.js';
import { worldPolicy } from './world.js';
import type { Observation, WorldCallKind, WorldOptions } from './world-state.js';

/**
 * What the user does at a prompt: enters a well-formed PIN (`pin`) or a malformed one (`malformed`), declines
 * (`decline`), or the entry fails (`fail`). It fails with a value that is no string, because a thrown error
 * would surface and fail your test.
 */
export type PinEntry = 'pin' | 'malformed' | 'decline' | 'fail';

/** What a function that asks for the PIN resolves with, for each of the entries. */
export const pinEntries: Readonly<Record<PinEntry, string | null | false>> = {
  pin: '70416253',
  malformed: '70416253x',
  decline: null,
  fail: false,
};

/**
 * Your app, as a path drives it. Every method may be asynchronous, and returns
 * when its effects have happened.
 *
 * The app must be made with the limits that {@link driverPolicy} returns for the path's world, and with a
 * transport, a user and a clock that these methods control.
 */
export interface StrongAuthDriver {
  /** The app makes its call number `call`, of the given kind. */
  makeCall(call: number, kind: WorldCallKind): unknown;
  /** The transport answers the last sending of call number `call`. */
  answerCall(call: number, message: ApiMessage): unknown;
  /** The app aborts call number `call`, and then the turn of the event loop ends. */
  abortCall(call: number): unknown;
  /** The user answers the open prompt. */
  enterPin(entry: PinEntry): unknown;
  /** The transport answers the last OTP request. */
  answerOtp(message: ApiMessage): unknown;
  /** Time passes, and nothing else happens. */
  advance(ms: number): unknown;
  /** The app calls `cancel()`. */
  cancel(): unknown;
  /** The app calls `recovered()`. Needed only for paths with that event. */
  recovered?(): unknown;
  /**
   * A turn of the event loop ends. Needed only for worlds with `turns`, in
   * which `abortCall` does not end one.
   */
  endTurn?(): unknown;
  /** The app's `recover` answers. Needed only for worlds with `cures`. */
  recover?(isCured: boolean): unknown;
  /** The app calls `reset()`. */
  reset(): unknown;
  /** The app calls `dispose()`. */
  dispose(): unknown;
  /**
   * What can be observed now. Leave out what your app does not show; `status` and `outcomes` are required.
   */
  observe(): Partial<Observation> | Promise<Partial<Observation>>;
}

/**
 * @returns The policy that an app needs to be driven through `world`: the limits of the world, and no
 *   timeouts beside those of the chart, so that passing time has one effect only.
 */
export function driverPolicy(world: WorldOptions = {}): PolicyOptions {
  return {
    ...worldPolicy,
    ...world.policy,
    callTimeoutMs: Number.POSITIVE_INFINITY,
    maxAgeMs: Number.POSITIVE_INFINITY,
    replays: world.replays ?? 'parallel',
    otpBudget:
      world.otpBudget === undefined ? undefined : { max: world.otpBudget, perMs: Number.MAX_SAFE_INTEGER },
  };
}

/** The app behind a driver differs from what a path expects. */
export class PathError extends Error {
  /** Always `PathError`. */
  override readonly name = 'PathError';

  constructor(
    message: string,
    /** The number of the step that showed the difference; 0 if no step is at fault. */
    readonly steps: number,
    options?: ErrorOptions,
    /**
     * The URL hash that shows the expected behaviour in the playground; `undefined` if the
     * playground cannot play the path.
     */
    readonly playground?: string | undefined,
  ) {
    super(playground ? `${message}\nIn the playground: ${playground}` : message, options);
  }
}

/** What was done and compared on one path. */
export interface WalkReport {
  /** How many events were performed. */
  readonly steps: number;
  /** How many parts of observations were compared. */
  readonly assertions: number;
}

/** What was done and compared on several paths. */
export interface WalksReport extends WalkReport {
  /** How many paths were walked. */
  readonly paths: number;
}

/** How long the back end asks to wait on the paths: longer than all timeouts of a path together. */
const RETRY_AFTER_S = 30 * 24 * 3600;

const REQUIRED: readonly (keyof Observation)[] = ['status', 'outcomes'];

/**
 * Performs every step of `path` through `driver`, and compares what can be observed after each step.
 *
 * @returns Resolves with what was done. Rejects with a {@link PathError} at the first difference, and for a
 *   driver that shows too little: a path that compared nothing has not passed.
 */
export async function walkPath(path: StrongAuthPath, driver: StrongAuthDriver): Promise<WalkReport> {
  let assertions = 0;
  for (const [index, { event, expected }] of path.steps.entries()) {
    const fail = (why: unknown, options?: ErrorOptions): never => {
      const way = path.steps.slice(0, index + 1).map((step) => step.event);
      const link = playgroundHash(way, path.world);
      throw new PathError(`${at(path, index)}: ${why}`, index + 1, options, link);
    };
    try {
      await perform(event, driver, path);
    } catch (cause) {
      fail(cause instanceof Error ? cause.message : cause, { cause });
    }
    const observed = await driver.observe();
    for (const part of REQUIRED) {
      if (!(part in observed))
        throw new PathError(`The driver does not show ${part}: nothing would be compared.`, 0);
    }
    for (const [part, seen] of Object.entries(observed)) {
      if (!(part in expected)) throw new PathError(`The driver shows ${part}, which no path knows.`, 0);
      const wanted = expected[part as keyof Observation];
      assertions += 1;
      if (!isSame(seen, wanted) && stable(seen) !== stable(wanted))
        fail(`${part} should be ${stable(wanted)}, and is ${stable(seen)}.`);
    }
  }
  return { steps: path.steps.length, assertions };
}

/**
 * Walks every path, each through a driver of its own.
 *
 * @param drive Makes the app anew, and a driver for it.
 * @returns Resolves with what was done. Rejects with the {@link PathError} that took the fewest steps; its
 *   message says how many paths fail.
 */
export async function walkPaths(
  paths: readonly StrongAuthPath[],
  drive: (world: WorldOptions) => StrongAuthDriver,
): Promise<WalksReport> {
  const errors: PathError[] = [];
  let [steps, assertions] = [0, 0];
  for (const path of paths) {
    try {
      const report = await walkPath(path, drive(path.world));
      steps += report.steps;
      assertions += report.assertions;
    } catch (error) {
      if (!(error instanceof PathError)) throw error;
      errors.push(error);
    }
  }
  const [shortest] = errors.sort((a, b) => a.steps - b.steps);
  if (!shortest) return { paths: paths.length, steps, assertions };
  const count = `${errors.length} of ${paths.length} paths fail; this one first.`;
  throw new PathError(`${shortest.message}\n${count}`, shortest.steps, { cause: shortest.cause });
}

/** Recognises most equal values without making texts of them. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    Array.isArray(one) === Array.isArray(other) &&
    keys.every((key) => key in other && one[key as never] === other[key as never])
  );
}

/** Performs an event of the world. An event without a case does not compile. */
function perform(event: WorldEvent, driver: StrongAuthDriver, { world }: StrongAuthPath): unknown {
  switch (event.type) {
    case 'call.made':
      return driver.makeCall(event.call, world.calls?.[event.call] ?? 'call');
    case 'call.succeeded':
      return driver.answerCall(event.call, succeeded({ done: event.call }));
    case 'call.failed':
      return driver.answerCall(event.call, failed(2204, 'Server Error'));
    case 'call.challenged':
      return driver.answerCall(event.call, failed(2302, 'Need Strong Authentication'));
    case 'call.aborted':
      return driver.abortCall(event.call);
    case 'pin.given':
      return driver.enterPin('pin');
    case 'pin.malformed':
      return driver.enterPin('malformed');
    case 'pin.declined':
      return driver.enterPin('decline');
    case 'pin.failed':
      return driver.enterPin('fail');
    case 'otp.granted':
    case 'otp.answeredLate':
      return driver.answerOtp(succeeded({ otp: 'otp of the test kit' }));
    case 'otp.pinRejected': {
      const { attemptsLeft } = event;
      const facts = attemptsLeft === undefined ? {} : { attemptsLeft };
      return driver.answerOtp(failed(event.otpCode, 'refused', facts));
    }
    case 'otp.resetNeeded':
      return driver.answerOtp(failed(event.otpCode, 'refused'));
    case 'otp.denied': {
      const facts = event.code === 'THROTTLED' ? { retryAfter: RETRY_AFTER_S } : {};
      return driver.answerOtp(failed(event.otpCode, 'refused', facts));
    }
    case 'otp.pinMalformed':
      return driver.answerOtp(failed(event.otpCode, 'Invalid pinCode parameter'));
    case 'recovery.succeeded':
    case 'recovery.failed':
      return demand(
        driver.recover && (() => driver.recover?.(event.type === 'recovery.succeeded')),
        'recover',
      )();
    case 'timeout':
      return driver.advance(durationOf(event.delay));
    case 'retryTime.came':
      return driver.advance(RETRY_AFTER_S * 1000);
    case 'turn.ended':
      return demand(driver.endTurn, 'endTurn')();
    case 'cancelled':
      return driver.cancel();
    case 'recovered':
      return demand(driver.recovered, 'recovered')();
    case 'reset':
      return driver.reset();
    case 'disposed':
      return driver.dispose();
    default:
      throw new TypeError(`no way is known to bring about ${JSON.stringify(event satisfies never)}`);
  }
}

/** @returns How long a delay of the chart lasts, in ms, with the policy of the kit's worlds. */
function durationOf(delay: string): number {
  const durations: Readonly<Record<string, number>> = {
    pinEntryTimeout: worldPolicy.pinEntryTimeoutMs,
    otpTimeout: worldPolicy.otpTimeoutMs,
    otpLineTimeout: worldPolicy.otpTimeoutMs,
    recoverTimeout: RECOVER_TIMEOUT_MS,
  };
  const duration = durations[delay];
  if (duration === undefined)
    throw new TypeError(`the chart has a delay ${delay}, whose length the kit does not know`);
  return duration;
}

const succeeded = (result: unknown): ApiMessage => ({ transactionId: 'path', status: 'SUCCEEDED', result });
const failed = (code: number, label: string, facts: object = {}): ApiMessage => ({
  transactionId: 'path',
  status: 'FAILED',
  error: { code, label, ...facts },
});

function demand(hand: (() => unknown) | undefined, name: string): () => unknown {
  if (!hand) throw new TypeError(`the path needs the driver's ${name}(), which it does not have`);
  return hand;
}

/** Names the steps up to the one that failed. */
const at = ({ steps }: StrongAuthPath, index: number): string => {
  const way = steps.slice(0, index + 1).map(({ event }) => describeEvent(event));
  return `After ${way.length === 1 ? 'one step' : `${way.length} steps`}, “${way.join(' → ')}”`;
};
