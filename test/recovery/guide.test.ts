import { readFileSync } from 'node:fs';
import {
  isRecoveryErrorCode,
  recoveryFailureOf,
  recoveryMachine,
  recoveryRemedyOf,
} from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import { createActor } from 'xstate';

const guide = readFileSync(new URL('../../docs/guides/recovery.md', import.meta.url), 'utf8');
const source = readFileSync(new URL('../../machines/recovery/recovery.failures.ts', import.meta.url), 'utf8');

test('the guide has every code with its remedy', () => {
  const [, section = ''] = guide.split('## Every error\n');
  const written = [...section.matchAll(/^\| `([A-Z_]+)` \|.*\| (.+) \|$/gm)].map(([, code, remedy]) => [
    code,
    remedy?.replaceAll('`', ''),
  ]);
  const codes = [...source.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, code = '']) => code);
  expect(codes.every(isRecoveryErrorCode)).toBe(true);
  const wanted = codes.map((code) => [
    code,
    code === 'REFUSED' ? 'retry, none or contactSupport, by that code' : recoveryRemedyOf(code as 'BUSY'),
  ]);
  expect(written.sort()).toEqual(wanted.sort());
});

describe('failures', () => {
  test.each([
    [2309, 'none'],
    [2312, 'contactSupport'],
    [2348, 'contactSupport'],
    [2000, 'retry'],
    [undefined, 'retry'],
  ] as const)('a refusal with %o: %s', (apiCode, remedy) => {
    expect(recoveryRemedyOf('REFUSED', apiCode)).toBe(remedy);
    expect(recoveryRemedyOf('OFFLINE', apiCode)).toBe('retry');
  });

  test('have the facts that were given, and no empty ones', () => {
    expect(recoveryFailureOf('CANCELLED')).toStrictEqual({ code: 'CANCELLED', remedy: 'retry' });
    expect(recoveryFailureOf('SMS_BUDGET_SPENT', { retryAt: 5 })).toStrictEqual({
      code: 'SMS_BUDGET_SPENT',
      remedy: 'wait',
      retryAt: 5,
    });
  });

  test.each(['toString', '', 2310, undefined])('%o is no code', (value) => {
    expect(isRecoveryErrorCode(value)).toBe(false);
  });
});

test('unplugged, the ports of the machine fail closed', () => {
  const policy = {
    maxPinAttempts: 2,
    maxSmsAttempts: 3,
    maxSms: 2,
    answerTimeoutMs: 600_000,
    requestTimeoutMs: 30_000,
  };
  const actor = createActor(recoveryMachine, { input: { policy } }).start();
  for (const flow of ['enrollDevice', 'unblockAccount', 'resetPin', 'changePin'] as const) {
    actor.send({ type: 'flow.started', flow });
    expect(actor.getSnapshot()).toMatchObject({
      value: { resting: 'failed' },
      context: { failure: { code: 'ASK_FAILED' } },
    });
  }
});
