import type { PolicyOptions } from 'strong-auth-machine';
import { commands } from './commands.js';
import { PIN, type Stage, type StageOptions } from './stage.js';

/* What stories are made of. */

/** What a story can do with the page beside the stage. */
export interface Hands {
  /** Types a PIN into the pad, as a visitor would, and submits it. */
  typePin(pin: string): Promise<void>;
  /** Answers the question of the recovery on the phone: what is typed, or yes or no. */
  answer(answer: string | boolean): Promise<void>;
}

/** One step: what is done, and what has come of it when the next may follow. Time stands still between steps. */
export interface Step {
  readonly text: string;
  readonly act?: (stage: Stage, hands: Hands) => unknown;
  /** Whether the step is over. A step without it is over at once. */
  readonly until?: (stage: Stage) => boolean;
}

/** One thing that should have happened, and whether it did. */
export type Check = readonly [claim: string, holds: boolean];

/** A story: how its world begins, what happens in it step by step, and what should come of that. */
export interface Story {
  readonly title: string;
  readonly about: string;
  readonly world?: StageOptions['world'];
  readonly policy?: PolicyOptions;
  /** Whether the app has a recovery, which the client asks before it denies. */
  readonly recovers?: boolean;
  /** Whether the app is that of a bank, which steps up over HTTP. */
  readonly isBank?: boolean;
  readonly steps: readonly Step[];
  readonly checks: (stage: Stage) => readonly Check[];
}

type Status = ReturnType<Stage['strongAuth']['view']['getSnapshot']>['status'];

export const STATUS_API = 'pims.vehicle.informations';
export const COMMAND_API = 'pims.vehicle.command';
const statusOf = ({ client }: Stage): Status => client.view.getSnapshot().status;
export const reaches =
  (...statuses: Status[]) =>
  (stage: Stage): boolean =>
    statuses.includes(statusOf(stage));
export const isAsked = (stage: Stage): boolean => stage.pad.view.getSnapshot().isOpen;
export const outcome = ({ journal }: Stage, number: number): string =>
  journal.calls[number - 1]?.outcome ?? 'unmade';
export const isSettled =
  (number: number) =>
  (stage: Stage): boolean =>
    !['unmade', 'pending'].includes(outcome(stage, number));
const prompts = ({ journal }: Stage): number => journal.counts.get('pinRequested') ?? 0;
const otps = ({ simulator }: Stage): number => simulator.effects.otpRequests.length;
export const executions = ({ simulator }: Stage, api: string, action?: string): number =>
  simulator.effects.executionsOf({ api, ...(action !== undefined && { action }) });

export const lock: Step = {
  text: 'Lock is pressed. The SDK answers 2302, so the call waits and the user is asked.',
  act: (stage) => stage.run(commands.lock),
  until: isAsked,
};
export const types = (pin: string, text: string): Step => ({
  text,
  act: (_, hands) => hands.typePin(pin),
  until: reaches('requestingOtp'),
});
export const typesRight = types(
  PIN,
  'The user types the PIN. It goes into one OTP request, and nowhere else.',
);
export const isGranted: Step = {
  text: 'The OTP is granted: what waited is sent again.',
  until: reaches('replaying'),
};
export const comesToRest: Step = {
  text: 'The answers arrive. Every call has settled.',
  // The machine is done when the answers are here; an app that reads their bodies is done a little later.
  until: (stage) =>
    reaches('done')(stage) && stage.journal.calls.every(({ outcome }) => outcome !== 'pending'),
};

export const asked = (stage: Stage, count: number): Check => [
  `the user was asked ${times(count)}`,
  prompts(stage) === count,
];
export const requested = (stage: Stage, count: number): Check => [
  `${count === 0 ? 'no OTP was' : count === 1 ? 'one OTP was' : `${count} OTPs were`} requested`,
  otps(stage) === count,
];
export const lockedBy = (stage: Stage, count: number): Check => [
  count === 0
    ? 'the doors were left alone'
    : `the doors were locked by ${count === 1 ? 'one command' : `${count} commands`}`,
  executions(stage, COMMAND_API, 'doors') === count && stage.simulator.car.isLocked === count > 0,
];
export const rejected = (stage: Stage, number: number, code: string): Check => [
  `call ${number} was rejected with ${code}`,
  outcome(stage, number) === code,
];
export const rests = (stage: Stage, status: Status): Check => [
  `the machine rests in ${status}`,
  statusOf(stage) === status,
];
const times = (count: number): string => (count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`);
