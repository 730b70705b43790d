import { createStrongAuth, type StrongAuthFact, type StrongAuthOptions } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, failed, OTP, settleDown, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, immediate } from './support.js';

/* What may happen while a subscription begins and ends. */

const surfaced = collectSurfaced();

const EVENT = 'pims.vehicle.event';
const RESULT = (result: unknown) => ({ status: 'RESULT', result });

function stage(options: Partial<StrongAuthOptions> = {}) {
  const app = {
    registrations: [] as ((message: unknown) => void)[],
    sent: [] as { verb: string; api: string; parameters?: object | undefined }[],
    told: [] as StrongAuthFact[],
    events: [] as unknown[],
  };
  const clock = createManualClock(1_700_000_000_000);
  const strongAuth = createStrongAuth({
    clock,
    enterPin: async () => '1234',
    onEvent: (event) => app.told.push(event),
    transport: {
      async send(request) {
        app.sent.push({ ...request });
        return succeeded(request.api === OTP ? { otp: 'o' } : undefined);
      },
      subscribe: (_, onMessage) => app.registrations.push(onMessage),
    },
    ...options,
  });
  const subscribe = (
    more: { signal?: AbortSignal } = {},
    onEvent: (event: unknown) => void = (event) => app.events.push(event),
  ) => strongAuth.subscribe(EVENT, {}, onEvent, more);
  const dropped = () => app.told.filter(({ type }) => type === 'eventDropped').length;
  return { ...app, clock, strongAuth, subscribe, dropped };
}

describe('before the acknowledgement', () => {
  test.each([
    { status: 'RESULT', error: {} },
    { status: 'RESULT', error: 'no' },
    { status: 'RESULT', error: { label: 'without a code' } },
    { status: 'RESULT', result: Promise.resolve() },
  ])('%j is an event that is dropped, not an answer', async (event) => {
    const { dropped, events, registrations, subscribe } = stage();
    const call = watched(subscribe());
    registrations[0]?.(event);
    await settleDown();
    expect([call.fate, dropped(), events]).toEqual(['pending', 1, []]);
    registrations[0]?.(succeeded());
    await settleDown();
    expect(call.fate).toBe('resolved');
  });

  test.each([{ status: 'DONE' }, 'RESULT', null, 7, { state: 'RESULT' }])(
    '%j is an answer that cannot be understood',
    async (answer) => {
      const { dropped, registrations, subscribe } = stage();
      const call = watched(subscribe());
      registrations[0]?.(answer);
      await settleDown();
      expect([call.error, dropped()]).toMatchObject([{ code: 'PROTOCOL', details: { sent: true } }, 0]);
    },
  );

  test('a listener that ends everything at an early event gets no later one', async () => {
    for (const ending of ['dispose', 'reset'] as const) {
      const got: unknown[] = [];
      const { registrations, strongAuth, subscribe } = stage();
      const call = watched(
        subscribe({}, (event) => {
          got.push((event as { result: unknown }).result);
          strongAuth[ending]();
        }),
      );
      for (const event of [RESULT(1), RESULT(2), succeeded()]) registrations[0]?.(event);
      await settleDown();
      expect([ending, got, call.fate]).toEqual([ending, [1], 'resolved']);
    }
  });

  test('a listener that aborts at an early event gets no later one', async () => {
    const controller = new AbortController();
    const got: unknown[] = [];
    const { registrations, sent, subscribe } = stage();
    const call = watched(
      subscribe({ signal: controller.signal }, (event) => {
        got.push((event as { result: unknown }).result);
        controller.abort();
      }),
    );
    for (const event of [RESULT(1), RESULT(2), succeeded()]) registrations[0]?.(event);
    await settleDown();
    expect([got, call.fate]).toEqual([[1], 'resolved']);
    expect(sent).toMatchObject([{ verb: 'unsubscribe', api: EVENT }]);
  });

  test('early events of a registration that was challenged are not delivered', async () => {
    const { events, registrations, subscribe } = stage();
    const call = watched(subscribe());
    for (const event of [RESULT(1), CHALLENGE]) registrations[0]?.(event);
    await settleDown(40);
    for (const event of [RESULT(2), succeeded()]) registrations[1]?.(event);
    await settleDown();
    expect([call.fate, events]).toMatchObject(['resolved', [{ result: 2 }]]);
  });
});

describe('a subscription that does not begin', () => {
  test('no longer listens to its signal', async () => {
    for (const message of [failed(2000), { status: 'no message' }]) {
      const listeners = new Set<unknown>();
      const signal = Object.assign(new AbortController().signal, {
        addEventListener: (_: string, listener: unknown) => void listeners.add(listener),
        removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener),
      });
      const { registrations, subscribe } = stage();
      const call = watched(subscribe({ signal }));
      expect(listeners.size).toBe(1);
      registrations[0]?.(message);
      await settleDown();
      expect([call.settlements, listeners.size]).toEqual([1, 0]);
    }
  });

  test('a transport whose subscribe throws has sent nothing; one that rejects later has', async () => {
    const throwing = stage({
      transport: {
        send: async () => succeeded(),
        subscribe() {
          throw new Error('no radio');
        },
      },
    });
    const rejecting = stage({
      transport: {
        send: async () => succeeded(),
        subscribe: () => Promise.reject(new Error('radio lost')),
      },
    });
    const calls = [watched(throwing.subscribe()), watched(rejecting.subscribe())];
    await settleDown();
    expect(calls.map(({ error }) => error)).toMatchObject([
      { code: 'TRANSPORT_FAILED', details: { sent: false } },
      { code: 'TRANSPORT_FAILED', details: { sent: true } },
    ]);
  });
});

describe('the unsubscribe of a subscription that its signal ends', () => {
  async function ended(apply: (request: object, secret: { reveal(): string }) => unknown) {
    const controller = new AbortController();
    const app = stage({
      grant: {
        read: () => ({ secret: 'token-1' }),
        apply: apply as never,
      },
    });
    await app.strongAuth.ensure();
    const call = app.subscribe({ signal: controller.signal });
    await settleDown();
    app.registrations[0]?.(succeeded());
    await call;
    controller.abort();
    await settleDown();
    return app.sent.filter(({ verb }) => verb === 'unsubscribe');
  }

  test('carries the token of the grant', async () => {
    expect(
      await ended((request, secret) => ({ ...request, parameters: { token: secret.reveal() } })),
    ).toMatchObject([{ verb: 'unsubscribe', api: EVENT, parameters: { token: 'token-1' } }]);
  });

  test.each([
    ['answers with nothing', undefined],
    ['answers with no request', { api: 7 }],
  ])('is not sent if the host %s', async (_, made) => {
    expect(
      await ended((request) => ((request as { verb: string }).verb === 'unsubscribe' ? made : request)),
    ).toEqual([]);
  });

  test('is sent once only when the last of two subscriptions has ended', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const { registrations, sent, subscribe } = stage();
    const calls = [subscribe({ signal: one.signal }), subscribe({ signal: two.signal })];
    for (const register of registrations) register(succeeded());
    await Promise.all(calls);
    one.abort();
    await immediate();
    expect(sent).toEqual([]);
    two.abort();
    await immediate();
    expect(sent).toMatchObject([{ verb: 'unsubscribe', api: EVENT }]);
    expect(surfaced).toEqual([]);
  });
});

test('an error of the transport is no cause when the request carried a token', async () => {
  let isLost = false;
  const { strongAuth } = stage({
    grant: {
      read: () => ({ secret: 'token-1' }),
      apply: (request, secret) => ({ ...request, parameters: { token: secret.reveal() } }),
    },
    transport: {
      send: async ({ api, parameters }) => {
        if (isLost) throw new Error(`could not send ${JSON.stringify(parameters)}`);
        return succeeded(api === OTP ? { otp: 'o' } : undefined);
      },
    },
  });
  await strongAuth.ensure();
  isLost = true;
  const error = await strongAuth.get('x').catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: true } });
  expect((error as Error).cause).toBeUndefined();
});
