import { once } from 'node:events';
import type { StrongAuthFact } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, OTP, stage, succeeded, watched } from './support.js';

describe('the view', () => {
  test('is the same object until something changes, and tells since when', async () => {
    const { answer, challenged, clock, strongAuth } = stage();
    const seen: unknown[] = [];
    strongAuth.view.subscribe(({ status, since }) => seen.push([status, since - 1_700_000_000_000]));
    const idle = strongAuth.view.getSnapshot();
    expect(strongAuth.view.getSnapshot()).toBe(idle);
    clock.advance(5);
    await challenged();
    clock.advance(5);
    strongAuth.cancel();
    await answer(succeeded());
    expect(seen).toEqual([
      ['calling', 5],
      ['needStrongAuth', 5],
      ['cancelled', 10],
    ]);
  });

  test('keeps the part that has not changed, for selectors that read one part', async () => {
    const { answer, challenged, clock, strongAuth, type } = stage();
    const shown = () => strongAuth.view.getSnapshot();
    await challenged();
    const { prompt } = shown();
    void watched(strongAuth.get('x'));
    expect([shown().inFlight, shown().prompt === prompt]).toEqual([true, true]);
    await answer(succeeded());
    await challenged();
    expect(shown().prompt?.calls).toHaveLength(2);
    void watched(strongAuth.get('x'));
    await type(null);
    const { failure, status } = shown();
    await answer(succeeded());
    expect([status, shown().status, shown().failure === failure]).toEqual(['calling', 'cancelled', true]);

    // Nobody looks between two waves of the same look, and the calls of the second are shown all the same.
    await challenged();
    await challenged();
    const before = shown();
    expect(before.prompt?.calls).toHaveLength(2);
    strongAuth.cancel();
    clock.advance(1);
    void watched(strongAuth.get('other'));
    await answer(failed(2302));
    await challenged();
    expect(shown().prompt?.calls.map(({ api }) => api)).toEqual(['other', COMMAND]);
  });

  test('stays the same object, and tells nobody, when the machine takes a step that shows nothing', async () => {
    const { answer, challenged, requestsOf, strongAuth, type } = stage();
    await challenged();
    await type('1234');
    const [view, snapshot] = [strongAuth.view.getSnapshot(), strongAuth.actor.getSnapshot()];
    let told = 0;
    strongAuth.view.subscribe(() => {
      told += 1;
    });
    await answer(failed(2312));
    expect([requestsOf(OTP).length, strongAuth.actor.getSnapshot() === snapshot]).toEqual([2, false]);
    expect([strongAuth.view.getSnapshot() === view, told]).toEqual([true, 0]);
  });

  test('names who waits now, when one has left and another has joined since it was read', async () => {
    const { answer, challenged, strongAuth } = stage();
    const shown = () => strongAuth.view.getSnapshot();
    const names = () => shown().prompt?.calls.map(({ api }) => api);
    await challenged();
    const controller = new AbortController();
    void watched(strongAuth.get('leaves', undefined, { signal: controller.signal }));
    await answer(CHALLENGE);
    const before = shown();
    expect(names()).toEqual([COMMAND, 'leaves']);
    controller.abort();
    void watched(strongAuth.get('joins'));
    await answer(CHALLENGE);
    expect([shown() === before, shown().waiting, names()]).toEqual([false, 2, [COMMAND, 'joins']]);
  });

  test('is right where nobody has looked at what was between, all in one moment', async () => {
    const { answer, challenged, strongAuth, type } = stage({ policy: { maxPinAttempts: 3 } });
    const shown = () => strongAuth.view.getSnapshot();
    const asked = () => [shown().prompt?.attempt, shown().prompt?.reason];
    await challenged();
    const seen = [asked()];
    for (const pin of ['12', '1234', '1234']) {
      await type(pin);
      if (pin !== '12') await answer(failed(2308));
      seen.push(asked());
    }
    expect(seen).toEqual([
      [1, 'strongAuthNeeded'],
      [1, 'pinMalformed'],
      [2, 'pinRejected'],
      [3, 'pinRejected'],
    ]);
  });

  test('tells the last grant and the last failure, also of an ensure in the same moment as the end before', async () => {
    const { answer, challenged, clock, strongAuth, type } = stage();
    const shown = () => strongAuth.view.getSnapshot();
    await challenged();
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    clock.advance(5);
    await answer(succeeded());
    const { lastGrantAt = 0 } = shown();
    void watched(strongAuth.ensure());
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    expect([shown().status, shown().lastGrantAt]).toEqual(['done', lastGrantAt + 5]);

    for (const [code, failure] of [
      [2301, 'SIGN_IN_REQUIRED'],
      [2200, 'OTP_REFUSED'],
    ] as const) {
      void watched(strongAuth.ensure());
      await type('1234');
      await answer(failed(code));
      expect(shown()).toMatchObject({ status: 'failed', failure: { code: failure } });
    }
    expect(shown().failure).not.toHaveProperty('retryAt'); // nobody said when to come back
  });

  test('says since when, also where an inspector has looked at it in the middle of the change', async () => {
    let look = () => {};
    const app = stage({ inspect: () => look() });
    look = () => void app.strongAuth.view.getSnapshot();
    const { since } = app.view;
    app.clock.advance(5);
    await app.challenged();
    expect(app.view).toMatchObject({ status: 'needStrongAuth', since: since + 5 });
    await app.type('1234');
    app.clock.advance(5);
    await app.answer(succeeded({ otp: 'o' }));
    expect(app.view).toMatchObject({ status: 'replaying', since: since + 10 });
  });

  test('tells a listener of a change at which another begins to listen', () => {
    const { strongAuth } = stage();
    const heard: string[] = [];
    strongAuth.view.subscribe(({ status }) => heard.push(status));
    strongAuth.actor.subscribe(() => strongAuth.view.subscribe(() => {}));
    void watched(strongAuth.get('x'));
    expect(heard).toEqual(['calling']);
  });

  test('a listener that throws disturbs nobody, and its error surfaces', async () => {
    const { strongAuth } = stage();
    const heard: string[] = [];
    strongAuth.view.subscribe(() => {
      throw new Error('a listener');
    });
    strongAuth.view.subscribe(({ status }) => heard.push(status));
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const surfaced = once(process, 'uncaughtException');
    void watched(strongAuth.get('x'));
    const [error] = await surfaced;
    for (const listener of listeners) process.on('uncaughtException', listener);
    expect([String(error), heard]).toEqual(['Error: a listener', ['calling']]);
  });
});

test('onEvent tells the story in order, without private data', async () => {
  const facts: StrongAuthFact[] = [];
  const { answer, challenged, type } = stage({ onEvent: (fact) => facts.push(fact) });
  await challenged();
  await type('90817263');
  await answer(succeeded({ otp: 'otp-secret' }));
  await answer(succeeded({ result: 'private' }));
  expect(facts.map(({ type }) => type)).toEqual([
    'callStarted',
    'challenged',
    'pinRequested',
    'pinAnswered',
    'otpRequested',
    'otpGranted',
    'replayed',
    'settled',
  ]);
  expect(JSON.stringify(facts)).not.toMatch(/90817263|otp-secret|private|doorState/);
});
