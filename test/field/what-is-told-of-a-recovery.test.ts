import type { StrongAuthFact, StrongAuthOptions } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { failed, OTP, settleDown, stage } from '../lifecycle/support.js';
import { collectSurfaced } from './support.js';

/* What telemetry is told of the host's `recover`, and what its late answer changes: nothing. */

const surfaced = collectSurfaced();

type Recover = NonNullable<StrongAuthOptions['recover']>;

/** A client of a blocked account, whose `recover` the test answers. */
function blocked() {
  const told: StrongAuthFact[] = [];
  const asked: {
    failure: unknown;
    signal: AbortSignal;
    resolve: (isCured: boolean) => void;
    reject: (error: unknown) => void;
  }[] = [];
  const recover: Recover = (failure, { signal }) =>
    new Promise((resolve, reject) => {
      asked.push({ failure, signal, resolve, reject });
    });
  const app = stage({ recover, onEvent: (event) => told.push(event) });
  const toldOf = () =>
    told.filter(({ type }) => type.startsWith('recovery')).map(({ at: _, ...event }) => event);
  return { app, asked, toldOf, told };
}

async function challengedAndBlocked() {
  const theatre = blocked();
  const { app } = theatre;
  const calls = [await app.challenged(), await app.challenged()];
  await app.type('1234');
  await app.answerNext(OTP, failed(2310));
  return { ...theatre, calls };
}

describe('telemetry', () => {
  test.each([
    [true, 'needStrongAuth'],
    [false, 'failed'],
  ])('hears that it began, and that %s was its answer', async (isCured, status) => {
    const { app, asked, toldOf } = await challengedAndBlocked();
    expect(toldOf()).toEqual([{ type: 'recoveryStarted', code: 'ACCOUNT_BLOCKED', waiting: 2 }]);
    app.clock.advance(5_000);
    asked[0]?.resolve(isCured);
    await settleDown();
    expect(toldOf()[1]).toEqual({ type: 'recoveryEnded', isCured, durationMs: 5_000 });
    expect([app.status, toldOf().length]).toEqual([status, 2]);
  });

  test('hears of no end when the wave has ended before, whatever the late answer is', async () => {
    for (const answer of ['true', 'false', 'error'] as const) {
      const { app, asked, calls, toldOf } = await challengedAndBlocked();
      await app.cancel();
      const status = app.status;
      expect(asked[0]?.signal.aborted).toBe(true);
      if (answer === 'error') asked[0]?.reject(new DOMException('gone', 'AbortError'));
      else asked[0]?.resolve(answer === 'true');
      await settleDown();
      expect([toldOf().length, app.status, calls.map(({ fate }) => fate)]).toEqual([
        1,
        status,
        ['CANCELLED', 'CANCELLED'],
      ]);
    }
  });
});

test('the signal of a recovery that has answered is not aborted', async () => {
  for (const isCured of [true, false]) {
    const { asked } = await challengedAndBlocked();
    asked[0]?.resolve(isCured);
    await settleDown();
    expect(asked[0]?.signal.aborted).toBe(false);
  }
});

test('a recovery that throws is no cure, and its error surfaces once', async () => {
  const { app, asked, calls } = await challengedAndBlocked();
  const error = new Error('bug of the host');
  asked[0]?.reject(error);
  await settleDown();
  await settleDown();
  expect(surfaced.splice(0)).toEqual([error]);
  expect([app.status, calls.map(({ fate }) => fate)]).toEqual([
    'failed',
    ['ACCOUNT_BLOCKED', 'ACCOUNT_BLOCKED'],
  ]);
});

describe('which refusals of an OTP it may cure', () => {
  test.each([
    [2310, 'recovering', 'ACCOUNT_BLOCKED'],
    [2311, 'recovering', 'OTP_REFUSED'],
    [2313, 'recovering', 'OTP_REFUSED'],
    [2314, 'failed', 'OTP_REFUSED'],
    [2344, 'failed', 'OTP_REFUSED'],
    [2309, 'failed', 'OTP_REFUSED'],
  ])('%i leads to %s', async (code, status, reason) => {
    const { app, asked } = blocked();
    await app.challenged();
    await app.type('1234');
    await app.answerNext(OTP, failed(code));
    expect([app.status, asked.map(({ failure }) => (failure as { code: string }).code)]).toEqual([
      status,
      status === 'recovering' ? [reason] : [],
    ]);
  });
});

test('a PIN that was malformed too often says so, and asks for no cure', async () => {
  const { app, asked } = blocked();
  const call = await app.challenged();
  for (let time = 0; call.fate === 'pending' && time < 20; time += 1) {
    await app.type('1234');
    await app.answerNext(OTP, failed(2101, 'Invalid parameter: pinCode'));
  }
  expect([call.error, asked.length]).toMatchObject([
    { code: 'PIN_ENTRY_FAILED', details: { why: 'malformed' } },
    0,
  ]);
});
