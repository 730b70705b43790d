import { describe, expect, test } from 'vitest';
import { at, COMMAND, challenge, EVENTS, settleDown, stage, watch } from './support.js';

describe('the PIN entry is told', () => {
  test('verb, api and action of those waiting, and nothing else', async () => {
    const app = stage();
    await app.challenged({}, { vin: 'VF3SECRET' });
    const get = watch(app.strongAuth.get('app.user'));
    await settleDown();
    await app.answer(challenge());
    expect(app.prompts[0]?.calls).toStrictEqual([
      { verb: 'set', api: COMMAND, action: 'doors' },
      { verb: 'get', api: 'app.user' },
    ]);
    expect(get.fate).toBe('pending');
  });

  test('ensure() has no call to name', async () => {
    const app = stage();
    watch(app.strongAuth.ensure());
    await settleDown();
    expect(app.prompts[0]?.calls).toEqual([]);
    expect(app.view).toMatchObject({ status: 'needStrongAuth', waiting: 1, inFlight: false });
  });
});

describe('43. Calls that join while the prompt is open show up in what the prompt names, live', () => {
  test('join and leave', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    const prompt = at(app.prompts, 0);
    expect(prompt.calls).toEqual([{ verb: 'set', api: COMMAND, action: 'doors' }]);
    watch(app.strongAuth.get<unknown>('pims.vehicle.privacy', { action: 'show' }));
    await settleDown();
    expect(prompt.calls).toHaveLength(1); // sent, not challenged
    await app.answer(challenge());
    expect(prompt.calls).toEqual([
      { verb: 'set', api: COMMAND, action: 'doors' },
      { verb: 'get', api: 'pims.vehicle.privacy', action: 'show' },
    ]);
    expect(app.view.prompt?.calls).toEqual(prompt.calls);
    controller.abort();
    await settleDown();
    expect(prompt.calls).toEqual([{ verb: 'get', api: 'pims.vehicle.privacy', action: 'show' }]);
    expect(app.view.prompt?.calls).toEqual(prompt.calls);
  });

  test('the view tells its listeners when one joins or leaves', async () => {
    const app = stage();
    const controller = new AbortController();
    const seen: number[] = [];
    app.strongAuth.view.subscribe(({ prompt }) => prompt && seen.push(prompt.calls.length));
    await app.challenged();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    await settleDown();
    expect(seen).toContain(2);
    expect(seen.at(-1)).toBe(1);
  });

  test('what it names holds no parameters, and cannot be changed into the client', async () => {
    const app = stage();
    await app.challenged({}, { vin: 'VF3SECRET' });
    const { calls } = at(app.prompts, 0);
    expect(JSON.stringify(calls)).not.toContain('VF3SECRET');
    expect(() => (calls as unknown[]).push('x')).toThrow(TypeError);
    expect(at(app.prompts, 0).calls).toHaveLength(1);
  });

  test('a subscription that waits is named as such', async () => {
    const app = stage();
    watch(app.strongAuth.subscribe<unknown>(EVENTS, { action: 'watch' }, () => {}));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    expect(at(app.prompts, 0).calls).toEqual([{ verb: 'subscribe', api: EVENTS, action: 'watch' }]);
  });
});
