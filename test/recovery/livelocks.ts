import { changedRecovery, find } from '../model/defective-charts.js';
import { createRecoveryWorld, type Happening, type RecoveryLogic } from './world.js';

type Config = Record<string, unknown>;
type Candidate = Record<string, unknown> & { readonly guard?: unknown };
type Candidates = Record<string, Candidate | Candidate[]>;

/** A change of the recovery's chart after which a flow may never end. */
export interface RecoveryLivelock {
  readonly name: string;
  /** What may happen in its world: what it takes to show it, so that the world is small. */
  readonly happens: readonly string[];
  readonly chart: (root: Config) => void;
  /** The shortest lasso. */
  readonly lasso: string;
}

/** @returns The world of a livelock, with it or without. */
export function recoveryWorldOf({ happens, chart }: RecoveryLivelock, isSeeded = true): RecoveryLogic {
  const isTried = (happening: Happening) =>
    happens.includes(happening.type === 'flow.started' ? happening.flow : happening.type);
  // Delays always pass: the check takes that for granted.
  return createRecoveryWorld(
    (happening) => happening.type === 'timeout' || isTried(happening),
    isSeeded ? changedRecovery(chart) : undefined,
  );
}

const running = (root: Config) => find(root, ['running']);
const step =
  (...names: string[]) =>
  (root: Config) =>
    find(root, ['running', ...names]);
const on = (state: Config) => state.on as Candidates;
const list = (candidates: Candidate | Candidate[] | undefined): Candidate[] => [candidates ?? []].flat();

const nameOf = (action: unknown): unknown =>
  typeof action === 'string' ? action : (action as { type: string }).type;

/** What is counted no longer is. */
const without = (stateOf: (root: Config) => Config, type: string, action: string) => (root: Config) => {
  for (const candidate of list(on(stateOf(root))[type]))
    candidate.actions = [candidate.actions ?? []].flat().filter((one) => nameOf(one) !== action);
};

/** An event leads to a step of the flow, whatever led elsewhere before. */
const leadsTo = (stateOf: (root: Config) => Config, type: string, target: string) => (root: Config) => {
  on(stateOf(root))[type] = { target: `#recovery.running.${target}`, reenter: true };
};

const timesOutTo = (stateOf: (root: Config) => Config, delay: string, target: string) => (root: Config) => {
  stateOf(root).after = { [delay]: { target: `#recovery.running.${target}`, reenter: true } };
};

/** Up to the question for the code of an SMS. */
const UNTIL_CODE = ['enrollDevice', 'steps.read', 'device.read', 'account.read', 'phone.read', 'sms.sent'];
const CODE_ASKED =
  'enrollDevice() → steps.read → device.read (activated) → account.read (clear) → phone.read (known) → sms.sent';
/** Up to the answer to the request that enrols. */
const UNTIL_ENROLLING = [...UNTIL_CODE, 'answer.given', 'code.accepted'];
const PIN_ASKED = `${CODE_ASKED} → answer.given → code.accepted`;
/** Up to the request that resets a PIN. */
const RESET = ['resetPin', 'device.read', 'sms.sent', 'answer.given'];

export const recoveryLivelocks: readonly RecoveryLivelock[] = [
  // A step without a time-out.
  {
    name: 'the question for a code has no time-out',
    happens: UNTIL_CODE,
    chart: (root) => void delete step('awaitingCode')(root).after,
    lasso: `${CODE_ASKED}, then nothing happens any more`,
  },
  {
    name: 'the request that enrols has no time-out',
    happens: UNTIL_ENROLLING,
    chart: (root) => void delete step('enrolling', 'withCode')(root).after,
    lasso: `${PIN_ASKED} → answer.given, then nothing happens any more`,
  },

  // Something may be done again without a limit.
  {
    name: 'another SMS is sent without a budget, and each gives the user more time',
    happens: [...UNTIL_CODE, 'resend.requested'],
    chart: (root) => {
      step('awaitingCode', 'resending')(root).entry = [];
      leadsTo(step('awaitingCode', 'resending'), 'sms.sent', 'awaitingCode')(root);
    },
    lasso: `${CODE_ASKED}, then for ever: resend.requested → sms.sent`,
  },
  {
    name: 'an SMS that was refused is asked for again, and not counted',
    happens: [...UNTIL_CODE, 'request.failed'],
    chart: (root) => {
      step('sendingSms', 'sending')(root).entry = [];
      leadsTo(step('sendingSms'), 'request.failed', 'sendingSms')(root);
    },
    lasso:
      'enrollDevice() → steps.read → device.read (activated) → account.read (clear) → phone.read (known), then for ever: request.failed (SMS_REFUSED)',
  },
  {
    name: 'wrong codes are not counted',
    happens: [...UNTIL_ENROLLING, 'code.rejected'],
    chart: without(running, 'code.rejected', 'spendSmsAttempt'),
    lasso: `${CODE_ASKED}, then for ever: answer.given → code.rejected`,
  },
  {
    name: 'wrong PINs are not counted',
    happens: [...UNTIL_ENROLLING, 'pin.rejected'],
    chart: without(step('enrolling'), 'pin.rejected', 'spendPinAttempt'),
    lasso: `${PIN_ASKED}, then for ever: answer.given → pin.rejected`,
  },
  {
    name: 'new PINs that equal the last one are not counted',
    happens: [...RESET, 'pin.reused'],
    chart: without(running, 'pin.reused', 'spendNewPinAttempt'),
    lasso:
      'resetPin() → device.read (activated) → sms.sent → answer.given → answer.given, then for ever: pin.reused → answer.given',
  },
  {
    name: 'answers that cannot be right are not counted',
    happens: [...UNTIL_CODE, 'answer.malformed'],
    chart: without(step('awaitingCode'), 'answer.malformed', 'recordMalformed'),
    lasso: `${CODE_ASKED}, then for ever: answer.malformed`,
  },
  {
    name: 'PINs that the SDK calls malformed are not counted',
    happens: [...UNTIL_ENROLLING, 'pin.malformed'],
    chart: without(running, 'pin.malformed', 'recordMalformed'),
    lasso: `${PIN_ASKED}, then for ever: answer.given → pin.malformed`,
  },
  {
    name: 'a removal that lifted no block is offered again',
    happens: [...UNTIL_CODE, 'answer.given', 'account.blocked'],
    chart: leadsTo(step('removingDevices'), 'account.blocked', 'confirmingRemoval'),
    lasso:
      'enrollDevice() → steps.read → device.read (activated) → account.read (blocked), then for ever: answer.given → account.blocked',
  },
  {
    name: 'enrolling goes to and fro between with and without the code',
    happens: [...UNTIL_ENROLLING, 'code.unwanted'],
    chart: leadsTo(step('enrolling', 'withoutCode'), 'code.unwanted', 'enrolling.withCode'),
    lasso: `${PIN_ASKED} → answer.given, then for ever: code.unwanted → code.unwanted`,
  },
  {
    name: 'the device is read until it is enrolled',
    happens: [...RESET, 'request.done'],
    chart: leadsTo(step('verifyingDevice'), 'device.read', 'verifyingDevice'),
    lasso:
      'resetPin() → device.read (activated) → sms.sent → answer.given → answer.given → request.done, then for ever: device.read (activated)',
  },

  // The end leads back into the flow.
  {
    name: 'a request that was not answered is sent again',
    happens: ['unblockAccount'],
    chart: timesOutTo(step('readingAccount'), 'requestTimeout', 'readingAccount'),
    lasso: 'unblockAccount(), then for ever: requestTimeout passes',
  },
  {
    name: 'who is too slow is asked again',
    happens: [...UNTIL_CODE],
    chart: timesOutTo(step('awaitingCode'), 'answerTimeout', 'awaitingCode'),
    lasso: `${CODE_ASKED}, then for ever: answerTimeout passes`,
  },
  {
    name: 'who declines is asked again',
    happens: ['changePin', 'device.read', 'answer.declined'],
    chart: leadsTo(running, 'answer.declined', 'askingPin'),
    lasso: 'changePin() → device.read (activated), then for ever: answer.declined',
  },
  {
    name: 'a cancel asks again',
    happens: ['changePin', 'device.read', 'cancelled'],
    chart: leadsTo(running, 'cancelled', 'askingPin'),
    lasso: 'changePin() → cancelled, then for ever: cancelled',
  },
  {
    name: 'a flow that is offline starts itself again',
    happens: ['enrollDevice', 'steps.read', 'request.failed'],
    chart: leadsTo(running, 'request.failed', 'readingSteps'),
    lasso: 'enrollDevice(), then for ever: request.failed (OFFLINE)',
  },
  {
    name: 'a flow that ended without an enrolled device starts itself again',
    happens: ['enrollDevice', 'steps.read', 'request.failed'],
    chart: (root) => {
      Object.assign(find(root, ['denied']), { entry: [], always: '#recovery.running.readingSteps' });
    },
    lasso: 'enrollDevice() → request.failed (OFFLINE), then for ever: request.failed (OFFLINE)',
  },

  // Nobody is told.
  {
    name: 'an enrolled device is not told',
    happens: ['enrollDevice', 'steps.read', 'device.read'],
    chart: (root) => void delete find(root, ['resting', 'done']).entry,
    lasso: 'enrollDevice() → steps.read → device.read (activated), then nothing happens any more',
  },
  {
    name: 'a denial is not told',
    happens: ['enrollDevice', 'request.failed'],
    chart: (root) => void delete find(root, ['denied']).entry,
    lasso: 'enrollDevice() → request.failed (OFFLINE), then nothing happens any more',
  },
];
