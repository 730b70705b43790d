import { isApiError, type Subscription } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  at,
  challenge,
  EVENTS,
  event,
  eventError,
  failed,
  settleDown,
  stage,
  succeeded,
  turn,
  watch,
} from './support.js';

/** A client with one running subscription. */
async function subscribed(options: Parameters<ReturnType<typeof stage>['strongAuth']['subscribe']>[3] = {}) {
  const app = stage();
  const events: unknown[] = [];
  const pending = app.strongAuth.subscribe<unknown>(EVENTS, { a: 1 }, (one) => events.push(one), options);
  const registration = at(app.registrations, 0);
  registration.emit(succeeded());
  const subscription: Subscription = await pending;
  await settleDown();
  return { app, events, subscription, registration };
}

test('it resolves after the acknowledgement, and delivers each RESULT once, in order', async () => {
  const { app, events, registration } = await subscribed();
  expect(app.registrations).toHaveLength(1);
  expect(app.status).toBe('done');
  for (const n of [1, 2, 3]) registration.emit(event(n));
  registration.emit({ status: 'RESULT' });
  expect(events).toEqual([{ result: 1 }, { result: 2 }, { result: 3 }, { result: undefined }]);
  expect(app.clock.pending).toBe(0);
});

test('an early RESULT, before the acknowledgement, is delivered after it', async () => {
  const app = stage();
  const order: unknown[] = [];
  const pending = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => order.push(one)));
  at(app.registrations, 0).emit(event('early'));
  await settleDown();
  expect(order).toEqual([]);
  expect(pending.fate).toBe('pending');
  at(app.registrations, 0).emit(succeeded());
  at(app.registrations, 0).emit(event('later'));
  await settleDown();
  expect(pending.fate).toBe('resolved');
  expect(order).toEqual([{ result: 'early' }, { result: 'later' }]);
});

test('an early RESULT of a registration that fails is not delivered', async () => {
  const app = stage();
  const events: unknown[] = [];
  const pending = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
  at(app.registrations, 0).emit(event('early'));
  at(app.registrations, 0).emit(failed(2005, 'duplicate'));
  at(app.registrations, 0).emit(event('late'));
  await settleDown();
  expect(pending.error).toMatchObject({ code: 2005, verb: 'subscribe', api: EVENTS });
  expect(events).toEqual([]);
});

test('an early RESULT of a registration that is challenged is delivered at most once', async () => {
  const app = stage();
  const events: unknown[] = [];
  watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
  at(app.registrations, 0).emit(event('early'));
  at(app.registrations, 0).emit(challenge());
  await settleDown();
  await app.grant();
  at(app.registrations, 1).emit(event('early'));
  at(app.registrations, 1).emit(succeeded());
  await settleDown();
  expect(events).toEqual([{ result: 'early' }]);
});

test('a RESULT with an error does not end it', async () => {
  const { events, registration } = await subscribed();
  registration.emit(eventError(2204));
  registration.emit({ status: 'RESULT', error: { code: '2204', label: 'text' } });
  registration.emit(event('after'));
  expect(events).toHaveLength(3);
  const [one, two, three] = events as { error?: unknown; result?: unknown }[];
  expect(isApiError(one?.error)).toBe(true);
  expect(one?.error).toMatchObject({ code: 2204, verb: 'subscribe', api: EVENTS });
  expect(two?.error).toMatchObject({ code: 2204, label: 'text' });
  expect(three).toEqual({ result: 'after' });
});

test('a message that comes twice is delivered once: the callback was called twice', async () => {
  const { events, registration } = await subscribed();
  const message = event(1);
  registration.emit(message);
  registration.emit(message);
  registration.emit(event(1)); // another event, which says the same
  expect(events).toEqual([{ result: 1 }, { result: 1 }]);
});

test('a second acknowledgement, a late FAILED and nonsense change nothing', async () => {
  const { app, events, registration } = await subscribed();
  registration.emit(succeeded());
  registration.emit(failed(2000));
  registration.emit(challenge());
  registration.emit('nonsense');
  registration.emit(undefined);
  registration.emit(event(1));
  await settleDown();
  expect(events).toEqual([{ result: 1 }]);
  expect(app.prompts).toHaveLength(0);
  expect(app.status).toBe('done');
});

describe('after unsubscribe()', () => {
  test('nothing is delivered, from the call on; it resolves when the SDK has confirmed', async () => {
    const { app, events, subscription, registration } = await subscribed();
    const done = watch(subscription.unsubscribe());
    registration.emit(event('late'));
    await settleDown();
    expect(done.fate).toBe('pending');
    expect(app.requests.map(({ request }) => request)).toMatchObject([{ verb: 'unsubscribe', api: EVENTS }]);
    await app.answer(succeeded());
    expect(done).toMatchObject({ fate: 'resolved', value: undefined });
    registration.emit(event('later'));
    expect(events).toEqual([]);
  });

  test('twice: one request', async () => {
    const { app, subscription } = await subscribed();
    const one = watch(subscription.unsubscribe());
    const two = watch(subscription.unsubscribe());
    await settleDown();
    expect(app.requests).toHaveLength(1);
    await app.answer(succeeded());
    expect([one.fate, two.fate]).toEqual(['resolved', 'resolved']);
  });

  test('refused by the SDK: it rejects, and still nothing is delivered', async () => {
    const { app, events, subscription, registration } = await subscribed();
    const done = watch(subscription.unsubscribe());
    await settleDown();
    await app.answer(failed(2202));
    expect(done.error).toMatchObject({ code: 2202, verb: 'unsubscribe' });
    registration.emit(event(1));
    expect(events).toEqual([]);
  });

  test('challenged: it is replayed', async () => {
    const { app, subscription } = await subscribed();
    const done = watch(subscription.unsubscribe());
    await settleDown();
    await app.answer(challenge());
    await app.grant();
    await app.answer(succeeded());
    expect(done.fate).toBe('resolved');
    expect(app.requestsOf(EVENTS)).toHaveLength(2);
  });

  test('from within onResult', async () => {
    const app = stage();
    const events: unknown[] = [];
    let subscription: Subscription | undefined;
    const pending = app.strongAuth.subscribe(EVENTS, {}, (one) => {
      events.push(one);
      subscription?.unsubscribe();
    });
    at(app.registrations, 0).emit(succeeded());
    subscription = await pending;
    at(app.registrations, 0).emit(event(1));
    at(app.registrations, 0).emit(event(2));
    await settleDown();
    expect(events).toEqual([{ result: 1 }]);
    expect(app.requests).toHaveLength(1);
  });

  test('subscribed anew, events of the new registration only', async () => {
    const { app, events, subscription, registration } = await subscribed();
    subscription.unsubscribe();
    await settleDown();
    await app.answer(succeeded());
    const again: unknown[] = [];
    const pending = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => again.push(one)));
    at(app.registrations, 1).emit(succeeded());
    await settleDown();
    registration.emit(event('old'));
    at(app.registrations, 1).emit(event('new'));
    expect(pending.fate).toBe('resolved');
    expect(events).toEqual([]);
    expect(again).toEqual([{ result: 'new' }]);
  });
});

test.each(['reset', 'dispose'] as const)(
  'after %s() nothing is delivered, and the SDK is told',
  async (how) => {
    const { app, events, subscription, registration } = await subscribed();
    app.strongAuth[how]();
    registration.emit(event('late'));
    await settleDown();
    expect(events).toEqual([]);
    expect(app.requests.map(({ request }) => request)).toMatchObject([{ verb: 'unsubscribe', api: EVENTS }]);
    await subscription.unsubscribe();
    expect(app.requests).toHaveLength(1);
  },
);

test.each(['reset', 'dispose'] as const)(
  '%s() before the acknowledgement: rejected; the late one is taken back',
  async (how) => {
    const app = stage();
    const events: unknown[] = [];
    const pending = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
    app.strongAuth[how]();
    await settleDown();
    expect(pending.fate).toBe(how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED');
    at(app.registrations, 0).emit(event('early'));
    at(app.registrations, 0).emit(succeeded());
    at(app.registrations, 0).emit(event('late'));
    await settleDown();
    expect(events).toEqual([]);
    expect(app.requests.map(({ request }) => request)).toMatchObject([{ verb: 'unsubscribe', api: EVENTS }]);
  },
);

describe('abort', () => {
  test('before the acknowledgement: rejects with the reason; a late acknowledgement is unsubscribed, once', async () => {
    const app = stage();
    const controller = new AbortController();
    const events: unknown[] = [];
    const pending = watch(
      app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one), { signal: controller.signal }),
    );
    controller.abort('gone');
    await settleDown();
    expect(pending.error).toBe('gone');
    expect(at(app.registrations, 0).signal.aborted).toBe(true);
    expect(app.requests).toHaveLength(0);
    at(app.registrations, 0).emit(succeeded());
    at(app.registrations, 0).emit(succeeded());
    at(app.registrations, 0).emit(event(1));
    await settleDown();
    expect(app.requests.map(({ request }) => request)).toMatchObject([{ verb: 'unsubscribe', api: EVENTS }]);
    expect(events).toEqual([]);
    // Nobody waits for the answer of that, whatever it is.
    await app.fail(new Error('no'));
    expect(app.prompts).toHaveLength(0);
  });

  test('a late FAILED leaves nothing to take back', async () => {
    const app = stage();
    const controller = new AbortController();
    watch(app.strongAuth.subscribe(EVENTS, {}, () => {}, { signal: controller.signal }));
    controller.abort();
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    expect(app.requests).toHaveLength(0);
    expect(app.prompts).toHaveLength(0);
  });

  test('a late acknowledgement does not take back somebody else’s registration of the same name', async () => {
    const app = stage();
    const controller = new AbortController();
    const events: unknown[] = [];
    watch(app.strongAuth.subscribe(EVENTS, {}, () => {}, { signal: controller.signal }));
    controller.abort();
    watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
    at(app.registrations, 1).emit(succeeded());
    await settleDown();
    at(app.registrations, 0).emit(succeeded());
    await settleDown();
    expect(app.requests).toHaveLength(0);
    at(app.registrations, 1).emit(event(1));
    expect(events).toEqual([{ result: 1 }]);
  });

  test('after the acknowledgement: the subscription ends, and the SDK is told', async () => {
    const controller = new AbortController();
    const { app, events, registration, subscription } = await subscribed({ signal: controller.signal });
    controller.abort();
    registration.emit(event('late'));
    await settleDown();
    expect(events).toEqual([]);
    expect(app.requests.map(({ request }) => request)).toMatchObject([{ verb: 'unsubscribe', api: EVENTS }]);
    await subscription.unsubscribe();
    expect(app.requests).toHaveLength(1);
  });

  test('while it waits: rejected, never registered again', async () => {
    const app = stage();
    const controller = new AbortController();
    const pending = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}, { signal: controller.signal }));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    controller.abort('gone');
    await turn();
    expect(pending.error).toBe('gone');
    expect(at(app.prompts, 0).signal.aborted).toBe(true);
    expect(app.registrations).toHaveLength(1);
  });
});

describe('the transport', () => {
  test('has no subscribe: TRANSPORT_FAILED, not sent', async () => {
    const app = stage({ transport: { send: () => Promise.resolve(succeeded()) } });
    const pending = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}));
    await settleDown();
    expect(pending.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false } });
    expect(app.status).toBe('done');
  });

  test.each(['throws', 'rejects'])('%s: TRANSPORT_FAILED', async (how) => {
    const cause = new Error('bridge');
    const app = stage({
      transport: {
        send: () => Promise.resolve(succeeded()),
        subscribe: () => {
          if (how === 'throws') throw cause;
          return Promise.reject(cause);
        },
      },
    });
    const pending = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}));
    await settleDown();
    expect(pending.error).toMatchObject({ code: 'TRANSPORT_FAILED', cause });
  });

  test('answers before subscribe() has returned', async () => {
    const events: unknown[] = [];
    const app = stage({
      transport: {
        send: () => Promise.resolve(succeeded()),
        subscribe: (_, onMessage) => {
          onMessage(event('early'));
          onMessage(succeeded());
          onMessage(event('later'));
        },
      },
    });
    const pending = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
    await settleDown();
    expect(pending.fate).toBe('resolved');
    expect(events).toEqual([{ result: 'early' }, { result: 'later' }]);
  });

  test('throws or rejects after the acknowledgement: the subscription lives', async () => {
    const events: unknown[] = [];
    let emit: (message: unknown) => void = () => {};
    const app = stage({
      transport: {
        send: () => Promise.resolve(succeeded()),
        subscribe: (_, onMessage) => {
          emit = onMessage;
          onMessage(succeeded());
          throw new Error('after all');
        },
      },
    });
    const pending = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
    await settleDown();
    expect(pending.fate).toBe('resolved');
    emit(event(1));
    expect(events).toEqual([{ result: 1 }]);
  });

  test('acknowledges with nonsense: PROTOCOL', async () => {
    const app = stage();
    const pending = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}));
    at(app.registrations, 0).emit({ status: 'REGISTERED' });
    await settleDown();
    expect(pending.fate).toBe('PROTOCOL');
  });
});

test('events go on while a wave runs, and their subscription is no call in flight', async () => {
  const { app, events, registration } = await subscribed();
  await app.challenged();
  expect(app.view).toMatchObject({ status: 'needStrongAuth', inFlight: false });
  registration.emit(event('meanwhile'));
  await app.cancel();
  registration.emit(event('after the cancel'));
  expect(events).toEqual([{ result: 'meanwhile' }, { result: 'after the cancel' }]);
});
