import {
  type ActorLogic,
  type AnyStateNode,
  type EventObject,
  type ExecutableActionObject,
  getStateNodes,
  initialTransition,
  type SnapshotFrom,
} from 'xstate';
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
import { askChart, type ChartAnswer } from './ask-chart.js';
import { type ArmedDelays, armedBy } from './delays.js';
import { causes, isEssential, type WorldEvent } from './events.js';

/**
 * The kind of a call: an ordinary one (a `set`), a read (a `get`), one that never opens a prompt, or an
 * `ensure`; or a call or an `ensure` that the PIN entry itself makes when it opens.
 */
export type WorldCallKind = 'call' | 'read' | 'background' | 'ensure' | 'callOfPrompt' | 'ensureOfPrompt';

/** Options of a world. */
export interface WorldOptions {
  /**
   * The calls that may be made, each once.
   *
   * @default one ordinary call
   */
  readonly calls?: readonly WorldCallKind[];
  /** Limits that differ from the default ones, which keep the world small. */
  readonly policy?: Partial<MachinePolicy>;
  /**
   * How many OTP requests the app's own limit allows.
   *
   * @default no limit
   */
  readonly otpBudget?: number;
  /**
   * Whether waiting calls are replayed at once, or the commands among them one
   * after another.
   *
   * @default 'parallel'
   */
  readonly replays?: 'parallel' | 'serial';
  /**
   * Whether calls may be made in the turn of the event loop in which the last waiting call left; the turn
   * then ends by an event of its own. Only for apps that can be driven within one turn.
   *
   * @default false: aborting a call ends the turn
   */
  readonly turns?: boolean;
  /**
   * Whether the app may call `recovered()`.
   *
   * @default false
   */
  readonly recovers?: boolean;
  /**
   * Whether the app was made with `recover`.
   *
   * @default false
   */
  readonly cures?: boolean;
  /**
   * Whether a call that has settled may be made anew, so that there is no last call. For `checkLiveness`; a
   * driver makes each call once.
   *
   * @default false
   */
  readonly renewable?: boolean;
  /**
   * `full` (default) tries every outcome with every payload. `essential` tries one outcome of each kind
   * that the calls can tell apart, which keeps a world with several calls small. A function tries the
   * events for which it returns true.
   */
  readonly alphabet?: 'full' | 'essential' | ((event: WorldEvent) => boolean);
}

/** One call of the world. */
export interface WorldCall {
  /** The kind of the call. */
  readonly kind: WorldCallKind;
  /** Where the call is. */
  readonly phase: 'unmade' | 'inFlight' | 'challenged' | 'waiting' | 'queued' | 'settled';
  /** How many calls were made before it. */
  readonly made: number;
  /** The number of the prompt that made the call, if one did. */
  readonly madeBy: number | undefined;
  /** How often the call was sent. */
  readonly sent: number;
  /** How many replays of the call spent a round. */
  readonly rounds: number;
  /** How many replays spent no round, because the call began to wait after the PIN was given. */
  readonly freeRounds: number;
  /** How many PINs were given in the wave before the call began to wait. */
  readonly pins: number;
  /** Whether the call waited for the last grant and has not settled since. */
  readonly isReplay: boolean;
  /** Whether this replay spends no round. */
  readonly isFree: boolean;
  /** With serial replays: whether it is the call's turn, which ends when the call settles. */
  readonly hasTurn: boolean;
  /** Whether the call was made in the turn in which the last waiting call left, and is not judged yet. */
  readonly isAnew: boolean;
  /** How many waves had ended when the call was last sent. */
  readonly wave: number;
  /**
   * How the call ended: `succeeded`, `failed` (the SDK's error), `aborted`, or a code of `StrongAuthError`.
   */
  readonly outcome: string | undefined;
}

/** The world at one moment: the real machine, and the calls around it. */
export interface World {
  /** For XState: the world never ends. */
  readonly status: 'active';
  /** For XState: there is no output. */
  readonly output: undefined;
  /** For XState: there is no error. */
  readonly error: undefined;
  /** The real machine. */
  readonly machine: SnapshotFrom<typeof strongAuthMachine>;
  /** The calls, by their number. */
  readonly calls: readonly WorldCall[];
  /** The OTP request that the SDK works on: none, one of the running wave, or one whose wave is over. */
  readonly line: 'free' | 'current' | 'abandoned';
  /**
   * Set while no call waits in the running wave: until the turn ends, or until the
   * calls made in that turn are judged.
   */
  readonly emptyWave: 'turn' | 'judging' | undefined;
  /** The OTP request that is held back until a call waits again: whether it has `resetStep`. */
  readonly heldOtp: boolean | undefined;
  /** Whether the time has come that the back end named when it asked to wait. */
  readonly retryDue: boolean;
  /** How many OTP requests the app's own limit allows. */
  readonly otpBudget: number;
  /** How often the user was asked so far. */
  readonly prompts: number;
  /** The OTP requests so far: whether each had `resetStep`. */
  readonly otpRequests: readonly boolean[];
  /** How often each delay of the chart was started, by name: a delay that is started again has not passed. */
  readonly armed: ArmedDelays;
  /** Whether the client was disposed of. */
  readonly ended: boolean;
}

/** What can be observed from outside. Every part can be compared with `===` or by its JSON. */
export interface Observation {
  /** The top-level state. */
  readonly status: StrongAuthStatus;
  /** Whether calls are in flight. */
  readonly inFlight: boolean;
  /** How many calls wait. */
  readonly waiting: number;
  /** The open prompt. */
  readonly prompt:
    | {
        /** The number of this PIN in the wave, from 1. */
        readonly attempt: number;
        /** Attempts left, this one included. */
        readonly attemptsLeft: number;
        /** Why the PIN is asked for. */
        readonly reason: string;
      }
    | undefined;
  /** Why the last wave was denied, while that is remembered. */
  readonly failure: Failure['code'] | undefined;
  /** How often the user was asked so far. */
  readonly prompts: number;
  /** The OTP requests so far: whether each had `resetStep`. */
  readonly otpRequests: readonly boolean[];
  /** How often each call was sent. */
  readonly sent: readonly number[];
  /**
   * How each call ended: `unmade`, `pending`, `succeeded`, `failed`, `aborted`,
   * or a code of `StrongAuthError`.
   */
  readonly outcomes: readonly string[];
}

/** @returns What can be observed of `world`. */
export function observationOf({ machine, calls, prompts, otpRequests }: World): Observation {
  const { status, inFlight, prompt, failure } = toView(machine);
  return {
    status,
    inFlight,
    waiting: calls.filter(({ phase }) => phase === 'waiting').length,
    prompt,
    failure: failure?.code,
    prompts,
    otpRequests,
    sent: calls.map((call) => call.sent),
    outcomes: calls.map((call) => call.outcome ?? (call.phase === 'unmade' ? 'unmade' : 'pending')),
  };
}

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

const unmade = (kind: WorldCallKind): WorldCall => ({
  kind,
  phase: 'unmade',
  made: 0,
  madeBy: undefined,
  sent: 0,
  rounds: 0,
  freeRounds: 0,
  pins: 0,
  isReplay: false,
  isFree: false,
  hasTurn: false,
  isAnew: false,
  wave: 0,
  outcome: undefined,
});

/** The port that sends the events with a name prefix. */
const PORTS: Readonly<Record<string, string>> = { pin: 'enterPin', otp: 'requestOtp', recovery: 'recover' };

/** The possible events, derived from the machine's active nodes and the phases of the calls. */
function possibleEvents(world: World, rules: Rules): WorldEvent[] {
  if (world.ended) return [];
  const events: WorldEvent[] = [];
  world.calls.forEach(({ phase, kind }, call) => {
    if (canBeMade(phase, rules) && !kind.endsWith('OfPrompt')) events.push({ type: 'call.made', call });
    if (phase === 'inFlight') {
      events.push(
        { type: 'call.succeeded', call },
        { type: 'call.failed', call },
        { type: 'call.challenged', call },
      );
    }
    if (phase === 'inFlight' || phase === 'waiting' || phase === 'queued')
      events.push({ type: 'call.aborted', call });
  });
  const ports = activePorts(world.machine);
  for (const [type, cause] of Object.entries(causes)) {
    if (typeof cause === 'string') continue;
    const port = PORTS[type.split('.')[0] as string];
    if (port === 'requestOtp' && world.heldOtp !== undefined) continue;
    if (port === undefined || ports.includes(port)) events.push(...cause);
  }
  if (world.line === 'abandoned') events.push({ type: 'otp.answeredLate' });
  if (world.emptyWave === 'turn') return [...events, { type: 'turn.ended' }]; // time passes only between turns
  for (const delay of activeDelays(world.machine)) events.push({ type: 'timeout', delay });
  if (!world.retryDue) events.push({ type: 'retryTime.came' });
  return events;
}

const canBeMade = (phase: WorldCall['phase'], { renewable }: Rules): boolean =>
  phase === 'unmade' || (renewable && phase === 'settled');

/** The active nodes of the chart. */
const activeNodes = ({ machine, value }: World['machine']): AnyStateNode[] =>
  getStateNodes(machine.root, value);

const activePorts = (machine: World['machine']): string[] =>
  activeNodes(machine).flatMap((node) => node.invoke.map(({ src }) => String(src)));

const activeDelays = (machine: World['machine']): string[] =>
  activeNodes(machine).flatMap((node) => node.after.map(({ delay }) => String(delay)));

/** How many replays of a call spend no round. */
const MAX_FREE_ROUNDS = 3;

interface Rules extends Required<Pick<WorldOptions, 'replays' | 'turns' | 'renewable'>> {
  /** Computes where an event of the machine leads. */
  readonly ask: (machine: World['machine'], event: EventObject) => Answer;
}

type Answer = ChartAnswer<typeof strongAuthMachine>;

/** Caches the chart's answers: the chart is pure, and most edges of a world's graph repeat a question. */
function rememberAnswers(): Rules['ask'] {
  const keys = new WeakMap<World['machine'], string>();
  const answers = new Map<string, Answer>();
  const keyOfMachine = (machine: World['machine']) => {
    const key = keys.get(machine) ?? JSON.stringify([machine.value, machine.context]);
    keys.set(machine, key);
    return key;
  };
  return (machine, event) => {
    const key = `${keyOfMachine(machine)} ${JSON.stringify(event)}`;
    const answer = answers.get(key) ?? askChart<typeof strongAuthMachine>(machine, event as StrongAuthEvent);
    answers.set(key, answer);
    return answer;
  };
}

/** One step: the next world while it is computed, and the events that the machine has not taken yet. */
class Step {
  calls: WorldCall[];
  line: World['line'];
  emptyWave: World['emptyWave'];
  heldOtp: World['heldOtp'];
  retryDue: boolean;
  prompts: number;
  otpRequests: readonly boolean[];
  armed: World['armed'];
  private readonly pending: EventObject[] = [];
  private machine: World['machine'];
  private readonly otpBudget: number;

  constructor(
    world: World,
    private readonly rules: Rules,
  ) {
    this.machine = world.machine;
    this.otpBudget = world.otpBudget;
    this.calls = [...world.calls];
    this.line = world.line;
    this.emptyWave = world.emptyWave;
    this.heldOtp = world.heldOtp;
    this.retryDue = world.retryDue;
    this.prompts = world.prompts;
    this.otpRequests = world.otpRequests;
    this.armed = world.armed;
  }

  tell(event: StrongAuthEvent | EventObject): void {
    this.pending.push(event);
  }

  /** Lets the machine take all pending events and those that follow from them. */
  run(): World['machine'] {
    for (let event = this.pending.shift(); event; event = this.pending.shift()) {
      const before = statusOf(this.machine);
      const [next, actions] = this.rules.ask(this.machine, event);
      this.machine = next;
      if (before === 'requestingOtp' && statusOf(next) !== 'requestingOtp' && this.line === 'current') {
        this.line = 'abandoned'; // unless this event was the answer, which has freed the line before
      }
      for (const { type, params } of actions) this.obey(type, params);
    }
    this.sendHeldOtp();
    return this.machine;
  }

  change(call: number, change: Partial<WorldCall>): void {
    this.calls[call] = { ...this.call(call), ...change };
  }

  /** Makes a call. */
  make(call: number, madeBy?: number): void {
    const before = this.calls.flatMap(({ phase, made }) => (phase === 'unmade' ? [] : [made]));
    const made = Math.max(-1, ...before) + 1;
    this.calls[call] = { ...unmade(this.call(call).kind), made, madeBy, isAnew: this.emptyWave === 'turn' };
    if (this.isEnsure(call)) {
      const waiting = this.seats();
      this.change(call, { phase: 'challenged', isAnew: false });
      const { retryDue } = this;
      return this.tell({
        type: 'ensure.requested',
        ...{ id: call, waiting, retryDue, ofPrompt: madeBy !== undefined },
      });
    }
    const isFirst = !this.isAnyUnderWay();
    this.send(call);
    if (isFirst) this.tell({ type: 'calls.started' });
  }

  challenge(call: number): void {
    const { wave, rounds, kind, madeBy } = this.call(call);
    const waiting = this.seats();
    this.change(call, { phase: 'challenged' });
    this.tell({
      type: 'call.challenged',
      ...{ id: call, wave, rounds, waiting, retryDue: this.retryDue, interactive: kind !== 'background' },
      ofPrompt: statusOf(this.machine) === 'needStrongAuth' && madeBy === this.prompts,
    });
  }

  settle(call: number, outcome: string): void {
    const { phase } = this.call(call);
    this.change(call, { phase: 'settled', outcome, hasTurn: false });
    if (phase === 'waiting' && this.inPhase('waiting').length === 0) this.emptyTheWave();
    this.land(call, phase === 'inFlight' || phase === 'challenged');
    this.judged(call, outcome === 'aborted');
  }

  /** Ends the turn in which the last waiting call left. */
  endTurn(): void {
    this.emptyWave = 'judging';
    this.closeIfNobodyCame();
  }

  private emptyTheWave(): void {
    if (this.rules.turns) this.emptyWave = 'turn';
    else this.tell({ type: 'waiters.gone', wave: this.machine.context.waves });
  }

  /**
   * @param isGivenUp Whether the call was aborted before it was judged, so that it may
   *   be made anew in the same turn.
   */
  private judged(call: number, isGivenUp: boolean): void {
    if (!this.call(call).isAnew) return;
    this.change(call, { isAnew: false });
    if (isGivenUp) this.emptyWave = 'turn';
    else this.closeIfNobodyCame();
  }

  private closeIfNobodyCame(): void {
    if (this.emptyWave !== 'judging' || this.calls.some(({ isAnew }) => isAnew)) return;
    this.emptyWave = undefined;
    this.tell({ type: 'waiters.gone', wave: this.machine.context.waves });
  }

  /** Sends the OTP request, unless nobody waits for it and no call was made anew. */
  private sendHeldOtp(): void {
    const { heldOtp } = this;
    if (heldOtp === undefined) return;
    const port = activePorts(this.machine).includes('requestOtp');
    if (port && this.emptyWave === 'turn' && !this.calls.some(({ isAnew }) => isAnew)) return;
    this.heldOtp = undefined;
    if (!port) return; // the wave is over
    this.line = 'current';
    this.otpRequests = [...this.otpRequests, heldOtp];
  }

  /** A call waits again, or the wave is over. */
  private fillTheWave(): void {
    this.emptyWave = undefined;
    this.calls.forEach(({ isAnew }, call) => {
      if (isAnew) this.change(call, { isAnew: false });
    });
  }

  private send(call: number): void {
    const { sent } = this.call(call);
    this.change(call, { phase: 'inFlight', sent: sent + 1, wave: this.machine.context.waves });
  }

  private replay(call: number): void {
    const { rounds, freeRounds, isFree } = this.call(call);
    this.send(call);
    this.change(call, isFree ? { freeRounds: freeRounds + 1 } : { rounds: rounds + 1 });
  }

  private replayWaiting(): void {
    this.fillTheWave();
    const waiting = this.inPhase('waiting').sort((a, b) => this.call(a).made - this.call(b).made);
    for (const call of waiting) {
      if (this.isEnsure(call)) this.change(call, { phase: 'settled', outcome: 'succeeded' });
      else {
        const { pins, freeRounds } = this.call(call);
        const isFree = pins === this.machine.context.pins && freeRounds < MAX_FREE_ROUNDS;
        this.change(call, { isReplay: true, isFree, hasTurn: false, phase: 'queued' });
      }
    }
    for (const call of waiting) {
      if (!this.isEnsure(call) && !this.takesTurns(call)) this.replay(call);
    }
    this.advance();
    if (!this.isAnyUnderWay()) this.tell({ type: 'calls.landed' });
    else if (!this.calls.some(({ isReplay }) => isReplay)) this.tell({ type: 'replays.landed' });
  }

  /** With serial replays: starts the next call of the queue, unless another one has its turn. */
  private advance(): void {
    if (this.calls.some(({ hasTurn }) => hasTurn)) return;
    const [next] = this.inPhase('queued').sort((a, b) => this.call(a).made - this.call(b).made);
    if (next === undefined) return;
    this.change(next, { hasTurn: true });
    this.replay(next);
  }

  /** The call is not in flight any more. */
  private land(call: number, wasUnderWay: boolean): void {
    const { isReplay } = this.call(call);
    this.change(call, { isReplay: false });
    this.advance();
    if ((wasUnderWay || isReplay) && !this.isEnsure(call) && !this.isAnyUnderWay())
      this.tell({ type: 'calls.landed' });
    else if (isReplay && !this.calls.some((other) => other.isReplay)) this.tell({ type: 'replays.landed' });
  }

  private takesTurns(call: number): boolean {
    return this.rules.replays === 'serial' && this.call(call).kind !== 'read';
  }

  private call(call: number): WorldCall {
    return this.calls[call] as WorldCall;
  }

  private isEnsure(call: number): boolean {
    return this.call(call).kind.startsWith('ensure');
  }

  private isAnyUnderWay(): boolean {
    return this.calls.some(
      ({ phase }, call) =>
        phase === 'inFlight' || phase === 'queued' || (phase === 'challenged' && !this.isEnsure(call)),
    );
  }

  private seats(): number {
    return this.inPhase('waiting').length + this.inPhase('challenged').length;
  }

  private inPhase(phase: WorldCall['phase']): number[] {
    return this.calls.flatMap((call, index) => (call.phase === phase ? [index] : []));
  }

  /** The abstract ledger. An unknown effect is an error, so that a new one is not forgotten. */
  private obey(type: string, params: ExecutableActionObject['params']): void {
    const { id, pins, failure, code, src, input } = (params ?? {}) as {
      id: CallId;
      pins: number;
      failure: Failure;
      code: string;
      src: string;
      input: { resetStep: boolean };
    };
    switch (type) {
      case 'hold':
        this.fillTheWave();
        this.change(id, { phase: 'waiting', pins });
        return this.land(id, true);
      case 'refuse':
        return this.settle(id, failure.code);
      case 'replayStraggler':
        this.change(id, { isFree: false });
        return this.replay(id);
      case 'replayWaiting':
        return this.replayWaiting();
      case 'rejectWaiting':
        this.fillTheWave();
        for (const call of this.inPhase('waiting'))
          this.change(call, { phase: 'settled', outcome: failure.code, hasTurn: false });
        this.advance();
        if (failure.code === 'THROTTLED' && failure.retryAt !== undefined) this.retryDue = false;
        return;
      case 'rejectEverything':
        this.fillTheWave();
        this.calls.forEach(({ phase }, call) => {
          if (phase !== 'unmade' && phase !== 'settled')
            this.change(call, { phase: 'settled', outcome: code, isReplay: false, hasTurn: false });
        });
        return;
      case 'xstate.spawnChild':
        return this.open(src, input);
      case 'xstate.raise':
        this.armed = armedBy({ type, params }, this.armed);
        return;
      case 'xstate.cancel':
      case 'xstate.stopChild':
        return;
      default:
        throw new Error(`The chart asks for the effect ${type}, which the world does not know.`);
    }
  }

  private open(port: string, input: { resetStep: boolean }): void {
    switch (port) {
      case 'recover':
        return;
      case 'enterPin':
        if (this.otpRequests.length >= this.otpBudget)
          return this.tell({ type: 'pin.unaffordable', retryAt: 0 });
        this.prompts += 1;
        this.calls.forEach(({ kind, phase }, call) => {
          if (kind.endsWith('OfPrompt') && canBeMade(phase, this.rules)) this.make(call, this.prompts);
        });
        return;
      case 'otpLine':
        if (this.line !== 'abandoned') this.tell({ type: 'otp.lineFree' });
        return;
      case 'requestOtp':
        this.heldOtp = input.resetStep;
        return;
      default:
        throw new Error(`The chart invokes the port ${port}, which the world does not know.`);
    }
  }
}

function step(world: World, event: WorldEvent, rules: Rules): World {
  if ((event as EventObject).type === 'xstate.init') return world;
  const next = new Step(world, rules);
  cause(next, world, event);
  const machine = next.run();
  const { calls, line, emptyWave, heldOtp, retryDue, prompts, otpRequests, armed } = next;
  const ended = statusOf(machine) === 'closed';
  // The time counts only while a throttle is remembered.
  const isThrottled = machine.context.lasting?.code === 'THROTTLED';
  return {
    ...world,
    ...{ machine, calls, line, emptyWave, heldOtp, retryDue: retryDue || !isThrottled },
    ...{ prompts, otpRequests, armed, ended },
  };
}

/** Applies an event to the calls and the line, and sends the machine what follows. */
function cause(next: Step, world: World, event: WorldEvent): void {
  switch (event.type) {
    case 'call.made':
      return next.make(event.call);
    case 'call.challenged':
      return next.challenge(event.call);
    case 'call.succeeded':
    case 'call.failed':
    case 'call.aborted':
      return next.settle(event.call, event.type.slice('call.'.length));
    case 'timeout':
      next.line = 'free'; // no delay is shorter than the rest of the timeout of an unanswered OTP request
      for (const node of activeNodes(world.machine)) {
        for (const { delay, eventType } of node.after)
          if (delay === event.delay) next.tell({ type: eventType });
      }
      return;
    case 'turn.ended':
      return next.endTurn();
    case 'retryTime.came':
      next.retryDue = true;
      return;
    case 'otp.answeredLate':
      next.line = 'free';
      return next.tell({ type: 'otp.lineFree' });
    case 'otp.granted':
      next.line = 'free';
      return next.tell({ type: 'otp.granted', at: 0 });
    case 'otp.denied':
      next.line = 'free';
      return next.tell({ ...event, ...(event.code === 'THROTTLED' && { retryAt: Number.MAX_SAFE_INTEGER }) });
    case 'otp.pinRejected':
    case 'otp.pinMalformed':
    case 'otp.resetNeeded':
      next.line = 'free';
      return next.tell(event);
    default:
      return next.tell(event);
  }
}

/**
 * Counts that only grow, and wave numbers, are left out or made relative: they do not change what can happen.
 */
function keyOf(world: World, { replays, renewable }: Rules): string {
  const { value, context } = world.machine;
  const { waves, lasting, failure, inFlight, attempt, pins, malformed, reason, hasReset, hasRecovered } =
    context;
  const status = statusOf(world.machine);
  const ofWave = status === 'needStrongAuth' || status === 'requestingOtp' || status === 'recovering';
  const calls = world.calls.map((call) => {
    const { kind, phase, rounds, freeRounds, isReplay, isFree, hasTurn, isAnew, madeBy, wave, outcome } =
      call;
    if (renewable && phase === 'settled') return [kind, 'unmade']; // the outcome does not matter
    if (phase === 'settled' || phase === 'unmade') return [kind, phase, outcome];
    const isLate = phase === 'inFlight' && wave < waves;
    const joinedLate = phase === 'waiting' && call.pins === pins && pins > 0;
    const isOfPrompt = madeBy !== undefined && status === 'needStrongAuth' && madeBy === world.prompts;
    const before = replays === 'serial' && world.calls.filter(({ made }) => made < call.made).length;
    const queued = phase === 'queued' && isFree;
    return [
      kind,
      phase,
      rounds,
      freeRounds,
      isReplay,
      queued,
      hasTurn,
      isAnew,
      isLate,
      joinedLate,
      isOfPrompt,
      before,
    ];
  });
  const wave = ofWave && [inFlight, attempt, Math.min(pins, 1), malformed, reason, hasReset, hasRecovered];
  const budget = Math.max(0, world.otpBudget - world.otpRequests.length);
  const { line, emptyWave, heldOtp, retryDue } = world;
  const remembered = [lasting?.code, failure?.code, context.serverAttemptsLeft];
  return JSON.stringify([value, remembered, wave, calls, line, budget, emptyWave, heldOtp, retryDue]);
}
