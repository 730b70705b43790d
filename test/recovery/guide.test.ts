import { type RecoveryErrorCode, recoveryRemedyOf } from 'strong-auth-machine/machine';
import { expect, test } from 'vitest';
import { read } from '../../scripts/docs/markdown.js';

/** A new code does not compile until it is listed. */
const codes = {
  CANCELLED: true,
  ASK_FAILED: true,
  ASK_TIMED_OUT: true,
  PIN_REJECTED: true,
  PIN_UNKNOWN: true,
  PIN_REUSED: true,
  SMS_REJECTED: true,
  SMS_BUDGET_SPENT: true,
  SMS_REFUSED: true,
  PHONE_TAKEN: true,
  ACCOUNT_BLOCKED: true,
  STILL_BLOCKED: true,
  NOT_ENROLLED: true,
  NOT_SUPPORTED: true,
  REFUSED: true,
  SIGN_IN_REQUIRED: true,
  OFFLINE: true,
  OUTCOME_UNKNOWN: true,
  BUSY: true,
  SIGNED_OUT: true,
  DISPOSED: true,
} as const satisfies Record<RecoveryErrorCode, true>;

test('the guide has every code with its remedy', () => {
  const [, section = ''] = read('docs/guides/recovery.md').split('## Every error\n');
  const written = [...section.matchAll(/^\| `([A-Z_]+)` \|.*\| (.+) \|$/gm)].map(([, code, remedy]) => [
    code,
    remedy?.replaceAll('`', ''),
  ]);
  const wanted = (Object.keys(codes) as RecoveryErrorCode[]).map((code) => [
    code,
    code === 'REFUSED' ? 'retry, none or contactSupport, by that code' : recoveryRemedyOf(code),
  ]);
  expect(written.sort()).toEqual(wanted.sort());
});
