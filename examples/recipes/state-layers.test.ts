import '@angular/compiler';
import { createEnvironmentInjector, type EnvironmentInjector, runInInjectionContext } from '@angular/core';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { Effect, Exit, Fiber, Stream } from 'effect';
import { createStore } from 'jotai/vanilla';
import { autorun } from 'mobx';
import { createPinia, disposePinia } from 'pinia';
import { act, createElement } from 'react';
import { create } from 'react-test-renderer';
import { createRoot } from 'solid-js';
import {
  createStrongAuth,
  type ExternalStore,
  fromPims,
  isStrongAuthError,
  type StrongAuthView,
} from 'strong-auth-machine';
import { StrongAuthProvider } from 'strong-auth-machine/react';
import { createSimulator } from 'strong-auth-machine/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { injectCall } from './angular.js';
import { effectOf, streamOf } from './effect.js';
import { COMMAND, createCar, LOCK } from './fakes/car.js';
import { refreshAfterGrant } from './invalidate-queries.js';
import { atomOf } from './jotai.js';
import { observableOf } from './mobx.js';
import { storeOf } from './nanostores.js';
import { defineCarStore } from './pinia.js';
import { signalOf } from './preact-signals.js';
import { signalOf as solidSignalOf, useCall } from './solid.js';
import { useDoors } from './transitions.js';

/* The recipes of docs/guides/recipes.md for state layers, each on the simulated car. */

// In Node the package is Solid's for servers, where nothing reacts.
vi.mock('solid-js', () => import('solid-js/dist/solid.js' as 'solid-js'));

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A component that shows what the hook gives. */
function Doors({ show }: { readonly show: (doors: ReturnType<typeof useDoors>) => void }) {
  show(useDoors('unlock'));
  return null;
}

/** What each library shows of the view, from before a challenge until the doors are locked, and that it stops to listen. */
const readers: Readonly<
  Record<string, (view: ExternalStore<StrongAuthView>, show: (status: string) => void) => () => void>
> = {
  MobX(view, show) {
    const observed = observableOf(view);
    return autorun(() => show(observed.current.status));
  },
  Jotai(view, show) {
    const [store, status] = [createStore(), atomOf(view)];
    const read = () => show(store.get(status).status);
    const stop = store.sub(status, read);
    read();
    return stop;
  },
  'Preact signals'(view, show) {
    const [status, stop] = signalOf(view);
    const unsubscribe = status.subscribe((now) => show(now.status));
    return () => {
      unsubscribe();
      stop();
    };
  },
  'Nano Stores'(view, show) {
    return storeOf(view).subscribe((now) => show(now.status));
  },
  Effect(view, show) {
    const fiber = Effect.runFork(
      Stream.runForEach(streamOf(view), ({ status }) => Effect.sync(() => show(status))),
    );
    return () => Effect.runFork(Fiber.interrupt(fiber));
  },
};

test.each(Object.entries(readers))('%s shows the view, and stops to listen', async (_, read) => {
  const { view, challenge, type, status, listening } = createCar();
  const seen: string[] = [];
  const stop = read(view, (now) => seen.push(now));
  await vi.waitUntil(() => seen.length > 0);
  const { ended } = await challenge();
  await type();
  expect(await ended).toBe('locked');
  await vi.waitUntil(() => seen.at(-1) === status());
  expect([...new Set(seen)]).toEqual([
    'idle',
    'calling',
    'needStrongAuth',
    'requestingOtp',
    'replaying',
    'done',
  ]);
  expect(listening()).toBe(1);
  stop();
  await vi.waitUntil(() => listening() === 0, { timeout: 3000 }); // Nano Stores waits for a second
});

test('Effect: interrupting a fiber aborts its call, and an error of the call is the error of the effect', async () => {
  const { strongAuth, asked, type, pinPad } = createCar();
  const lock = effectOf(strongAuth, ({ set }) => set(COMMAND, LOCK));
  const fiber = Effect.runFork(lock);
  await asked();
  await Effect.runPromise(Fiber.interrupt(fiber));
  await vi.waitUntil(() => !pinPad.view.getSnapshot().isOpen);

  const declined = Effect.runPromise(Effect.flip(lock));
  await asked();
  pinPad.cancel();
  expect(await declined).toMatchObject({ code: 'CANCELLED' });
  const locked = Effect.runPromiseExit(lock);
  await type();
  expect(Exit.isSuccess(await locked)).toBe(true);
});

test('Solid: the view and a call are signals, and the call ends with its owner', async () => {
  const { strongAuth, asked, type, pinPad, pims } = createCar();
  const app = createRoot((dispose) => {
    const view = solidSignalOf(strongAuth.view);
    const [lock, { run }] = useCall(strongAuth, ({ set }) => set(COMMAND, LOCK));
    return { view, lock, run, dispose };
  });
  expect([app.view().status, app.lock().status]).toEqual(['idle', 'idle']);
  const ended = app.run();
  expect(app.lock().isPending).toBe(true);
  await type();
  await ended;
  expect([app.view().status, app.lock().status]).toEqual(['done', 'succeeded']);
  pims.expireSession();
  const again = app.run();
  await asked();
  app.dispose();
  expect((await again).status).toBe('aborted');
  await vi.waitUntil(() => !pinPad.view.getSnapshot().isOpen);
});

test('Angular: a call is a signal, and ends with its component', async () => {
  const { strongAuth, asked, pinPad } = createCar();
  const injector = createEnvironmentInjector([], null as unknown as EnvironmentInjector);
  const lock = runInInjectionContext(injector, () => injectCall(strongAuth, ({ set }) => set(COMMAND, LOCK)));
  const first = lock.run();
  expect(lock.state().isPending).toBe(true);
  await asked();
  pinPad.cancel();
  await first;
  const { error } = lock.state();
  expect(isStrongAuthError(error) && error.remedy).toBe('retry');
  const second = lock.run();
  await asked();
  injector.destroy();
  expect((await second).status).toBe('aborted');
  await vi.waitUntil(() => !pinPad.view.getSnapshot().isOpen);
});

test('Pinia: a store whose action is a call, which ends with the store', async () => {
  const { strongAuth, asked, type, pinPad, pims } = createCar();
  const pinia = createPinia();
  const store = defineCarStore(strongAuth)(pinia);
  const locked = store.moveDoors('lock');
  await asked();
  expect([store.isPending, store.waiting]).toEqual([true, 1]);
  await type();
  expect((await locked).status).toBe('succeeded');
  expect(store.isPending).toBe(false);

  pims.expireSession();
  const again = store.moveDoors('unlock');
  await asked();
  store.$dispose();
  expect((await again).status).toBe('aborted');
  await vi.waitUntil(() => !pinPad.view.getSnapshot().isOpen);
  disposePinia(pinia);
});

test('React 19: doors are shown as they will be while the PIN is asked for, and as they are if it fails', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const { strongAuth, asked, type, pinPad } = createCar();
  let doors = {} as ReturnType<typeof useDoors>;
  const show = (shown: typeof doors) => {
    doors = shown;
  };
  const screen = await act(async () =>
    create(createElement(StrongAuthProvider, { strongAuth }, createElement(Doors, { show }))),
  );
  const press = () =>
    act(async () => {
      doors.move('lock');
      await asked();
    });
  await press();
  expect([doors.shown, doors.isMoving]).toEqual(['lock', true]);
  await act(async () => pinPad.cancel());
  expect([doors.shown, doors.isMoving, doors.error?.name]).toEqual(['unlock', false, 'StrongAuthError']);
  await press();
  await act(async () => {
    await type();
    await vi.waitUntil(() => strongAuth.view.getSnapshot().status === 'done');
  });
  expect([doors.shown, doors.isMoving]).toEqual(['lock', false]);
  await act(async () => screen.unmount());
});

test('TanStack Query: what could not be read without a PIN is read again once it was given', async () => {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const pims = createSimulator({ pin: '1234' });
  const strongAuth = createStrongAuth({
    transport: fromPims(pims),
    enterPin: pims.enterPin,
    onEvent: refreshAfterGrant(queryClient),
  });
  const read = vi.fn(() =>
    strongAuth.get('pims.vehicle.informations', { action: 'refresh' }, { interactive: false }),
  );
  const query = new QueryObserver(queryClient, { queryKey: ['vehicle'], queryFn: read });
  const stop = query.subscribe(() => {});
  await vi.waitUntil(() => query.getCurrentResult().isError);
  expect(query.getCurrentResult().error).toMatchObject({ code: 'INTERACTION_REQUIRED' });
  await strongAuth.set(COMMAND, LOCK);
  await vi.waitUntil(() => query.getCurrentResult().isSuccess);
  expect(read).toHaveBeenCalledTimes(2);
  stop();
  queryClient.clear();
});
