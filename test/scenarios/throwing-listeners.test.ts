import { describe, expect, test } from 'vitest';
import {
  at,
  COMMAND,
  challenge,
  EVENTS,
  event,
  settleDown,
  stage,
  succeeded,
  surfaced,
  watch,
} from './support.js';

describe('a listener that throws', () => {
  test('of the view: disturbs nobody, its error surfaces asynchronously', async () => {
    const app = stage();
    const heard: string[] = [];
    const mine = new Error('my listener is broken');
    const off = app.strongAuth.view.subscribe(() => {
      throw mine;
    });
    app.strongAuth.view.subscribe(({ status }) => heard.push(status));
    let call: ReturnType<typeof watch> | undefined;
    const error = await surfaced(() => {
      call = watch(app.strongAuth.set<unknown>(COMMAND)); // the listener throws in here
      off();
    });
    expect(error).toBe(mine);
    expect(heard).toEqual(['calling']);
    await app.answer(challenge());
    await app.grant();
    await app.answerCommand();
    expect(call?.fate).toBe('resolved');
    expect([...new Set(heard)]).toEqual(['calling', 'needStrongAuth', 'requestingOtp', 'replaying', 'done']);
  });

  test('onEvent', async () => {
    const mine = new Error('my telemetry is broken');
    let isBroken = true;
    const app = stage({
      onEvent: () => {
        if (!isBroken) return;
        isBroken = false;
        throw mine;
      },
    });
    let call: ReturnType<typeof watch> | undefined;
    const error = await surfaced(() => {
      call = watch(app.strongAuth.set<unknown>(COMMAND));
    });
    expect(error).toBe(mine);
    await app.answer(succeeded(1));
    expect(call?.value).toBe(1);
  });

  test('inspect', async () => {
    const mine = new Error('my inspector is broken');
    let isBroken = false;
    const app = stage({
      inspect: () => {
        if (!isBroken) return;
        isBroken = false;
        throw mine;
      },
    });
    isBroken = true;
    let call: ReturnType<typeof watch> | undefined;
    const error = await surfaced(() => {
      call = watch(app.strongAuth.set<unknown>(COMMAND));
    });
    expect(error).toBe(mine);
    await app.answer(succeeded(1));
    expect(call?.value).toBe(1);
  });

  test('onResult of a subscription', async () => {
    const app = stage();
    const mine = new Error('my handler is broken');
    const heard: unknown[] = [];
    const subscribed = watch(
      app.strongAuth.subscribe(EVENTS, {}, (one) => {
        heard.push(one);
        if (heard.length === 1) throw mine;
      }),
    );
    at(app.registrations, 0).emit(succeeded());
    await settleDown();
    const error = await surfaced(() => at(app.registrations, 0).emit(event(1)));
    expect(error).toBe(mine);
    at(app.registrations, 0).emit(event(2));
    expect(heard).toEqual([{ result: 1 }, { result: 2 }]);
    expect(subscribed.fate).toBe('resolved');
  });
});
