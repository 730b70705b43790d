import type { Transport } from '../../messages/transport.js';
import { type HarmlessCalls, liveChecks } from './checks/live.js';
import { type BridgeOptions, checkTimes, runnable } from './conformance.js';
import { makeReport, type TransportReport } from './report.js';
import { LiveStage } from './stage.js';
import type { TransportCheck } from './transport-check.js';

/** Your bridge with the real SDK behind it, on a device; or with the simulator. */
export interface LiveBridge extends BridgeOptions {
  /** Makes your transport as your app does. Called anew for each check. */
  readonly createTransport: () => Transport | Promise<Transport>;
  /**
   * Two reads that succeed on this device without a PIN, change nothing, and have different results. Default:
   * `pims.sdk.version` and `pims.sdk.device`.
   */
  readonly reads?: HarmlessCalls['reads'];
  /**
   * An API that may be subscribed to for a moment, or false. Default `pims.vehicle.signal`,
   * which has no effect by itself.
   */
  readonly subscription?: HarmlessCalls['subscription'];
}

const DEFAULTS = {
  reads: [{ api: 'pims.sdk.version' }, { api: 'pims.sdk.device' }],
  subscription: { api: 'pims.vehicle.signal' },
} as const satisfies HarmlessCalls;

/** Times for a device, which is slower than a test, in milliseconds. */
const ON_A_DEVICE = { patienceMs: 15_000, settleMs: 300 } as const;

/**
 * Yields the checks that are possible with the real SDK, whose answers cannot be ordered: they read,
 * subscribe for a moment, and call an API that does not exist. They send no PIN and no command. They show
 * that the two halves of a bridge fit together, but cannot replace {@link transportChecks}.
 *
 * @throws TypeError for invalid options.
 */
export function liveTransportChecks(bridge: LiveBridge): TransportCheck[] {
  if (typeof bridge?.createTransport !== 'function')
    throw new TypeError('createTransport must be a function');
  checkTimes(bridge);
  const { reads, subscription } = { ...DEFAULTS, ...bridge };
  return runnable(
    liveChecks({ reads, subscription }),
    { ...ON_A_DEVICE, ...bridge },
    async (patience, host) => new LiveStage(await bridge.createTransport(), patience, host),
  );
}

/**
 * Runs all of {@link liveTransportChecks}, one after the other.
 *
 * @returns Resolves with the report, also if checks failed. Print its `text`.
 */
export function checkLiveTransport(bridge: LiveBridge): Promise<TransportReport> {
  return makeReport('Transport on the real SDK', liveTransportChecks(bridge), [
    ...(bridge.subscription === false ? ['Subscriptions: the suite was told to leave them alone.'] : []),
    'Challenges, codes and PINs, answers that are late, doubled or nonsense, events, retries, leaks: nothing of that can be ordered from a real SDK. transportChecks does, with the SDK played behind your bridge.',
  ]);
}
