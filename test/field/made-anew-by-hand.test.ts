import type { CallOptions } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  stage,
  succeeded,
  turn,
  type Watched,
  watched,
} from '../lifecycle/support.js';
import { finish, isOneOpen } from './open-prompt.js';
import { type App, collectSurfaced, expectRest, immediate } from './support.js';

/* Calls that an app gives up and makes anew: neighbours of field case 27, which is in one-prompt-for-calls-made-anew.test.ts. */

collectSurfaced();

describe('by hand', () => {
  /** A wave whose only waiter can be given up. */
  async function waitsAlone(options: CallOptions = {}) {
    const app = stage();
    const controller = new AbortController();
    const call = await app.challenged({ ...options, signal: controller.signal });
    return { app, call, giveUp: () => controller.abort() };
  }

  const anew: Record<string, (app: App) => Watched> = {
    'another API': ({ strongAuth }) => watched(strongAuth.get('y')),
    'a set': ({ strongAuth }) => watched(strongAuth.set(COMMAND, { action: 'horn' })),
    'as data': ({ strongAuth }) => watched(strongAuth.send({ verb: 'get', api: 'y' })),
    'a background call': ({ strongAuth }) => watched(strongAuth.get('y', {}, { interactive: false })),
    'by asPims()': ({ strongAuth }) =>
      watched(new Promise((resolve) => strongAuth.asPims().get('y', {}, resolve))),
  };
  test.each(Object.entries(anew))('a call made anew as %s joins the prompt that is open', async (_, make) => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const call = make(app);
    await turn();
    await app.answer(CHALLENGE);
    expect([isOneOpen(app), app.status, call.fate]).toEqual([true, 'needStrongAuth', 'pending']);
    await finish(app);
    expect([call.fate, app.requestsOf(OTP).length]).toEqual(['resolved', 1]);
    await expectRest(app);
  });

  test('a subscribe made anew', async () => {
    const { app, giveUp } = await waitsAlone();
    let acknowledge = (_: unknown) => {};
    app.transport.subscribe = (_request, onMessage) => {
      acknowledge = onMessage;
    };
    giveUp();
    const call = watched(app.strongAuth.subscribe('events', {}, () => {}));
    await turn();
    acknowledge(CHALLENGE);
    await immediate();
    expect(isOneOpen(app)).toBe(true);
    await finish(app);
    acknowledge(succeeded());
    await immediate();
    expect(call.fate).toBe('resolved');
  });

  test('one of several that wait is given up: nothing changes but the list', async () => {
    const { app, giveUp } = await waitsAlone({ label: 'first' });
    const other = await app.challenged({ label: 'second' });
    giveUp();
    await turn();
    app.clock.advance(0);
    expect(isOneOpen(app)).toBe(true);
    expect(app.user.prompts[0]?.prompt.calls.map(({ label }) => label)).toEqual(['second']);
    await finish(app);
    expect(other.fate).toBe('resolved');
    await expectRest(app);
  });

  test('all of several are given up, and made anew', async () => {
    const app = stage();
    let controller = new AbortController();
    const make = () =>
      ['x', 'y', 'z'].map((api) => watched(app.strongAuth.get(api, {}, { signal: controller.signal })));
    const answerAll = async (message: unknown) => {
      for (const { isAnswered, resolve } of [...app.transport.requests]) if (!isAnswered) resolve(message);
      await immediate();
    };
    let calls = make();
    await answerAll(CHALLENGE);
    for (let run = 0; run < 5; run += 1) {
      controller.abort();
      controller = new AbortController();
      calls = make();
      await turn();
      await answerAll(CHALLENGE);
    }
    expect(isOneOpen(app)).toBe(true);
    await finish(app);
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'resolved', 'resolved']);
    await expectRest(app);
  });

  test('of those made anew one succeeds at once, the other is challenged: the prompt stays', async () => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const calls = [watched(app.strongAuth.get('x')), watched(app.strongAuth.get('y'))];
    await turn();
    app.requestsOf('x')[0]?.resolve(succeeded());
    await immediate();
    expect(isOneOpen(app)).toBe(true);
    app.requestsOf('y')[0]?.resolve(CHALLENGE);
    await immediate();
    expect(isOneOpen(app)).toBe(true);
    await finish(app);
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'resolved']);
    await expectRest(app);
  });

  test('it is given up again before it was challenged, and nobody comes: the prompt closes', async () => {
    const { app, giveUp } = await waitsAlone();
    const controller = new AbortController();
    giveUp();
    const call = watched(app.strongAuth.get('y', {}, { signal: controller.signal }));
    await turn();
    controller.abort();
    await turn();
    app.clock.advance(0);
    await immediate();
    expect([call.fate, isOneOpen(app), app.status]).toEqual(['AbortError', false, 'cancelled']);
    await expectRest(app);
  });

  test('it is given up again and made anew again before it was challenged: the prompt stays', async () => {
    const { app, giveUp } = await waitsAlone();
    let controller = new AbortController();
    giveUp();
    let call = watched(app.strongAuth.get('y', {}, { signal: controller.signal }));
    for (let run = 0; run < 3; run += 1) {
      await turn(); // in a turn of its own, before the answer has come
      controller.abort();
      controller = new AbortController();
      call = watched(app.strongAuth.get('y', {}, { signal: controller.signal }));
    }
    await turn();
    expect(isOneOpen(app)).toBe(true);
    await app.answer(CHALLENGE);
    await finish(app);
    expect([call.fate, app.user.prompts.length]).toEqual(['resolved', 1]);
    await expectRest(app);
  });

  test('the user declines meanwhile: the new call shares that, and nobody is asked twice', async () => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const call = watched(app.strongAuth.get('y'));
    await turn();
    await app.type(null);
    expect(app.status).toBe('calling');
    await app.answer(CHALLENGE);
    expect([call.fate, app.user.prompts.length]).toEqual(['CANCELLED', 1]);
    await expectRest(app);
  });

  test('given up while the OTP is requested, and made anew: no second prompt, no second OTP', async () => {
    const { app, giveUp } = await waitsAlone();
    await app.type('1234');
    giveUp();
    const call = watched(app.strongAuth.get('y'));
    await turn();
    await app.answer(CHALLENGE);
    app.requestsOf(OTP)[0]?.resolve(GRANT);
    await immediate();
    await app.answer(succeeded('done'));
    expect([call.value, app.user.prompts.length, app.requestsOf(OTP).length]).toEqual(['done', 1, 1]);
    await expectRest(app);
  });

  test('given up while the OTP is requested, and nobody comes: a late grant changes nothing', async () => {
    const { app, giveUp } = await waitsAlone();
    await app.type('1234');
    giveUp();
    await turn();
    expect(app.status).toBe('cancelled');
    app.requestsOf(OTP)[0]?.resolve(GRANT);
    await immediate();
    expect([app.status, app.strongAuth.view.getSnapshot().lastGrantAt]).toEqual(['cancelled', undefined]);
    await expectRest(app);
  });

  test.each(['cancel', 'reset', 'dispose'] as const)('%s() in between ends it at once', async (how) => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const call = watched(app.strongAuth.get('y'));
    app.strongAuth[how]();
    await immediate();
    expect(isOneOpen(app)).toBe(false);
    if (how === 'cancel') await app.answer(succeeded());
    expect(call.settlements).toBe(1);
    await expectRest(app);
  });

  test('a wrong PIN meanwhile: the retry prompt waits for the new call, too', async () => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const call = watched(app.strongAuth.get('y'));
    await turn();
    await app.type('1111');
    app.requestsOf(OTP)[0]?.resolve(failed(2308));
    await immediate();
    expect(app.user.prompts.map(({ prompt }) => prompt.signal.aborted)).toEqual([false, false]);
    app.requestsOf('y')[0]?.resolve(CHALLENGE);
    await immediate();
    await finish(app);
    expect([call.fate, app.user.prompts.length]).toEqual(['resolved', 2]);
    await expectRest(app);
  });

  test('a timeout signal, and the app asks again when it hears of it', async () => {
    const app = stage();
    const ask = async (): Promise<unknown> => {
      try {
        return await app.strongAuth.get('x', {}, { signal: AbortSignal.timeout(5) });
      } catch {
        return app.strongAuth.get<unknown>('x');
      }
    };
    const call = watched(ask());
    await immediate();
    await app.answer(CHALLENGE);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(isOneOpen(app)).toBe(true);
    await app.answer(CHALLENGE);
    await finish(app, 'second');
    expect(call.value).toBe('second');
    await expectRest(app);
  });

  test('by a manual clock that stands still, too: the turn of the loop counts', async () => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    await turn();
    expect([app.status, app.clock.pending]).toEqual(['cancelled', 0]);
    await expectRest(app);
  });
});
