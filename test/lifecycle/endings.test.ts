import { describe, expect, test, vi } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  DOORS,
  failed,
  OTP,
  settleDown,
  stage,
  succeeded,
  turn,
  watched,
} from './support.js';

describe('a straggler', () => {
  async function withStraggler() {
    const theatre = stage();
    const straggler = watched(theatre.strongAuth.get('pims.vehicle.informations', { action: 'get' }));
    const call = await theatre.challenged();
    return { ...theatre, straggler, call };
  }

  test('of a grant is replayed without a prompt', async () => {
    const { answer, call, straggler, strongAuth, transport, type, user } = await withStraggler();
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    await answer(succeeded({ locked: true }));
    expect(call.value).toEqual({ locked: true });
    await answer(CHALLENGE, 0);
    expect(strongAuth.view.getSnapshot().status).toBe('calling'); // what waited has settled
    await answer(succeeded({ km: 1 }));
    expect([straggler.value, user.prompts.length, transport.requests.length]).toEqual([{ km: 1 }, 1, 5]);
  });

  test('of a cancel shares it', async () => {
    const { answer, call, straggler, strongAuth, user } = await withStraggler();
    strongAuth.cancel();
    await settleDown();
    expect([call.fate, strongAuth.view.getSnapshot().status]).toEqual(['CANCELLED', 'calling']);
    await answer(CHALLENGE, 0);
    expect([straggler.fate, user.prompts.length]).toEqual(['CANCELLED', 1]);
    expect(strongAuth.view.getSnapshot()).toMatchObject({
      status: 'cancelled',
      failure: { code: 'CANCELLED', remedy: 'retry' },
    });
  });

  test('that is challenged again after its replay ends as STILL_CHALLENGED', async () => {
    const { answer, straggler, type } = await withStraggler();
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    await answer(succeeded());
    await answer(CHALLENGE, 0);
    await answer(CHALLENGE);
    expect(straggler.fate).toBe('STILL_CHALLENGED');
  });
});

describe('cancel', () => {
  test('while prompting: the waiting call rejects, the prompt closes, the next call prompts again', async () => {
    const { challenged, strongAuth, user } = stage();
    const call = await challenged();
    strongAuth.cancel();
    await settleDown();
    expect(call.error).toMatchObject({ code: 'CANCELLED', remedy: 'retry' });
    expect(user.prompts[0]?.prompt.signal.aborted).toBe(true);
    await challenged();
    expect([user.prompts.length, strongAuth.view.getSnapshot().status]).toEqual([2, 'needStrongAuth']);
  });

  test.each(['rejects', 'resolves'])('while prompting: that the prompt %s later is no news', async (how) => {
    const facts: string[] = [];
    const { challenged, strongAuth, user } = stage({ onEvent: (fact) => facts.push(fact.type) });
    await challenged();
    strongAuth.cancel();
    if (how === 'rejects') user.prompts[0]?.reject(new DOMException('closed', 'AbortError'));
    else user.prompts[0]?.resolve('1234');
    await settleDown();
    expect(facts).toContain('pinRequested');
    expect(facts).not.toContain('pinAnswered');
  });

  test('while the OTP is requested: its late grant replays nothing, and is no news', async () => {
    const facts: string[] = [];
    const { answer, challenged, requestsOf, strongAuth, type } = stage({
      onEvent: (fact) => facts.push(fact.type),
    });
    const call = await challenged();
    await type('1234');
    strongAuth.cancel();
    await answer(succeeded({ otp: 'late' }));
    expect([call.fate, requestsOf(COMMAND).length]).toEqual(['CANCELLED', 1]);
    expect(strongAuth.view.getSnapshot().status).toBe('cancelled');
    expect(strongAuth.view.getSnapshot().lastGrantAt).toBeUndefined();
    expect(facts).not.toContain('otpGranted');
  });

  test('while the line is awaited: it is not awaited any more', async () => {
    const { challenged, clock, strongAuth, type } = stage();
    await challenged();
    await type('1111');
    strongAuth.cancel();
    await challenged();
    await type('2222');
    expect(strongAuth.explain()).toHaveProperty('nextDeadline');
    strongAuth.cancel();
    expect(strongAuth.explain()).not.toHaveProperty('nextDeadline');
    expect(clock.pending).toBe(0);
  });

  test('does not let a second OTP request out beside an unanswered one', async () => {
    const { answer, challenged, requestsOf, strongAuth, transport, type } = stage();
    await challenged();
    await type('1111');
    const first = transport.requests.indexOf(requestsOf(OTP)[0] as never);
    strongAuth.cancel();
    const call = await challenged();
    await type('2222');
    expect([requestsOf(OTP).length, strongAuth.actor.getSnapshot().value]).toEqual([
      1,
      { wave: { requestingOtp: 'queued' } },
    ]);
    await answer(succeeded({ otp: 'late' }), first);
    expect(requestsOf(OTP).map(({ request }) => request.parameters?.pinCode)).toEqual(['1111', '2222']);
    await answer(succeeded({ otp: 'o' }));
    await answer(succeeded({ done: 1 }));
    expect([call.value, strongAuth.view.getSnapshot().status]).toEqual([{ done: 1 }, 'done']);
  });

  test('the answer of a request that had timed out does not let one out beside its successor', async () => {
    const { answer, challenged, pass, requestsOf, strongAuth, transport, type } = stage();
    await challenged();
    await type('1111');
    const timedOut = transport.requests.indexOf(requestsOf(OTP)[0] as never);
    await pass(30_000);
    await challenged();
    await type('2222');
    await answer(succeeded({ otp: 'late' }), timedOut);
    strongAuth.cancel();
    await challenged();
    await type('3333');
    expect(requestsOf(OTP).map(({ request }) => request.parameters?.pinCode)).toEqual(['1111', '2222']);
    await pass(30_000);
    expect(requestsOf(OTP)).toHaveLength(3);
  });

  test('the second OTP request goes when the first has timed out', async () => {
    const { challenged, pass, requestsOf, strongAuth, type } = stage();
    await challenged();
    await type('1111');
    await pass(10_000);
    strongAuth.cancel();
    await challenged();
    await type('2222');
    await pass(19_999);
    expect(requestsOf(OTP)).toHaveLength(1);
    await pass(1);
    expect(requestsOf(OTP)).toHaveLength(2);
  });

  test('is no event when nobody waits', async () => {
    const { strongAuth } = stage();
    const before = strongAuth.view.getSnapshot();
    strongAuth.cancel();
    expect(strongAuth.view.getSnapshot()).toBe(before);
  });
});

describe('a transport that asks for its signal late', () => {
  /** As `async send(request, options) { await token(); return fetch(url, options); }`. */
  const lateReader = () => {
    const signals: AbortSignal[] = [];
    const opened: (() => void)[] = [];
    return {
      signals,
      /** Lets the transport go on to where it reads the signal. */
      async goOn() {
        for (const open of opened.splice(0)) open();
        await settleDown();
      },
      transport: {
        async send(_: unknown, options: { readonly signal: AbortSignal }) {
          await new Promise<void>((resolve) => opened.push(resolve));
          signals.push(options.signal);
          return new Promise(() => {});
        },
      },
    };
  };

  test.each<[string, (strongAuth: ReturnType<typeof stage>['strongAuth'], own: AbortController) => void]>([
    ['its caller has aborted', (_, own) => own.abort()],
    ['of a sign-out', (strongAuth) => strongAuth.reset()],
    ['of a disposal', (strongAuth) => strongAuth.dispose()],
  ])('finds it aborted, because %s', async (_, end) => {
    const { transport, signals, goOn } = lateReader();
    const { strongAuth } = stage({ transport });
    const own = new AbortController();
    void watched(strongAuth.set(COMMAND, DOORS, { signal: own.signal }));
    end(strongAuth, own);
    await goOn();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('finds it untouched while somebody waits', async () => {
    const { transport, signals, goOn } = lateReader();
    const { strongAuth } = stage({ transport });
    void watched(strongAuth.set(COMMAND, DOORS));
    await goOn();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    strongAuth.reset();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('finds that of an OTP request untouched when it was answered in time', async () => {
    const { answer, challenged, requestsOf, type } = stage();
    await challenged();
    await type('1234');
    const [otp] = requestsOf(OTP);
    const signal = otp?.signal;
    await answer(succeeded({ otp: 'o' }));
    expect(signal?.aborted).toBe(false);
  });

  test('finds the same one each time', async () => {
    const { strongAuth, transport } = stage();
    const seen: AbortSignal[] = [];
    transport.send = async (_, options) => {
      seen.push(options.signal, options.signal);
      return new Promise(() => {});
    };
    void watched(strongAuth.set(COMMAND, DOORS));
    strongAuth.reset();
    expect([seen[0] === seen[1], seen[0]?.aborted]).toEqual([true, true]);
  });

  test('finds that of the OTP request aborted after a cancel', async () => {
    const { signals, goOn, transport } = lateReader();
    const { challenged, requestsOf, strongAuth, type, transport: scripted } = stage();
    const { send } = scripted;
    scripted.send = (request, options) =>
      request.api === OTP ? transport.send(request, options) : send(request, options);
    await challenged();
    await type('1234');
    strongAuth.cancel();
    await goOn();
    expect([signals.map(({ aborted }) => aborted), requestsOf(OTP).length]).toEqual([[true], 0]);
  });
});

describe('abort', () => {
  test('of one of two: only it rejects, at once, with its reason, and is not replayed', async () => {
    const { answer, challenged, requestsOf, type } = stage();
    const controller = new AbortController();
    const aborted = await challenged({ signal: controller.signal });
    const other = await challenged();
    const reason = new Error('the screen was left');
    controller.abort(reason);
    await settleDown();
    expect([aborted.error, other.fate]).toEqual([reason, 'pending']);
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    await answer(succeeded());
    expect([other.fate, requestsOf(COMMAND).length]).toEqual(['resolved', 3]);
  });

  test('of the last: the prompt closes, and the machine rests', async () => {
    const { challenged, strongAuth, user, clock } = stage();
    const controller = new AbortController();
    const call = await challenged({ signal: controller.signal });
    controller.abort();
    await settleDown();
    expect([call.fate, user.prompts[0]?.prompt.signal.aborted]).toEqual(['AbortError', false]);
    await turn();
    expect(user.prompts[0]?.prompt.signal.aborted).toBe(true);
    expect([strongAuth.view.getSnapshot().status, clock.pending]).toEqual(['cancelled', 0]);
  });

  test('of a call in flight: its transport hears of it, and its late challenge is ignored', async () => {
    const { answer, strongAuth, transport, user } = stage();
    const controller = new AbortController();
    const call = watched(strongAuth.set(COMMAND, DOORS, { signal: controller.signal }));
    const signal = transport.requests[0]?.signal;
    controller.abort('why');
    expect(signal?.aborted).toBe(true);
    await answer(CHALLENGE);
    expect([call.error, user.prompts.length]).toEqual(['why', 0]);
    expect(strongAuth.view.getSnapshot().status).toBe('done');
  });

  test('before the call: nothing is sent', async () => {
    const { strongAuth, transport } = stage();
    const call = watched(strongAuth.set(COMMAND, DOORS, { signal: AbortSignal.abort('early') }));
    await settleDown();
    expect([call.error, transport.requests.length]).toEqual(['early', 0]);
  });
});

describe.each([
  ['reset', 'SIGNED_OUT', 'idle'],
  ['dispose', 'DISPOSED', 'closed'],
] as const)('%s', (method, code, status) => {
  test.each(['in flight', 'while prompting', 'while the OTP is requested', 'while replaying'])(
    '%s',
    async (when) => {
      const { answer, challenged, clock, strongAuth, transport, type } = stage();
      const call = when === 'in flight' ? watched(strongAuth.set(COMMAND, DOORS)) : await challenged();
      if (when.includes('OTP') || when.includes('replaying')) await type('1234');
      if (when.includes('replaying')) await answer(succeeded({ otp: 'o' }));
      const sent = transport.requests.length;
      strongAuth[method]();
      await settleDown();
      expect(call.error).toMatchObject({ code });
      for (const request of transport.requests) request.resolve(CHALLENGE);
      await settleDown();
      expect([strongAuth.view.getSnapshot().status, transport.requests.length, clock.pending]).toEqual([
        status,
        sent,
        0,
      ]);
      expect(call.settlements).toBe(1);
    },
  );
});

test('reset gives its reason to the errors, and forgets a blocked account', async () => {
  const { answer, challenged, strongAuth, type, user } = stage();
  await challenged();
  await type('1234');
  await answer(failed(2310));
  const blocked = await challenged();
  expect([blocked.fate, user.prompts.length, strongAuth.view.getSnapshot().status]).toEqual([
    'ACCOUNT_BLOCKED',
    1,
    'failed',
  ]);
  await expect(strongAuth.ensure()).rejects.toMatchObject({
    code: 'ACCOUNT_BLOCKED',
    remedy: 'unblockAccount',
  });
  const outstanding = watched(strongAuth.get('x'));
  strongAuth.reset('account switched');
  await settleDown();
  expect(outstanding.error).toMatchObject({ code: 'SIGNED_OUT', details: { reason: 'account switched' } });
  await challenged();
  expect(user.prompts).toHaveLength(2);
});

test('after dispose every method says so, and nothing is sent', async () => {
  // XState prints a warning for each event to a machine that has ended: nobody is to see one.
  const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { strongAuth, transport } = stage();
  strongAuth.dispose();
  strongAuth.dispose();
  strongAuth.cancel();
  strongAuth.reset();
  expect(warnings.mock.calls).toEqual([]);
  for (const late of [
    strongAuth.get('x'),
    strongAuth.send({ verb: 'set', api: 'x' }),
    strongAuth.ensure(),
    strongAuth.subscribe('x', {}, () => {}),
  ]) {
    await expect(late).rejects.toMatchObject({ code: 'DISPOSED', remedy: 'none' });
  }
  expect(transport.requests).toHaveLength(0);
});

describe('time', () => {
  test('a prompt that is never answered ends with PIN_ENTRY_TIMED_OUT', async () => {
    const { challenged, pass, strongAuth, user } = stage();
    const call = await challenged();
    await pass(119_999);
    expect(call.fate).toBe('pending');
    await pass(1);
    expect([call.fate, user.prompts[0]?.prompt.signal.aborted]).toEqual(['PIN_ENTRY_TIMED_OUT', true]);
    expect(strongAuth.view.getSnapshot().status).toBe('failed');
  });

  test('an OTP request that is never answered ends with OUTCOME_UNKNOWN, and its late answer changes nothing', async () => {
    const { answer, challenged, pass, requestsOf, type } = stage();
    const call = await challenged();
    await type('1234');
    await pass(30_000);
    await answer(succeeded({ otp: 'late' }));
    expect([call.fate, requestsOf(COMMAND).length]).toEqual(['OUTCOME_UNKNOWN', 1]);
  });

  test('a call that is never answered ends with TIMED_OUT, and may have been executed', async () => {
    const { pass, strongAuth, transport } = stage();
    const call = watched(strongAuth.set(COMMAND, DOORS));
    const signal = transport.requests[0]?.signal;
    await pass(60_000);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: true } });
    expect([signal?.aborted, strongAuth.view.getSnapshot().status]).toEqual([true, 'done']);
  });

  test("a call's own deadline runs while it waits; the policy's does not", async () => {
    const { challenged, pass } = stage();
    const [patient, hasty] = [await challenged(), await challenged({ timeoutMs: 70_000 })];
    await pass(70_000);
    expect([patient.fate, hasty.fate]).toEqual(['pending', 'TIMED_OUT']);
    expect(hasty.error).toMatchObject({ details: { sent: false } });
  });

  test('a call that is too old at the grant is not sent', async () => {
    const { answer, challenged, clock, requestsOf, type, user } = stage({
      policy: { pinEntryTimeoutMs: 400_000 },
    });
    const stale = await challenged({ maxAgeMs: 60_000 });
    const fresh = await challenged();
    clock.advance(60_001);
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    await answer(succeeded());
    expect([stale.fate, fresh.fate, user.prompts.length]).toEqual(['STALE', 'resolved', 1]);
    expect(requestsOf(COMMAND)).toHaveLength(3);
  });
});
