import { createPinPad } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { failed, PIN, settleDown, stage } from './support.js';

describe('createPinPad', () => {
  test('a second submit is ignored: one OTP, and no leftover for the next prompt', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    pad.submit('1111');
    pad.submit('2222');
    pad.cancel();
    await settleDown();
    expect(app.otps.map(({ request }) => request.parameters?.pinCode)).toEqual(['1111']);
    await app.answerOtp(failed(2308));
    expect(pad.view.getSnapshot()).toMatchObject({
      isOpen: true,
      prompt: { reason: 'pinRejected', attemptsLeft: 1 },
    });
    expect(app.otps).toHaveLength(1);
    pad.submit('3333');
    await settleDown();
    expect(app.otps).toHaveLength(2);
  });

  test('submit and cancel without a prompt do nothing', async () => {
    const pad = createPinPad();
    pad.submit(PIN);
    pad.cancel();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    expect(pad.view.getSnapshot().isOpen).toBe(true);
    expect(app.otps).toHaveLength(0);
  });

  test('its view is an external store: the same object until it changes, listeners hear of each change once', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    const heard: boolean[] = [];
    const off = pad.view.subscribe(({ isOpen }) => heard.push(isOpen));
    expect(pad.view.getSnapshot()).toBe(pad.view.getSnapshot());
    await app.challenged();
    await app.challenged();
    expect(pad.view.getSnapshot()).toBe(pad.view.getSnapshot());
    expect(pad.view.getSnapshot().prompt?.calls).toHaveLength(2);
    pad.cancel();
    await settleDown();
    off();
    await app.challenged();
    expect(heard).toEqual([true, false]);
  });

  test('closes when the entry times out, and a late submit is not used', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    await app.pass(120_000);
    expect(pad.view.getSnapshot().isOpen).toBe(false);
    pad.submit(PIN);
    await settleDown();
    expect(app.otps).toHaveLength(0);
  });

  test('its methods need no this', async () => {
    const { enterPin, submit, cancel, view } = createPinPad();
    const app = stage({ enterPin });
    await app.challenged();
    submit(PIN);
    await settleDown();
    cancel();
    const { getSnapshot } = view;
    expect(getSnapshot().isOpen).toBe(false);
    expect(app.otps).toHaveLength(1);
  });
});
