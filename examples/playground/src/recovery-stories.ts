import { commands } from './commands.js';
import type { Stage } from './stage.js';
import {
  asked,
  type Check,
  comesToRest,
  isAsked,
  isGranted,
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

/** The PIN that users choose in these stories. */
const NEW_PIN = '2580';

const questionOf = ({ questions }: Stage) => questions.view.getSnapshot().question?.kind;
const asksFor =
  (kind: ReturnType<typeof questionOf>) =>
  (stage: Stage): boolean =>
    questionOf(stage) === kind;

const smsArrives: Step = {
  text: 'The text message arrives on the phone. It was counted before it was sent: an account has about 20 in its life.',
  until: ({ simulator }) => simulator.smsCode !== undefined,
};
const typesCode = (next: Step['until'], text: string): Step => ({
  text,
  act: ({ simulator }, hands) => hands.answer(simulator.smsCode ?? ''),
  ...(next && { until: next }),
});
const keepsPin: Step = {
  text: 'The account has kept its PIN. The user types it, and this device is enrolled: the call that waits asks for strong authentication again.',
  act: (_, hands) => hands.answer('1234'),
  until: isAsked,
};
const isOver = ({ recovery }: Stage): boolean => recovery?.view.getSnapshot().status === 'done';
const choosesPin: Step = {
  text: `The user chooses ${NEW_PIN}. The flow is over.`,
  act: (_, hands) => hands.answer(NEW_PIN),
  until: isOver,
};

const sms = (stage: Stage, count: number): Check => [
  `${count === 1 ? 'one text message was' : `${count} text messages were`} sent`,
  stage.simulator.enrolment.smsSent === count,
];
const enrolled = ({ simulator }: Stage): Check => ['the device is enrolled', simulator.enrolment.isEnrolled];

/** One for each remedy that needs more than another try. */
export const recoveryStories: Readonly<Record<string, Story>> = {
  'enroll-device': {
    title: 'Recovery: enroll a device',
    about: 'The remedy enrollDevice, which the app runs while the call waits.',
    world: { device: { refuses: 2312, until: 'never' } },
    recovers: true,
    steps: [
      lock,
      typesRight,
      {
        text: '2312, and again 2312 with resetStep. Instead of denying the wave, the machine asks the app to recover: it enrols the device, for which a text message is sent.',
        until: asksFor('smsCode'),
      },
      smsArrives,
      typesCode(asksFor('pin'), 'The user types the code. It is right.'),
      keepsPin,
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      lockedBy(stage, 1),
      asked(stage, 2),
      requested(stage, 3),
      sms(stage, 1),
      enrolled(stage),
    ],
  },
  'unblock-account': {
    title: 'Recovery: unblock an account',
    about: 'The remedy unblockAccount removes every phone, so the user is asked first.',
    world: { blocked: true },
    recovers: true,
    steps: [
      lock,
      typesRight,
      {
        text: 'The SDK answers 2310: the account is blocked. The app runs unblockAccount(), and the user is asked for a yes.',
        until: asksFor('confirmRemoval'),
      },
      {
        text: 'The user agrees. The devices are removed, which lifts the block, and a text message is sent.',
        act: (_, hands) => hands.answer(true),
        until: asksFor('smsCode'),
      },
      smsArrives,
      typesCode(asksFor('pin'), 'The user types the code. It is right.'),
      keepsPin,
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      lockedBy(stage, 1),
      asked(stage, 2),
      requested(stage, 2),
      sms(stage, 1),
      enrolled(stage),
      ['the account is not blocked', !stage.simulator.account.isBlocked],
    ],
  },
  'recovery-declined': {
    title: 'Recovery: the user says no',
    about: 'Not every phone is to be removed: the wave is denied as without a recovery.',
    world: { blocked: true },
    recovers: true,
    steps: [
      lock,
      typesRight,
      {
        text: 'The SDK answers 2310. The app runs unblockAccount(), and the user is asked for a yes.',
        until: asksFor('confirmRemoval'),
      },
      {
        text: 'The user declines. Nothing is removed, and the call is rejected.',
        act: (_, hands) => hands.answer(false),
        until: reaches('failed'),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'ACCOUNT_BLOCKED'),
      lockedBy(stage, 0),
      sms(stage, 0),
      enrolled(stage),
      rests(stage, 'failed'),
    ],
  },
  'reset-pin': {
    title: 'Recovery: a forgotten PIN',
    about: 'resetPin() from a screen of the app: a text message, and a new PIN.',
    recovers: true,
    steps: [
      {
        text: 'The user presses “Forgot my PIN”. The device is enrolled, so that a text message is enough.',
        act: (stage) => stage.recover('resetPin'),
        until: asksFor('smsCode'),
      },
      smsArrives,
      typesCode(asksFor('newPin'), 'The user types the code, and may choose a PIN.'),
      choosesPin,
      { ...lock, act: (stage) => stage.run(commands.lock) },
      types(NEW_PIN, 'The user types the new PIN.'),
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [lockedBy(stage, 1), asked(stage, 1), requested(stage, 1), sms(stage, 1)],
  },
  'change-pin': {
    title: 'Recovery: another PIN',
    about: 'changePin() from a screen of the app: the old PIN and a new one.',
    recovers: true,
    steps: [
      {
        text: 'The user presses “Change my PIN”, and is asked for the present one.',
        act: (stage) => stage.recover('changePin'),
        until: asksFor('pin'),
      },
      {
        text: 'The user types it. Whether it is right turns out with the change.',
        act: (_, hands) => hands.answer('1234'),
        until: asksFor('newPin'),
      },
      choosesPin,
      lock,
      types(NEW_PIN, 'The user types the new PIN.'),
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [lockedBy(stage, 1), asked(stage, 1), requested(stage, 1), sms(stage, 0)],
  },
};
