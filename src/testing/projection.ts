import type { AnyStateMachine, AnyStateNode, SnapshotFrom } from 'xstate';
import { type StrongAuthEvent, strongAuthMachine } from '../../machines/strong-auth/index.js';
import {
  freshContext,
  ledgerEffects,
  strongAuthSetup,
} from '../../machines/strong-auth/strong-auth.setup.js';
import { worldPolicy } from './world.js';

/** A machine that path generators take which refuse `invoke` and `after`, with the events to give them. */
export interface Projection {
  /** The machine without `invoke` and `after`. */
  readonly machine: typeof strongAuthMachine;
  /** Every event of the chart, with every payload that makes a difference to a guard; and `after.<delay>` for each delay. */
  readonly events: readonly StrongAuthEvent[];
  /** What a generator needs beside the machine: keys that keep the graph finite. */
  readonly options: {
    /** The same as `events` above. */
    readonly events: readonly StrongAuthEvent[];
    /** @returns A text that is the same for states that behave the same. */
    readonly serializeState: (snapshot: SnapshotFrom<typeof strongAuthMachine>) => string;
  };
}

type Config = Record<string, unknown> & { states?: Record<string, Config> };

const spentRounds = worldPolicy.maxRounds;
/** Never reached, and always passed: a call that was sent just now, and one that is a straggler once a wave has ended. */
const [fresh, old] = [Number.MAX_SAFE_INTEGER, 0];

/** Whoever may wait, as the first. */
const newcomer = { id: 0, waiting: 0, retryDue: false, ofPrompt: false };

/** Payloads by event type; the others have none. */
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
 * Projects the chart onto plain events: what a port answers is an event already, so its `invoke` is left out; a delay becomes
 * the event `after.<delay>`; actions that only record stay, effects go. Derived from the machine's own config, so a change of the chart is a change of the projection.
 *
 * Path generators of `@xstate/test` and of `xstate/graph` take the result. Its paths are those of the bare chart, in which
 * nothing ties a challenge to a call; for paths an app can walk, use `strongAuthPaths`.
 */
export function projectMachine(machine: AnyStateMachine = strongAuthMachine): Projection {
  const isRecord = (action: unknown): boolean => !(typeOf(action) in ledgerEffects);
  // Of an app that cures, so that every state is reached. The older generator gives no input to a machine, so the context is there from the beginning.
  const config = { ...project(machine.config as Config, isRecord), context: freshContext(worldPolicy, true) };
  const projected = strongAuthSetup.createMachine(config as never) as unknown as typeof strongAuthMachine;
  // The event of a delay is one of the projection only; it is typed as the rest, as the projection is typed as the machine.
  const events = eventTypesOf(projected.root).flatMap((type) =>
    (payloads[type] ?? [{}]).map((payload) => ({ type, ...payload }) as StrongAuthEvent),
  );
  return {
    machine: projected,
    events,
    options: { events, serializeState: keyOf },
  };
}

/** @param isRecord Whether an action only records; effects have nowhere to go. */
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

/** Counts that could grow for ever are cut off where nothing new comes of them; what belongs to a wave counts while it runs. */
function keyOf({ value, context }: SnapshotFrom<typeof strongAuthMachine>): string {
  const { waves, lasting, failure, serverAttemptsLeft, pins, ...others } = context;
  const { policy: _, lastGrantAt: __, ...wave } = others;
  const isWave = typeof value === 'object' && 'wave' in value;
  const remembered = [waves > 0, lasting?.code, failure !== undefined, serverAttemptsLeft];
  return JSON.stringify([value, remembered, isWave && [Math.min(pins, 1), wave]]);
}
