import type { EventObject, ExecutableActionObject } from 'xstate';
import {
  type CallId,
  type Failure,
  type StrongAuthEvent,
  statusOf,
  type strongAuthMachine,
} from '../../machines/strong-auth/index.js';
import { askChart, type ChartAnswer } from './ask-chart.js';
import { armedBy } from './delays.js';
import type { WorldEvent } from './events.js';
import { activeNodes, activePorts, canBeMade } from './possible-events.js';
import { unmade, type World, type WorldCall, type WorldOptions } from './world-state.js';

/** How many replays of a call spend no round. */
const MAX_FREE_ROUNDS = 3;

/** What a step needs to know beside the world. */
export interface Rules extends Required<Pick<WorldOptions, 'replays' | 'turns' | 'renewable'>> {
  /** Computes where an event of the machine leads. */
  readonly ask: (machine: World['machine'], event: EventObject) => Answer;
}

type Answer = ChartAnswer<typeof strongAuthMachine>;

/** Caches the chart's answers: the chart is pure, and most edges of a world's graph repeat a question. */
export function rememberAnswers(): Rules['ask'] {
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

/** @returns The world after `event`: its effects on the calls, and what the machine orders next. */
export function step(world: World, event: WorldEvent, rules: Rules): World {
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
