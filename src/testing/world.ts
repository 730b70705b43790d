import { type ActorLogic, type EventObject, initialTransition, type SnapshotFrom, transition } from 'xstate';
import {
  type CallId,
  type Failure,
  type MachinePolicy,
  type StrongAuthEvent,
  type StrongAuthStatus,
  statusOf,
  strongAuthMachine,
  toView,
} from '../../machines/strong-auth/index.js';
import { causes, isEssential, type WorldEvent } from './events.js';

/** What a call of the world is: an ordinary one, one that never opens a prompt, or an `ensure`. */
export type WorldCallKind = 'call' | 'background' | 'ensure';

/** How the world is made. */
export interface WorldOptions {
  /** The calls that may be made, each once. Default: one ordinary call. */
  readonly calls?: readonly WorldCallKind[];
  /** Limits, where they are not the ones that keep the world small. */
  readonly policy?: Partial<MachinePolicy>;
  /** OTP requests after which the app's own limit is reached. Default: none. */
  readonly otpBudget?: number;
  /**
   * `full` (default) tries every outcome with every payload. `essential` tries one outcome of each kind that the calls can tell
   * apart, which keeps a world with several calls small. A function tries what it says yes to.
   */
  readonly alphabet?: 'full' | 'essential' | ((event: WorldEvent) => boolean);
}

/** One call of the world. */
export interface WorldCall {
  /** What it is. */
  readonly kind: WorldCallKind;
  /** Where it is in its life. */
  readonly phase: 'unmade' | 'inFlight' | 'challenged' | 'waiting' | 'settled';
  /** How often it was sent. */
  readonly sent: number;
  /** How often it was sent again. */
  readonly rounds: number;
  /** How many waves had ended when it was last sent. */
  readonly wave: number;
  /** How it ended: `succeeded`, `failed` (the SDK's error), `aborted`, or a code of `StrongAuthError`. */
  readonly outcome: string | undefined;
}

/** The world at one moment: the real machine, and the calls around it. */
export interface World {
  /** For XState: the world never ends. */
  readonly status: 'active';
  /** For XState: it brings nothing. */
  readonly output: undefined;
  /** For XState: it does not fail. */
  readonly error: undefined;
  /** The real machine. */
  readonly machine: SnapshotFrom<typeof strongAuthMachine>;
  /** The calls, by their number. */
  readonly calls: readonly WorldCall[];
  /** The OTP request that the SDK works on: none, the running wave's, or one whose wave is over. */
  readonly line: 'free' | 'current' | 'abandoned';
  /** OTP requests after which the app's own limit is reached. */
  readonly otpBudget: number;
  /** How often the user was asked since the beginning. */
  readonly prompts: number;
  /** The OTP requests since the beginning: whether each had `resetStep`. */
  readonly otpRequests: readonly boolean[];
  /** Whether the client was disposed of. */
  readonly ended: boolean;
}

/** What anybody can observe from outside. Every part is comparable with `===` or by its JSON. */
export interface Observation {
  /** The top-level state. */
  readonly status: StrongAuthStatus;
  /** Whether calls are in flight. */
  readonly inFlight: boolean;
  /** How many calls wait. */
  readonly waiting: number;
  /** What the user is asked, while they are. */
  readonly prompt:
    | {
        /** Which PIN of this wave it is, from 1. */
        readonly attempt: number;
        /** This one included. */
        readonly attemptsLeft: number;
        /** Why it is asked for. */
        readonly reason: string;
      }
    | undefined;
  /** Why the last wave was denied, while that is remembered. */
  readonly failure: Failure['code'] | undefined;
  /** How often the user was asked. */
  readonly prompts: number;
  /** The OTP requests so far: whether each had `resetStep`. */
  readonly otpRequests: readonly boolean[];
  /** For each call how often it was sent. */
  readonly sent: readonly number[];
  /** For each call how it ended: `unmade`, `pending`, `succeeded`, `failed`, `aborted`, or a code of `StrongAuthError`. */
  readonly outcomes: readonly string[];
}

/** @returns What can be observed of `world`. */
export function observationOf({ machine, calls, prompts, otpRequests }: World): Observation {
  const { status, inFlight, waiting, prompt, failure } = toView(machine);
  return {
    status,
    inFlight,
    waiting,
    prompt,
    failure: failure?.code,
    prompts,
    otpRequests,
    sent: calls.map((call) => call.sent),
    outcomes: calls.map((call) => call.outcome ?? (call.phase === 'unmade' ? 'unmade' : 'pending')),
  };
}

/** The limits of a world: small, so that every one of them is reached. Times do not matter: nothing waits. */
export const worldPolicy: MachinePolicy = {
  maxPinAttempts: 2,
  maxRounds: 1,
  maxWaiting: 1000,
  pinEntryTimeoutMs: 120_000,
  otpTimeoutMs: 30_000,
};

/** The logic of a world, which XState's path generators accept; and the events that may happen in it. */
export interface WorldLogic extends ActorLogic<World, WorldEvent, unknown> {
  /** @returns What may happen next in `world`. */
  readonly eventsOf: (world: World) => readonly WorldEvent[];
  /** @returns A text that is the same for worlds that behave the same from here on. */
  readonly keyOf: (world: World) => string;
  /** The limits it was made with. */
  readonly policy: MachinePolicy;
}

/**
 * Makes a world of the real machine: its pure transition function decides, and a small abstract ledger does what it says and
 * tells it what follows. Nothing runs, and nothing waits.
 *
 * @param chart Another chart than the package's own, to see what a change of it does.
 */
export function createWorld(options: WorldOptions = {}, chart = strongAuthMachine): WorldLogic {
  const kinds = options.calls ?? ['call'];
  const policy = { ...worldPolicy, ...options.policy };
  const [machine] = initialTransition(chart, { policy });
  const initial: World = {
    status: 'active',
    output: undefined,
    error: undefined,
    machine,
    otpBudget: options.otpBudget ?? Number.POSITIVE_INFINITY,
    calls: kinds.map((kind) => ({ kind, phase: 'unmade', sent: 0, rounds: 0, wave: 0, outcome: undefined })),
    line: 'free',
    prompts: 0,
    otpRequests: [],
    ended: false,
  };
  const { alphabet = 'full' } = options;
  const isTried = alphabet === 'full' ? () => true : alphabet === 'essential' ? isEssential : alphabet;
  const eventsOf = (world: World) => possibleEvents(world).filter(isTried);
  return {
    policy,
    eventsOf,
    keyOf,
    transition: (world, event) => step(world, event),
    getInitialSnapshot: () => initial,
    getPersistedSnapshot: (world) => world,
  };
}

/** What may happen, read off the machine's own nodes and the phases of the calls. */
function possibleEvents(world: World): WorldEvent[] {
  if (world.ended) return [];
  const events: WorldEvent[] = [];
  world.calls.forEach(({ phase }, call) => {
    if (phase === 'unmade') events.push({ type: 'call.made', call });
    if (phase === 'inFlight') {
      events.push(
        { type: 'call.succeeded', call },
        { type: 'call.failed', call },
        { type: 'call.challenged', call },
      );
    }
    if (phase === 'inFlight' || phase === 'waiting') events.push({ type: 'call.aborted', call });
  });
  const ports = activePorts(world.machine);
  for (const [type, cause] of Object.entries(causes)) {
    if (typeof cause === 'string') continue;
    const port = type.startsWith('pin.') ? 'enterPin' : type.startsWith('otp.') ? 'requestOtp' : undefined;
    if (port === undefined || ports.includes(port)) events.push(...cause);
  }
  for (const delay of activeDelays(world.machine)) events.push({ type: 'timeout', delay });
  if (world.line === 'abandoned') events.push({ type: 'otp.answeredLate' });
  return events;
}

function activePorts(machine: World['machine']): string[] {
  return machine._nodes.flatMap((node) => node.invoke.map(({ src }) => String(src)));
}

function activeDelays(machine: World['machine']): string[] {
  return machine._nodes.flatMap((node) => node.after.map(({ delay }) => String(delay)));
}

/** The work of one step: the world as it becomes, and the events of the machine that are still to be told. */
class Step {
  calls: WorldCall[];
  line: World['line'];
  prompts: number;
  otpRequests: readonly boolean[];
  private readonly pending: EventObject[] = [];
  private machine: World['machine'];
  private readonly otpBudget: number;

  constructor(world: World) {
    this.machine = world.machine;
    this.otpBudget = world.otpBudget;
    this.calls = [...world.calls];
    this.line = world.line;
    this.prompts = world.prompts;
    this.otpRequests = world.otpRequests;
  }

  tell(event: StrongAuthEvent | EventObject): void {
    this.pending.push(event);
  }

  /** Lets the machine take everything it was told, and what follows from that. */
  run(): World['machine'] {
    for (let event = this.pending.shift(); event; event = this.pending.shift()) {
      const before = statusOf(this.machine);
      const chart = this.machine.machine as typeof strongAuthMachine;
      const [next, actions] = transition(chart, this.machine, event as StrongAuthEvent);
      this.machine = next;
      if (before === 'requestingOtp' && statusOf(next) !== 'requestingOtp' && this.line === 'current') {
        this.line = 'abandoned'; // unless this very event was its answer, which has freed the line before
      }
      for (const action of actions) this.obey(action.type, (action as { params?: unknown }).params);
    }
    return this.machine;
  }

  change(call: number, change: Partial<WorldCall>): void {
    this.calls[call] = { ...(this.calls[call] as WorldCall), ...change };
  }

  /** A call leaves: the machine hears of the first. */
  depart(call: number): void {
    const isFirst = !this.isAnyUnderWay();
    this.send(call);
    if (isFirst) this.tell({ type: 'calls.started' });
  }

  settle(call: number, outcome: string): void {
    const { phase, kind } = this.calls[call] as WorldCall;
    this.change(call, { phase: 'settled', outcome });
    if (phase === 'waiting') this.tell({ type: 'waiter.left' });
    else if (kind !== 'ensure' && !this.isAnyUnderWay()) this.tell({ type: 'calls.landed' });
  }

  private send(call: number): void {
    const { sent } = this.calls[call] as WorldCall;
    this.change(call, { phase: 'inFlight', sent: sent + 1, wave: this.machine.context.waves });
  }

  private replay(call: number): void {
    const { kind, rounds } = this.calls[call] as WorldCall;
    if (kind === 'ensure') return this.change(call, { phase: 'settled', outcome: 'succeeded' });
    this.send(call);
    this.change(call, { rounds: rounds + 1 });
  }

  private isAnyUnderWay(): boolean {
    return this.calls.some(
      ({ phase, kind }) => phase === 'inFlight' || (phase === 'challenged' && kind !== 'ensure'),
    );
  }

  private inPhase(phase: WorldCall['phase']): number[] {
    return this.calls.flatMap((call, index) => (call.phase === phase ? [index] : []));
  }

  /** The abstract ledger. An effect that it does not know is an error: a new one cannot be forgotten. */
  private obey(type: string, params: unknown): void {
    const { id, failure, code, src, input } = (params ?? {}) as {
      id: CallId;
      failure: Failure;
      code: string;
      src: string;
      input: { resetStep: boolean };
    };
    switch (type) {
      case 'hold': {
        const { kind } = this.calls[id] as WorldCall;
        this.change(id, { phase: 'waiting' });
        if (kind !== 'ensure' && !this.isAnyUnderWay()) this.tell({ type: 'calls.landed' });
        return;
      }
      case 'refuse':
        return this.settle(id, failure.code);
      case 'replayStraggler':
        return this.replay(id);
      case 'replayWaiting':
        for (const call of this.inPhase('waiting')) this.replay(call);
        if (!this.isAnyUnderWay()) this.tell({ type: 'calls.landed' });
        return;
      case 'rejectWaiting':
        for (const call of this.inPhase('waiting'))
          this.change(call, { phase: 'settled', outcome: failure.code });
        return;
      case 'rejectEverything':
        this.calls.forEach(({ phase }, call) => {
          if (phase !== 'unmade' && phase !== 'settled')
            this.change(call, { phase: 'settled', outcome: code });
        });
        return;
      case 'xstate.spawnChild':
        return this.open(src, input);
      case 'xstate.raise':
      case 'xstate.cancel':
      case 'xstate.stopChild':
        return;
      default:
        throw new Error(`The chart asks for the effect ${type}, which the world does not know.`);
    }
  }

  private open(port: string, input: { resetStep: boolean }): void {
    switch (port) {
      case 'enterPin':
        if (this.otpRequests.length >= this.otpBudget)
          return this.tell({ type: 'pin.unaffordable', retryAt: 0 });
        this.prompts += 1;
        return;
      case 'otpLine':
        if (this.line !== 'abandoned') this.tell({ type: 'otp.lineFree' });
        return;
      case 'requestOtp':
        this.line = 'current';
        this.otpRequests = [...this.otpRequests, input.resetStep];
        return;
      default:
        throw new Error(`The chart invokes the port ${port}, which the world does not know.`);
    }
  }
}

function step(world: World, event: WorldEvent): World {
  if ((event as EventObject).type === 'xstate.init') return world;
  const next = new Step(world);
  cause(next, world, event);
  const machine = next.run();
  const { calls, line, prompts, otpRequests } = next;
  return { ...world, machine, calls, line, prompts, otpRequests, ended: statusOf(machine) === 'closed' };
}

/** What an event does to the calls and the line, and what the machine hears of it. */
function cause(next: Step, world: World, event: WorldEvent): void {
  switch (event.type) {
    case 'call.made':
      if (world.calls[event.call]?.kind === 'ensure') {
        next.change(event.call, { phase: 'challenged' });
        return next.tell({ type: 'ensure.requested', id: event.call });
      }
      return next.depart(event.call);
    case 'call.challenged': {
      const { wave, rounds, kind } = world.calls[event.call] as WorldCall;
      next.change(event.call, { phase: 'challenged' });
      return next.tell({
        type: 'call.challenged',
        id: event.call,
        wave,
        rounds,
        interactive: kind !== 'background',
      });
    }
    case 'call.succeeded':
    case 'call.failed':
    case 'call.aborted':
      return next.settle(event.call, event.type.slice('call.'.length));
    case 'timeout':
      next.line = 'free'; // no delay is shorter than what an unanswered OTP request has left
      for (const node of world.machine._nodes) {
        for (const { delay, eventType } of node.after)
          if (delay === event.delay) next.tell({ type: eventType });
      }
      return;
    case 'otp.answeredLate':
      next.line = 'free';
      return next.tell({ type: 'otp.lineFree' });
    case 'otp.granted':
      next.line = 'free';
      return next.tell({ type: 'otp.granted', at: 0 });
    case 'otp.pinRejected':
    case 'otp.pinMalformed':
    case 'otp.resetNeeded':
    case 'otp.denied':
      next.line = 'free';
      return next.tell(event);
    default:
      return next.tell(event);
  }
}

/** Counts that only grow, and numbers of waves, are left out or made relative: they do not change what can happen. */
function keyOf(world: World): string {
  const { value, context } = world.machine;
  const { waves, blocked, failure, waiting, inFlight, attempt, malformed, reason, hasReset } = context;
  const calls = world.calls.map(({ kind, phase, rounds, wave, outcome }) => {
    const isLate = phase === 'inFlight' && wave < waves;
    return [kind, phase, phase === 'settled' ? outcome : rounds, isLate];
  });
  const status = statusOf(world.machine);
  const ofWave = status === 'needStrongAuth' || status === 'requestingOtp';
  const wave = ofWave && [waiting, inFlight, attempt, malformed, reason, hasReset];
  const budget = Math.max(0, world.otpBudget - world.otpRequests.length);
  return JSON.stringify([value, blocked, failure?.code, wave, calls, world.line, budget]);
}
