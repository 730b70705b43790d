import type { StrongAuthView } from 'strong-auth-machine';
import { bindStrongAuth, type StrongAuthSlice, strongAuthSlice } from 'strong-auth-machine/zustand';
import { describe, expect, test, vi } from 'vitest';
import { createStore } from 'zustand';
import { persist } from 'zustand/middleware';
import { createStore as createStore4 } from 'zustand-4';
import { persist as persist4 } from 'zustand-4/middleware';
import { createRemoteStore } from '../../examples/zustand/store.js';
import { CHALLENGE, COMMAND, DOORS, settleDown, stage, succeeded } from '../lifecycle/support.js';
import { createSecretDriver, Sinks } from '../secrets/sinks.js';
import { describeLayer } from './support/layer.js';
import { testOwn } from './support/own.js';
import type { checks } from './zustand/checks.js';

const ends = [
  { name: 'Zustand 5', aliases: {}, extent: 'every edge' },
  { name: 'Zustand 4.0', aliases: { zustand: 'zustand-4' }, extent: 'every screen' },
] as const;

/** Their names, since they can only be loaded where there is a page. */
const titles: readonly (keyof typeof checks)[] = [
  'StrictMode: one prompt, no orphan',
  'renders only when something it shows has changed',
];

for (const { name, aliases, extent } of ends) {
  describeLayer({ name, extent, app: 'examples/zustand/app.tsx', aliases }, () =>
    testOwn({ folder: 'zustand', titles, aliases }),
  );
}

interface State extends StrongAuthSlice {
  readonly theme: 'light' | 'dark';
}

/** A storage with what an earlier run of the app left in it. */
function storageOf(left: unknown) {
  const items = new Map([['app', JSON.stringify({ state: left, version: 0 })]]);
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
}

describe.each([
  { version: 5, createStore, persist },
  // What is used of it is the same; its types are older.
  {
    version: 4,
    createStore: createStore4 as unknown as typeof createStore,
    persist: persist4 as unknown as typeof persist,
  },
])('a store of zustand $version', ({ createStore, persist }) => {
  const bound = () => {
    const around = stage();
    const store = createStore<State>()(() => ({ ...strongAuthSlice(around.strongAuth), theme: 'dark' }));
    const states: State[] = [];
    store.subscribe((state) => states.push(state));
    const unbind = bindStrongAuth(store, around.strongAuth);
    return { ...around, store, states, unbind };
  };

  test('shows every view once, as it is, and leaves the rest of the state alone', async () => {
    const { store, states, strongAuth, challenged, type, answer } = bound();
    const seen: StrongAuthView[] = [];
    strongAuth.view.subscribe((view) => seen.push(view));
    expect(store.getState().strongAuth).toBe(strongAuth.view.getSnapshot());
    await challenged();
    await type('1234');
    await answer(succeeded({ otp: 'x' }));
    await answer(succeeded());
    expect(states.map((state) => state.strongAuth)).toEqual(seen);
    expect(seen.map(({ status }) => status)).toEqual([
      'calling',
      'needStrongAuth',
      'requestingOtp',
      'replaying',
      'done',
    ]);
    expect(new Set(states.map(({ theme }) => theme))).toEqual(new Set(['dark']));
  });

  test('tells nobody when nothing has changed', async () => {
    const { states, strongAuth } = bound();
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    await settleDown();
    expect(states.length).toBe(1);
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    strongAuth.cancel();
    await settleDown();
    expect(states.length).toBe(1);
  });

  test('shows what is, whatever is written into the slice', async () => {
    const { store, strongAuth, challenged } = bound();
    await challenged();
    const waiting = store.getState().strongAuth;
    strongAuth.cancel();
    store.setState({ strongAuth: waiting, theme: 'light' });
    expect(store.getState()).toEqual({ strongAuth: strongAuth.view.getSnapshot(), theme: 'light' });
    expect(store.getState().strongAuth.status).toBe('cancelled');
  });

  test('is not stuck in what a storage kept of an earlier run', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {}); // zustand 4 says which option is to come
    const { strongAuth } = stage();
    const storage = storageOf({ strongAuth: { status: 'needStrongAuth', waiting: 3 }, theme: 'light' });
    const store = createStore<State>()(
      persist(() => ({ ...strongAuthSlice(strongAuth), theme: 'dark' as const }) as State, {
        name: 'app',
        getStorage: () => storage,
        storage: {
          getItem: (name: string) => JSON.parse(storage.getItem(name) ?? 'null'),
          setItem: (name: string, value: unknown) => storage.setItem(name, JSON.stringify(value)),
          removeItem: storage.removeItem,
        },
      } as { name: string }),
    );
    bindStrongAuth(store, strongAuth);
    await settleDown();
    expect(store.getState()).toEqual({ strongAuth: strongAuth.view.getSnapshot(), theme: 'light' });
  });

  test('is let go of, and lets go, when it is unbound', async () => {
    const { store, states, unbind, strongAuth } = bound();
    unbind();
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    await settleDown();
    expect(states).toEqual([]);
    store.setState({ strongAuth: { ...store.getState().strongAuth, waiting: 7 } });
    expect(store.getState().strongAuth.waiting).toBe(7);
  });

  test('shows what is when it is bound late', async () => {
    const { strongAuth, challenged } = stage();
    const store = createStore<State>()(() => ({ ...strongAuthSlice(strongAuth), theme: 'dark' }));
    await challenged();
    expect(store.getState().strongAuth.status).toBe('idle');
    bindStrongAuth(store, strongAuth);
    expect(store.getState().strongAuth.status).toBe('needStrongAuth');
  });

  test('holds nothing private', async () => {
    const sinks = new Sinks();
    const driver = createSecretDriver({}, sinks);
    const store = createStore<StrongAuthSlice>()(() => strongAuthSlice(driver.strongAuth));
    let looked = 0;
    store.subscribe((state) => {
      looked += 1;
      sinks.look('view', state);
      sinks.look('view', JSON.stringify(state));
    });
    bindStrongAuth(store, driver.strongAuth);
    await driver.makeCall(0, 'call');
    await driver.answerCall(0, CHALLENGE as never);
    await driver.enterPin('pin');
    await driver.answerOtp(succeeded({ otp: 'replaced' }) as never);
    await driver.answerCall(0, succeeded({ value: 'replaced' }) as never);
    expect([looked, [...sinks.leaks]]).toEqual([5, []]);
  });
});

test('the store of the example aborts its calls and lets go of the client when it ends', async () => {
  const { strongAuth, transport } = stage();
  const { store, end } = createRemoteStore({ strongAuth } as never);
  const [command] = (await import('../../examples/shared/remote.js')).commands;
  if (command) void store.getState().press(command);
  await settleDown();
  const { signal } = transport.requests[0] as { signal: AbortSignal };
  end();
  await settleDown();
  expect(signal.aborted).toBe(true);
  expect(store.getState()).toMatchObject({
    strongAuth: { status: 'calling' },
    outcomes: { lock: 'aborted' },
  });
});
