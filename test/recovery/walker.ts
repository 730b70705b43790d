import { createRecovery, isRecoveryError, type RecoveryQuestion } from 'strong-auth-machine/recovery';
import { createManualClock } from 'strong-auth-machine/simulator';
import { createScriptedTransport } from 'strong-auth-machine/testing';
import type { InspectionEvent } from 'xstate';
import { turn } from './support.js';
import { type Happening, POLICY, questionIn, type RecoveryWorld, statusIn } from './world.js';

const ok = (result?: unknown) => ({ status: 'SUCCEEDED', ...(result !== undefined && { result }) });
const no = (code: number, label = 'refused') => ({ status: 'FAILED', error: { code, label } });

/** How the SDK says it. */
function messageOf(happening: Happening): unknown {
  switch (happening.type) {
    case 'steps.read':
      return ok({
        deviceActivation: { name: 'deviceActivation', status: happening.isTodo ? 'todo' : 'alreadyDone' },
      });
    case 'device.read':
      return ok({ isDeviceActivated: happening.isActivated });
    case 'account.read':
      return ok({
        isAccountBlocked: { clear: 'NotBlocked', blocked: 'PinBlocked', unknown: 'Unknown' }[
          happening.blockage
        ],
      });
    case 'phone.read':
      return happening.isKnown ? ok({ phoneNumber: '+33600000000' }) : no(2307);
    case 'sms.sent':
      return happening.isCertain ? ok({}) : no(2201);
    case 'code.accepted':
      return ok({ status: happening.hasPin ? 'AlreadyEnrolled' : 'NotEnrolled' });
    case 'request.done':
      return no(2316, 'the operation succeeded'); // which is as good as SUCCEEDED
    case 'pin.malformed':
      return no(2102, 'Invalid pinCode parameter');
    case 'phone.malformed':
      return no(2102, 'Invalid phoneNumber parameter');
    default:
      return 'apiCode' in happening ? no(happening.apiCode as number) : undefined;
  }
}

const RIGHT: Readonly<Record<RecoveryQuestion['kind'], string | true>> = {
  pin: '1234',
  newPin: '2580',
  smsCode: '424242',
  phoneNumber: '+33611111111',
  confirmRemoval: true,
};

/** Takes the steps through `createRecovery`. @returns The first difference between what is seen and what should be. */
export async function walk(
  steps: readonly { readonly happening: Happening; readonly world: RecoveryWorld }[],
  inspect: (event: InspectionEvent) => void,
): Promise<string | undefined> {
  const clock = createManualClock(1_700_000_000_000);
  const transport = createScriptedTransport();
  const asked: { question: RecoveryQuestion; answer(given: unknown): void }[] = [];
  let outcome: string | undefined;
  const recovery = createRecovery({
    transport,
    clock,
    inspect,
    policy: { ...limits, resendAfterMs: 0 },
    ask: (question) =>
      new Promise((resolve) => asked.push({ question, answer: resolve as (given: unknown) => void })),
  });
  const perform = (happening: Happening): unknown => {
    const last = asked[asked.length - 1];
    switch (happening.type) {
      case 'flow.started':
        outcome = undefined;
        return recovery[happening.flow]().then(
          () => {
            outcome = 'done';
          },
          (error: unknown) => {
            outcome = isRecoveryError(error) ? error.code : String(error);
          },
        );
      case 'cancelled':
        return recovery.cancel();
      case 'reset':
        return recovery.reset();
      case 'disposed':
        return recovery.dispose();
      case 'timeout':
        return clock.advance(
          happening.delay === 'answerTimeout' ? limits.answerTimeoutMs : limits.requestTimeoutMs,
        );
      case 'answer.given':
        return last?.answer(RIGHT[last.question.kind]);
      case 'answer.declined':
        return last?.answer(null);
      case 'answer.malformed':
        return last?.answer('?');
      case 'answer.failed':
        return last?.answer(7);
      case 'resend.requested':
        return last?.question.resend?.();
      default:
        return transport.requests.find(({ isAnswered }) => !isAnswered)?.resolve(messageOf(happening));
    }
  };

  for (const { happening, world } of steps) {
    void perform(happening);
    await turn();
    // What nobody waits for any more is answered late, and well: that must make no difference.
    for (const request of transport.requests) {
      if (!request.isAnswered && request.signal.aborted) request.resolve(ok({ isDeviceActivated: true }));
    }
    await turn();
    const { status, question, failure } = recovery.view.getSnapshot();
    const seen = {
      status,
      question,
      failure: failure?.code,
      questions: asked.map(({ question: { kind } }) => kind),
      requests: transport.requests.length,
      outcome,
    };
    const wanted = {
      status: statusIn(world),
      question: questionIn(world),
      failure: world.machine.context.failure?.code,
      questions: world.questions,
      requests: world.requests.length,
      outcome: world.outcome,
    };
    for (const part of Object.keys(wanted) as (keyof typeof wanted)[]) {
      const [is, should] = [JSON.stringify(seen[part]), JSON.stringify(wanted[part])];
      if (is !== should) return `${part} should be ${should}, and is ${is}`;
    }
  }
  recovery.dispose();
  return clock.pending > 0 ? `${clock.pending} timers are left` : undefined;
}

const { maxSms: _, ...limits } = POLICY;
