import { type ActorRefFrom, createActor } from 'xstate';
import type { strongAuthMachine } from '../../machines/strong-auth/index.js';
import { createEnterPinPort } from '../authentication/enter-pin-port.js';
import { createGrants } from '../authentication/grants.js';
import { createBudgetCounter } from '../authentication/otp-budget.js';
import { createOtpLine } from '../authentication/otp-line.js';
import { createOtpLinePort, createRequestOtpPort } from '../authentication/otp-ports.js';
import { Prompts } from '../authentication/prompts.js';
import { createRecoverPort } from '../authentication/recover-port.js';
import { createThrottle } from '../authentication/throttle.js';
import { createVault } from '../authentication/vault.js';
import { Ledger } from '../calls/ledger.js';
import { guardClock } from '../host/clock.js';
import { surface } from '../host/surface.js';
import { createAfterTurn } from '../host/turn.js';
import { createTelling } from '../messages/telemetry.js';
import { connect, connectedMachine } from './connect.js';
import { explain } from './explain.js';
import { watchIgnored } from './ignored.js';
import { readOptions, shielded } from './options.js';
import { ignoreOver } from './over.js';
import { rememberTraffic } from './remember.js';
import { watchStop } from './stopped.js';
import type { StrongAuth, StrongAuthOptions } from './strong-auth.js';
import { createSurface } from './surface.js';
import { createView } from './view.js';

/**
 * Starts the client of one signed-in account.
 *
 * @throws TypeError for invalid options, for unknown option names, and for a host that lacks a global
 *   function that the client needs, which the message names.
 */
export function createStrongAuth(options: StrongAuthOptions): StrongAuth {
  const given = readOptions(options);
  const {
    transport,
    enterPin,
    policy,
    inspect,
    classify: classifier,
    prepareReplay,
    grant,
    requestOtp,
    recover,
  } = given;
  const clock = guardClock(given.clock);
  const tell = createTelling(given.onEvent, () => clock.now());

  // The state that is kept outside the machine.
  const vault = createVault();
  const grants = createGrants(grant, clock);
  const throttle = createThrottle(clock);
  const prompts = new Prompts();
  const line = createOtpLine(clock, policy.otpTimeoutMs);
  const budget = createBudgetCounter(policy.otpBudget, clock, () => tell?.({ type: 'budgetStoreFailed' }));
  const ledger = new Ledger({
    ...{ transport, policy, clock, classifier, prepareReplay, vault, grants, throttle, tell },
    afterTurn: createAfterTurn(clock),
    prompt: () => prompts.asking,
    makerOf: (signal) => prompts.makerOf(signal),
    onChange: () => view.announceAfter(() => {}),
  });

  // The ports and effects of the machine.
  let portDeadline: number | undefined;
  const shared = {
    ...{ transport, classifier, clock, vault, budget, tell },
    waiting: () => ledger.book.describeWaiting(),
    onDeadline: (at: number | undefined) => {
      portDeadline = at;
    },
  };
  const otpParts = {
    ...{ ...shared, requestOtp, line, grants, throttle, prompts },
    otpTimeoutMs: policy.otpTimeoutMs,
    keepsOtp: prepareReplay !== undefined,
    whenWanted: (send: () => void) => ledger.whenWaveWanted(send),
  };
  const rejectEverything: Ledger['rejectEverything'] = (end) => {
    prompts.judge();
    vault.forgetPin();
    ledger.rejectEverything(end);
  };
  const { maxPinAttempts, maxRounds, maxWaiting, pinEntryTimeoutMs, otpTimeoutMs } = policy;
  const current = ignoreOver(connectedMachine, (call) => ledger.line.isOver(call));
  const stoppable = watchStop(rememberTraffic(current), () => ledger.announceClose());
  const { logic, say, onOther } = watchIgnored(stoppable);
  const actor = createActor(logic, {
    input: {
      policy: { maxPinAttempts, maxRounds, maxWaiting, pinEntryTimeoutMs, otpTimeoutMs },
      recovers: recover !== undefined,
    },
    clock,
    ...(inspect && { inspect: shielded(inspect) }),
  }) as unknown as ActorRefFrom<typeof strongAuthMachine>;
  connect(actor.system, {
    ports: {
      enterPin: createEnterPinPort({ ...shared, ...policy, enterPin, prompts }),
      otpLine: createOtpLinePort(otpParts),
      requestOtp: createRequestOtpPort(otpParts),
      recover: createRecoverPort({ ...shared, recover, prompts }),
    },
    otpLineTimeout: () => line.busyFor(),
    effects: {
      hold: (_, call) => ledger.hold(call),
      refuse: (_, call) => ledger.refuse(call),
      replayStraggler: (_, call) => ledger.replayStraggler(call),
      replayWaiting(_, granted) {
        prompts.judge();
        ledger.replayWaiting(granted);
      },
      rejectWaiting(_, denial) {
        prompts.judge();
        vault.forgetPin();
        ledger.rejectWaiting(denial);
      },
      rejectEverything: (_, end) => rejectEverything(end),
    },
  });
  const view = createView(actor, ledger.book, clock);
  ledger.line.send = (event) => {
    onOther();
    if (!ledger.line.isClosed) view.announceAfter(() => actor.send(event));
  };
  // The host may also stop the actor itself. However the machine ends, all calls settle.
  const end = () => {
    ledger.announceClose();
    view.announceAfter(() => rejectEverything({ code: 'DISPOSED' }));
  };
  actor.subscribe({
    complete: end,
    error(error) {
      surface(error);
      end();
    },
  });
  actor.start();

  return createSurface({
    ...{ transport, ledger, grants, actor, say },
    view: view.store,
    explain() {
      const calls = ledger.book.outstanding();
      const snapshot = actor.getSnapshot();
      return explain({
        view: view.store.getSnapshot(),
        calls,
        attempt: snapshot.context.attempt,
        isQueued: snapshot.matches({ wave: { requestingOtp: 'queued' } }),
        deadlines: [portDeadline, ...calls.map((call) => ledger.ages.deadlineOf(call))],
        now: clock.now(),
      });
    },
  });
}
