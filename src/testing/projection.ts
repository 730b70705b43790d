import type { AnyStateMachine, AnyStateNode, SnapshotFrom } from 'xstate';
import { type StrongAuthEvent, strongAuthMachine } from '../../machines/strong-auth/index.js';
import {
  freshContext,
  ledgerEffects,
  strongAuthSetup,
} from '../../machines/strong-auth/strong-auth.setup.js';
import { worldPolicy } from './world.js';

/** A machine for path generators that reject `invoke` and `after`, with its events. */
export interface Projection {
  /** The machine without `invoke` and `after`. */
  readonly machine: typeof strongAuthMachine;
  /**
   * Every event of the chart, with every payload that makes a difference to a guard, and
   * `after.<delay>` for each delay.
   */
  readonly events: readonly StrongAuthEvent[];
  /** The other options of a generator: events, and keys that keep the graph finite. */
  readonly options: {
    /** The same as `events` above. */
    readonly events: readonly StrongAuthEvent[];
    /** @returns A text that is equal for states that behave the same. */
    readonly serializeState: (snapshot: SnapshotFrom<typeof strongAuthMachine>) => string;
  };
}

type Config = Record<string, unknown> & { states?: Record<string, Config> };

const spentRounds = worldPolicy.maxRounds;
/**
 * Wave counts: one that is never reached (a call that was just sent), and one that a first
 * ended wave passes (a straggler).
 */
const [fresh, old] = [Number.MAX_SAFE_INTEGER, 0];

/** Facts of a call or an `ensure` that is the first to wait. */
const newcomer = { id: 0, waiting: 0, retryDue: false, ofPrompt: false };

/** Payloads by event type; the other events have none. */
const payloads: Readonly<Record<string, readonly object[]>> = {
  'call.challenged': [
    { ...newcomer, wave: fresh, rounds: 0, interactive: true },
    { ...newcomer, wave: fresh, rounds: 0, interactive: false },
    { ...newcomer, wave: fresh, rounds: spentRounds, interactive: true },
    { ...newcomer, wave: old, rounds: 0, interactive: true },
    { ...newcomer, wave: fresh, rounds: 0, interactive: true, ofPrompt: true },
    { ...newcomer, wave: fresh, rounds: 0, interactive: true, waiting: worldPolicy.maxWaiting },
  ],
  'ensure.requested': [
    newcomer,
    { ...newcomer, ofPrompt: true },
    { ...newcomer, waiting: worldPolicy.maxWaiting },
  ],
  'waiters.gone': [{ wave: 0 }, { wave: fresh }],
  'pin.failed': [{ why: 'threw' }],
  'pin.unaffordable': [{ retryAt: 0 }],
  'otp.granted': [{ at: 0 }],
  'otp.pinRejected': [{ otpCode: 2308 }, { otpCode: 2308, attemptsLeft: 0 }],
  'otp.resetNeeded': [{ otpCode: 2312 }, { otpCode: 2317 }],
  'otp.denied': [
    { code: 'ACCOUNT_BLOCKED', otpCode: 2310 },
    { code: 'OFFLINE', otpCode: 2202 },
  ],
};

/**
 * Projects the chart onto plain events. A port's answer is an event already, so its `invoke` is left out. A
 * delay becomes the event `after.<delay>`. Actions that only record stay; effects are left out. The
 * projection is derived from the machine's own config, so it changes with the chart.
 *
 * Path generators of `@xstate/test` and `xstate/graph` accept the result. Its paths are those of
 * the bare chart, in which a challenge belongs to no call; for paths that an app can be driven
 * through, use `strongAuthPaths`.
 */
export function projectMachine(machine: AnyStateMachine = strongAuthMachine): Projection {
  const isRecord = (action: unknown): boolean => !(typeOf(action) in ledgerEffects);
  // For an app with `recover`, so that every state is reached. The older generator passes no
  // input, so the context is set here.
  const config = { ...project(machine.config as Config, isRecord), context: freshContext(worldPolicy, true) };
  const projected = strongAuthSetup.createMachine(config as never) as unknown as typeof strongAuthMachine;
  // The event of a delay exists only in the projection. It is typed like the other events, and
  // the projection like the machine.
  const events = eventTypesOf(projected.root).flatMap((type) =>
    (payloads[type] ?? [{}]).map((payload) => ({ type, ...payload }) as StrongAuthEvent),
  );
  return {
    machine: projected,
    events,
    options: { events, serializeState: keyOf },
  };
}

/** @param isRecord Whether an action only records. Effects are left out. */
function project(
  { invoke: _, after, states, on, always, entry, ...rest }: Config,
  isRecord: (action: unknown) => boolean,
): Config {
  const recording = (actions: unknown) => listOf(actions).filter(isRecord);
  const plain = (transitions: unknown) =>
    listOf(transitions).map((transition) =>
      typeof transition === 'string'
        ? { target: transition }
        : { ...(transition as object), actions: recording((transition as { actions?: unknown }).actions) },
    );
  const plainAll = (all: unknown, rename = (name: string) => name) =>
    Object.fromEntries(
      Object.entries((all ?? {}) as object).map(([name, transitions]) => [rename(name), plain(transitions)]),
    );
  const inner = Object.entries(states ?? {}).map(([name, state]) => [name, project(state, isRecord)]);
  return {
    ...rest,
    on: { ...plainAll(on), ...plainAll(after, (delay) => `after.${delay}`) },
    ...(always !== undefined && { always: plain(always) }),
    ...(entry !== undefined && { entry: recording(entry) }),
    ...(inner.length > 0 && { states: Object.fromEntries(inner) }),
  };
}

const listOf = (one: unknown): unknown[] => (one === undefined ? [] : Array.isArray(one) ? [...one] : [one]);

const typeOf = (action: unknown): string =>
  typeof action === 'string' ? action : String((action as { type?: unknown }).type);

function eventTypesOf(root: AnyStateNode): string[] {
  const types = new Set<string>();
  const visit = (node: AnyStateNode) => {
    for (const type of node.transitions.keys()) types.add(type);
    Object.values(node.states).forEach(visit);
  };
  visit(root);
  return [...types].sort();
}

/**
 * Counts that could grow forever are capped where more makes no difference. Facts of a
 * wave count only while it runs.
 */
function keyOf({ value, context }: SnapshotFrom<typeof strongAuthMachine>): string {
  const { waves, lasting, failure, serverAttemptsLeft, pins, ...others } = context;
  const { policy: _, lastGrantAt: __, ...wave } = others;
  const isWave = typeof value === 'object' && 'wave' in value;
  const remembered = [waves > 0, lasting?.code, failure !== undefined, serverAttemptsLeft];
  return JSON.stringify([value, remembered, isWave && [Math.min(pins, 1), wave]]);
}
