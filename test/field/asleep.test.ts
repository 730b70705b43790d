import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, GRANT, stage, succeeded, watched } from '../lifecycle/support.js';
import { type App, collectSurfaced, expectRest, immediate, sleepLong } from './support.js';

/* What is too old when the device wakes is not sent: neighbours of field case 12. */

collectSurfaced();

describe('12. asleep for three hours: what is too old by then is not sent', () => {
  const stages: Record<
    string,
    { sleepAt: (app: App) => Promise<unknown>; then: (app: App) => Promise<unknown> }
  > = {
    'before the challenge arrives': {
      sleepAt: async () => {},
      then: async (app) => app.answer(CHALLENGE),
    },
    'while the user is asked': {
      sleepAt: (app) => app.answer(CHALLENGE),
      async then(app) {
        await app.type('1234');
        await app.answer(GRANT);
      },
    },
    'while the OTP is requested': {
      async sleepAt(app) {
        await app.answer(CHALLENGE);
        await app.type('1234');
      },
      then: (app) => app.answer(GRANT),
    },
  };
  test.each(Object.entries(stages))('%s', async (_, { sleepAt, then }) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, { action: 'doors', doorState: 'unlock' }));
    await sleepAt(app);
    sleepLong(app);
    await then(app);
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['STALE', 1]);
    await expectRest(app);
  });

  test.each(['replay', 'prepareReplay', 'grant.apply'] as const)('while %s decides', async (place) => {
    let answer = (_: unknown) => {};
    const held = <T>(value: T) =>
      new Promise<T>((resolve) => {
        answer = () => resolve(value);
      });
    let isHeld = false;
    const app = stage({
      ...(place === 'prepareReplay' && { prepareReplay: (request) => held(request) }),
      ...(place === 'grant.apply' && {
        grant: { read: () => 'token', apply: (request) => (isHeld ? held(request) : request) },
      }),
    });
    const call = await app.challenged(place === 'replay' ? { replay: () => held(true) } : {});
    await app.type('1234');
    isHeld = true;
    await app.answer(GRANT);
    sleepLong(app);
    answer(undefined);
    await immediate();
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['STALE', 1]);
    isHeld = false;
    await expectRest(app);
  });

  test('a straggler that is challenged after it', async () => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, { action: 'doors', doorState: 'unlock' }));
    void watched(app.strongAuth.ensure());
    await app.type('1234');
    await app.answer(GRANT);
    sleepLong(app);
    await app.answer(CHALLENGE, 0);
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['STALE', 1]);
    await expectRest(app);
  });

  test('in line behind another command: with serial replays', async () => {
    const app = stage({ policy: { replays: 'serial' } });
    const calls = [await app.challenged(), await app.challenged()];
    await app.type('1234');
    await app.answer(GRANT);
    sleepLong(app);
    await app.answer(succeeded());
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'STALE']);
    expect(app.requestsOf(COMMAND)).toHaveLength(3);
    await expectRest(app);
  });
});
