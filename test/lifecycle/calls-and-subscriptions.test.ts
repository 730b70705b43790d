import { createStrongAuth, type ReplayOption, type StrongAuthOptions } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, OTP, settleDown, stage, succeeded, watched } from './support.js';

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
