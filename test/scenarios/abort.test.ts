import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  at,
  challenge,
  createScriptedUser,
  EVENTS,
  PIN,
  settleDown,
  stage,
  succeeded,
  turn,
  watch,
} from './support.js';

describe('18. One queued caller aborts: only it rejects, at once, and is never replayed', () => {
  test('while prompting', async () => {
    const app = stage();
    const controller = new AbortController();
    const leaving = await app.challenged({ signal: controller.signal }, { n: 'leaving' });
    const staying = await app.challenged({}, { n: 'staying' });
    const reason = new Error('left the screen');
    controller.abort(reason);
    await settleDown();
    expect(leaving.error).toBe(reason);
    expect(staying.fate).toBe('pending');
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    expect(app.prompts[0]?.calls).toHaveLength(1);
    expect(app.view.waiting).toBe(1);
    await app.grant();
    expect(app.commands.map(({ request }) => request.parameters?.n)).toEqual([
      'leaving',
      'staying',
      'staying',
    ]);
    await app.answerCommand();
    expect(staying.fate).toBe('resolved');
    expect(leaving.settlements).toBe(1);
  });

  test('while the OTP is requested', async () => {
    const app = stage();
    const controller = new AbortController();
    const leaving = await app.challenged({ signal: controller.signal });
    const staying = await app.challenged();
    await app.type(PIN);
    controller.abort('why');
    await settleDown();
    expect(leaving.error).toBe('why');
    expect(at(app.otps, 0).signal.aborted).toBe(false);
    await app.answerOtp();
    expect(app.commands).toHaveLength(3);
    await app.answerCommand();
    expect(staying.fate).toBe('resolved');
  });

  test('while the replay is in flight: its late answer is ignored', async () => {
    const app = stage();
    const controller = new AbortController();
    const leaving = await app.challenged({ signal: controller.signal });
    await app.grant();
    const replay = at(app.commands, 1);
    const { signal } = replay;
    controller.abort();
    await settleDown();
    expect(signal.aborted).toBe(true);
    expect((leaving.error as Error).name).toBe('AbortError');
    await app.answerCommand(challenge());
    expect(app.prompts).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test('in flight, before any challenge: a late challenge does not prompt', async () => {
    const app = stage();
    const controller = new AbortController();
    const call = await app.command({ signal: controller.signal });
    controller.abort();
    await settleDown();
    expect(call.settlements).toBe(1);
    expect(app.status).toBe('done');
    await app.answer(challenge());
    expect(app.prompts).toHaveLength(0);
  });

  test('aborted before the call: nothing is sent', async () => {
    const app = stage();
    const reason = new Error('too late');
    const call = await app.command({ signal: AbortSignal.abort(reason) });
    const ensured = watch(app.strongAuth.ensure({ signal: AbortSignal.abort(reason) }));
    const subscribed = watch(
      app.strongAuth.subscribe(EVENTS, {}, () => {}, { signal: AbortSignal.abort(reason) }),
    );
    await settleDown();
    expect([call.error, ensured.error, subscribed.error]).toEqual([reason, reason, reason]);
    expect(app.requests).toHaveLength(0);
    expect(app.registrations).toHaveLength(0);
    expect(app.prompts).toHaveLength(0);
    expect(app.status).toBe('idle');
  });

  test('aborted after it settled, nothing happens; and no listener stays on the signal', async () => {
    const app = stage();
    const controller = new AbortController();
    const call = await app.challenged({ signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    await app.grant();
    await app.answerCommand();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    controller.abort();
    await settleDown();
    expect(call).toMatchObject({ fate: 'resolved', settlements: 1 });
  });

  test('one signal for many calls ends them all', async () => {
    const app = stage();
    const controller = new AbortController();
    const calls = [
      await app.challenged({ signal: controller.signal }),
      await app.challenged({ signal: controller.signal }),
      await app.command({ signal: controller.signal }),
    ];
    controller.abort('gone');
    await turn();
    expect(calls.map(({ error }) => error)).toEqual(['gone', 'gone', 'gone']);
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.status).toBe('cancelled');
  });
});

describe('19. The last waiter aborts: the prompt is closed', () => {
  test('its signal fires, the machine rests, and the next call prompts anew', async () => {
    const app = stage();
    const one = new AbortController();
    const two = new AbortController();
    await app.challenged({ signal: one.signal });
    await app.challenged({ signal: two.signal });
    one.abort();
    await settleDown();
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    two.abort();
    await turn();
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.view).toMatchObject({ status: 'cancelled', waiting: 0 });
    expect(app.clock.pending).toBe(0);
    await app.challenged();
    expect(app.prompts).toHaveLength(2);
  });

  test('by its own deadline rather than by abort: the same, and it rejects TIMED_OUT, not sent', async () => {
    const app = stage();
    const call = await app.challenged({ timeoutMs: 1_000 });
    await app.pass(1_000);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: false } });
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.status).toBe('cancelled');
  });

  test('the last ensure() aborts', async () => {
    const app = stage();
    const controller = new AbortController();
    const ensured = watch(app.strongAuth.ensure({ signal: controller.signal }));
    await settleDown();
    controller.abort('enough');
    await turn();
    expect(ensured.error).toBe('enough');
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.status).toBe('cancelled');
  });

  test('the last interactive one leaves, a poller still waits: the prompt stays', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    const poll = await app.challenged({ interactive: false });
    controller.abort();
    await settleDown();
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    await app.grant();
    await app.answerCommand();
    expect(poll.fate).toBe('resolved');
  });

  test('the PIN was given already: the OTP is granted to nobody', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    await app.type(PIN);
    controller.abort();
    await turn();
    await app.answerOtp();
    expect(app.view).toMatchObject({ status: 'cancelled' });
    expect(app.view.lastGrantAt).toBeUndefined();
  });
});

test("23. Cleanup of an aborted attempt does not clear the new attempt's controller", async () => {
  const user = createScriptedUser();
  const cleanups: (() => void)[] = [];
  let current: AbortSignal | undefined;
  const app = stage({
    enterPin: (prompt) => {
      current = prompt.signal;
      prompt.signal.addEventListener('abort', () => cleanups.push(() => {}));
      return user.enterPin(prompt);
    },
  });
  const first = await app.challenged();
  const firstSignal = current;
  await app.cancel();
  const second = await app.challenged();
  const secondSignal = current;
  expect(firstSignal?.aborted).toBe(true);
  // The entry of the aborted attempt ends only now, in each way it can.
  at(user.prompts, 0).reject(new DOMException('closed', 'AbortError'));
  await settleDown();
  expect(second.fate).toBe('pending');
  expect(secondSignal?.aborted).toBe(false);
  expect(app.status).toBe('needStrongAuth');
  expect(first.fate).toBe('CANCELLED');

  // The new attempt can still be aborted, and its prompt hears of it.
  await app.cancel();
  expect(secondSignal?.aborted).toBe(true);
  expect(second.fate).toBe('CANCELLED');
});

describe('23, variants', () => {
  test('a PIN for the aborted attempt does not serve the new one', async () => {
    const app = stage();
    await app.challenged();
    await app.cancel();
    await app.challenged();
    await app.type('9999', 0);
    expect(app.otps).toHaveLength(0);
    expect(app.status).toBe('needStrongAuth');
    await app.type('1234', 1);
    expect(app.otps.map(({ request }) => request.parameters?.pinCode)).toEqual(['1234']);
  });

  test('the late answer of an aborted sending does not settle its successor of the same signal', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.command({ signal: controller.signal });
    controller.abort();
    const again = await app.command();
    await app.answer(succeeded('old'), 0);
    expect(again.fate).toBe('pending');
    await app.answer(succeeded('new'), 1);
    expect(again.value).toBe('new');
  });

  test('the signal of a replay is another than that of the first sending', async () => {
    const app = stage();
    const controller = new AbortController();
    const call = await app.command({ signal: controller.signal });
    const firstSignal = at(app.commands, 0).signal;
    await app.answer(challenge());
    await app.grant();
    const { signal } = at(app.commands, 1);
    expect(firstSignal.aborted).toBe(false);
    controller.abort();
    await settleDown();
    expect(signal.aborted).toBe(true);
    expect(call.settlements).toBe(1);
  });
});
