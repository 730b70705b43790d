import type { WorldOptions } from 'strong-auth-machine/testing';

/** What it takes to find an account blocked or throttled, and to come back to it. */
const blocking = [
  ...['call.made', 'call.challenged', 'call.succeeded', 'pin.given', 'otp.denied'],
  ...['recovered', 'retryTime.came'],
];

const inLine = [
  'call.made',
  'call.succeeded',
  'call.challenged',
  'call.aborted',
  'pin.given',
  'otp.granted',
  'reset',
];

const inOneTurn = [
  ...['call.made', 'call.succeeded', 'call.challenged', 'call.aborted', 'turn.ended', 'cancelled', 'reset'],
  ...['pin.given', 'pin.declined', 'otp.granted', 'otp.pinRejected', 'timeout', 'otp.answeredLate'],
];

const madeAgain = ['call.made', 'call.challenged', 'call.succeeded', 'call.aborted', 'turn.ended'];

const ofPrompt = [
  ...['call.made', 'call.succeeded', 'call.challenged', 'pin.given', 'pin.declined', 'otp.granted'],
  ...['otp.pinRejected', 'cancelled'],
];

/** What it takes to need a cure, and what may happen meanwhile. */
const curing = [
  ...['call.made', 'call.succeeded', 'call.challenged', 'call.aborted', 'pin.given', 'otp.granted'],
  ...['otp.denied', 'recovery.succeeded', 'recovery.failed', 'cancelled', 'timeout'],
];

/** The worlds whose every edge is walked. Together they take every edge of the chart, and every guard both ways. */
export const worlds: Readonly<Record<string, WorldOptions>> = {
  'one call, every outcome': {},
  'two calls': { calls: ['call', 'call'], alphabet: 'essential' },
  'a call and an ensure': { calls: ['call', 'ensure'], alphabet: 'essential' },
  'a call and a background call, replayed twice, one waiting at most': {
    calls: ['call', 'background'],
    alphabet: 'essential',
    policy: { maxRounds: 2, maxWaiting: 1 },
  },
  'a call and an ensure, one waiting at most, one OTP in the budget': {
    calls: ['call', 'ensure'],
    alphabet: 'essential',
    policy: { maxWaiting: 1 },
    otpBudget: 1,
  },
  'two commands that are sent again one after another': {
    calls: ['call', 'call'],
    replays: 'serial',
    alphabet: (event) => inLine.includes(event.type),
  },
  'two commands that are sent again one after another, twice': {
    calls: ['call', 'call'],
    replays: 'serial',
    policy: { maxRounds: 2 },
    alphabet: (event) => [...inLine, 'pin.declined'].includes(event.type),
  },
  'a command and a read, where only commands go one after another': {
    calls: ['call', 'read'],
    replays: 'serial',
    alphabet: (event) => inLine.includes(event.type),
  },
  'two calls, one of which may be made in the turn in which the other is given up': {
    calls: ['call', 'call'],
    turns: true,
    alphabet: (event) => inOneTurn.includes(event.type) && (!('otpCode' in event) || event.otpCode === 2308),
  },
  'three calls, each of which may be made in the turn in which the one before is given up': {
    calls: ['call', 'call', 'call'],
    turns: true,
    alphabet: (event) => madeAgain.includes(event.type),
  },
  'a call, and two that the PIN entry makes itself': {
    calls: ['call', 'callOfPrompt', 'ensureOfPrompt'],
    alphabet: (event) => ofPrompt.includes(event.type) && (!('otpCode' in event) || event.otpCode === 2308),
  },
  'one call of an app that cures blocks and devices, every outcome': { cures: true },
  'a call and an ensure of an app that cures blocks': {
    calls: ['call', 'ensure'],
    cures: true,
    alphabet: (event) =>
      curing.includes(event.type) && (!('code' in event) || event.code === 'ACCOUNT_BLOCKED'),
  },
  'two calls and an ensure on an account that is blocked or throttled': {
    calls: ['call', 'call', 'ensure'],
    recovers: true,
    alphabet: (event) =>
      blocking.includes(event.type) &&
      (!('code' in event) || event.code === 'ACCOUNT_BLOCKED' || event.code === 'THROTTLED'),
  },
};
