import { createStepUpFetch, isStepUpError, type StepUpFetch } from 'strong-auth-machine/fetch';
import { createManualClock } from 'strong-auth-machine/simulator';
import {
  type Observation,
  type StrongAuthDriver,
  settleDown,
  type WorldEvent,
  type WorldOptions,
  worldPolicy,
} from 'strong-auth-machine/testing';
import { challenged } from './support.js';

/** What an app with `createStepUpFetch` can bring about, of what the kit's worlds know. The rest is the vehicle SDK's own. */
export const isOfStepUp = (event: WorldEvent): boolean => {
  switch (event.type) {
    case 'call.failed': // a response, whatever its status
    case 'pin.malformed':
    case 'otp.pinRejected':
    case 'otp.pinMalformed':
    case 'otp.resetNeeded':
      return false;
    case 'otp.denied':
      return event.code === 'OTP_REFUSED' || event.code === 'THROTTLED';
    case 'timeout': // an authentication that nobody waits for any more keeps nobody waiting
      return event.delay !== 'otpLineTimeout';
    default:
      return true;
  }
};

/** One running of `authenticate`, in two steps: the app reads what is needed, and later it has it, or not. */
interface Asked {
  readonly read: () => void;
  readonly resolve: (answer?: unknown) => void;
  readonly reject: (error: unknown) => void;
  isRead: boolean;
  isOver: boolean;
}

/** The hands and the eye of the kit on `createStepUpFetch`. */
export function createStepUpDriver(world: WorldOptions): StrongAuthDriver & { readonly stepUp: StepUpFetch } {
  const clock = createManualClock(1_700_000_000_000);
  const kinds = world.calls ?? ['call'];
  const asked: Asked[] = [];
  const sent: { readonly call: number; answer?: ((response: Response) => void) | undefined }[] = [];
  const outcomes: string[] = kinds.map(() => 'unmade');
  const settlements = kinds.map(() => 0);
  const controllers = kinds.map(() => new AbortController());
  /** What the chart calls the end of an authentication, by what the driver did. */
  let [failed, timedOut] = ['', ''];

  const stepUp = createStepUpFetch({
    clock,
    policy: {
      maxRounds: world.policy?.maxRounds ?? worldPolicy.maxRounds,
      maxWaiting: world.policy?.maxWaiting ?? worldPolicy.maxWaiting,
      authenticateTimeoutMs: worldPolicy.pinEntryTimeoutMs,
      maxAgeMs: Number.POSITIVE_INFINITY,
      replays: world.replays,
    },
    fetch: (request) =>
      new Promise((resolve) => {
        sent.push({ call: Number(new URL(request.url).pathname.slice(1)), answer: resolve });
      }),
    authenticate: (prompt) =>
      new Promise((resolve, reject) => {
        asked.push({ read: () => prompt.needs, resolve, reject, isRead: false, isOver: false });
      }),
  });
  const { strongAuth } = stepUp;

  const settle = (call: number, outcome: string) => {
    settlements[call] = (settlements[call] ?? 0) + 1;
    outcomes[call] = settlements[call] === 1 ? outcome : `settled ${settlements[call]} times`;
  };
  const inTheChart = (code: string): string => {
    if (code === 'AUTHENTICATION_FAILED') return failed;
    return code === 'AUTHENTICATION_TIMED_OUT' ? timedOut : code;
  };
  const after = async (change: unknown) => {
    await change;
    await settleDown(40);
  };
  const last = (): Asked => {
    const one = asked.at(-1);
    if (!one || one.isOver) throw new Error('nobody is asked to authenticate');
    return one;
  };

  return {
    stepUp,
    makeCall(call, kind) {
      outcomes[call] = 'pending';
      const { signal } = controllers[call] as AbortController;
      const made =
        kind === 'ensure'
          ? strongAuth.ensure({ signal })
          : stepUp.fetch(
              `https://api.example/${call}`,
              { method: kind === 'read' ? 'GET' : 'POST', signal },
              { interactive: kind !== 'background' },
            );
      made.then(
        () => settle(call, 'succeeded'),
        (error) =>
          settle(
            call,
            error === signal.reason ? 'aborted' : isStepUpError(error) ? inTheChart(error.code) : 'failed',
          ),
      );
      return after(undefined);
    },
    answerCall(call, message) {
      const one = sent.find((sending) => sending.call === call && sending.answer);
      if (!one) throw new Error(`request ${call} is not on its way`);
      one.answer?.(message.status === 'FAILED' ? challenged({ acr_values: 'mfa' }) : new Response());
      one.answer = undefined;
      return after(undefined);
    },
    async abortCall(call) {
      controllers[call]?.abort();
      await after(undefined);
      if (!world.turns) await this.endTurn?.();
    },
    endTurn: () => after(clock.advance(0)),
    enterPin(entry) {
      const one = last();
      if (entry === 'pin') one.read();
      else one.isOver = true;
      one.isRead = entry === 'pin';
      if (entry === 'decline') one.resolve(null);
      if (entry === 'fail') {
        failed = 'PIN_ENTRY_FAILED';
        one.reject(new Error('broken'));
      }
      return after(undefined);
    },
    answerOtp(message) {
      // One whose wave is over may still be under way: it is the older one.
      const one = asked.find(({ isRead, isOver }) => isRead && !isOver);
      if (!one) throw new Error('no authentication is under way');
      one.isOver = true;
      if (message.status === 'SUCCEEDED') one.resolve();
      else if (message.status === 'FAILED' && message.error.code === 429)
        one.resolve({ retryAfter: message.error.retryAfter as number });
      else {
        failed = 'OTP_REFUSED';
        one.reject(new Error('refused'));
      }
      return after(undefined);
    },
    async advance(ms) {
      timedOut = asked.at(-1)?.isRead ? 'OUTCOME_UNKNOWN' : 'PIN_ENTRY_TIMED_OUT';
      // Each of the two steps has the same time.
      await after(clock.advance(ms === worldPolicy.otpTimeoutMs ? worldPolicy.pinEntryTimeoutMs : ms));
      for (const one of asked) if (one.isRead) one.isOver = true;
    },
    cancel: () => after(strongAuth.cancel()),
    recovered: () => after(strongAuth.recovered()),
    reset: () => after(strongAuth.reset()),
    dispose: () => after(strongAuth.dispose()),
    observe() {
      const { status, inFlight, waiting, failure } = strongAuth.view.getSnapshot();
      const isAuthenticating = status === 'needStrongAuth' && asked.at(-1)?.isRead;
      return {
        status: (isAuthenticating ? 'requestingOtp' : status) as Observation['status'],
        inFlight,
        waiting,
        failure: failure && (inTheChart(failure.code) as Observation['failure']),
        prompts: asked.length,
        sent: kinds.map((_, call) => sent.filter((sending) => sending.call === call).length),
        outcomes: [...outcomes],
      };
    },
  };
}
