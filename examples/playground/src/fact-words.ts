import type { StrongAuthFact } from 'strong-auth-machine';
import type { StepUpFact } from 'strong-auth-machine/fetch';
import type { RecoveryFact } from 'strong-auth-machine/recovery';
import type { CallLife, Entry } from './journal.js';

/** A fact in words, as an entry of the journal. */
export type Words = readonly [kind: Entry['kind'], text: string, tone?: Entry['tone']];

/** @param call The call that it is about. @returns A fact of the client in words. */
export function wordsOf(fact: StrongAuthFact, call: CallLife | undefined): Words {
  const name = nameOf(call, fact);
  switch (fact.type) {
    case 'callStarted':
      return ['call', `${name} sent`];
    case 'challenged':
      return ['call', `${name} challenged (2302)`, 'warning'];
    case 'replayed':
      return ['call', `${name} sent again`];
    case 'settled':
      return settled(name, fact);
    case 'pinRequested': {
      const left = fact.attemptsLeft === 1 ? '1 attempt' : `${fact.attemptsLeft} attempts`;
      return ['user', `asked for the PIN, ${left} left, ${fact.waiting} waiting`];
    }
    case 'pinAnswered':
      return ['user', `PIN ${fact.outcome}`, fact.outcome === 'given' ? 'plain' : 'warning'];
    case 'otpRequested':
      return ['otp', fact.resetStep ? 'requested again, with resetStep' : 'requested with the PIN'];
    case 'otpGranted':
      return ['otp', `granted after ${Math.round(fact.durationMs)} ms`, 'good'];
    case 'otpDenied':
      return ['otp', `${fact.verdict}${fact.otpCode === undefined ? '' : `, ${fact.otpCode}`}`, 'bad'];
    case 'recoveryStarted':
      return ['wave', `the app is asked to cure ${fact.code}, ${fact.waiting} waiting`, 'warning'];
    case 'recoveryEnded':
      return ['wave', fact.isCured ? 'cured' : 'not cured', fact.isCured ? 'good' : 'bad'];
    case 'waveDenied':
      return denied(fact);
    case 'subscriptionEnded':
      return ['call', `subscription of ${fact.api} ended`];
    case 'eventDropped':
      return ['call', `a late event of ${fact.api} was dropped`, 'warning'];
    case 'budgetStoreFailed':
      return ['otp', 'the store of the OTP budget failed', 'bad'];
    default:
      return unknown(fact);
  }
}

/** @param call The request that it is about. @returns A fact of the client that steps up over HTTP in words. */
export function wordsOfStepUp(fact: StepUpFact, call: CallLife | undefined): Words {
  const name = nameOf(call, fact);
  switch (fact.type) {
    case 'requestStarted':
      return ['call', `${name} sent`];
    case 'challenged':
      return ['call', `${name} challenged`, 'warning'];
    case 'headerHidden':
      return ['call', `the challenge of ${fact.method} ${fact.url} is hidden`, 'bad'];
    case 'replayed':
      return ['call', `${name} sent again`];
    case 'settled':
      return settled(name, fact);
    case 'authenticationRequested':
      return ['user', `asked to sign in, ${fact.waiting} waiting`];
    case 'authenticated':
      return ['user', `signed in after ${Math.round(fact.durationMs)} ms`, 'good'];
    case 'denied':
      return denied(fact);
    default:
      return unknown(fact);
  }
}

/** @returns A fact of the recovery in words. */
export function wordsOfRecovery(fact: RecoveryFact): Words {
  switch (fact.type) {
    case 'flowStarted':
      return ['flow', `${fact.flow}() begins`];
    case 'flowEnded':
      return fact.code === undefined
        ? ['flow', `${fact.flow}() is over`, 'good']
        : ['flow', `${fact.flow}() ended with ${fact.code}`, 'bad'];
    case 'asked':
      return ['flow', `asked for ${fact.kind}, ${fact.reason}`];
    case 'answered':
      return ['flow', `${fact.kind} ${fact.outcome}`, fact.outcome === 'given' ? 'plain' : 'warning'];
    case 'requested':
      return ['flow', `${fact.request} sent`];
    case 'smsRequested':
      return ['flow', `a text message for ${fact.purpose}`, 'warning'];
    case 'responded': {
      const code = fact.apiCode === undefined ? '' : `, ${fact.apiCode}`;
      return ['flow', `${fact.request}: ${fact.outcome}${code}`, code ? 'bad' : 'plain'];
    }
    case 'budgetStoreFailed':
      return ['flow', 'the store of the SMS budget failed', 'bad'];
    default:
      return unknown(fact);
  }
}

const nameOf = (call: CallLife | undefined, fact: StrongAuthFact | StepUpFact): string => {
  if (call) return `#${call.number} ${call.label}`;
  if (!('id' in fact)) return '';
  const what = 'verb' in fact ? `${fact.verb} ${fact.api}` : `${fact.method} ${fact.url}`;
  return `call ${fact.id}, ${what},`;
};

function settled(
  name: string,
  { outcome, code }: { outcome: string; code?: string | number | undefined },
): Words {
  const text = `${name} ${outcome}${code === undefined ? '' : `, ${code}`}`;
  return ['call', text, outcome === 'succeeded' ? 'good' : 'bad'];
}

const denied = ({ code, rejected }: { code: string; rejected: number }): Words => [
  'wave',
  `denied with ${code}, ${rejected} rejected`,
  'bad',
];

function unknown(fact: never): never {
  throw new TypeError(`an unknown fact: ${JSON.stringify(fact)}`);
}
