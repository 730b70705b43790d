import {
  createRecovery,
  isRecoveryError,
  type Recovery,
  type RecoveryQuestion,
} from 'strong-auth-machine/recovery';
import { createManualClock, type ManualClock } from 'strong-auth-machine/simulator';
import { createScriptedTransport, type ScriptedTransport } from 'strong-auth-machine/testing';
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

type Steps = readonly { readonly happening: Happening; readonly world: RecoveryWorld }[];

/**
 * Walks ways through `createRecovery`, one after the other. They share a recovery, since making one takes longer than a way: the
 * user signs out between them, and only `dispose()` takes a new one.
 *
 * @returns What takes a way, and tells the first difference between what is seen and what should be.
 */
export function createWalker(inspect: (event: InspectionEvent) => void) {
  const clock = createManualClock(1_700_000_000_000);
  let stage = createStage();
  let recovery = open();

  function open(): Recovery {
    return createRecovery({
      transport: { send: (request, options) => stage.transport.send(request, options) },
      clock,
      inspect,
      policy: { ...limits, resendAfterMs: 0 },
      ask: (question) =>
        new Promise((resolve) => stage.asked.push({ question, answer: resolve as (given: unknown) => void })),
    });
  }

  return async (steps: Steps): Promise<string | undefined> => {
    stage = createStage();
    const difference = await walk(steps, recovery, clock, stage);
    if (recovery.view.getSnapshot().status === 'closed') recovery = open();
    else recovery.reset();
    await answerLate(stage);
    return difference ?? (clock.pending > 0 ? `${clock.pending} timers are left` : undefined);
  };
}

/** What one way has met so far. */
interface Stage {
  readonly transport: ScriptedTransport;
  readonly asked: { question: RecoveryQuestion; answer(given: unknown): void }[];
  outcome: string | undefined;
}

const createStage = (): Stage => ({ transport: createScriptedTransport(), asked: [], outcome: undefined });

/** What nobody waits for any more is answered late, and well: that must make no difference. */
async function answerLate({ transport }: Stage): Promise<void> {
  for (const request of transport.requests) {
    if (!request.isAnswered && request.signal.aborted) request.resolve(ok({ isDeviceActivated: true }));
  }
  await turn();
}

async function walk(
  steps: Steps,
  recovery: Recovery,
  clock: ManualClock,
  stage: Stage,
): Promise<string | undefined> {
  const { transport, asked } = stage;
  const perform = (happening: Happening): unknown => {
    const last = asked[asked.length - 1];
    switch (happening.type) {
      case 'flow.started':
        stage.outcome = undefined;
        return recovery[happening.flow]().then(
          () => {
            stage.outcome = 'done';
          },
          (error: unknown) => {
            stage.outcome = isRecoveryError(error) ? error.code : String(error);
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
    await answerLate(stage);
    const { status, question, failure } = recovery.view.getSnapshot();
    const seen = {
      status,
      question,
      failure: failure?.code,
      questions: asked.map(({ question: { kind } }) => kind),
      requests: transport.requests.length,
      outcome: stage.outcome,
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
  return undefined;
}

const { maxSms: _, ...limits } = POLICY;
