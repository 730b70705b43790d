import { commands, together } from './commands.js';
import { errorStories } from './error-stories.js';
import { recoveryStories } from './recovery-stories.js';
import { PIN, type Stage } from './stage.js';
import { stepUpStories } from './step-up-stories.js';
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
  outcome,
  reaches,
  rejected,
  requested,
  rests,
  STATUS_API,
  type Story,
  types,
  typesRight,
} from './story-steps.js';

/** The stories by the names in their addresses. */
export const stories: Readonly<Record<string, Story>> = {
  lock: {
    title: 'Lock the doors',
    about: 'The plain case: a challenge, a PIN, an OTP, and the same command again.',
    steps: [lock, typesRight, isGranted, comesToRest],
    checks: (stage) => [lockedBy(stage, 1), asked(stage, 1), requested(stage, 1)],
  },
  'all-at-once': {
    title: 'Everything at once',
    about: 'Six calls are challenged (2302) at the same time. One prompt and one OTP serve them all.',
    steps: [
      {
        text: 'Six buttons are pressed in the same moment. Each call is challenged; the first opens the prompt, the others join it.',
        act: (stage) => {
          for (const id of together) stage.run(commands[id]);
        },
        until: ({ strongAuth }) => strongAuth.view.getSnapshot().waiting === together.length,
      },
      typesRight,
      {
        text: 'Granted: all six are sent again, in the order in which they were made.',
        until: reaches('replaying'),
      },
      comesToRest,
    ],
    checks: (stage) => [
      asked(stage, 1),
      requested(stage, 1),
      [
        'each call was executed once',
        executions(stage, COMMAND_API) === 4 && executions(stage, STATUS_API) === 1,
      ],
      ['all six resolved', stage.journal.calls.every((call) => call.outcome === 'succeeded')],
    ],
  },
  'late-joiner': {
    title: 'A call joins',
    about: 'While the user is being asked, another call is challenged. It never opens a second prompt.',
    steps: [
      lock,
      {
        text: 'Horn is pressed while the prompt is open. It is challenged too, and joins those who wait.',
        act: (stage) => stage.run(commands.horn),
        until: ({ strongAuth }) => strongAuth.view.getSnapshot().waiting === 2,
      },
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      asked(stage, 1),
      requested(stage, 1),
      lockedBy(stage, 1),
      ['the horn sounded once', stage.simulator.car.horns === 1],
    ],
  },
  'wrong-pin': {
    title: 'A wrong PIN',
    about: 'The user mistypes once. The same wave goes on, and nobody is rejected.',
    steps: [
      lock,
      types('0000', 'The user types 0000.'),
      { text: 'The SDK answers 2308. One attempt is spent, and the user is asked again.', until: isAsked },
      types(PIN, 'The user types the right PIN.'),
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      lockedBy(stage, 1),
      asked(stage, 2),
      requested(stage, 2),
      ['one wrong PIN was counted', stage.simulator.effects.wrongPins === 1],
    ],
  },
  'stale-device': {
    title: 'A stale device',
    about: 'The OTP is refused with 2312 until the device cache is reset: once more, with the same PIN.',
    world: { device: { refuses: 2312, until: 'reset' } },
    steps: [
      lock,
      typesRight,
      {
        text: 'The SDK answers 2312. The OTP is requested again with resetStep, without asking the user.',
        until: ({ strongAuth }) =>
          strongAuth.actor.getSnapshot().matches({ wave: { requestingOtp: 'resetStep' } }),
      },
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      lockedBy(stage, 1),
      asked(stage, 1),
      requested(stage, 2),
      ['the second had resetStep', stage.simulator.effects.otpRequests[1]?.resetStep === true],
    ],
  },
  'unknown-device': {
    title: 'An unknown device',
    about: 'The device is refused also after the reset. Only enrolling it again helps.',
    world: { device: { refuses: 2312, until: 'never' } },
    steps: [
      lock,
      typesRight,
      {
        text: '2312, and again 2312 with resetStep: the wave is denied, there is no third try.',
        until: reaches('failed'),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'DEVICE_UNKNOWN'),
      lockedBy(stage, 0),
      requested(stage, 2),
      rests(stage, 'failed'),
    ],
  },
  blocked: {
    title: 'A blocked account',
    about: 'The first call learns it, and the second fails at once.',
    world: { blocked: true },
    steps: [
      lock,
      typesRight,
      { text: 'The SDK answers 2310: the account is blocked.', until: reaches('failed') },
      {
        text: 'Horn is pressed. It is challenged, and rejected without a prompt.',
        act: (stage) => stage.run(commands.horn),
        until: isSettled(2),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'ACCOUNT_BLOCKED'),
      rejected(stage, 2, 'ACCOUNT_BLOCKED'),
      asked(stage, 1),
      requested(stage, 1),
    ],
  },
  unblocked: {
    title: 'An account that is unblocked',
    about:
      'The block is remembered until the app says that the account has recovered. Then the user is asked again.',
    world: { blocked: true },
    steps: [
      lock,
      typesRight,
      { text: 'The SDK answers 2310: the account is blocked.', until: reaches('failed') },
      {
        text: 'Somebody unblocks the account, and the app calls recovered(). Nothing is sent by that.',
        act: ({ simulator, strongAuth }) => {
          simulator.unblock();
          strongAuth.recovered();
        },
      },
      { ...lock, text: 'Lock is pressed again. The user is asked again.' },
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      rejected(stage, 1, 'ACCOUNT_BLOCKED'),
      lockedBy(stage, 1),
      asked(stage, 2),
      requested(stage, 2),
    ],
  },
  cancelled: {
    title: 'The user declines',
    about: 'The prompt is closed. The call is rejected, and the next one asks again.',
    steps: [
      lock,
      {
        text: 'The user closes the prompt.',
        act: ({ pad }) => pad.cancel(),
        until: reaches('cancelled'),
      },
      { ...lock, text: 'Lock is pressed again. It starts clean, and asks again.' },
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      rejected(stage, 1, 'CANCELLED'),
      lockedBy(stage, 1),
      asked(stage, 2),
      requested(stage, 1),
    ],
  },
  'cancel-wins': {
    title: 'Cancel wins',
    about: 'The wave is cancelled while the OTP is on its way. The grant arrives, and changes nothing.',
    steps: [
      lock,
      typesRight,
      {
        text: 'The app calls cancel(). The SDK cannot abort, so the OTP request is still on its way.',
        act: ({ strongAuth }) => strongAuth.cancel(),
        until: reaches('cancelled'),
      },
      {
        text: 'The SDK grants the OTP after all. Nothing is sent again.',
        until: ({ simulator }) => simulator.effects.otpsGranted === 1,
      },
      { text: 'Two seconds later still nothing has moved.', act: ({ clock }) => clock.skip(2000) },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'CANCELLED'),
      lockedBy(stage, 0),
      ['nothing was sent again', !stage.journal.counts.has('replayed')],
      rests(stage, 'cancelled'),
    ],
  },
  straggler: {
    title: 'A straggler',
    about: 'A challenge arrives after the grant, for a call that was sent before it.',
    steps: [
      {
        text: 'Status is requested. Its answer, 2302, is held up on the way.',
        act: (stage) => {
          heldAnswers.set(stage, stage.simulator.hold({ api: STATUS_API }));
          stage.run(commands.status);
        },
        until: (stage) => heldAnswers.get(stage)?.arrived === 1,
      },
      lock,
      typesRight,
      isGranted,
      {
        text: 'The held challenge arrives now. Its call was sent before the grant: it is sent again, without a prompt.',
        act: (stage) => heldAnswers.get(stage)?.release(),
        until: reaches('done'),
      },
    ],
    checks: (stage) => [
      asked(stage, 1),
      requested(stage, 1),
      lockedBy(stage, 1),
      ['the status arrived', outcome(stage, 1) === 'succeeded' && executions(stage, STATUS_API) === 1],
    ],
  },
  background: {
    title: 'A background poll',
    about: 'A poller may join a prompt, but never opens one.',
    steps: [
      {
        text: 'A poll is sent with interactive: false. It is challenged, and rejected at once.',
        act: (stage) => stage.run(commands.poll),
        until: isSettled(1),
      },
      lock,
      {
        text: 'The poll comes again while the prompt is open. Now it joins.',
        act: (stage) => stage.run(commands.poll),
        until: ({ strongAuth }) => strongAuth.view.getSnapshot().waiting === 2,
      },
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      rejected(stage, 1, 'INTERACTION_REQUIRED'),
      asked(stage, 1),
      lockedBy(stage, 1),
      ['the second poll resolved', outcome(stage, 3) === 'succeeded'],
    ],
  },
  offline: {
    title: 'Offline during the OTP',
    about: 'The connection goes while the OTP is requested. No attempt is spent, and the next try works.',
    steps: [
      lock,
      {
        text: 'The user types the PIN, but the OTP request is answered 2202, No internet.',
        act: ({ simulator }, hands) => {
          simulator.script({ api: 'pims.authentication.otp' }, { kind: 'fail', code: 2202 });
          return hands.typePin(PIN);
        },
        until: reaches('failed'),
      },
      { ...lock, text: 'Back online, Lock is pressed again.' },
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      rejected(stage, 1, 'OFFLINE'),
      lockedBy(stage, 1),
      ['no wrong PIN was counted', stage.simulator.effects.wrongPins === 0],
    ],
  },
  'walked-away': {
    title: 'Nobody answers',
    about: 'The prompt stays open until its time is up. No state waits for ever.',
    steps: [
      lock,
      {
        text: 'Two minutes pass. The prompt closes by itself, and the call is rejected.',
        act: ({ clock }) => clock.skip(120_000),
        until: reaches('failed'),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'PIN_ENTRY_TIMED_OUT'),
      lockedBy(stage, 0),
      requested(stage, 0),
      ['the pad is closed', !isAsked(stage)],
    ],
  },
  'short-session': {
    title: 'A session that ends too soon',
    about: 'Strong access is over before the replay arrives. The call is refused, and there is no loop.',
    world: { sessionTtlMs: 0 },
    steps: [
      lock,
      typesRight,
      isGranted,
      { text: 'The replay is challenged again. That was its only round.', until: isSettled(1) },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'STILL_CHALLENGED'),
      asked(stage, 1),
      requested(stage, 1),
      lockedBy(stage, 0),
    ],
  },
  twice: {
    title: 'An answer that comes twice',
    about: 'The SDK calls back twice for one command. The call settles once.',
    steps: [
      {
        text: 'Every answer of the SDK is delivered twice from now on, and Lock is pressed.',
        act: (stage) => {
          stage.simulator.script({ times: Number.POSITIVE_INFINITY }, { kind: 'duplicate' });
          stage.run(commands.lock);
        },
        until: isAsked,
      },
      typesRight,
      isGranted,
      comesToRest,
    ],
    checks: (stage) => [
      lockedBy(stage, 1),
      asked(stage, 1),
      requested(stage, 1),
      ['the call settled once', stage.journal.calls[0]?.settlements === 1],
    ],
  },
  lost: {
    title: 'An answer that never comes',
    about: 'The car locks, but the answer is lost. The error says that the command had left.',
    steps: [
      lock,
      {
        text: 'The user types the PIN. The answer to the replay will be lost.',
        act: ({ simulator }, hands) => {
          simulator.script({ api: COMMAND_API }, { kind: 'drop' });
          return hands.typePin(PIN);
        },
        until: reaches('replaying'),
      },
      {
        text: 'Ten seconds pass without an answer.',
        act: ({ clock }) => clock.skip(10_000),
        until: isSettled(1),
      },
    ],
    checks: (stage) => [rejected(stage, 1, 'TIMED_OUT'), lockedBy(stage, 1), asked(stage, 1)],
  },
  'signed-out': {
    title: 'Signed out in between',
    about: 'The account changes while the user is being asked. Nothing of the old one is ever sent.',
    steps: [
      lock,
      {
        text: 'The app calls reset(). The prompt closes, and what waited is rejected.',
        act: ({ strongAuth }) => strongAuth.reset(),
        until: isSettled(1),
      },
      { text: 'Two seconds later still nothing was sent.', act: ({ clock }) => clock.skip(2000) },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'SIGNED_OUT'),
      lockedBy(stage, 0),
      requested(stage, 0),
      rests(stage, 'idle'),
    ],
  },
  'given-up': {
    title: 'The last one gives up',
    about: 'The only call that waits is aborted. There is nobody left to ask for, so the prompt closes.',
    steps: [
      lock,
      {
        text: 'The app aborts the call. The prompt closes with it.',
        act: ({ journal }) => journal.calls[0]?.giveUp(),
        until: reaches('cancelled'),
      },
    ],
    checks: (stage) => [
      ["call 1 was rejected with its signal's reason", outcome(stage, 1) === 'aborted'],
      ['the pad is closed', !isAsked(stage)],
      requested(stage, 0),
    ],
  },
  ...errorStories,
  ...recoveryStories,
  ...stepUpStories,
};

/** What the straggler's story holds back, by its stage. */
const heldAnswers = new WeakMap<Stage, ReturnType<Stage['simulator']['hold']>>();
