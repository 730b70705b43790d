import { createActor } from 'xstate';
import { type RecoveryFailure, type RecoveryFlow, recoveryFailureOf } from '../../machines/recovery/index.js';
import { createBudgetCounter } from '../authentication/otp-budget.js';
import { createOtpLine } from '../authentication/otp-line.js';
import {
  checkClock,
  checkHost,
  checkInspect,
  checkTransport,
  isFunction,
  isObject,
  must,
  shielded,
} from '../client/options.js';
import { guardClock, type Moment, systemClock } from '../host/clock.js';
import { refuseUnknownNames } from '../host/names.js';
import { checkSignal, reasonOf } from '../host/signals.js';
import { surface } from '../host/surface.js';
import { createAfterTurn } from '../host/turn.js';
import { createTelling } from '../messages/telemetry.js';
import { Callers } from './callers.js';
import { connect, connectedMachine } from './connect.js';
import { recoveryErrorOf } from './errors.js';
import { explainRecovery } from './explain.js';
import { resolveRecoveryPolicy, SMS_OF_A_FLOW } from './policy.js';
import { createAskPort, createRequestPort, createSmsPort, type LastSms, type PortParts } from './ports.js';
import type { FlowOptions, Recovery, RecoveryOptions } from './recovery.js';
import type { RecoveryFact } from './telemetry.js';
import { createRecoveryVault } from './vault.js';
import { createRecoveryView } from './view.js';

/**
 * Starts the recovery of one signed-in account. Nothing is sent until a flow is called, and no flow is ever taken up again after a
 * restart.
 *
 * @throws TypeError for options that make no sense, for names that are no option, and for a host that lacks
 *   a global that it needs, which the message names.
 */
export function createRecovery(options: RecoveryOptions): Recovery {
  const { transport, ask, policy, onEvent, inspect, clock: given } = readOptions(options);
  const clock = guardClock(given);
  const tell = createTelling<RecoveryFact>(onEvent, () => clock.now());
  const { maxPinAttempts, maxSmsAttempts, answerTimeoutMs, requestTimeoutMs, resendAfterMs, smsBudget } =
    policy;

  // What is remembered outside the machine.
  const vault = createRecoveryVault();
  const line = createOtpLine(clock, requestTimeoutMs);
  const lastSms: LastSms = { moment: { wall: Number.NEGATIVE_INFINITY, steady: Number.NEGATIVE_INFINITY } };
  const afterTurn = createAfterTurn(clock);
  let begun: Moment = clock.moment();
  let deadline: number | undefined;
  // An effect that ran again makes its call anew in the same turn, and finds the same question.
  const callers = new Callers(() =>
    afterTurn(() => {
      if (callers.size === 0 && callers.flow) actor.send({ type: 'cancelled' });
    }),
  );

  const settle = (failure?: RecoveryFailure, facts?: object) => {
    vault.forgetAll();
    const flow = callers.settle(failure && ((of) => recoveryErrorOf(failure, of, facts)));
    if (!flow) return;
    const durationMs = clock.ageOf(begun);
    tell?.({ type: 'flowEnded', flow, durationMs, ...(failure && { code: failure.code }) });
  };

  // What the ports of the machine stand on.
  const parts: PortParts = {
    ...{ transport, ask, requestTimeoutMs, answerTimeoutMs, clock, vault, line, lastSms, tell },
    patterns: {
      pin: policy.pinPattern,
      newPin: policy.pinPattern,
      smsCode: policy.smsCodePattern,
      phoneNumber: policy.phonePattern,
    },
    budget: createBudgetCounter(smsBudget, clock, () => tell?.({ type: 'budgetStoreFailed' })),
    resends() {
      const { sms, smsRetryAt = 0 } = actor.getSnapshot().context;
      const isQuiet = !actor.getSnapshot().matches({ running: { awaitingCode: 'resending' } });
      const waitMs = Math.max(0, resendAfterMs - clock.ageOf(lastSms.moment));
      const dueAt = Math.max(clock.now() + waitMs, smsRetryAt);
      return { isDue: isQuiet && dueAt <= clock.now(), dueAt, left: maxSms - sms };
    },
    onDeadline(at) {
      deadline = at;
    },
  };
  const maxSms = smsBudget?.max ?? SMS_OF_A_FLOW;
  let endReason: string | undefined;
  const actor = createActor(connectedMachine, {
    input: { policy: { maxPinAttempts, maxSmsAttempts, maxSms, answerTimeoutMs, requestTimeoutMs } },
    clock,
    ...(inspect && { inspect: shielded(inspect) }),
  });
  connect(actor.system, {
    ports: { ask: createAskPort(parts), request: createRequestPort(parts), sendSms: createSmsPort(parts) },
    requestTimeout: () => requestTimeoutMs + line.busyFor(),
    effects: {
      resolveFlow: () => settle(),
      rejectFlow(_, { failure }) {
        const isReasonGiven = failure.code === 'SIGNED_OUT' && endReason !== undefined;
        settle(failure, isReasonGiven ? { reason: endReason } : {});
      },
    },
  });
  const view = createRecoveryView(actor, clock, lastSms, resendAfterMs);
  // A host may also stop the actor itself. Whatever has ended the machine, nobody waits for it.
  const end = () => settle(recoveryFailureOf('DISPOSED'));
  actor.subscribe({
    complete: end,
    error(error) {
      surface(error);
      end();
    },
  });
  actor.start();
  const isOver = () => actor.getSnapshot().status !== 'active';

  /** Begins a flow, or joins it. Whatever is wrong is a rejection, never a throw. */
  const begin = (flow: RecoveryFlow) => async (flowOptions?: FlowOptions) => {
    const signal = readFlowOptions(flowOptions);
    const refuse = (failure: RecoveryFailure, facts?: object) => recoveryErrorOf(failure, flow, facts);
    if (isOver()) throw refuse(recoveryFailureOf('DISPOSED'));
    if (signal?.aborted) throw reasonOf(signal);
    const running = callers.flow;
    if (running !== undefined && running !== flow) throw refuse(recoveryFailureOf('BUSY'), { running });
    const ended = callers.add(flow, signal);
    if (running === undefined) {
      begun = clock.moment();
      tell?.({ type: 'flowStarted', flow });
      actor.send({ type: 'flow.started', flow });
    }
    return ended;
  };
  const dispose = () => {
    if (!isOver()) actor.send({ type: 'disposed' });
  };

  const recovery: Omit<Recovery, typeof Symbol.dispose> & { readonly [dispose: symbol]: () => void } = {
    enrollDevice: begin('enrollDevice'),
    unblockAccount: begin('unblockAccount'),
    resetPin: begin('resetPin'),
    changePin: begin('changePin'),
    cancel() {
      if (!isOver()) actor.send({ type: 'cancelled' });
    },
    reset(reason) {
      if (isOver()) return;
      endReason = reason;
      actor.send({ type: 'reset' });
    },
    dispose,
    [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: dispose,
    explain() {
      const snapshot = actor.getSnapshot();
      return explainRecovery({
        view: view.getSnapshot(),
        isResting: !snapshot.matches('running'),
        callers: callers.size,
        sms: snapshot.context.sms,
        deadline,
        now: clock.now(),
      });
    },
    view,
    actor: actor as unknown as Recovery['actor'],
  };
  return recovery as unknown as Recovery;
}

function readOptions(options: RecoveryOptions) {
  checkHost();
  must(isObject(options), 'createRecovery takes an options object');
  const { transport, ask, policy, onEvent, inspect, clock = systemClock } = options;
  const known = { transport, ask, policy, onEvent, inspect, clock };
  refuseUnknownNames(options, known, (name) => `${name} is no option of createRecovery`);
  checkTransport(transport);
  must(isFunction(ask), 'ask must be a function');
  must(onEvent === undefined || isFunction(onEvent), 'onEvent must be a function');
  if (inspect !== undefined) checkInspect(inspect);
  checkClock(clock);
  return { transport, ask, onEvent, inspect, clock, policy: resolveRecoveryPolicy(policy) };
}

function readFlowOptions(options: FlowOptions = {}): AbortSignal | undefined {
  must(isObject(options), 'options must be an object');
  const { signal } = options;
  refuseUnknownNames(options, { signal }, (name) => `${name} is no option of a flow`);
  if (signal !== undefined) checkSignal(signal);
  return signal;
}
