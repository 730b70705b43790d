import fc, { type Scheduler } from 'fast-check';
import {
  createStrongAuth,
  fromPims,
  isApiError,
  isStrongAuthError,
  type StrongAuth,
  type StrongAuthOptions,
} from 'strong-auth-machine';
import { createManualClock, createSimulator, type FaultMix } from 'strong-auth-machine/simulator';
import { secrets } from '../secrets/sinks.js';
import { type MadeCall, RETRY_AFTER_S, Referee } from './interleavings/referee.js';

/** A call of the app. */
interface CallDeed {
  readonly kind: 'horn' | 'status' | 'background' | 'ensure' | 'never';
  readonly timeoutMs?: number | undefined;
  readonly maxAgeMs?: number | undefined;
}

/** One thing that the app, the user or time does between two answers. */
export type Deed =
  | ({ readonly does: 'call' } & CallDeed)
  | {
      readonly does: 'abort';
      readonly which: number;
      /** The next deed belongs to the same turn of the event loop. */
      readonly staysInTurn?: boolean;
    }
  /** Gives a call up and makes it anew in the same turn, as often as it says, as an effect does that runs again. */
  | ({ readonly does: 'callAgain'; readonly which: number; readonly times: number } & CallDeed)
  | {
      readonly does:
        | 'cancel'
        | 'reset'
        | 'recovered'
        | 'expireSession'
        | 'forgetDevice'
        | 'block'
        | 'unblock';
    }
  /** The scheduler lets one of the answers through that are on their way; which one is chance. */
  | { readonly does: 'letOneThrough' }
  | { readonly does: 'passTime' | 'sleep' | 'setWallClock'; readonly ms: number };

/** A whole run: what is done, and what goes wrong. */
export interface Run {
  readonly deeds: readonly Deed[];
  readonly faults: FaultMix;
  readonly seed: number;
  /** What the user types at each prompt; after the last the right PIN. */
  readonly user: readonly ('right' | 'wrong' | 'malformed' | 'declines' | 'ignores' | 'fails')[];
  /** Which OTP requests are told to come back later. */
  readonly throttled: readonly boolean[];
  readonly policy: {
    readonly maxPinAttempts: number;
    readonly maxRounds: number;
    readonly maxWaiting: number;
    readonly replays: 'parallel' | 'serial';
  };
}

const HOUR = 3_600_000;
const probability = fc.constantFrom(0, 0, 0.05, 0.2);
const anyCall = {
  kind: fc.constantFrom('horn', 'horn', 'status', 'background', 'ensure', 'never'),
  timeoutMs: fc.constantFrom(undefined, undefined, 2000),
  maxAgeMs: fc.constantFrom(undefined, undefined, 60_000),
};
const does = <What extends Deed['does']>(what: What) => fc.constant(what);

/** Any run: short ones first, so that a failure shrinks to the deeds that matter. */
export const anyRun: fc.Arbitrary<Run> = fc.record({
  deeds: fc.array(
    fc.oneof(
      { weight: 10, arbitrary: fc.record({ does: does('call'), ...anyCall }) as fc.Arbitrary<Deed> },
      { weight: 12, arbitrary: fc.constant<Deed>({ does: 'letOneThrough' }) },
      {
        weight: 4,
        arbitrary: fc.record({ does: does('abort'), which: fc.nat(7), staysInTurn: fc.boolean() }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          ...{ does: does('callAgain'), which: fc.nat(7), times: fc.constantFrom(1, 1, 3) },
          ...anyCall,
        }) as fc.Arbitrary<Deed>,
      },
      {
        weight: 4,
        arbitrary: fc.record({
          does: fc.constantFrom('cancel', 'reset', 'expireSession', 'forgetDevice'),
        }) as fc.Arbitrary<Deed>,
      },
      {
        weight: 3,
        arbitrary: fc.record({
          does: fc.constantFrom('recovered', 'recovered', 'block', 'unblock'),
        }) as fc.Arbitrary<Deed>,
      },
      {
        weight: 2,
        arbitrary: fc.record({
          does: does('passTime'),
          ms: fc.constantFrom(1000, 31_000, 61_000, 121_000, 6 * HOUR),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ does: does('sleep'), ms: fc.constantFrom(1000, 61_000, 3 * HOUR) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          does: does('setWallClock'),
          ms: fc.constantFrom(-1000, 1000, -HOUR, HOUR, -48 * HOUR, 48 * HOUR),
        }),
      },
    ),
    { minLength: 1, maxLength: 16, size: '+1' },
  ),
  faults: fc.record({
    fail: probability,
    challenge: probability,
    drop: probability,
    lose: probability,
    duplicate: probability,
    malformed: probability,
    throw: probability,
    noResult: probability,
    stringCode: probability,
  }),
  seed: fc.nat(1_000_000),
  user: fc.array(fc.constantFrom('right', 'right', 'wrong', 'malformed', 'declines', 'ignores', 'fails'), {
    maxLength: 4,
  }),
  throttled: fc.array(fc.constantFrom(false, false, false, true), { maxLength: 3 }),
  policy: fc.record({
    maxPinAttempts: fc.integer({ min: 1, max: 2 }),
    maxRounds: fc.integer({ min: 1, max: 2 }),
    maxWaiting: fc.constantFrom(1, 2, 1000),
    replays: fc.constantFrom('parallel', 'serial'),
  }),
}) as fc.Arbitrary<Run>;

/** What a run came to. Everything that must not happen is in `breaches`. */
export interface RunResult {
  readonly breaches: readonly string[];
  readonly calls: number;
  readonly executions: number;
  readonly prompts: number;
  readonly otps: number;
  /** Faults that hit, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often there was something to see of each rule. */
  readonly met: Readonly<Referee['met']>;
}

/** What a run may be watched with. */
export interface Watch {
  readonly options?: Pick<Partial<StrongAuthOptions>, 'inspect' | 'onEvent'>;
  /** Called after every deed with the client, and what its calls have rejected with so far. */
  readonly look?: (client: { strongAuth: StrongAuth; errors: readonly unknown[] }) => void;
}

const OTP_TIMEOUT_MS = 30_000;
/** Rounds of two minutes after which nothing may be left. */
const MAX_ROUNDS = 40;
const THROTTLED = { status: 'FAILED', error: { code: 429, label: 'Later', retryAfter: RETRY_AFTER_S } };

/** Plays `run` on the simulator, the answers coming in the order of `scheduler`. */
export async function play(run: Run, scheduler: Scheduler, watch: Watch = {}): Promise<RunResult> {
  const clock = createManualClock(1_700_000_000_000);
  const simulator = createSimulator({ pin: secrets.pin, clock, seed: run.seed, faults: run.faults });
  const sdk = fromPims(simulator);
  const referee = new Referee(clock, run.policy);

  const errors: unknown[] = [];
  const strongAuth: StrongAuth = createStrongAuth({
    ...watch.options,
    onEvent(fact) {
      referee.onFact(fact);
      watch.options?.onEvent?.(fact);
    },
    clock,
    policy: { ...run.policy, otpTimeoutMs: OTP_TIMEOUT_MS },
    transport: {
      async send(request, options) {
        const { n, resetStep } = request.parameters ?? {};
        const isOtp = request.api === 'pims.authentication.otp';
        const isThrottled = isOtp && run.throttled[referee.otps];
        if (isOtp) referee.onOtpSent(resetStep === true);
        else referee.onSend(n as number);
        const before = simulator.effects.executions;
        try {
          const answer = isThrottled ? THROTTLED : sdk.send(request, options);
          if (!isOtp && simulator.effects.executions > before) referee.onExecuted(n as number);
          // What never answers must not be scheduled: the scheduler would wait for it.
          const message = await answer;
          await scheduler.schedule(Promise.resolve(), `${request.verb} ${n ?? 'otp'}`);
          return message;
        } finally {
          if (isOtp) referee.onOtpAnswered();
        }
      },
    },
    async enterPin({ signal }) {
      const habit = run.user[referee.prompts] ?? 'right';
      const close = referee.onPrompt();
      signal.addEventListener('abort', () => close());
      const typed = {
        right: secrets.pin,
        wrong: '00000000',
        malformed: 'abc',
        declines: null,
        fails: null,
        ignores: null,
      }[habit];
      if (habit === 'ignores') return new Promise(() => {});
      await scheduler.schedule(Promise.resolve(), `user ${habit}`);
      close(habit === 'right' || habit === 'wrong');
      if (habit === 'fails') return false as never;
      return typed;
    },
  });
  referee.strongAuth = strongAuth;

  const make = ({ kind, timeoutMs, maxAgeMs }: CallDeed, isAnew: boolean): MadeCall => {
    const made = referee.onMade(timeoutMs, kind === 'ensure' ? undefined : maxAgeMs, isAnew);
    const { signal } = made.controller;
    const ofEnsure = { signal, timeoutMs };
    const options = { ...ofEnsure, maxAgeMs };
    const parameters = { n: made.n, vin: secrets.parameter };
    const horn = { action: 'horn', ...parameters };
    const get = { action: 'get', ...parameters };
    const call = {
      horn: () => strongAuth.set<unknown>('pims.vehicle.command', horn, options),
      never: () => strongAuth.set<unknown>('pims.vehicle.command', horn, { ...options, replay: 'never' }),
      status: () => strongAuth.get<unknown>('pims.vehicle.informations', get, options),
      background: () =>
        strongAuth.get<unknown>('pims.vehicle.informations', get, { ...options, interactive: false }),
      ensure: () => strongAuth.ensure(ofEnsure),
    }[kind];
    call().then(
      () => referee.onSettled(made),
      (error) => {
        referee.onSettled(made, error);
        errors.push(error);
        const isKnown = isApiError(error) || isStrongAuthError(error) || error === signal.reason;
        if (!isKnown) referee.breach(`a call rejected with ${error}`);
      },
    );
    return made;
  };

  /** In one turn: whoever looks on sees the same prompt, until the new calls are judged. */
  const callAgain = async ({ which, times, ...deed }: Extract<Deed, { does: 'callAgain' }>) => {
    const { prompt } = referee;
    let call = referee.calls[which];
    for (let time = 0; call && time < times; time += 1) {
      call.controller.abort();
      call = make(deed, true);
    }
    const isClosed = () => prompt !== undefined && referee.prompt !== prompt;
    if (isClosed()) referee.breach('the prompt was closed for a call that was made anew');
    await endTurn();
    const isStillWanted = call?.isAnew || strongAuth.view.getSnapshot().waiting > 0;
    if (isStillWanted && prompt) referee.met.madeAnew += 1;
    if (isStillWanted && isClosed())
      referee.breach('the prompt was closed for a call that may come to wait for it');
  };
  const endTurn = async () => {
    await breathe();
    clock.advance(0);
    await breathe();
  };

  let isSameTurn = false;
  for (const deed of run.deeds) {
    const wasSameTurn = isSameTurn;
    isSameTurn = deed.does === 'abort' && deed.staysInTurn === true;
    switch (deed.does) {
      case 'call':
        make(deed, wasSameTurn);
        break;
      case 'callAgain':
        await callAgain(deed);
        break;
      case 'abort':
        referee.calls[deed.which]?.controller.abort();
        break;
      case 'cancel':
        strongAuth.cancel();
        break;
      case 'reset':
        referee.onReset();
        strongAuth.reset();
        break;
      case 'recovered':
        referee.onRecovered(() => strongAuth.recovered());
        break;
      case 'expireSession':
        simulator.expireSession();
        break;
      case 'forgetDevice':
        simulator.forgetDevice({ refuses: 2312, until: 'reset' });
        break;
      case 'block':
        simulator.block();
        break;
      case 'unblock':
        simulator.unblock();
        break;
      case 'letOneThrough':
        if (scheduler.count() > 0) await scheduler.waitOne();
        break;
      case 'passTime':
        clock.advance(deed.ms);
        break;
      case 'sleep':
        clock.sleep(deed.ms);
        break;
      case 'setWallClock':
        clock.setWallClock(clock.now() + deed.ms);
        break;
    }
    await breathe();
    if (!isSameTurn) await endTurn();
    watch.look?.({ strongAuth, errors });
    referee.check(!isSameTurn);
  }

  // Whatever is left comes to rest by itself: answers arrive, and what was lost times out.
  const rest = async () => {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      while (scheduler.count() > 0) {
        await scheduler.waitOne();
        await endTurn();
        referee.check(true);
      }
      await endTurn();
      referee.check(true);
      if (scheduler.count() === 0 && clock.pending === 0) break;
      clock.advance(121_000);
      await breathe();
    }
    referee.checkEnd();
  };
  await rest();

  // And it is ready for the next: nobody is refused for what is over by now.
  const { prompts, otps } = referee;
  const calls = referee.calls.length;
  clock.advance(RETRY_AFTER_S * 1000);
  make({ kind: 'ensure' }, false);
  if (!referee.isBlocked && referee.prompts === prompts) referee.breach('nobody is asked any more');
  strongAuth.cancel();
  await rest();
  strongAuth.dispose();
  if (clock.pending > 0) referee.breach('timers are left after dispose()');

  const { executions, faults } = simulator.effects;
  const { breaches, met } = referee;
  return { breaches, calls, executions, prompts, otps, faults: { ...faults }, met };
}

async function breathe(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
