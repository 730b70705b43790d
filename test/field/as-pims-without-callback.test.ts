import { describe, expect, test } from 'vitest';
import { CHALLENGE, settleDown, stage, succeeded } from '../lifecycle/support.js';
import { collectSurfaced, expectRest, immediate, trap } from './support.js';

/* asPims() whose callback is missing or throws: neighbours of field case 5, which is in messages.test.ts. */

const surfaced = collectSurfaced();

describe('5. asPims() without a callback, when things go wrong', () => {
  test.each<[string, (app: ReturnType<typeof stage>) => unknown]>([
    [
      'initialize and release',
      ({ strongAuth }) => {
        const pims = strongAuth.asPims() as unknown as Record<string, (...args: unknown[]) => void>;
        pims.initialize?.({});
        pims.release?.();
      },
    ],
    ['no arguments at all', ({ strongAuth }) => (strongAuth.asPims().get as () => void)()],
    ['null for a callback', ({ strongAuth }) => strongAuth.asPims().set('x', {}, null as never)],
    [
      'parameters that throw',
      ({ strongAuth }) =>
        (strongAuth.asPims().set as (...args: unknown[]) => void)('x', {
          get a() {
            return trap();
          },
        }),
    ],
    [
      'a call that fails',
      async ({ strongAuth, fail }) => {
        (strongAuth.asPims().set as (...args: unknown[]) => void)('x', {});
        await settleDown();
        await fail(new Error('cable'));
      },
    ],
    [
      'a call that is denied',
      async ({ strongAuth, answer, type }) => {
        (strongAuth.asPims().set as (...args: unknown[]) => void)('x', {});
        await settleDown();
        await answer(CHALLENGE);
        await type(null);
      },
    ],
    [
      'a client that was disposed of',
      ({ strongAuth }) => {
        strongAuth.dispose();
        (strongAuth.asPims().set as (...args: unknown[]) => void)('x', {});
      },
    ],
  ])('%s: nothing is thrown anywhere', async (_, happens) => {
    const app = stage();
    await happens(app);
    await immediate();
    expect(surfaced).toEqual([]);
    for (const request of app.transport.requests) request.resolve(succeeded());
    await immediate();
    await expectRest(app);
  });

  test('a callback that throws surfaces, and the next call works', async () => {
    const app = stage();
    app.strongAuth.asPims().get('x', {}, trap);
    await settleDown();
    await app.answer(succeeded());
    await immediate();
    expect(surfaced.splice(0)).toMatchObject([{ message: 'trap' }]);
    await expectRest(app);
  });
});
