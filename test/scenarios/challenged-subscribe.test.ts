import { describe, expect, test } from 'vitest';
import { at, challenge, EVENTS, event, PIN, settleDown, stage, succeeded, watch } from './support.js';

describe('45. 2302 in a subscribe ack: subscribed again once, no duplicate events', () => {
  test('both registrations bring the same event: it is delivered once', async () => {
    const app = stage();
    const events: unknown[] = [];
    const subscribed = watch(app.strongAuth.subscribe<unknown>(EVENTS, { a: 1 }, (one) => events.push(one)));
    expect(app.registrations).toHaveLength(1);
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    expect(subscribed.fate).toBe('pending');
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    expect(app.registrations).toHaveLength(2);
    expect(at(app.registrations, 1)).toMatchObject({ api: EVENTS, parameters: { a: 1 } });
    at(app.registrations, 1).emit(succeeded());
    await settleDown();
    expect(subscribed.fate).toBe('resolved');
    at(app.registrations, 0).emit(event(1));
    at(app.registrations, 1).emit(event(1));
    at(app.registrations, 1).emit(event(2));
    expect(events).toEqual([{ result: 1 }, { result: 2 }]);
  });

  test('challenged again: STILL_CHALLENGED, no third registration', async () => {
    const app = stage();
    const subscribed = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    await app.grant();
    at(app.registrations, 1).emit(challenge());
    await settleDown();
    expect(subscribed.fate).toBe('STILL_CHALLENGED');
    expect(app.registrations).toHaveLength(2);
    expect(app.prompts).toHaveLength(1);
  });

  test('the challenge is thrown, or rejects', async () => {
    for (const how of ['throws', 'rejects']) {
      let registrations = 0;
      const heard: unknown[] = [];
      const app = stage({
        transport: {
          send: () => Promise.resolve(succeeded({ otp: '1' })),
          subscribe: (_, onMessage) => {
            registrations += 1;
            if (registrations > 1) {
              onMessage(succeeded());
              onMessage(event('e'));
              return undefined;
            }
            if (how === 'throws') throw challenge();
            return Promise.reject(challenge());
          },
        },
      });
      const subscribed = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => heard.push(one)));
      await settleDown();
      await app.type(PIN);
      await settleDown();
      expect([how, subscribed.fate, registrations, heard]).toEqual([how, 'resolved', 2, [{ result: 'e' }]]);
    }
  });

  test('it shares the wave of the others', async () => {
    const app = stage();
    const call = await app.challenged();
    const subscribed = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    at(app.registrations, 1).emit(succeeded());
    await app.answerCommand();
    expect([call.fate, subscribed.fate]).toEqual(['resolved', 'resolved']);
  });

  test('cancelled: rejected, never registered again, and nothing delivered', async () => {
    const app = stage();
    const events: unknown[] = [];
    const subscribed = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    await app.cancel();
    at(app.registrations, 0).emit(event(1));
    expect(subscribed.fate).toBe('CANCELLED');
    expect(app.registrations).toHaveLength(1);
    expect(events).toEqual([]);
  });

  test('2302 in a RESULT is an event with an error, no challenge', async () => {
    const app = stage();
    const events: { error?: unknown }[] = [];
    watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
    at(app.registrations, 0).emit(succeeded());
    await settleDown();
    at(app.registrations, 0).emit({ status: 'RESULT', error: { code: 2302 } });
    await settleDown();
    expect(events).toMatchObject([{ error: { code: 2302 } }]);
    expect(app.prompts).toHaveLength(0);
  });
});
