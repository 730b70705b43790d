import { once } from 'node:events';
import {
  createPinPad,
  createStrongAuth,
  fromPims,
  type ReplayOption,
  type StrongAuthFact,
  type StrongAuthOptions,
} from 'strong-auth-machine';
import { createManualClock, createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  DOORS,
  failed,
  OTP,
  settleDown,
  stage,
  succeeded,
  surfaced,
  watched,
} from './support.js';

describe('the PIN entry', () => {
  test.each([undefined, null, ''])('%o means declined', async (nothing) => {
    const { challenged, strongAuth, type, user } = stage();
    const call = await challenged();
    await type(nothing);
    expect([call.fate, strongAuth.view.getSnapshot().status, user.prompts.length]).toEqual([
      'CANCELLED',
      'cancelled',
      1,
    ]);
  });

  test.each(['AbortError', 'NotAllowedError'])('a rejection with an %s means declined', async (name) => {
    const { challenged, user } = stage();
    const call = await challenged();
    user.prompts[0]?.reject(Object.assign(new Error('x'), { name }));
    await settleDown();
    expect(call.fate).toBe('CANCELLED');
  });

  test.each([[new TypeError('x')], ['AbortError'], [{}]])(
    'a rejection with %o is PIN_ENTRY_FAILED, and surfaces',
    async (reason) => {
      const { challenged, user } = stage();
      const call = await challenged();
      const error = await surfaced(() => user.prompts[0]?.reject(reason));
      await settleDown();
      expect(error).toBe(reason);
      expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'threw' } });
    },
  );

  test('a synchronous throw is PIN_ENTRY_FAILED, and surfaces', async () => {
    const { challenged } = stage({
      enterPin: () => {
        throw new Error('no screen');
      },
    });
    let call: Awaited<ReturnType<typeof challenged>> | undefined;
    const error = await surfaced(async () => {
      call = await challenged();
    });
    expect(error).toMatchObject({ message: 'no screen' });
    expect(call?.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'threw' } });
  });

  test('a value that is no string is PIN_ENTRY_FAILED at once', async () => {
    const { challenged, type, user } = stage();
    const call = await challenged();
    await type(1234 as never);
    expect([call.fate, user.prompts.length]).toEqual(['PIN_ENTRY_FAILED', 1]);
  });

  test('a wrong PIN asks again in the same wave; the attempts are bounded', async () => {
    const { answer, challenged, type, user } = stage();
    const [first, second] = [await challenged(), await challenged()];
    expect(user.prompts[0]?.prompt).toMatchObject({
      attempt: 1,
      attemptsLeft: 2,
      reason: 'strongAuthNeeded',
    });
    await type('1111');
    await answer(failed(2308));
    expect(user.prompts[1]?.prompt).toMatchObject({ attempt: 2, attemptsLeft: 1, reason: 'pinRejected' });
    expect([first.fate, second.fate]).toEqual(['pending', 'pending']);
    await type('2222');
    await answer(failed(2308));
    expect([first.fate, second.fate, user.prompts.length]).toEqual(['PIN_REJECTED', 'PIN_REJECTED', 2]);
  });

  test('a malformed PIN is never sent and spends no attempt; the fifth ends the wave', async () => {
    const { challenged, requestsOf, type, user } = stage();
    const call = await challenged();
    for (const pin of ['anna@example.org', '123', '123456789', '12 34']) await type(pin);
    expect(user.prompts[4]?.prompt).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
    await type('x');
    expect([call.fate, requestsOf(OTP).length, user.prompts.length]).toEqual(['PIN_ENTRY_FAILED', 0, 5]);
  });

  test.each([/^\d{6}$/g, /^\d{6}$/y])(
    'a pattern that remembers its place (%s) judges every PIN alike',
    async (pinPattern) => {
      const { answer, challenged, requestsOf, type } = stage({ policy: { pinPattern } });
      await challenged();
      await type('111111');
      await answer(failed(2308));
      await type('222222');
      expect(requestsOf(OTP)).toHaveLength(2);
    },
  );

  test.each([2101, 2102])('%i on pinCode asks again without spending an attempt', async (code) => {
    const { answer, challenged, type, user } = stage();
    await challenged();
    await type('1234');
    await answer(failed(code, 'Invalid pinCode parameter'));
    expect(user.prompts[1]?.prompt).toMatchObject({ attempt: 1, reason: 'pinMalformed' });
  });

  test('names the calls that wait, live', async () => {
    const { challenged, strongAuth, user } = stage();
    await challenged();
    const prompt = user.prompts[0]?.prompt;
    expect(prompt?.calls).toEqual([{ verb: 'set', api: COMMAND, action: 'doors' }]);
    await challenged();
    expect(prompt?.calls).toHaveLength(2);
    expect(strongAuth.view.getSnapshot().prompt?.calls).toHaveLength(2);
  });
});

describe('createPinPad', () => {
  test('opens, takes one PIN, ignores a second, and closes when the prompt does', async () => {
    const pad = createPinPad();
    const seen: string[] = [];
    pad.view.subscribe(({ phase }) => seen.push(phase));
    const simulator = createSimulator({ pin: '0987' });
    const strongAuth = createStrongAuth({ transport: fromPims(simulator), enterPin: pad.enterPin });
    pad.submit('0000'); // nobody asks yet
    const call = strongAuth.set(COMMAND, DOORS);
    await settleDown();
    expect(pad.view.getSnapshot().prompt).toMatchObject({ attempt: 1, calls: [{ api: COMMAND }] });
    pad.submit('0987');
    pad.submit('1111');
    await call;
    simulator.expireSession();
    const cancelled = watched(strongAuth.set(COMMAND, { action: 'horn' }));
    await settleDown();
    pad.cancel();
    await settleDown();
    expect(cancelled.fate).toBe('CANCELLED');
    const hostCancelled = watched(strongAuth.set(COMMAND, { action: 'horn' }));
    await settleDown();
    strongAuth.cancel();
    await settleDown();
    expect([hostCancelled.fate, pad.view.getSnapshot().isOpen]).toEqual(['CANCELLED', false]);
    expect(seen).toEqual(['asking', 'checking', 'closed', 'asking', 'closed', 'asking', 'closed']);
    expect(simulator.effects.otpRequests).toHaveLength(1);
  });

  test('shared by two clients, it asks one question at a time', async () => {
    const pad = createPinPad();
    const [a, b] = [stage({ enterPin: pad.enterPin }), stage({ enterPin: pad.enterPin })];
    await a.challenged();
    await b.challenged();
    pad.submit('1111');
    await settleDown();
    expect(pad.view.getSnapshot().isOpen).toBe(true);
    pad.submit('2222');
    await settleDown();
    expect([a, b].map(({ requestsOf }) => requestsOf(OTP)[0]?.request.parameters?.pinCode)).toEqual([
      '1111',
      '2222',
    ]);
    expect(pad.view.getSnapshot()).toMatchObject({ phase: 'checking', isOpen: false });
    for (const { answer } of [a, b]) await answer(succeeded());
    expect(pad.view.getSnapshot()).toEqual({ phase: 'closed', isOpen: false });
  });
});

describe('ensure', () => {
  test('asks ahead of need, and is skipped while the last grant is young', async () => {
    const { answer, clock, strongAuth, type, user } = stage();
    const first = watched(strongAuth.ensure());
    await settleDown();
    expect(strongAuth.view.getSnapshot()).toMatchObject({ status: 'needStrongAuth', inFlight: false });
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    expect([first.fate, strongAuth.view.getSnapshot().status]).toEqual(['resolved', 'done']);
    clock.advance(1000);
    await strongAuth.ensure({ maxAgeMs: 1001 });
    expect(user.prompts).toHaveLength(1);
    void watched(strongAuth.ensure({ maxAgeMs: 1000 }));
    await settleDown();
    expect(user.prompts).toHaveLength(2);
  });
});

describe('options of a call', () => {
  test('interactive: false rejects at once, and joins a running wave', async () => {
    const { challenged, user } = stage();
    const poller = await challenged({ interactive: false });
    expect([poller.fate, user.prompts.length]).toEqual(['INTERACTION_REQUIRED', 0]);
    await challenged();
    expect([(await challenged({ interactive: false })).fate, user.prompts.length]).toEqual(['pending', 1]);
  });

  test.each<[ReplayOption, string]>([
    ['never', 'REPLAY_DECLINED'],
    [() => false, 'REPLAY_DECLINED'],
    [() => Promise.resolve(false), 'REPLAY_DECLINED'],
    [() => Promise.reject(new Error('?')), 'REPLAY_DECLINED'],
    [
      () => {
        throw new Error('?');
      },
      'REPLAY_DECLINED',
    ],
    [() => true, 'resolved'],
    [async () => true, 'resolved'],
    ['auto', 'resolved'],
  ])('replay %# (%s) ends as %s', async (replay, fate) => {
    const { answer, challenged, requestsOf, strongAuth, type } = stage();
    const call = await challenged({ replay });
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    for (const request of requestsOf(COMMAND).slice(1)) request.resolve(succeeded());
    await settleDown();
    expect([call.fate, strongAuth.view.getSnapshot().status]).toEqual([fate, 'done']);
  });

  test('a replay function that is still deciding holds nobody up, and is bounded', async () => {
    const { answer, challenged, pass, requestsOf, strongAuth, type } = stage();
    const undecided = await challenged({ replay: () => new Promise(() => {}) });
    const other = await challenged();
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    await answer(succeeded());
    expect([undecided.fate, other.fate, requestsOf(COMMAND).length]).toEqual(['pending', 'resolved', 3]);
    await pass(60_000);
    expect([undecided.fate, strongAuth.view.getSnapshot().status]).toEqual(['TIMED_OUT', 'done']);
  });

  test('more than maxWaiting: only the extra call is refused', async () => {
    const { challenged } = stage({ policy: { maxWaiting: 2 } });
    const calls = [await challenged(), await challenged(), await challenged()];
    expect(calls.map(({ fate }) => fate)).toEqual(['pending', 'pending', 'QUEUE_FULL']);
  });

  test.each([
    ['get', ['']],
    ['get', [5]],
    ['get', ['x', 'parameters']],
    ['get', ['x', {}, { timeoutMs: -1 }]],
    ['get', ['x', {}, { timeoutMs: 2 ** 31 }]],
    ['get', ['x', {}, { replay: 'confirm' }]],
    ['get', ['x', {}, { maxAgeMs: Number.NaN }]],
    ['get', ['x', {}, { interactive: 'no' }]],
    ['get', ['x', {}, { signal: {} }]],
    ['send', [undefined]],
    ['send', [{ verb: 'subscribe', api: 'x' }]],
    ['subscribe', ['x', {}, undefined]],
  ] as const)('%s(%o) rejects with a TypeError, and nothing is sent', async (method, args) => {
    const { strongAuth, transport } = stage();
    await expect((strongAuth[method] as (...args: unknown[]) => Promise<unknown>)(...args)).rejects.toThrow(
      TypeError,
    );
    expect([transport.requests.length, strongAuth.view.getSnapshot().status]).toEqual([0, 'idle']);
  });
});

describe('subscribe', () => {
  const EVENT = 'pims.vehicle.event';
  function subscribed(options: Partial<StrongAuthOptions> = {}) {
    const registrations: { onMessage: (message: unknown) => void; signal: AbortSignal }[] = [];
    const theatre = stage();
    const sent: string[] = [];
    const clock = createManualClock();
    const strongAuth = createStrongAuth({
      clock,
      enterPin: async () => '1234',
      transport: {
        async send({ verb, api }) {
          sent.push(`${verb} ${api}`);
          return succeeded(api === OTP ? { otp: 'o' } : undefined);
        },
        subscribe: (_, onMessage, { signal }) => registrations.push({ onMessage, signal }),
      },
      ...options,
    });
    const events: unknown[] = [];
    const subscribe = (more = {}) => strongAuth.subscribe(EVENT, {}, (event) => events.push(event), more);
    return { ...theatre, clock, events, registrations, sent, strongAuth, subscribe };
  }

  test('a challenged acknowledgement is subscribed again once, and no event comes twice', async () => {
    const { events, registrations, subscribe } = subscribed();
    const subscription = subscribe();
    registrations[0]?.onMessage(CHALLENGE);
    await settleDown(40);
    expect(registrations).toHaveLength(2);
    registrations[1]?.onMessage(succeeded());
    const event = { transactionId: 't', status: 'RESULT', result: { n: 1 } };
    registrations[0]?.onMessage({ ...event });
    registrations[1]?.onMessage(event);
    registrations[1]?.onMessage(event);
    registrations[1]?.onMessage({
      transactionId: 't',
      status: 'RESULT',
      error: { code: '2000', label: 'Unknown error' },
    });
    registrations[1]?.onMessage({ transactionId: 't', status: 'RESULT', result: { n: 2 } });
    await subscription;
    expect(events).toMatchObject([
      { result: { n: 1 } },
      { error: { name: 'ApiError', code: 2000 } },
      { result: { n: 2 } },
    ]);
  });

  test('events that come before the acknowledgement are delivered after it', async () => {
    const { events, registrations, subscribe } = subscribed();
    const subscription = subscribe();
    registrations[0]?.onMessage({ status: 'RESULT', result: 1 });
    expect(events).toEqual([]);
    registrations[0]?.onMessage(succeeded());
    await subscription;
    expect(events).toEqual([{ result: 1 }]);
  });

  test.each(['unsubscribe', 'reset', 'dispose', 'abort'] as const)(
    'no event after %s, and the SDK hears of it',
    async (ending) => {
      const { events, registrations, sent, strongAuth, subscribe } = subscribed();
      const controller = new AbortController();
      const pending = subscribe({ signal: controller.signal });
      registrations[0]?.onMessage(succeeded());
      const subscription = await pending;
      if (ending === 'abort') controller.abort();
      else if (ending === 'unsubscribe') await subscription.unsubscribe();
      else strongAuth[ending]();
      registrations[0]?.onMessage({ status: 'RESULT', result: 1 });
      await subscription.unsubscribe();
      expect([events, sent, registrations[0]?.signal.aborted]).toEqual([[], [`unsubscribe ${EVENT}`], true]);
    },
  );

  test('a registration that is acknowledged after the call was given up is taken back', async () => {
    const { clock, registrations, sent, subscribe } = subscribed();
    const call = watched(subscribe());
    clock.advance(60_000);
    await settleDown();
    expect(call.fate).toBe('TIMED_OUT');
    registrations[0]?.onMessage(succeeded());
    expect(sent).toEqual([`unsubscribe ${EVENT}`]);
  });

  test('without a transport that can, it says so', async () => {
    const { strongAuth } = stage();
    await expect(strongAuth.subscribe(EVENT, {}, () => {})).rejects.toMatchObject({
      code: 'TRANSPORT_FAILED',
      details: { sent: false },
    });
  });
});

describe('a back end that says it otherwise', () => {
  test('classify decides what is a challenge and what an OTP answer means', async () => {
    const { answer, strongAuth, type, user } = stage({
      classify: {
        call: (message) =>
          message.status === 'SUCCEEDED' && message.result === 'step up' ? 'challenge' : 'pass',
        otp: (message) => (message.status === 'FAILED' ? { denied: 'OFFLINE' } : 'granted'),
      },
    });
    const passed = watched(strongAuth.get('x'));
    await answer(CHALLENGE);
    expect(passed.fate).toBe('2302');
    const call = watched(strongAuth.get('x'));
    await answer(succeeded('step up'));
    await type('1234');
    await answer(failed(2310));
    expect([call.fate, user.prompts.length]).toEqual(['OFFLINE', 1]);
  });

  test('a classifier that throws leaves the call its own error and the OTP its usual meaning', async () => {
    const boom = () => {
      throw new Error('classifier');
    };
    const { answer, strongAuth, user } = stage({ classify: { call: boom, otp: boom } });
    const call = watched(strongAuth.get('x'));
    await answer(CHALLENGE);
    expect([call.fate, strongAuth.view.getSnapshot().status, user.prompts.length]).toEqual([
      '2302',
      'done',
      0,
    ]);
    const wished = watched(strongAuth.ensure());
    await settleDown();
    user.prompts[0]?.resolve('1234');
    await settleDown();
    await answer(failed(2310));
    expect(wished.fate).toBe('ACCOUNT_BLOCKED');
  });

  test('prepareReplay gets the OTP as a secret that is forgotten when the calls have settled', async () => {
    let kept: { reveal(): string } | undefined;
    const { answer, challenged, transport, type } = stage({
      prepareReplay: (request, otp) => {
        kept = otp;
        expect([JSON.stringify(otp), String(otp)]).toEqual(['"[secret]"', '[secret]']);
        return { ...request, parameters: { ...request.parameters, otp: otp.reveal() } };
      },
    });
    const call = await challenged();
    await type('1234');
    await answer(succeeded({ otp: 'the-otp' }));
    expect(transport.requests.at(-1)?.request.parameters).toEqual({ ...DOORS, otp: 'the-otp' });
    await answer(succeeded());
    expect(call.fate).toBe('resolved');
    expect(() => kept?.reveal()).toThrow(TypeError);
  });
});

describe('the OTP budget', () => {
  test('refuses without a prompt when it is spent, labelled as the own limit, and recovers', async () => {
    const { answer, challenged, pass, type, user } = stage({
      policy: { otpBudget: { max: 1, perMs: 60_000 } },
    });
    await challenged();
    await type('1234');
    await answer(failed(2312)); // the reset step counts, but is never refused
    await answer(failed(2202));
    const refused = await challenged();
    expect(refused.error).toMatchObject({
      code: 'OTP_BUDGET_SPENT',
      remedy: 'wait',
      details: { retryAt: 1_700_000_060_000, local: true },
    });
    expect(user.prompts).toHaveLength(1);
    await pass(60_000);
    await challenged();
    expect(user.prompts).toHaveLength(2);
  });

  test.each(['sync', 'async'])('survives a restart in a store that is %s', async (kind) => {
    let saved: number[] = [1_699_999_999_000];
    const store = {
      load: () => (kind === 'async' ? Promise.resolve(saved) : saved),
      save: (times: number[]) => {
        saved = times;
      },
    };
    const first = stage({ policy: { otpBudget: { max: 2, perMs: 60_000, store: store as never } } });
    await first.challenged();
    await settleDown();
    await first.type('1234');
    expect(saved).toEqual([1_699_999_999_000, 1_700_000_000_000]);
    const second = stage({ policy: { otpBudget: { max: 2, perMs: 60_000, store: store as never } } });
    const call = await second.challenged();
    await settleDown();
    expect([call.fate, second.user.prompts.length]).toEqual(['OTP_BUDGET_SPENT', 0]);
  });

  test('a store that fails locks nobody out', async () => {
    const fail = () => Promise.reject(new Error('disk'));
    const { challenged, user } = stage({
      policy: { otpBudget: { max: 1, perMs: 1, store: { load: fail, save: fail } } },
    });
    await challenged();
    await settleDown();
    expect(user.prompts).toHaveLength(1);
  });
});

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

describe('createStrongAuth refuses', () => {
  const good = { transport: { send: async () => {} }, enterPin: async () => null };
  test.each([
    undefined,
    {},
    { ...good, transport: {} },
    { ...good, enterPin: 'ask' },
    { ...good, onEvent: 1 },
    { ...good, clock: {} },
    { ...good, policy: { maxPinAttempts: 0 } },
    { ...good, policy: { maxPinAttempts: 1.5 } },
    { ...good, policy: { maxRounds: -1 } },
    { ...good, policy: { maxWaiting: Number.NaN } },
    { ...good, policy: { pinEntryTimeoutMs: 2 ** 31 } },
    { ...good, policy: { otpTimeoutMs: Number.POSITIVE_INFINITY } },
    { ...good, policy: { callTimeoutMs: '60' } },
    { ...good, policy: { maxAgeMs: -1 } },
    { ...good, policy: { pinPattern: '^\\d+$' } },
    { ...good, policy: { otpBudget: { max: 0, perMs: 1 } } },
    { ...good, policy: { otpBudget: { max: 1, perMs: 1, store: {} } } },
    { ...good, policy: { maxPinAttemps: 1 } },
  ])('%#: %o', (options) => {
    expect(() => createStrongAuth(options as never)).toThrow(TypeError);
  });

  test('but Infinity switches callTimeoutMs off', async () => {
    const { pass, strongAuth } = stage({ policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
    const call = watched(strongAuth.get('x'));
    await pass(2 ** 40);
    expect(call.fate).toBe('pending');
  });
});
