import { createPinPad, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test, vi } from 'vitest';
import {
  at,
  COMMAND,
  challenge,
  createManualClock,
  createTransport,
  EVENTS,
  event,
  PIN,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

describe('22. StrictMode mount, unmount, mount: one prompt, no orphan actor', () => {
  test('create, dispose, create: the first leaves nothing behind', async () => {
    const pad = createPinPad();
    const transport = createTransport();
    const clock = createManualClock(0);
    const mount = () => createStrongAuth({ transport, enterPin: pad.enterPin, clock });

    const first = mount();
    const lost = watch(first.set<unknown>(COMMAND));
    first.dispose();
    const second = mount();
    const kept = watch(second.set<unknown>(COMMAND));
    await settleDown();
    for (const request of transport.requests.slice()) request.resolve(challenge());
    await settleDown();

    expect(lost.fate).toBe('DISPOSED');
    expect(first.actor.getSnapshot().status).toBe('done');
    expect(second.actor.getSnapshot().status).toBe('active');
    expect(pad.view.getSnapshot()).toMatchObject({ isOpen: true, prompt: { attempt: 1 } });
    expect(pad.view.getSnapshot().prompt?.calls).toHaveLength(1);
    pad.submit(PIN);
    await settleDown();
    expect(pad.view.getSnapshot().isOpen).toBe(false);
    expect(transport.requests.filter(({ request }) => request.api !== COMMAND)).toHaveLength(1);
    at(transport.requests, -1).resolve(succeeded({ otp: '1' }));
    await settleDown();
    at(transport.requests, -1).resolve(succeeded());
    await settleDown();
    expect(kept.fate).toBe('resolved');
    expect(transport.requests.filter(({ request }) => request.api === COMMAND)).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  test('created and disposed of without a call: nothing was sent, asked or timed', async () => {
    const app = stage();
    app.strongAuth.dispose();
    app.strongAuth.dispose();
    await settleDown();
    expect(app.requests).toHaveLength(0);
    expect(app.prompts).toHaveLength(0);
    expect(app.clock.pending).toBe(0);
  });

  test('disposed of while prompting, mounted again: the old prompt is closed before the new one opens', async () => {
    const pad = createPinPad();
    const first = stage({ enterPin: pad.enterPin });
    await first.challenged();
    const shown = pad.view.getSnapshot().prompt;
    first.strongAuth.dispose();
    const second = stage({ enterPin: pad.enterPin });
    await second.challenged();
    expect(shown?.signal.aborted).toBe(true);
    expect(pad.view.getSnapshot().prompt).not.toBe(shown);
    pad.submit(PIN);
    await settleDown();
    expect(first.otps).toHaveLength(0);
    expect(second.otps).toHaveLength(1);
  });
});

describe('24. dispose() while prompting: all reject DISPOSED, timers are gone, late results are ignored', () => {
  test('while prompting, with a call in flight, a subscription and an ensure()', async () => {
    const app = stage();
    const events: unknown[] = [];
    const subscription = app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one));
    at(app.registrations, 0).emit(succeeded());
    await subscription;
    const inFlight = await app.command({ timeoutMs: 99_999 });
    const waiting = await app.challenged({ timeoutMs: 99_999 });
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    app.strongAuth.dispose();
    await settleDown();
    for (const call of [inFlight, waiting, ensured]) {
      expect(call).toMatchObject({ fate: 'DISPOSED', settlements: 1 });
      expect(call.error).toMatchObject({ remedy: 'none' });
    }
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.clock.pending).toBe(0);
    expect(app.view).toMatchObject({ status: 'closed', inFlight: false, waiting: 0 });
    expect(app.strongAuth.actor.getSnapshot().status).toBe('done');

    const sent = app.requests.length;
    await app.answer(challenge(), 0);
    await app.type(PIN);
    at(app.registrations, 0).emit(event({ late: true }));
    await app.pass(1_000_000);
    expect(events).toEqual([]);
    expect(app.requests).toHaveLength(sent);
    expect(app.prompts).toHaveLength(1);
  });

  test('calls made in the turn of dispose() reject DISPOSED too, also where a transition is under way', async () => {
    const app = stage();
    const late: ReturnType<typeof watch>[] = [];
    app.strongAuth.actor.subscribe(() => {
      if (late.length > 0) return;
      late.push(watch(app.strongAuth.get('before')));
      app.strongAuth.dispose();
      late.push(watch(app.strongAuth.get('after')));
    });
    const call = watch(app.strongAuth.get('app.user'));
    await settleDown();
    expect([call, ...late].map(({ fate }) => fate)).toEqual(['DISPOSED', 'DISPOSED', 'DISPOSED']);
    expect(app.requests.map(({ request }) => request.api)).not.toContain('after');
  });

  test('later calls reject DISPOSED, and nothing is sent', async () => {
    const app = stage();
    app.strongAuth.dispose();
    const { strongAuth } = app;
    const calls = [
      watch(strongAuth.get('app.user')),
      watch(strongAuth.set<unknown>(COMMAND)),
      watch(strongAuth.send({ verb: 'get', api: 'app.user' })),
      watch(strongAuth.subscribe(EVENTS, {}, () => {})),
      watch(strongAuth.ensure()),
      watch(strongAuth.ensure({ maxAgeMs: 1 })),
    ];
    const warn = vi.spyOn(console, 'warn');
    strongAuth.cancel();
    strongAuth.recovered();
    strongAuth.reset();
    strongAuth.dispose();
    expect(warn).not.toHaveBeenCalled(); // as XState would, of an event that is sent to a stopped actor
    await settleDown();
    expect(calls.map(({ fate }) => fate)).toEqual(Array(6).fill('DISPOSED'));
    expect(app.requests).toHaveLength(0);
    expect(app.status).toBe('closed');
  });

  test('Symbol.dispose', async () => {
    const app = stage();
    const call = await app.challenged();
    app.strongAuth[Symbol.dispose]();
    await settleDown();
    expect(call.fate).toBe('DISPOSED');
  });

  test.each(['requestingOtp', 'replaying', 'queued'])('while %s', async (status) => {
    const app = stage();
    if (status === 'queued') {
      await app.challenged();
      await app.type(PIN);
      await app.cancel();
    }
    const call = await app.challenged();
    await app.type(PIN);
    if (status === 'replaying') await app.answerOtp();
    const sent = app.requests.length;
    app.strongAuth.dispose();
    await settleDown();
    expect(call.fate).toBe('DISPOSED');
    expect(app.clock.pending).toBe(0);
    for (const request of app.requests.slice()) request.resolve(challenge());
    await app.pass(100_000);
    expect(app.requests).toHaveLength(sent);
  });

  test('from a listener of the view, while a wave opens', async () => {
    const app = stage();
    app.strongAuth.view.subscribe(({ status }) => {
      if (status === 'needStrongAuth') app.strongAuth.dispose();
    });
    const call = await app.challenged();
    expect(call.fate).toBe('DISPOSED');
    expect(app.clock.pending).toBe(0);
    expect(app.status).toBe('closed');
  });

  test('a listener of the view hears of the end', async () => {
    const app = stage();
    const heard: string[] = [];
    app.strongAuth.view.subscribe(({ status }) => heard.push(status));
    await app.challenged();
    app.strongAuth.dispose();
    expect(heard.at(-1)).toBe('closed');
  });
});
