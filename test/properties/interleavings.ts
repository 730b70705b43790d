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

/** One thing that the app, the user or time does between two answers. */
export type Deed =
  | {
      readonly does: 'call';
      readonly kind: 'horn' | 'status' | 'background' | 'ensure' | 'never';
      readonly timeoutMs?: number;
    }
  | { readonly does: 'abort'; readonly which: number }
  | { readonly does: 'cancel' | 'reset' | 'expireSession' | 'forgetDevice' }
  /** The scheduler lets one of the answers through that are on their way; which one is chance. */
  | { readonly does: 'letOneThrough' }
  | { readonly does: 'passTime'; readonly ms: number };

/** A whole run: what is done, and what goes wrong. */
export interface Run {
  readonly deeds: readonly Deed[];
  readonly faults: FaultMix;
  readonly seed: number;
  /** What the user types at each prompt; after the last the right PIN. */
  readonly user: readonly ('right' | 'wrong' | 'malformed' | 'declines' | 'ignores' | 'fails')[];
  readonly policy: {
    readonly maxPinAttempts: number;
    readonly maxRounds: number;
    readonly maxWaiting: number;
  };
}

const probability = fc.constantFrom(0, 0, 0.05, 0.2);

/** Any run: short ones first, so that a failure shrinks to the deeds that matter. */
export const anyRun: fc.Arbitrary<Run> = fc.record({
  deeds: fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          does: fc.constant('call' as const),
          kind: fc.constantFrom('horn', 'horn', 'status', 'background', 'ensure', 'never'),
          timeoutMs: fc.constantFrom(undefined, undefined, 2000),
        }) as fc.Arbitrary<Deed>,
      },
      { weight: 6, arbitrary: fc.constant<Deed>({ does: 'letOneThrough' }) },
      { weight: 2, arbitrary: fc.record({ does: fc.constant('abort' as const), which: fc.nat(7) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          does: fc.constantFrom('cancel', 'reset', 'expireSession', 'forgetDevice'),
        }) as fc.Arbitrary<Deed>,
      },
      {
        weight: 1,
        arbitrary: fc.record({
          does: fc.constant('passTime' as const),
          ms: fc.constantFrom(1000, 31_000, 61_000, 121_000, 6 * 3_600_000),
        }),
      },
    ),
    { minLength: 1, maxLength: 16 },
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
  policy: fc.record({
    maxPinAttempts: fc.integer({ min: 1, max: 2 }),
    maxRounds: fc.integer({ min: 1, max: 2 }),
    maxWaiting: fc.constantFrom(1, 2, 1000),
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
}

/** What a run may be watched with. */
export interface Watch {
  readonly options?: Pick<Partial<StrongAuthOptions>, 'inspect' | 'onEvent'>;
  /** Called after every deed with the client, and what its calls have rejected with so far. */
  readonly look?: (client: { strongAuth: StrongAuth; errors: readonly unknown[] }) => void;
}

const OTP_TIMEOUT_MS = 30_000;
const REST = ['idle', 'done', 'cancelled', 'failed'];

/** Plays `run` on the simulator, the answers coming in the order of `scheduler`. */
export async function play(run: Run, scheduler: Scheduler, watch: Watch = {}): Promise<RunResult> {
  const breaches: string[] = [];
  const clock = createManualClock(1_700_000_000_000);
  const simulator = createSimulator({ pin: secrets.pin, clock, seed: run.seed, faults: run.faults });
  const sdk = fromPims(simulator);

  const executed = new Map<unknown, number>();
  let openPrompts = 0;
  let prompts = 0;
  let pinsGiven = 0;
  let pinsSent = 0;
  let otps = 0;
  let unansweredOtpSince: number | undefined;

  const errors: unknown[] = [];
  const strongAuth: StrongAuth = createStrongAuth({
    ...watch.options,
    clock,
    policy: { ...run.policy, otpTimeoutMs: OTP_TIMEOUT_MS },
    transport: {
      async send(request, options) {
        const isOtp = request.api === 'pims.authentication.otp';
        if (isOtp) {
          otps += 1;
          if (!request.parameters?.resetStep) pinsSent += 1;
          if (pinsSent > pinsGiven) breaches.push('an OTP was requested with a PIN nobody entered for it');
          const isUnanswered =
            unansweredOtpSince !== undefined && clock.now() < unansweredOtpSince + OTP_TIMEOUT_MS;
          if (isUnanswered) breaches.push('an OTP was requested beside an unanswered one');
          unansweredOtpSince = clock.now();
        }
        const before = simulator.effects.executions;
        try {
          const answer = sdk.send(request, options);
          const { n } = request.parameters ?? {};
          if (!isOtp && simulator.effects.executions > before) executed.set(n, (executed.get(n) ?? 0) + 1);
          // What never answers must not be scheduled: the scheduler would wait for it.
          const message = await answer;
          await scheduler.schedule(Promise.resolve(), `${request.verb} ${n ?? 'otp'}`);
          return message;
        } finally {
          if (isOtp) unansweredOtpSince = undefined;
        }
      },
    },
    async enterPin({ signal }) {
      const habit = run.user[prompts] ?? 'right';
      prompts += 1;
      openPrompts += 1;
      if (openPrompts > 1) breaches.push('two prompts were open at once');
      let isOpen = true;
      const close = () => {
        if (isOpen) openPrompts -= 1;
        isOpen = false;
      };
      signal.addEventListener('abort', close);
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
      const wasOpen = isOpen;
      close();
      if (habit === 'fails') return false as never;
      if (wasOpen && (habit === 'right' || habit === 'wrong')) pinsGiven += 1;
      return typed;
    },
  });

  const settled: number[] = [];
  const controllers: AbortController[] = [];
  const make = (deed: Extract<Deed, { does: 'call' }>) => {
    const n = settled.push(0) - 1;
    const controller = new AbortController();
    controllers.push(controller);
    const { timeoutMs } = deed;
    const options = { signal: controller.signal, timeoutMs };
    const parameters = { n, vin: secrets.parameter };
    const count = () => {
      settled[n] = (settled[n] ?? 0) + 1;
    };
    const call = {
      horn: () => strongAuth.set<unknown>('pims.vehicle.command', { action: 'horn', ...parameters }, options),
      never: () =>
        strongAuth.set<unknown>(
          'pims.vehicle.command',
          { action: 'horn', ...parameters },
          { ...options, replay: 'never' },
        ),
      status: () =>
        strongAuth.get<unknown>('pims.vehicle.informations', { action: 'get', ...parameters }, options),
      background: () =>
        strongAuth.get<unknown>(
          'pims.vehicle.informations',
          { action: 'get', ...parameters },
          { ...options, interactive: false },
        ),
      ensure: () => strongAuth.ensure(options),
    }[deed.kind];
    call().then(count, (error) => {
      count();
      errors.push(error);
      const isKnown = isApiError(error) || isStrongAuthError(error) || error === controller.signal.reason;
      if (!isKnown) breaches.push(`a call rejected with ${error}`);
    });
  };

  for (const deed of run.deeds) {
    switch (deed.does) {
      case 'call':
        make(deed);
        break;
      case 'abort':
        controllers[deed.which]?.abort();
        break;
      case 'cancel':
        strongAuth.cancel();
        break;
      case 'reset':
        strongAuth.reset();
        break;
      case 'expireSession':
        simulator.expireSession();
        break;
      case 'forgetDevice':
        simulator.forgetDevice({ refuses: 2312, until: 'reset' });
        break;
      case 'letOneThrough':
        if (scheduler.count() > 0) await scheduler.waitOne();
        break;
      case 'passTime':
        clock.advance(deed.ms);
        break;
    }
    await breathe();
    watch.look?.({ strongAuth, errors });
    const { waiting, status } = strongAuth.view.getSnapshot();
    if (waiting > run.policy.maxWaiting) breaches.push(`${waiting} wait`);
    if (waiting > 0 && status !== 'needStrongAuth' && status !== 'requestingOtp')
      breaches.push(`they wait in ${status}`);
  }

  // Whatever is left comes to rest by itself: answers arrive, and what was lost times out.
  for (let round = 0; round < 12; round += 1) {
    while (scheduler.count() > 0) await scheduler.waitOne();
    await breathe();
    clock.advance(121_000);
    await breathe();
  }

  settled.forEach((times, n) => {
    if (times !== 1) breaches.push(`call ${n} settled ${times} times`);
  });
  for (const [n, times] of executed) if (times > 1) breaches.push(`call ${n} was executed ${times} times`);
  const { status, inFlight, waiting } = strongAuth.view.getSnapshot();
  if (!REST.includes(status) || inFlight || waiting > 0) breaches.push(`it does not rest: ${status}`);
  if (openPrompts > 0) breaches.push('a prompt is left open');
  if (clock.pending > 0) breaches.push(`${clock.pending} timers are left`);
  strongAuth.dispose();

  const { effects } = simulator;
  const counted = { calls: settled.length, executions: effects.executions, prompts, otps };
  return { breaches, ...counted, faults: { ...effects.faults } };
}

async function breathe(): Promise<void> {
  for (let turn = 0; turn < 14; turn += 1) await Promise.resolve();
}
