import type { StrongAuth, StrongAuthStatus, Subscription } from 'strong-auth-machine';
import { statusOf } from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  stage,
  succeeded,
  turn,
  type Watched,
  watched,
} from '../lifecycle/support.js';
import { type App, collectSurfaced, immediate } from './support.js';

/*
 * Listeners that do the same at every change of the status, or in one status whenever it comes: neighbours of the field cases
 * 38, 39a, 39b and 41. (At each single change: test/properties/call-outs.test.ts.)
 */

const surfaced = collectSurfaced();
/** A listener that makes a call at every change would never come to rest. */
const MAX_CALLS = 12;
/** Nor would one that resets, and calls again. */
const MAX_DEEDS = 60;

interface Scene {
  readonly app: App;
  readonly strongAuth: StrongAuth;
  readonly made: Watched[];
  readonly controllers: AbortController[];
  readonly subscriptions: Subscription[];
  readonly stops: (() => void)[];
}

const make = ({ made }: Scene, ask: () => Promise<unknown>) => {
  if (made.length < MAX_CALLS) made.push(watched(ask()));
};
const deeds: Record<string, (scene: Scene) => void> = {
  throws: () => {
    throw new Error('a listener');
  },
  cancels: ({ strongAuth }) => strongAuth.cancel(),
  resets: ({ strongAuth }) => strongAuth.reset(),
  'disposes of it': ({ strongAuth }) => strongAuth.dispose(),
  'stops the actor': ({ strongAuth }) => strongAuth.actor.stop(),
  'aborts the calls': ({ controllers }) => {
    for (const controller of controllers) controller.abort('gone');
  },
  'makes a call': (scene) => make(scene, () => scene.strongAuth.get('more')),
  'asks for a grant': (scene) => make(scene, () => scene.strongAuth.ensure()),
  'cancels, and asks for a grant': (scene) => {
    scene.strongAuth.cancel();
    make(scene, () => scene.strongAuth.ensure());
  },
  'resets, and makes a call': (scene) => {
    scene.strongAuth.reset();
    make(scene, () => scene.strongAuth.set(COMMAND, { action: 'horn' }));
  },
  'takes itself and all others back': ({ stops }) => {
    for (const stop of stops) stop();
  },
  unsubscribes: ({ subscriptions, made }) => {
    for (const subscription of subscriptions) made.push(watched(subscription.unsubscribe()));
  },
  'finds the account well': ({ strongAuth }) => strongAuth.recovered(),
};

const places: Record<string, (scene: Scene, act: () => void) => void> = {
  'view.subscribe': ({ strongAuth, stops }, act) => stops.push(strongAuth.view.subscribe(act)),
  'actor.subscribe': ({ strongAuth, stops }, act) => {
    const { unsubscribe } = strongAuth.actor.subscribe(act);
    stops.push(unsubscribe);
  },
  'three of both': ({ strongAuth, stops }, act) => {
    for (let time = 0; time < 3; time += 1) {
      stops.push(strongAuth.view.subscribe(act));
      const { unsubscribe } = strongAuth.actor.subscribe(act);
      stops.push(unsubscribe);
    }
  },
  '@@observable': ({ strongAuth, stops }, act) => {
    const view = strongAuth.view as unknown as {
      '@@observable'(): { subscribe(next: () => void): { unsubscribe(): void } };
    };
    const { unsubscribe } = view['@@observable']().subscribe(act);
    stops.push(unsubscribe);
  },
  onEvent: () => {},
  inspect: () => {},
  'onResult of a subscription': () => {},
  'prompt.signal': () => {},
  "the transport's signal": () => {},
};

type When = (status: StrongAuthStatus) => boolean;

/** A wave with a wrong PIN, a reset step, a grant and replays, beside a call that needs none and a running subscription. */
async function play(place: string, deed: (scene: Scene) => void, when: When) {
  let emit = (_: unknown) => {};
  let isOn = false;
  let done = 0;
  let last: string | undefined;
  // XState tells its listeners of every event, also of those that change nothing: who sends one for each would never end.
  const hearsAll = place !== 'view.subscribe' && place !== '@@observable';
  const act = () => {
    if (!isOn || done >= MAX_DEEDS) return;
    const status = statusOf(app.strongAuth.actor.getSnapshot());
    if (hearsAll && status === last) return;
    last = status;
    if (!when(status)) return;
    done += 1;
    deed(scene);
  };
  const app: App = stage({
    policy: { maxPinAttempts: 3 },
    ...(place === 'onEvent' && { onEvent: act }),
    ...(place === 'inspect' && { inspect: act }),
  });
  const { strongAuth, transport, clock } = app;
  const scene: Scene = {
    ...{ app, strongAuth },
    ...{ made: [], controllers: [], subscriptions: [], stops: [] },
  };
  const { send } = transport;
  transport.send = (request, options) => {
    if (place === "the transport's signal") options.signal.addEventListener('abort', act);
    return send(request, options);
  };
  transport.subscribe = (_request, onMessage) => {
    emit = onMessage;
    onMessage(succeeded());
  };
  scene.subscriptions.push(
    await strongAuth.subscribe('events', {}, () => {
      if (place === 'onResult of a subscription') act();
    }),
  );
  places[place]?.(scene, act);
  isOn = true;

  let pinsTyped = 0;
  let otps = 0;
  const call = (ask: (signal: AbortSignal) => Promise<unknown>) => {
    const controller = new AbortController();
    scene.controllers.push(controller);
    scene.made.push(watched(ask(controller.signal)));
  };
  const asks = [
    (signal: AbortSignal) => strongAuth.set(COMMAND, { action: 'horn' }, { signal }),
    (signal: AbortSignal) => strongAuth.get('x', {}, { signal }),
    (signal: AbortSignal) => strongAuth.ensure({ signal }),
  ];
  for (const ask of asks) call(ask);
  const typed = new Set<object>();
  const heeded = new Set<object>();
  let hasGrant = false;
  for (let round = 0; round < 60; round += 1) {
    await immediate();
    const news = app.user.prompts.filter((prompt) => !typed.has(prompt));
    for (const prompt of news) {
      if (place === 'prompt.signal' && !heeded.has(prompt)) {
        heeded.add(prompt);
        prompt.prompt.signal.addEventListener('abort', act);
      }
      if (prompt.prompt.signal.aborted || round % 2 === 0) continue;
      typed.add(prompt);
      pinsTyped += 1;
      prompt.resolve(pinsTyped === 1 ? '1111' : '1234');
    }
    await immediate();
    for (const { request, isAnswered, resolve } of [...transport.requests]) {
      if (isAnswered) continue;
      if (request.api === OTP) {
        otps += 1;
        const isGrant = request.parameters?.pinCode === '1234' && request.parameters.resetStep === true;
        hasGrant ||= isGrant;
        resolve(isGrant ? GRANT : request.parameters?.pinCode === '1111' ? failed(2308) : failed(2312));
      } else {
        const needsIt = request.api === COMMAND || request.api === 'x';
        resolve(needsIt && !hasGrant && request.verb !== 'unsubscribe' ? CHALLENGE : succeeded());
      }
    }
    emit({ status: 'RESULT', result: round });
    // The grant has ended; the app asks again, cancels at the prompt, and gives up what is in flight.
    if (round === 30) hasGrant = false;
    if (round === 30 || round === 40) call(asks[0] as (typeof asks)[number]);
    if (round === 32) strongAuth.cancel();
    if (round === 40) scene.controllers.at(-1)?.abort('gone');
    if (round > 50) clock.advance(150_000);
  }
  isOn = false;
  await immediate();
  return { ...scene, pinsTyped, otps, clock, done };
}

const always: When = () => true;
const statuses: readonly StrongAuthStatus[] = [
  'calling',
  'needStrongAuth',
  'requestingOtp',
  'replaying',
  'done',
  'cancelled',
  'failed',
];

describe.each(Object.keys(places))('%s', (place) => {
  describe.each(Object.entries(deeds))('%s', (name, deed) => {
    test.each([
      ['at every change', always] as const,
      ...statuses.map((status) => [`in ${status}`, (now: string) => now === status] as const),
    ])('%s', async (when, isTime) => {
      const { strongAuth, made, clock, otps, pinsTyped, done } = await play(place, deed, isTime);
      expect(made.map(({ settlements }) => settlements)).toEqual(made.map(() => 1));
      if (when === 'at every change') expect(done).toBeGreaterThan(0);
      // One OTP for a wrong PIN, two for the right one: with the reset step.
      expect(otps).toBeLessThanOrEqual(2 * pinsTyped);
      if (
        when === 'in requestingOtp' &&
        /^(cancels|resets|disposes|stops)/.test(name) &&
        /subscribe$|three/.test(place)
      )
        expect(otps).toBe(0);
      const { status } = strongAuth.actor.getSnapshot();
      expect(['active', 'done', 'stopped']).toContain(status);
      expect(statusOf(strongAuth.actor.getSnapshot())).toBe(strongAuth.view.getSnapshot().status);
      const isOver = status !== 'active' || strongAuth.view.getSnapshot().status === 'closed';
      expect(clock.pending).toBe(0);
      if (!isOver) {
        expect(statuses.slice(4)).toContain(strongAuth.view.getSnapshot().status.replace('idle', 'done'));
      }
      strongAuth.dispose();
      await immediate();
      expect(clock.pending).toBe(0);
      await turn(); // XState lets what its listeners throw surface by a timer
      const thrown = surfaced.splice(0);
      expect(thrown.filter((error) => (error as Error).message !== 'a listener')).toEqual([]);
    });
  });
});
