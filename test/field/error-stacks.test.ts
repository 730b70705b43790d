import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { type App, collectSurfaced } from './support.js';

/* The stack of an error names the line of the caller: neighbours of the field cases in errors.test.ts. */

collectSurfaced();

const THIS_FILE = basename(fileURLToPath(import.meta.url));

describe('a stack names the line of the caller, where the engine can give one', () => {
  const ways: [string, (app: App) => Promise<unknown>, (app: App) => unknown][] = [
    [
      'set(), the transport fails',
      async (app) => await app.strongAuth.set(COMMAND, { action: 'horn' }),
      (app) => app.fail(new Error('cable')),
    ],
    [
      'get(), the SDK says FAILED',
      async (app) => await app.strongAuth.get('x'),
      (app) => app.answer(failed(2204)),
    ],
    [
      'send()',
      async (app) => await app.strongAuth.send({ verb: 'get', api: 'x' }),
      (app) => app.answer('nonsense'),
    ],
    ['set(), time is over', async (app) => await app.strongAuth.set('x', {}), (app) => app.pass(60_000)],
    [
      'set(), declined',
      async (app) => await app.strongAuth.set('x', {}),
      async (app) => {
        await app.answer(CHALLENGE);
        await app.type(null);
      },
    ],
    [
      'set(), refused after the PIN',
      async (app) => await app.strongAuth.set('x', {}),
      async (app) => {
        await app.answer(CHALLENGE);
        await app.type('1234');
        await app.answer(failed(2310));
      },
    ],
    [
      'set(), its replay fails',
      async (app) => await app.strongAuth.set('x', {}),
      async (app) => {
        await app.answer(CHALLENGE);
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.answer(failed(2204));
      },
    ],
    ['set(), signed out', async (app) => await app.strongAuth.set('x', {}), (app) => app.strongAuth.reset()],
    [
      'set(), disposed of',
      async (app) => await app.strongAuth.set('x', {}),
      (app) => app.strongAuth.dispose(),
    ],
    ['ensure()', async (app) => await app.strongAuth.ensure(), (app) => app.strongAuth.cancel()],
    ['subscribe()', async (app) => await app.strongAuth.subscribe('x', {}, () => {}), () => {}],
    [
      'a misspelt option',
      async (app) => await app.strongAuth.get('x', {}, { timeout: 1 } as never),
      () => {},
    ],
    [
      'after dispose()',
      async (app) => {
        app.strongAuth.dispose();
        await app.strongAuth.get('x');
      },
      () => {},
    ],
  ];
  test.each(ways)('%s', async (_, call, happens) => {
    const app = stage();
    const caught = call(app).catch((error: Error) => error);
    await settleDown();
    await happens(app);
    await settleDown();
    const error = (await caught) as Error;
    expect(error.stack).toContain(THIS_FILE);
    expect(error.stack?.startsWith(`${error.name}: ${error.message}`)).toBe(true);
  });

  test('each of three calls that wait for one wave, its own line', async () => {
    const app = stage();
    async function lockTheDoors() {
      await app.strongAuth.set('x', { n: 1 });
    }
    async function blowTheHorn() {
      await app.strongAuth.set('x', { n: 2 });
    }
    const [locking, blowing] = [lockTheDoors(), blowTheHorn()].map((made) =>
      made.catch((error: Error) => error),
    );
    await settleDown();
    for (const index of [0, 1]) await app.answer(CHALLENGE, index);
    app.strongAuth.cancel();
    const stacks = [((await locking) as Error).stack, ((await blowing) as Error).stack];
    expect(stacks.map((stack) => [stack?.includes('lockTheDoors'), stack?.includes('blowTheHorn')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('in an engine that has no such thing, errors are errors all the same', async () => {
    const { captureStackTrace } = Error;
    Error.captureStackTrace = undefined as never;
    try {
      const app = stage();
      const call = watched(app.strongAuth.get('x'));
      await app.fail(new Error('cable'));
      expect(call.fate).toBe('TRANSPORT_FAILED');
    } finally {
      Error.captureStackTrace = captureStackTrace;
    }
  });
});
