import type { StrongAuth } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { COMMAND, stage, succeeded, turn, watched } from '../lifecycle/support.js';
import { collectSurfaced, expectRest, immediate } from './support.js';

/* Host code that ends a call, or everything, while the call is made: neighbours of the field cases 35 and 37. */

collectSurfaced();

interface Options {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Everything that takes a signal and a deadline. */
const takers: Record<string, (strongAuth: StrongAuth, options: Options) => Promise<unknown>> = {
  set: (strongAuth, options) => strongAuth.set(COMMAND, { action: 'horn' }, options),
  subscribe: (strongAuth, options) => strongAuth.subscribe('events', {}, () => {}, options),
  ensure: (strongAuth, options) => strongAuth.ensure(options),
};

const staged = (options?: Parameters<typeof stage>[0]) => {
  const app = stage(options);
  app.transport.subscribe = (request, onMessage) => {
    app.transport.send(request, { signal: new AbortController().signal });
    onMessage(succeeded());
  };
  return app;
};

describe.each(Object.entries(takers))('%s', (_, take) => {
  test.each([
    ['reset', 'SIGNED_OUT'],
    ['dispose', 'DISPOSED'],
  ] as const)('its signal calls %s() while it is listened to: nothing is sent', async (how, code) => {
    const app = staged();
    const { signal } = new AbortController();
    signal.addEventListener = () => app.strongAuth[how]();
    const call = watched(take(app.strongAuth, { signal }));
    await immediate();
    expect(call).toMatchObject({ fate: code, settlements: 1 });
    expect([app.transport.requests.length, app.user.prompts.length]).toEqual([0, 0]);
    await expectRest(app);
  });

  test('its signal aborts while the clock sets its deadline: nothing is sent, and no timer is left', async () => {
    const controller = new AbortController();
    const time = createManualClock();
    const app = staged({
      clock: {
        ...time,
        now: time.now,
        monotonic: time.monotonic,
        setTimeout(callback, ms) {
          controller.abort('gone');
          return time.setTimeout(callback, ms);
        },
      },
    });
    const call = watched(take(app.strongAuth, { signal: controller.signal, timeoutMs: 5000 }));
    await turn();
    time.advance(0); // the end of the turn, for an `ensure`
    await turn();
    expect(call).toMatchObject({ error: 'gone', settlements: 1 });
    expect([app.transport.requests.length, app.user.prompts.length, time.pending]).toEqual([0, 0, 0]);
  });

  test('its signal throws when it is listened to: the error says why', async () => {
    const app = staged();
    const { signal } = new AbortController();
    const broken = new Error('no listeners here');
    signal.addEventListener = () => {
      throw broken;
    };
    const call = watched(take(app.strongAuth, { signal }));
    await immediate();
    expect(call.error).toMatchObject({ name: 'TypeError', cause: broken });
    await expectRest(app);
  });
});

test('a subscribe that was aborted before it was made keeps no other subscription registered', async () => {
  const app = staged();
  await app.strongAuth
    .subscribe('events', {}, () => {}, { signal: AbortSignal.abort('gone') })
    .catch((reason) => expect(reason).toBe('gone'));
  const controller = new AbortController();
  await app.strongAuth.subscribe('events', {}, () => {}, { signal: controller.signal });
  controller.abort();
  await immediate();
  expect(app.requestsOf('events').map(({ request }) => request.verb)).toEqual(['subscribe', 'unsubscribe']);
});
