import type { WorldOptions } from 'strong-auth-machine/testing';

/** What it takes to find an account blocked, and to come back to it. */
const blocking = ['call.made', 'call.challenged', 'call.succeeded', 'pin.given', 'otp.denied'];

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
  'two calls and an ensure on a blocked account': {
    calls: ['call', 'call', 'ensure'],
    alphabet: (event) =>
      blocking.includes(event.type) && (!('code' in event) || event.code === 'ACCOUNT_BLOCKED'),
  },
};
