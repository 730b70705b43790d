import { type ActorLogic, initialTransition } from 'xstate';
import { type MachinePolicy, strongAuthMachine } from '../../machines/strong-auth/index.js';
import { isEssential, type WorldEvent } from './events.js';
import { possibleEvents } from './possible-events.js';
import { keyOf } from './world-key.js';
import { unmade, type World, type WorldOptions } from './world-state.js';
import { type Rules, rememberAnswers, step } from './world-step.js';

/**
 * The limits of a world: small, so that each of them is reached. The durations do not
 * matter, because no real time passes.
 */
export const worldPolicy: MachinePolicy = {
  maxPinAttempts: 2,
  maxRounds: 1,
  maxWaiting: 1000,
  pinEntryTimeoutMs: 120_000,
  otpTimeoutMs: 30_000,
};

/** The logic of a world, which XState's path generators accept, and the events that may happen in it. */
export interface WorldLogic extends ActorLogic<World, WorldEvent, unknown> {
  /** @returns The events that may happen next in `world`. */
  readonly eventsOf: (world: World) => readonly WorldEvent[];
  /** @returns A text that is equal for worlds that behave the same from here on. */
  readonly keyOf: (world: World) => string;
  /** The limits of the world. */
  readonly policy: MachinePolicy;
}

/**
 * Makes a world of the real machine: its pure transition function decides, and a small abstract ledger
 * performs the effects and sends the events that follow. No actor and no timer runs.
 *
 * @param chart Another chart than the package's own, to see the effect of a change.
 */
export function createWorld(options: WorldOptions = {}, chart = strongAuthMachine): WorldLogic {
  const kinds = options.calls ?? ['call'];
  const policy = { ...worldPolicy, ...options.policy };
  const [machine] = initialTransition(chart, { policy, recovers: options.cures ?? false });
  const initial: World = {
    status: 'active',
    output: undefined,
    error: undefined,
    machine,
    otpBudget: options.otpBudget ?? Number.POSITIVE_INFINITY,
    calls: kinds.map(unmade),
    line: 'free',
    emptyWave: undefined,
    heldOtp: undefined,
    retryDue: true,
    prompts: 0,
    otpRequests: [],
    armed: {},
    ended: false,
  };
  const { alphabet = 'full' } = options;
  const isTried = alphabet === 'full' ? () => true : alphabet === 'essential' ? isEssential : alphabet;
  const { replays = 'parallel', turns = false, recovers = false, renewable = false } = options;
  const rules: Rules = { replays, turns, renewable, ask: rememberAnswers() };
  const eventsOf = (world: World) =>
    possibleEvents(world, rules).filter(
      (event) => isTried(event) && (recovers || event.type !== 'recovered'),
    );
  return {
    policy,
    eventsOf,
    keyOf: (world) => keyOf(world, rules),
    transition: (world, event) => step(world, event, rules),
    getInitialSnapshot: () => initial,
    getPersistedSnapshot: (world) => world,
  };
}
