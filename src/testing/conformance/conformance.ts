import type { Transport } from '../../messages/transport.js';
import type { Pims } from '../../pims/pims.js';
import type { CheckOn, OptionalPart, ScriptedCheck } from './check.js';
import { answerChecks, lifecycleChecks } from './checks/answers.js';
import { endingChecks } from './checks/endings.js';
import { requestChecks } from './checks/requests.js';
import { secretChecks, tidinessCheck } from './checks/secrets.js';
import { subscriptionChecks } from './checks/subscriptions.js';
import { wholeChecks } from './checks/whole.js';
import { Finding } from './finding.js';
import { type HostWatch, seesRejections, watchHost } from './host.js';
import { NativeSide } from './native-side.js';
import { makeReport, type TransportReport } from './report.js';
import { type LiveStage, Stage } from './stage.js';
import { ConformanceError, type TransportCheck } from './transport-check.js';
import { show } from './values.js';
import type { Patience } from './waiting.js';

/** Options of both suites for a bridge. */
export interface BridgeOptions {
  /** Removes what making the transport has set up, after each check. */
  readonly removeTransport?: (transport: Transport) => unknown;
  /**
   * How long an answer may take to arrive, in milliseconds.
   *
   * @default 1000
   */
  readonly patienceMs?: number;
  /**
   * How long to watch that nothing arrives, in milliseconds: longer than a
   * message takes to cross. Default 10.
   */
  readonly settleMs?: number;
}

/** Your bridge, for the suite that plays the SDK behind it. */
export interface BridgeUnderTest extends BridgeOptions {
  /**
   * Makes your transport as your app does, with `sdk` in the place of the real SDK: your native half, or a
   * substitute for it, calls it and passes its callbacks on. Called anew for each check.
   */
  readonly createTransport: (sdk: Required<Pims>) => Transport | Promise<Transport>;
  /**
   * Whether the app subscribes.
   *
   * @default true; if false, a transport needs no `subscribe`
   */
  readonly subscriptions?: boolean;
  /**
   * Whether the app calls `initialize` and `release` of `asPims()`.
   *
   * @default false
   */
  readonly lifecycle?: boolean;
}

const scriptedChecks: readonly ScriptedCheck[] = [
  ...requestChecks,
  ...answerChecks,
  ...endingChecks,
  ...subscriptionChecks,
  ...lifecycleChecks,
  ...secretChecks,
  ...wholeChecks,
  tidinessCheck, // last: it also reports what the other checks have left unhandled
];

/**
 * Yields the checks that tell whether your bridge does what the package needs. Nothing is registered with a
 * test runner: make a test of each check.
 *
 * @throws TypeError for invalid options.
 */
export function transportChecks(bridge: BridgeUnderTest): TransportCheck[] {
  const { createTransport, subscriptions = true, lifecycle = false } = checkOptions(bridge);
  const has: Readonly<Record<OptionalPart, boolean>> = { subscriptions, lifecycle };
  const made = scriptedChecks.filter(({ of }) => of === undefined || has[of]);
  const thrownBack: unknown[] = [];
  return runnable(made, bridge, async (patience, host) => {
    const native = new NativeSide(thrownBack);
    return new Stage(await createTransport(native.sdk), native, patience, host);
  });
}

/**
 * Runs all of {@link transportChecks}, one after the other.
 *
 * @returns Resolves with the report, also if checks failed. Print its `text`.
 */
export function checkTransport(bridge: BridgeUnderTest): Promise<TransportReport> {
  const { subscriptions = true, lifecycle = false } = bridge;
  return makeReport('Transport', transportChecks(bridge), [
    ...(subscriptions ? [] : ['Subscriptions: the suite was told that there are none.']),
    ...(lifecycle ? [] : ['initialize and release: not asked for (lifecycle: true).']),
    ...(seesRejections() ? [] : ['Unhandled rejections: this host does not tell of them.']),
    'What your native half does, where another stands for it here: see liveTransportChecks.',
  ]);
}

/** Binds checks to a bridge. Each run of a check gets a stage of its own. */
export function runnable<On extends LiveStage>(
  checks: readonly CheckOn<On>[],
  { removeTransport, patienceMs = 1000, settleMs = 10 }: BridgeOptions,
  setUp: (patience: Patience, host: HostWatch) => Promise<On>,
): TransportCheck[] {
  const unhandled: unknown[] = [];
  /**
   * By check: the failed checks that explain its failure (itself, or checks it builds on); none if it holds.
   */
  const culprits = new Map<string, readonly string[]>();
  let queue: Promise<unknown> = Promise.resolve();

  /**
   * @returns The failed checks that block `check`. A check that it builds on and
   *   that has not run yet runs now.
   */
  const obstaclesOf = async ({ needs = [] }: CheckOn<On>): Promise<string[]> => {
    for (const needed of checks.filter(({ id }) => needs.includes(id) && !culprits.has(id))) {
      await judge(needed).catch(() => {});
    }
    return [...new Set(needs.flatMap((id) => culprits.get(id) ?? []))];
  };

  const judge = async (check: CheckOn<On>): Promise<void> => {
    culprits.set(check.id, [check.id]);
    const waitsFor = await obstaclesOf(check);
    if (waitsFor.length > 0) {
      culprits.set(check.id, waitsFor);
      const found = `Not checked: it builds on ${waitsFor.join(', ')}, which failed.`;
      throw new ConformanceError(check, found, 'Heal that first.', waitsFor);
    }
    await make(check);
    culprits.set(check.id, []);
  };

  const make = async (check: CheckOn<On>): Promise<void> => {
    const host = watchHost(unhandled);
    let stage: On | undefined;
    try {
      stage = await setUp({ patienceMs, settleMs }, host);
      if (typeof stage.transport?.send !== 'function') {
        throw new Finding(
          'createTransport made no transport: it has no send().',
          'Return { send, subscribe }.',
        );
      }
      await check.run(stage);
    } catch (error) {
      if (error instanceof Finding) throw new ConformanceError(check, error.found, error.fix);
      throw new ConformanceError(
        check,
        `It broke with ${show(error)}.`,
        'Look where that comes from: createTransport, or a callback.',
      );
    } finally {
      stage?.close();
      if (stage) await removeTransport?.(stage.transport);
      host.stop();
    }
  };

  return checks.map((check) => ({
    id: check.id,
    title: check.title,
    run() {
      const result = queue.then(() => judge(check));
      queue = result.catch(() => {});
      return result;
    },
  }));
}

function checkOptions(bridge: BridgeUnderTest): BridgeUnderTest {
  if (typeof bridge?.createTransport !== 'function')
    throw new TypeError('createTransport must be a function');
  checkTimes(bridge);
  return bridge;
}

/** @throws TypeError for invalid times. */
export function checkTimes({ patienceMs = 0, settleMs = 0 }: BridgeOptions): void {
  for (const [name, ms] of Object.entries({ patienceMs, settleMs })) {
    if (!(ms >= 0 && ms < 2 ** 31)) throw new TypeError(`${name} must be 0 or more, in milliseconds`);
  }
}
