import { isStrongAuthError, type PolicyOptions, type StrongAuth } from 'strong-auth-machine';
import { isRecoveryError, type Recovery } from 'strong-auth-machine/recovery';
import type { Simulator, SimulatorOptions } from 'strong-auth-machine/simulator';
import { counted } from './timeline.js';

/** What a story has to work with. */
export interface Stage {
  readonly strongAuth: StrongAuth;
  readonly simulator: Simulator;
  readonly recovery: Recovery;
}

/** One thing that should have happened, and whether it did. */
export type Check = readonly [claim: string, holds: boolean];

/** A story: how its world begins, what the app does in it, and what should come of that. */
export interface Story {
  readonly about: string;
  readonly world?: SimulatorOptions;
  readonly policy?: PolicyOptions;
  /** Whether calls wait while the account or the device is cured. */
  readonly cures?: boolean;
  /** Whether the PIN changes in it: then the simulated person types it, who knows it. */
  readonly hasNewPin?: boolean;
  /** What the user does at the prompts, in order; without it, or after it, the PIN is typed. */
  readonly user?: (simulator: Simulator) => unknown;
  readonly play: (stage: Stage) => Promise<readonly Check[]>;
}

const COMMAND = 'pims.vehicle.command';
const lockDoors = (strongAuth: StrongAuth) => strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' });
const locks = (simulator: Simulator) => simulator.effects.executionsOf({ api: COMMAND, action: 'doors' });

/** @returns The code a call rejected with, or `resolved`. */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'resolved';
  } catch (error) {
    return isStrongAuthError(error) || isRecoveryError(error) ? error.code : String(error);
  }
}

/** The doors were locked by one command, after so many prompts and OTP requests. */
const lockedOnce = (
  { simulator }: Stage,
  outcome: string,
  prompts: number,
  otps: number,
  id = 1,
): Check[] => [
  [`call #${id} resolved`, outcome === 'resolved'],
  ['the doors are locked, by one command', simulator.car.isLocked && locks(simulator) === 1],
  [counted(prompts, 'prompt'), simulator.effects.prompts === prompts],
  [counted(otps, 'OTP request'), simulator.effects.otpRequests.length === otps],
];

/** The call was rejected, and the car did nothing. */
const rejected = (
  { simulator, strongAuth }: Stage,
  outcome: string,
  code: string,
  status: string,
): Check[] => [
  [`call #1 rejected with ${code}`, outcome === code],
  ['the car did nothing', locks(simulator) === 0 && !simulator.car.isLocked],
  [`the machine rests in ${status}`, strongAuth.view.getSnapshot().status === status],
];

/** The stories by the names of their flags. */
export const stories = {
  lock: {
    about: 'the doors are locked: 2302, PIN, OTP, and the same command again',
    async play(stage) {
      const outcome = await outcomeOf(lockDoors(stage.strongAuth));
      const { prompts, otpRequests } = stage.simulator.effects;
      // A user at a terminal may mistype once.
      return lockedOnce(stage, outcome, Math.max(1, prompts), Math.max(1, otpRequests.length));
    },
  },
  'wrong-pin': {
    about: 'the simulated user types 0000 first, and the PIN is asked for again',
    user: ({ human }) => human.types('0000'),
    async play(stage) {
      const outcome = await outcomeOf(lockDoors(stage.strongAuth));
      return [
        ...lockedOnce(stage, outcome, 2, 2),
        ['one wrong PIN was counted', stage.simulator.effects.wrongPins === 1],
      ];
    },
  },
  'stale-device': {
    about: 'the OTP is refused with 2312 until it is asked with resetStep',
    world: { device: { refuses: 2312, until: 'reset' } },
    play: staleDevice,
  },
  'stale-device-2317': {
    about: 'the same with 2317',
    world: { device: { refuses: 2317, until: 'reset' } },
    play: staleDevice,
  },
  'unknown-device': {
    about: 'the device is refused also after the reset step',
    world: { device: { refuses: 2312, until: 'never' } },
    async play(stage) {
      const outcome = await outcomeOf(lockDoors(stage.strongAuth));
      return [
        ...rejected(stage, outcome, 'DEVICE_UNKNOWN', 'failed'),
        [
          'one prompt, two OTP requests',
          stage.simulator.effects.prompts === 1 && stage.simulator.effects.otpRequests.length === 2,
        ],
      ];
    },
  },
  blocked: {
    about:
      'the account is blocked: call 1 asks for the PIN and learns it; call 2 is sent, challenged, and rejected without a prompt',
    world: { blocked: true },
    async play(stage) {
      const first = await outcomeOf(lockDoors(stage.strongAuth));
      const second = await outcomeOf(lockDoors(stage.strongAuth));
      return [
        ...rejected(stage, first, 'ACCOUNT_BLOCKED', 'failed'),
        [
          'call #2 was challenged as well, and rejected without a prompt',
          second === 'ACCOUNT_BLOCKED' && stage.simulator.effects.prompts === 1,
        ],
      ];
    },
  },
  'ten-at-once': {
    about: 'ten calls are challenged (2302) at the same time: one prompt, one OTP, ten replays',
    async play(stage) {
      const { strongAuth, simulator } = stage;
      const calls = Array.from({ length: 10 }, (_, index) =>
        index === 0 ? lockDoors(strongAuth) : strongAuth.get('pims.vehicle.informations', { action: 'get' }),
      );
      const outcomes = await Promise.all(calls.map(outcomeOf));
      return [
        ['all ten resolved', outcomes.every((outcome) => outcome === 'resolved')],
        [
          'each was executed once',
          simulator.effects.executionsOf({ api: COMMAND }) +
            simulator.effects.executionsOf({ api: 'pims.vehicle.informations' }) ===
            10,
        ],
        ['all ten were challenged', simulator.effects.challenges === 10],
        [
          'one prompt and one OTP request',
          simulator.effects.prompts === 1 && simulator.effects.otpRequests.length === 1,
        ],
      ];
    },
  },
  cancelled: {
    about: 'the simulated user closes the prompt',
    user: ({ human }) => human.declines(300),
    async play(stage) {
      const outcome = await outcomeOf(lockDoors(stage.strongAuth));
      return [
        ...rejected(stage, outcome, 'CANCELLED', 'cancelled'),
        ['no OTP was requested', stage.simulator.effects.otpRequests.length === 0],
      ];
    },
  },
  offline: {
    about:
      'the connection goes while the OTP is requested for call 1; call 2 asks for the PIN again, and works',
    async play(stage) {
      const { strongAuth, simulator } = stage;
      simulator.script(
        { api: 'pims.authentication.otp' },
        { kind: 'fail', code: 2202, label: 'No internet' },
      );
      const first = await outcomeOf(lockDoors(strongAuth));
      const checks = rejected(stage, first, 'OFFLINE', 'failed');
      const second = await outcomeOf(lockDoors(strongAuth));
      return [
        ...checks,
        ...lockedOnce(stage, second, 2, 2, 2),
        ['no wrong PIN was counted', simulator.effects.wrongPins === 0],
      ];
    },
  },
  'slow-user': {
    about: 'nobody answers the prompt until its time is up, 1.5 s here',
    policy: { pinEntryTimeoutMs: 1500 },
    user: ({ human }) => human.ignores(),
    async play(stage) {
      const outcome = await outcomeOf(lockDoors(stage.strongAuth));
      return [
        ...rejected(stage, outcome, 'PIN_ENTRY_TIMED_OUT', 'failed'),
        ['no OTP was requested', stage.simulator.effects.otpRequests.length === 0],
      ];
    },
  },
  straggler: {
    about: 'a challenge arrives after the grant, for a call sent before it: no second prompt',
    async play(stage) {
      const { strongAuth, simulator } = stage;
      const held = simulator.hold({ api: 'pims.vehicle.informations' });
      const straggler = outcomeOf(strongAuth.get('pims.vehicle.informations', { action: 'get' }));
      const outcome = await outcomeOf(lockDoors(strongAuth));
      held.release();
      const late = await straggler;
      return [
        ...lockedOnce(stage, outcome, 1, 1, 2),
        ['the straggler, call #1, was replayed without a prompt and resolved', late === 'resolved'],
        ['both were challenged', simulator.effects.challenges === 2],
      ];
    },
  },
  enroll: {
    about: 'the device is not enrolled: a phone number, one SMS and a new PIN, while the lock command waits',
    world: { hasPin: false, phoneNumber: null, smsLatencyMs: 800 },
    cures: true,
    hasNewPin: true,
    async play(stage) {
      const outcome = await outcomeOf(lockDoors(stage.strongAuth));
      const { enrolment } = stage.simulator;
      return [
        ['call #1 resolved', outcome === 'resolved'],
        [
          'the doors are locked, by one command',
          stage.simulator.car.isLocked && locks(stage.simulator) === 1,
        ],
        ['the device is enrolled', enrolment.isEnrolled && enrolment.hasPin && enrolment.hasPhone],
        ['one SMS was sent', enrolment.smsSent === 1],
      ];
    },
  },
  unblock: {
    about: 'the account is blocked: after a yes its devices are removed, and the lock command goes on',
    world: { blocked: true, pinAfterRemoval: 'gone' },
    cures: true,
    hasNewPin: true,
    async play(stage) {
      const outcome = await outcomeOf(lockDoors(stage.strongAuth));
      const { account, car, effects, enrolment } = stage.simulator;
      return [
        ['call #1 resolved', outcome === 'resolved'],
        ['the doors are locked, by one command', car.isLocked && locks(stage.simulator) === 1],
        ['the account is not blocked any more', !account.isBlocked && enrolment.isEnrolled],
        ['the devices were removed once', effects.executionsOf({ action: 'remove' }) === 1],
      ];
    },
  },
  'forgotten-pin': {
    about: 'the PIN was forgotten: an SMS and a new one, which then locks the doors',
    hasNewPin: true,
    async play(stage) {
      const { recovery, simulator, strongAuth } = stage;
      const reset = await outcomeOf(recovery.resetPin());
      const outcome = await outcomeOf(lockDoors(strongAuth));
      return [
        ['the PIN was reset', reset === 'resolved' && simulator.enrolment.smsSent === 1],
        ['call #1 resolved', outcome === 'resolved'],
        ['the doors are locked, by one command', simulator.car.isLocked && locks(simulator) === 1],
      ];
    },
  },
} satisfies Record<string, Story> as Readonly<Record<StoryName, Story>>;

export type StoryName =
  | 'lock'
  | 'wrong-pin'
  | 'stale-device'
  | 'stale-device-2317'
  | 'unknown-device'
  | 'blocked'
  | 'ten-at-once'
  | 'cancelled'
  | 'offline'
  | 'slow-user'
  | 'straggler'
  | 'enroll'
  | 'unblock'
  | 'forgotten-pin';

async function staleDevice(stage: Stage): Promise<readonly Check[]> {
  const outcome = await outcomeOf(lockDoors(stage.strongAuth));
  return [
    ...lockedOnce(stage, outcome, 1, 2),
    ['the second OTP request had resetStep', stage.simulator.effects.otpRequests[1]?.resetStep === true],
  ];
}
