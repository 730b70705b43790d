import {
  createPinPad,
  createStrongAuth,
  fromPims,
  type PinPad,
  type PolicyOptions,
  type StrongAuth,
} from 'strong-auth-machine';
import type { StepUpStrongAuth } from 'strong-auth-machine/fetch';
import { createSafeInspector, type SafeInspectionMessage } from 'strong-auth-machine/inspect';
import {
  createRecovery,
  createRecoveryPad,
  isRecoveryError,
  type Recovery,
  type RecoveryFlow,
  type RecoveryPad,
} from 'strong-auth-machine/recovery';
import {
  type AccountState,
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from 'strong-auth-machine/simulator';
import { type Bank, createStagedBank } from './bank.js';
import { createCalls } from './calls.js';
import { createStageClock, type StageClock } from './clock.js';
import type { Command } from './commands.js';
import { createDesk, type Desk } from './desk.js';
import { type CallLife, createJournal, type Journal } from './journal.js';

/** The PIN that the simulated account begins with. The page says so: there is nothing to protect. */
export const PIN = '1234';

/** How a stage begins. */
export interface StageOptions {
  /** Whether the visitor answers in the place of the SDK, and says when time passes. */
  readonly isByHand: boolean;
  /** Whether the app has a recovery, which the client asks before it denies. */
  readonly recovers: boolean;
  /** Whether the app is that of a bank, which steps up over HTTP. The car stands idle then. */
  readonly isBank?: boolean | undefined;
  readonly world: Pick<
    SimulatorOptions,
    'sessionTtlMs' | 'pinTries' | 'device' | 'blocked' | 'codes' | 'latencyMs'
  >;
  readonly policy?: PolicyOptions | undefined;
}

/** A simulated car, the client that talks to it, and everything that a page shows of both. */
export interface Stage {
  readonly options: StageOptions;
  readonly strongAuth: StrongAuth;
  /** The app of the bank, where it is that. */
  readonly bank: Bank | undefined;
  /** The client that the chart shows: the bank's if there is one, otherwise the car's. */
  readonly client: StrongAuth | StepUpStrongAuth;
  readonly simulator: Simulator;
  readonly pad: PinPad;
  /** What helps where another try does not; only where the app has it. */
  readonly recovery: Recovery | undefined;
  /** The questions of the recovery. */
  readonly questions: RecoveryPad;
  /** Starts a flow of the recovery, as from a screen of the app. */
  recover(flow: RecoveryFlow): void;
  readonly clock: StageClock;
  /** When it began, epoch ms. */
  readonly beganAt: number;
  readonly desk: Desk;
  readonly journal: Journal;
  /** Makes a call. A command that is still on its way is not sent a second time. */
  run(command: Command): CallLife | undefined;
  /** Asks for strong authentication before a call needs it. */
  ensure(): CallLife | undefined;
  /** Makes `count` calls that are all under way at the same time. */
  load(count: number): Promise<void>;
  /** Whether a call of this command is outstanding. */
  isBusy(id: string): boolean;
  readonly isSubscribed: boolean;
  /** The open prompt breaks instead of being answered. */
  breakPad(): void;
  grantSession(): void;
  expireSession(): void;
  block(isBlocked: boolean): void;
  /** Lets the device be refused, or enrols it again. */
  setDevice(device: AccountState['device']): void;
  /** Ends everything; nothing of it is heard of again. */
  end(): void;
}

/** How long a slice of many calls may take, in ms, so that the page goes on drawing meanwhile. */
const SLICE_MS = 2;

/** How long a text message takes, in ms. */
const SMS_MS = 900;
/** How long a request takes at most before the SDK has seen it, in ms. */
const LATEST_MS = 800;

/** Short limits, so that a visitor lives to see them. */
const policy: PolicyOptions = {
  callTimeoutMs: 10_000,
  otpTimeoutMs: 8_000,
  pinEntryTimeoutMs: 120_000,
  maxWaiting: 1000,
};
/** By hand, the only timers are those of the chart: only one thing happens when time passes. */
const policyByHand: PolicyOptions = {
  callTimeoutMs: Number.POSITIVE_INFINITY,
  maxAgeMs: Number.POSITIVE_INFINITY,
};

/** Whom a stage tells. */
export interface StageListeners {
  /** Something may have changed. */
  change(): void;
  /** What an inspector is sent of the client. */
  inspected(message: SafeInspectionMessage): void;
  /** What an inspector is sent of the recovery. */
  inspectedRecovery(message: SafeInspectionMessage): void;
}

export function createStage(options: StageOptions, heard: StageListeners): Stage {
  const { isByHand, recovers, world } = options;
  const { change } = heard;
  const clock = createStageClock(!isByHand);
  const beganAt = clock.now();
  const simulator = createSimulator({
    pin: PIN,
    clock,
    latencyMs: [250, 700],
    smsLatencyMs: SMS_MS,
    ...world,
    ...(isByHand && { latencyMs: 0 }),
  });
  const desk = createDesk(simulator, change);
  const journal = createJournal(() => clock.now(), change);
  const pad = createPinPad();
  const calls = createCalls(journal);
  const { follow, isBusy } = calls;
  let breakPad: (() => void) | undefined;
  let endSubscription: (() => Promise<void>) | undefined;
  let status = 'idle';

  const transport = fromPims(isByHand ? desk.pims : simulator);
  const questions = createRecoveryPad({ clock });
  const recovery = recovers
    ? createRecovery({
        transport,
        ask: questions.ask,
        clock,
        onEvent(fact) {
          journal.recoveryFact(fact);
          if (fact.type === 'smsRequested') clock.setTimeout(change, SMS_MS + LATEST_MS); // it has arrived
        },
        inspect: createSafeInspector(heard.inspectedRecovery, { now: () => clock.now() }),
      })
    : undefined;
  recovery?.view.subscribe(change);
  questions.view.subscribe(change);

  const strongAuth = createStrongAuth({
    transport,
    ...(recovery && {
      async recover({ remedy }, { signal }) {
        await (remedy === 'unblockAccount'
          ? recovery.unblockAccount({ signal })
          : recovery.enrollDevice({ signal }));
        return true;
      },
    }),
    enterPin: (prompt) =>
      Promise.race([
        pad.enterPin(prompt),
        new Promise<never>((_, reject) => {
          breakPad = () => {
            reject(new Error('the PIN pad broke'));
            pad.cancel();
          };
        }),
      ]),
    clock,
    policy: { ...(isByHand ? policyByHand : policy), ...options.policy },
    onEvent: (fact) => {
      if (fact.type === 'subscriptionEnded') endSubscription = undefined;
      journal.fact(fact);
    },
    ...(!options.isBank && {
      inspect: createSafeInspector(heard.inspected, { now: () => clock.now() }),
    }),
  });
  const bank = options.isBank
    ? createStagedBank({ clock, journal, calls, change, inspected: heard.inspected })
    : undefined;
  const client = bank?.strongAuth ?? strongAuth;
  const look = (view: { readonly status: string }) => {
    if (view.status !== status) {
      const text = `${status} → ${view.status}`;
      status = view.status;
      // Facts come in a microtask; the state that follows from one is to stand above it.
      queueMicrotask(() => journal.note('state', text));
    }
    change();
  };
  strongAuth.view.subscribe(look);
  bank?.strongAuth.view.subscribe(look);
  pad.view.subscribe(change);

  const subscribe = async (command: Command, signal: AbortSignal) => {
    const { api, parameters } = command.request(simulator);
    const subscription = await strongAuth.subscribe(
      api,
      parameters,
      () => journal.note('car', 'an event of the car arrived'),
      { signal, label: command.label(simulator, false) },
    );
    endSubscription = () => subscription.unsubscribe();
  };

  const run = (command: Command): CallLife | undefined => {
    const request = command.request(simulator);
    const made = { label: command.label(simulator, endSubscription !== undefined), ...request };
    if (command.id !== 'events')
      return follow(
        made,
        (signal) =>
          strongAuth.send(request, { signal, label: made.label, interactive: command.id !== 'poll' }),
        command.id,
      );
    const end = endSubscription;
    if (!end) return follow(made, (signal) => subscribe(command, signal), command.id);
    endSubscription = undefined;
    return follow({ ...made, verb: 'unsubscribe' }, end, command.id);
  };

  return {
    options,
    strongAuth,
    bank,
    client,
    simulator,
    pad,
    recovery,
    questions,
    recover(flow) {
      recovery?.[flow]().catch((error: unknown) => {
        if (!isRecoveryError(error)) throw error; // what it ended with is among the facts
      });
    },
    clock,
    beganAt,
    desk,
    journal,
    run,
    ensure: () => calls.ensure(client),
    async load(count) {
      let sliceEnds = 0; // what the press changes on the page is drawn first
      for (let made = 0; made < count && !calls.isEnded; made += 1) {
        if (performance.now() >= sliceEnds) {
          await new Promise(requestAnimationFrame);
          sliceEnds = performance.now() + SLICE_MS;
        }
        const request = {
          verb: 'get',
          api: 'pims.vehicle.informations',
          parameters: { action: 'get' },
        } as const;
        const label = `status ${made + 1}`;
        follow({ label, ...request }, (signal) => strongAuth.send(request, { signal, label }));
      }
    },
    isBusy,
    get isSubscribed() {
      return endSubscription !== undefined;
    },
    breakPad: () => breakPad?.(),
    grantSession() {
      simulator.grantSession();
      change();
    },
    expireSession() {
      simulator.expireSession();
      change();
    },
    block(isBlocked) {
      if (isBlocked) simulator.block();
      else simulator.unblock();
      change();
    },
    setDevice(device) {
      if (device !== 'known') {
        simulator.forgetDevice(device);
        return change();
      }
      // What an app would do about it. A blocked account enrols nothing.
      const request = { action: 'enroll', pinCode: simulator.pin ?? PIN };
      simulator.set('pims.authentication.enrollment', request, () => {
        const isKnown = simulator.account.device === 'known';
        journal.note('car', `the device was ${isKnown ? '' : 'not '}enrolled${isKnown ? ' again' : ''}`);
      });
    },
    end() {
      calls.end();
      strongAuth.dispose();
      bank?.strongAuth.dispose();
      recovery?.dispose();
      clock.stop();
    },
  };
}
