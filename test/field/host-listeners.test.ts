import { createPinPad, createStrongAuth, type StrongAuth, type StrongAuthFact } from 'strong-auth-machine';
import { statusOf } from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  settleDown,
  stage,
  succeeded,
  turn,
  watched,
} from '../lifecycle/support.js';
import { type App, expectWell } from './support.js';

/* Listeners that end or begin something when they are notified: the field cases 38, 39a and 43, and their neighbours. */

/** What host code may do to the client that calls it. */
const deeds: Record<string, (strongAuth: StrongAuth) => void> = {
  cancels: (strongAuth) => strongAuth.cancel(),
  resets: (strongAuth) => strongAuth.reset(),
  'disposes of it': (strongAuth) => strongAuth.dispose(),
  'makes a call': (strongAuth) => void watched(strongAuth.get('more')),
  'asks for a grant': (strongAuth) => void watched(strongAuth.ensure()),
  'recovers it': (strongAuth) => strongAuth.recovered(),
  throws: () => {
    throw new Error('host code');
  },
};

describe('38. a view listener that ends things at the landing of a subscribe: no event after it, the SDK is told', () => {
  test.each(['reset', 'dispose', 'abort'] as const)('%s', async (how) => {
    const sent: string[] = [];
    let emit = (_: unknown) => {};
    const controller = new AbortController();
    const strongAuth = createStrongAuth({
      enterPin: async () => null,
      transport: {
        async send({ verb }) {
          sent.push(verb);
          return succeeded();
        },
        subscribe(_request, onMessage) {
          emit = onMessage;
        },
      },
    });
    const events: unknown[] = [];
    const subscribed = watched(
      strongAuth.subscribe('events', {}, (event) => events.push(event), { signal: controller.signal }),
    );
    strongAuth.view.subscribe(({ status }) => {
      if (status !== 'done') return;
      if (how === 'abort') controller.abort();
      else strongAuth[how]();
    });
    emit({ status: 'RESULT', result: 'early' });
    emit(succeeded());
    emit({ status: 'RESULT', result: 'late' });
    await settleDown();
    expect([events, sent, subscribed.fate]).toEqual([[], ['unsubscribe'], 'resolved']);
  });
});

describe('39a. whoever cancels when the status becomes requestingOtp: no OTP request leaves, no PIN is sent', () => {
  const ways: Record<string, (app: App, controller: AbortController) => void> = {
    cancel: ({ strongAuth }) => strongAuth.cancel(),
    reset: ({ strongAuth }) => strongAuth.reset(),
    dispose: ({ strongAuth }) => strongAuth.dispose(),
    'abort of the last waiting call': (_, controller) => controller.abort(),
  };
  const cases = Object.entries(ways).flatMap(([how, end]) =>
    (['view.subscribe', 'actor.subscribe', 'inspect'] as const).map((where) => [how, where, end] as const),
  );
  test.each(cases)('%s from %s', async (_, where, end) => {
    let isOver = false;
    const controller = new AbortController();
    const facts: StrongAuthFact['type'][] = [];
    const look = (status: string) => {
      if (status !== 'requestingOtp' || isOver) return;
      isOver = true;
      end(app, controller);
    };
    const app: App = stage({
      onEvent: (fact) => facts.push(fact.type),
      policy: { otpBudget: { max: 1, perMs: 1000 } },
      ...(where === 'inspect' && {
        inspect: (event) => {
          if (event.type === '@xstate.snapshot' && 'value' in event.snapshot)
            look(statusOf(event.snapshot as never));
        },
      }),
    });
    if (where === 'view.subscribe') app.strongAuth.view.subscribe(({ status }) => look(status));
    if (where === 'actor.subscribe') app.strongAuth.actor.subscribe((snapshot) => look(statusOf(snapshot)));
    const call = await app.challenged({ signal: controller.signal });
    await app.type('1234');
    await turn();
    expect([isOver, call.settlements, app.requestsOf(OTP).length]).toEqual([true, 1, 0]);
    expect(facts).not.toContain('otpRequested');
    expect(JSON.stringify(app.transport.requests.map(({ request }) => request))).not.toContain('1234');
    await expectWell(app);
  });
});

describe("43. @@observable of a view, as Solid's from and others use it", () => {
  type Observed = { '@@observable'(): { subscribe(observer: unknown): { unsubscribe(): void } } };
  const pad = createPinPad();
  test.each<[string, (app: App) => unknown]>([
    ['the client', ({ strongAuth }) => strongAuth.view],
    ['a pad', () => pad.view],
  ])('of %s: a plain function hears what there is, and each change', async (name, viewOf) => {
    const app = name === 'a pad' ? stage({ enterPin: pad.enterPin }) : stage();
    const heard: unknown[] = [];
    const { unsubscribe } = (viewOf(app) as Observed)
      ['@@observable']()
      .subscribe((view: unknown) => heard.push(view));
    const before = heard.length;
    await app.challenged();
    expect([before, heard.length > before]).toEqual([1, true]);
    unsubscribe();
    const { length } = heard;
    app.strongAuth.cancel();
    expect(heard).toHaveLength(length);
  });

  test.each([[{}], [{ next: undefined }], [undefined]])('an observer of %o harms nobody', (observer) => {
    const { strongAuth } = stage();
    expect(() =>
      (strongAuth.view as unknown as Observed)['@@observable']().subscribe(observer),
    ).not.toThrow();
  });
});

describe('listeners that do something at every change: the machine stays well, and every call settles once', () => {
  const places = {
    'view.subscribe': (app: App, act: () => void) => app.strongAuth.view.subscribe(act),
    'actor.subscribe': (app: App, act: () => void) => app.strongAuth.actor.subscribe(act),
  };
  const cases = Object.entries(places).flatMap(([place, listen]) =>
    Object.entries(deeds)
      .filter(([name]) => name !== 'throws')
      .map(([name, deed]) => [place, name, listen, deed] as const),
  );
  test.each(cases)('%s %s', async (_, __, listen, deed) => {
    for (let at = 1; at <= 8; at += 1) {
      const app = stage();
      let changes = 0;
      listen(app, () => {
        changes += 1;
        if (changes === at) deed(app.strongAuth);
      });
      const controller = new AbortController();
      const calls = [
        watched(app.strongAuth.set(COMMAND, { action: 'horn' })),
        watched(app.strongAuth.get('x', {}, { signal: controller.signal })),
        watched(app.strongAuth.ensure()),
      ];
      app.transport.requests[0]?.resolve(CHALLENGE);
      await settleDown();
      if (app.user.prompts.length > 0) await app.type('1234');
      for (const { request, isAnswered, resolve } of [...app.transport.requests])
        if (request.api === OTP && !isAnswered) resolve(GRANT);
      await settleDown();
      for (const { isAnswered, resolve } of [...app.transport.requests])
        if (!isAnswered) resolve(succeeded(1));
      await settleDown();
      app.strongAuth.dispose();
      await settleDown();
      expect(calls.map(({ settlements }) => settlements)).toEqual([1, 1, 1]);
      await expectWell(app);
    }
  });
});

describe('a subscriber that says the same whenever it is notified comes to an end', () => {
  test.each<[string, (app: App) => void]>([
    ['cancels', ({ strongAuth }) => strongAuth.cancel()],
    ['finds the account well', ({ strongAuth }) => strongAuth.recovered()],
    [
      'does both',
      ({ strongAuth }) => {
        strongAuth.cancel();
        strongAuth.recovered();
      },
    ],
    ['signs out', ({ strongAuth }) => strongAuth.reset('signed out')],
    [
      'signs out and cancels',
      ({ strongAuth }) => {
        strongAuth.reset();
        strongAuth.cancel();
      },
    ],
  ])('actor.subscribe, and it %s', async (_, deed) => {
    const app = stage();
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(failed(2310));
    expect(app.status).toBe('failed');
    app.strongAuth.actor.subscribe(() => deed(app));
    deed(app);
    const next = watched(app.strongAuth.get('x'));
    await app.answer(CHALLENGE);
    await settleDown();
    app.strongAuth.cancel();
    await settleDown();
    expect([call.settlements, next.settlements]).toEqual([1, 1]);
    await expectWell(app);
  });

  test('one that cancels, asks for authentication and cancels again, all in one transition', async () => {
    const app = stage();
    const ensured: ReturnType<typeof watched>[] = [];
    app.strongAuth.actor.subscribe((snapshot) => {
      if (ensured.length > 0 || !snapshot.matches({ wave: 'needStrongAuth' })) return;
      app.strongAuth.cancel();
      ensured.push(watched(app.strongAuth.ensure()));
      app.strongAuth.cancel();
    });
    const call = await app.challenged();
    await settleDown();
    expect([call, ...ensured].map(({ fate }) => fate)).toEqual(['CANCELLED', 'CANCELLED']);
    await expectWell(app);
  });

  test('an inspector that signs out whatever it sees', async () => {
    let reset = () => {};
    const app = stage({ inspect: () => reset() });
    const call = await app.challenged();
    reset = app.strongAuth.reset;
    app.strongAuth.cancel();
    const next = watched(app.strongAuth.get('x'));
    await settleDown();
    expect([call.settlements, next.fate]).toEqual([1, 'SIGNED_OUT']);
    await expectWell(app);
  });

  test('an inspector that cancels whatever it sees: the machine goes on', async () => {
    let cancel = () => {};
    const app = stage({ inspect: () => cancel() });
    cancel = app.strongAuth.cancel;
    const call = watched(app.strongAuth.get('x'));
    await app.answer(succeeded('well'));
    expect([call.value, app.strongAuth.actor.getSnapshot().status]).toEqual(['well', 'active']);
    await expectWell(app);
  });

  test('it still cancels each wave, also in the transition that opens it', async () => {
    const app = stage({ onEvent: ({ type }) => type === 'challenged' && app.strongAuth.cancel() });
    app.strongAuth.cancel(); // ignored: nobody waits
    const call = watched(app.strongAuth.get('x'));
    app.strongAuth.cancel(); // ignored
    await app.answer(CHALLENGE);
    await settleDown();
    const { settlements } = call;
    app.strongAuth.actor.subscribe(() => app.strongAuth.cancel());
    const second = watched(app.strongAuth.ensure());
    await settleDown();
    expect([settlements <= 1, second.fate]).toEqual([true, 'CANCELLED']);
    app.strongAuth.dispose();
    await settleDown();
    await expectWell(app);
  });
});
