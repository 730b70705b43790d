import { createPinPad } from 'strong-auth-machine';
import { statusOf, strongAuthMachine } from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { into, states } from './states.js';
import { createManualClock, PIN, START, settleDown, stage } from './support.js';

/** A challenge that no call has met. */
const FORGED = {
  type: 'call.challenged',
  wave: 0,
  rounds: 0,
  waiting: 0,
  interactive: true,
  retryDue: true,
  ofPrompt: false,
} as const;

describe('46. Reload or re-mount mid-prompt: not stuck "in progress"', () => {
  test.each(states)('left in %s, the next client begins at rest and works', async (state) => {
    const old = stage();
    await into[state](old);
    // The page goes away without a word: nothing of the old client runs any more.
    const app = stage();
    expect(app.view).toEqual({ status: 'idle', since: START, inFlight: false, waiting: 0 });
    expect(app.requests).toHaveLength(0);
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('a component that mounts mid-prompt reads the prompt from the view, and no second one opens', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    const heard: unknown[] = [];
    for (let mount = 0; mount < 3; mount += 1) {
      const off = app.strongAuth.view.subscribe((view) => heard.push(view));
      expect(app.strongAuth.view.getSnapshot().prompt).toMatchObject({ attempt: 1 });
      expect(pad.view.getSnapshot().isOpen).toBe(true);
      off();
    }
    expect(heard).toEqual([]);
    pad.submit(PIN);
    await settleDown();
    expect(app.otps).toHaveLength(1);
  });

  test('the user walks away from a prompt for good: its deadline ends it', async () => {
    const app = stage();
    await app.challenged();
    await app.pass(120_000);
    expect(app.view).toMatchObject({ status: 'failed', inFlight: false, waiting: 0 });
  });
});

describe('47. Restoring a snapshot fires no call or OTP by itself', () => {
  test.each(states)('of a client in %s, into the bare machine', async (state) => {
    const app = stage();
    await into[state](app);
    const persisted: ReturnType<typeof app.strongAuth.actor.getSnapshot> = JSON.parse(
      JSON.stringify(app.strongAuth.actor.getPersistedSnapshot()),
    );
    const before = { requests: app.requests.length, prompts: app.prompts.length };

    const clock = createManualClock(START);
    const restored = createActor(strongAuthMachine, {
      input: { policy: persisted.context.policy },
      snapshot: persisted,
      clock,
    });
    restored.start();
    await settleDown();
    clock.advance(10 ** 7);
    await settleDown();
    if (state !== 'closed') {
      restored.send({ type: 'pin.given' });
      restored.send({ type: 'otp.granted', at: 0 });
    }
    await settleDown();
    clock.advance(10 ** 7);
    expect(app.requests).toHaveLength(before.requests);
    expect(app.prompts).toHaveLength(before.prompts);
    // It fails closed: nobody is left in between.
    const left = statusOf({ ...restored.getSnapshot(), status: 'active' });
    expect(['idle', 'calling', 'replaying', 'done', 'cancelled', 'failed', 'closed']).toContain(left);
    restored.stop();
  });

  test.each(states)('createStrongAuth takes none: one given all the same is refused (%s)', async (state) => {
    const old = stage();
    await into[state](old);
    const snapshot = old.strongAuth.actor.getPersistedSnapshot();
    expect(() => stage({ snapshot } as never)).toThrow(/snapshot is no option/);
  });

  test('an actor of the running client cannot be made to send by events from outside', async () => {
    const app = stage();
    const { actor } = app.strongAuth;
    actor.send({ ...FORGED, id: 999 });
    actor.send({ type: 'pin.given' });
    actor.send({ type: 'otp.granted', at: 0 });
    await settleDown();
    expect(app.requests).toHaveLength(0);
  });

  test('a forged pin.given while prompting: nothing is in the vault, nothing is sent', async () => {
    const app = stage();
    const call = await app.challenged();
    app.strongAuth.actor.send({ type: 'pin.given' });
    await settleDown();
    expect(app.otps).toHaveLength(0);
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
  });

  test('a forged pin.given in the second wave does not send the PIN of the first', async () => {
    const app = stage();
    await into.done(app);
    await app.challenged();
    app.strongAuth.actor.send({ type: 'pin.given' });
    await settleDown();
    expect(app.otps).toHaveLength(1);
  });
});
