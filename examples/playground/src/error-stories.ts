import { commands } from './commands.js';
import { PIN, type Stage } from './stage.js';
import {
  asked,
  COMMAND_API,
  comesToRest,
  executions,
  isAsked,
  isGranted,
  isSettled,
  lock,
  lockedBy,
  reaches,
  rejected,
  requested,
  rests,
  type Step,
  type Story,
  types,
  typesRight,
} from './story-steps.js';

/* One story for each error that the others do not end in, and one for what is copied: docs/guides/errors.md links them. */

const OTP_API = 'pims.authentication.otp';

/** The user types the PIN, and the OTP request is answered with a code of the SDK. */
const isRefused = (code: number, text: string): Step => ({
  text,
  act({ simulator }, hands) {
    simulator.script({ api: OTP_API }, { kind: 'fail', code });
    return hands.typePin(PIN);
  },
  until: reaches('failed'),
});

/** The user types the PIN, and something happens to the next command. */
const typesThen = (text: string, fault: Parameters<Stage['simulator']['script']>[1]): Step => ({
  text,
  act({ simulator }, hands) {
    simulator.script({ api: COMMAND_API }, fault);
    return hands.typePin(PIN);
  },
  until: isSettled(1),
});

/** A call whose parameters the story keeps in its hands. */
const ownCall = (stage: Stage, parameters: Record<string, unknown>) =>
  stage.run({ ...commands.lock, request: () => ({ verb: 'set', api: COMMAND_API, parameters }) });

const ownParameters = new WeakMap<Stage, Record<string, unknown>>();

export const errorStories: Readonly<Record<string, Story>> = {
  'pins-spent': {
    title: 'Two wrong PINs',
    about:
      'The policy allows two attempts in one wave, so that the account is not blocked. Then the wave ends.',
    steps: [
      lock,
      types('0000', 'The user types 0000.'),
      { text: 'The SDK answers 2308. One attempt is left.', until: isAsked },
      types('1111', 'The user types 1111.'),
      { text: '2308 again: the attempts are spent.', until: reaches('failed') },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'PIN_REJECTED'),
      asked(stage, 2),
      requested(stage, 2),
      ['the account is not blocked', !stage.simulator.account.isBlocked],
    ],
  },
  'no-pin': {
    title: 'What is no PIN',
    about: 'Two digits are no PIN. They are never sent, and the fifth time the wave ends.',
    steps: [
      lock,
      ...Array.from({ length: 4 }, (_, index): Step => {
        const count = index + 1;
        return {
          text: 'The user types 12. No OTP is requested, and the user is asked again.',
          act: (_stage, hands) => hands.typePin('12'),
          until: (stage) => isAsked(stage) && (stage.journal.counts.get('pinRequested') ?? 0) > count,
        };
      }),
      {
        text: 'The fifth time the wave ends.',
        act: (_, hands) => hands.typePin('12'),
        until: reaches('failed'),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'PIN_ENTRY_FAILED'),
      requested(stage, 0),
      ['no wrong PIN was counted', stage.simulator.effects.wrongPins === 0],
    ],
  },
  forbidden: {
    title: 'A forbidden device',
    about: 'The OTP is refused with 2317, also after the reset step. Only enrolling the device again helps.',
    world: { device: { refuses: 2317, until: 'never' } },
    steps: [
      lock,
      typesRight,
      { text: '2317, and again 2317 with resetStep: the wave is denied.', until: reaches('failed') },
    ],
    checks: (stage) => [rejected(stage, 1, 'FORBIDDEN'), lockedBy(stage, 0), requested(stage, 2)],
  },
  'sign-in': {
    title: 'A sign-in that has expired',
    about: 'The OTP request is answered 2301: the user has to sign in again, and the PIN does not help.',
    steps: [lock, isRefused(2301, 'The user types the PIN. The SDK answers 2301.')],
    checks: (stage) => [rejected(stage, 1, 'SIGN_IN_REQUIRED'), asked(stage, 1), requested(stage, 1)],
  },
  refused: {
    title: 'A refusal of the OTP',
    about: 'The SDK refuses the OTP with a code that stands for nothing more specific. The error has it.',
    steps: [lock, isRefused(2309, 'The user types the PIN. The SDK answers 2309.')],
    checks: (stage) => [rejected(stage, 1, 'OTP_REFUSED'), asked(stage, 1), requested(stage, 1)],
  },
  'outcome-unknown': {
    title: 'An OTP that is never answered',
    about: 'The OTP may have been granted, or not. It is not requested again by itself.',
    steps: [
      lock,
      {
        text: 'The user types the PIN. The answer to the OTP request will be lost.',
        act({ simulator }, hands) {
          simulator.script({ api: OTP_API }, { kind: 'drop' });
          return hands.typePin(PIN);
        },
        until: reaches('requestingOtp'),
      },
      {
        text: 'Eight seconds pass without an answer.',
        act: ({ clock }) => clock.skip(8000),
        until: reaches('failed'),
      },
    ],
    checks: (stage) => [rejected(stage, 1, 'OUTCOME_UNKNOWN'), asked(stage, 1), requested(stage, 1)],
  },
  throttled: {
    title: 'Come back later',
    about: 'The back end says when to come back. Until then nobody is asked for a PIN in vain.',
    steps: [
      lock,
      {
        text: 'The user types the PIN. The SDK answers 429 with retryAfter: 60 seconds.',
        act({ simulator }, hands) {
          const message = {
            status: 'FAILED',
            error: { code: 429, label: 'Too many requests', retryAfter: 60 },
          };
          simulator.script({ api: OTP_API }, { kind: 'malformed', message });
          return hands.typePin(PIN);
        },
        until: reaches('failed'),
      },
      {
        text: 'Horn is pressed. It is challenged, and rejected without a prompt.',
        act(stage) {
          stage.simulator.script({ action: 'horn' }, { kind: 'challenge' });
          stage.run(commands.horn);
        },
        until: isSettled(2),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'THROTTLED'),
      rejected(stage, 2, 'THROTTLED'),
      asked(stage, 1),
      requested(stage, 1),
    ],
  },
  'budget-spent': {
    title: 'A budget of OTPs',
    about: 'The app allows itself one OTP an hour. The next wave ends before the user types a PIN in vain.',
    policy: { otpBudget: { max: 1, perMs: 3_600_000 } },
    steps: [
      lock,
      typesRight,
      isGranted,
      comesToRest,
      {
        text: 'Strong access ends, and Horn is pressed. Its challenge opens no prompt: the budget is spent.',
        act(stage) {
          stage.expireSession();
          stage.run(commands.horn);
        },
        until: isSettled(2),
      },
    ],
    checks: (stage) => [rejected(stage, 2, 'OTP_BUDGET_SPENT'), requested(stage, 1), lockedBy(stage, 1)],
  },
  stale: {
    title: 'A call that became too old',
    about:
      'The user answers after 90 seconds, but the call may be one minute old at most. It is not sent again.',
    policy: { maxAgeMs: 60_000 },
    steps: [
      lock,
      { text: '90 seconds pass. The prompt stays open.', act: ({ clock }) => clock.skip(90_000) },
      { ...typesRight, until: isSettled(1) },
    ],
    checks: (stage) => [rejected(stage, 1, 'STALE'), lockedBy(stage, 0), asked(stage, 1)],
  },
  'read-once': {
    title: 'What can be read only once',
    about:
      'A parameter of the call is an iterator. Sending it twice would send something else the second time.',
    steps: [
      {
        text: 'Lock is pressed with an iterator in its parameters. The call is challenged and waits.',
        act: (stage) =>
          void ownCall(stage, { action: 'doors', doorState: 'lock', notes: ['a note'].values() }),
        until: isAsked,
      },
      {
        ...typesRight,
        text: 'The user types the PIN. The OTP is granted, but the call is not sent again.',
        until: isSettled(1),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'REPLAY_DECLINED'),
      lockedBy(stage, 0),
      [
        'it was sent once',
        stage.simulator.effects.requests.filter(({ api }) => api === COMMAND_API).length === 1,
      ],
    ],
  },
  copied: {
    title: 'Parameters that change',
    about: 'The app changes its object while the call waits. What is sent is what was asked for.',
    steps: [
      {
        text: 'Lock is pressed. Its call is challenged and waits.',
        act(stage) {
          const parameters = { action: 'doors', doorState: 'lock' };
          ownParameters.set(stage, parameters);
          ownCall(stage, parameters);
        },
        until: isAsked,
      },
      {
        text: "The app writes doorState: 'unlock' into the same object.",
        act(stage) {
          const parameters = ownParameters.get(stage);
          if (parameters) parameters.doorState = 'unlock';
        },
      },
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [lockedBy(stage, 1), asked(stage, 1), requested(stage, 1)],
  },
  'queue-full': {
    title: 'A full queue',
    about: 'One call may wait. The second is refused at once, and the first goes on.',
    policy: { maxWaiting: 1 },
    steps: [
      lock,
      {
        text: 'Horn is pressed, and challenged. The queue is full.',
        act: (stage) => stage.run(commands.horn),
        until: isSettled(2),
      },
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [rejected(stage, 2, 'QUEUE_FULL'), lockedBy(stage, 1), asked(stage, 1)],
  },
  thrown: {
    title: 'A transport that throws',
    about: 'The SDK throws when the call is sent again. The error says that the command did not leave.',
    steps: [lock, typesThen('The user types the PIN. The replay will throw.', { kind: 'throw' })],
    checks: (stage) => [rejected(stage, 1, 'TRANSPORT_FAILED'), lockedBy(stage, 0), asked(stage, 1)],
  },
  nonsense: {
    title: 'An answer that is none',
    about: 'The replay is answered with something that is no message of the SDK.',
    steps: [
      lock,
      typesThen('The user types the PIN. The replay is answered with nonsense.', {
        kind: 'malformed',
        message: 'nonsense',
      }),
    ],
    checks: (stage) => [
      rejected(stage, 1, 'PROTOCOL'),
      ['the command was executed all the same', executions(stage, COMMAND_API, 'doors') === 1],
      asked(stage, 1),
    ],
  },
  disposed: {
    title: 'Disposed in between',
    about:
      'The app ends the client while the user is being asked, as on a reload. Nothing is sent after that.',
    steps: [
      lock,
      {
        text: 'The app calls dispose(). The prompt closes, and what waited is rejected.',
        act: ({ strongAuth }) => strongAuth.dispose(),
        until: isSettled(1),
      },
      { text: 'Two seconds later still nothing was sent.', act: ({ clock }) => clock.skip(2000) },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'DISPOSED'),
      lockedBy(stage, 0),
      requested(stage, 0),
      rests(stage, 'closed'),
    ],
  },
};
