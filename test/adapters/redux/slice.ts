import { configureStore } from '@reduxjs/toolkit';
import { connectStrongAuth, type StrongAuthChanged, strongAuthSlice } from 'strong-auth-machine/redux';
import { createScriptedDriver, strongAuthPaths, walkPath } from 'strong-auth-machine/testing';
import { describe, expect, test, vi } from 'vitest';
import { CHALLENGE, COMMAND, failed, settleDown, stage, succeeded } from '../../lifecycle/support.js';
import { worlds } from '../../model/worlds.js';
import { PIN, plain, staged } from './store.js';

/** What the slice says of the client. */
export function describeSlice(): void {
  describe('the slice', () => {
    test('says idle until a client is connected, and from then on what the client says', async () => {
      const { challenged, strongAuth, type, answer } = stage();
      await challenged();
      const store = configureStore({ reducer: { strongAuth: strongAuthSlice.reducer } });
      expect(store.getState().strongAuth).toEqual({
        status: 'idle',
        since: 0,
        inFlight: false,
        waiting: 0,
      });
      connectStrongAuth(store, strongAuth);
      const shown = () => strongAuthSlice.selectSlice(store.getState());
      expect(shown()).toEqual(plain(strongAuth.view.getSnapshot()));
      // A value, where the view has a getter that would tell an old state what is true later.
      const calls = Object.getOwnPropertyDescriptor(shown().prompt, 'calls');
      expect(calls?.value).toEqual([{ verb: 'set', api: COMMAND, action: 'doors' }]);
      await type(PIN);
      expect([shown().status, shown().prompt]).toEqual(['requestingOtp', undefined]);
      await answer(failed(2310));
      expect(shown().failure).toEqual({ code: 'ACCOUNT_BLOCKED', remedy: 'unblockAccount' });
      expect(shown()).toEqual(plain(strongAuth.view.getSnapshot()));
    });

    test('is the view as plain data after every step of the generated paths', {
      timeout: 120_000,
    }, async () => {
      let compared = 0;
      const paths = strongAuthPaths(worlds['one call, every outcome'] ?? {});
      for (const path of paths.filter((_, index) => index % 4 === 0)) {
        const driver = createScriptedDriver(path.world);
        const store = configureStore({ reducer: { strongAuth: strongAuthSlice.reducer } });
        connectStrongAuth(store, driver.strongAuth);
        await walkPath(path, {
          ...driver,
          observe() {
            const view = driver.strongAuth.view.getSnapshot();
            expect(store.getState().strongAuth).toStrictEqual(plain(view));
            compared += 1;
            return driver.observe();
          },
        });
      }
      expect(compared).toBeGreaterThan(paths.length);
    });

    test('hears one action for each change of the view, and none for what changes nothing', async () => {
      const { strongAuth, answer, devtools, challenged, user } = staged();
      const told = () => devtools.actions.filter(strongAuthSlice.actions.changed.match).length;
      const changes = vi.fn();
      strongAuth.view.subscribe(changes);
      const before = told();
      await challenged();
      const second = strongAuth.get('pims.sdk.version'); // a second call in flight
      strongAuth.actor.send({ type: 'pin.malformed' }); // a late event of nobody's
      await answer(succeeded({}));
      await second;
      expect(user.prompts.length).toBeGreaterThan(0);
      expect(told() - before).toBe(changes.mock.calls.length);
      const rest = told();
      strongAuth.actor.send({ type: 'otp.lineFree' });
      await settleDown();
      expect(told()).toBe(rest);
    });

    test('keeps prompt and failure while only something else has changed', async () => {
      const { shown, strongAuth, answer, challenged, type } = staged();
      await challenged();
      const { prompt } = shown();
      const beside = strongAuth.get('pims.sdk.version');
      await settleDown();
      expect(shown().inFlight).toBe(true);
      expect(shown().prompt).toBe(prompt);
      await type(null);
      const { failure } = shown();
      expect([shown().status, failure?.code]).toEqual(['calling', 'CANCELLED']);
      await answer(succeeded({}));
      await beside;
      expect(shown().status).toBe('cancelled');
      expect(shown().failure).toBe(failure);
    });

    test('shows another call in the prompt as soon as it waits', async () => {
      const { shown, strongAuth, answer, challenged } = staged();
      await challenged();
      strongAuth.set(COMMAND, { action: 'horn' }).catch(() => {});
      await settleDown();
      await answer(CHALLENGE);
      expect(shown().prompt?.calls.map(({ action }) => action)).toEqual(['doors', 'horn']);
    });

    test('matches its action, so that a listener or another slice can', () => {
      const { changed } = strongAuthSlice.actions;
      const action: StrongAuthChanged = changed(strongAuthSlice.getInitialState());
      expect([changed.type, changed.match(action), changed.match({ type: 'else' })]).toEqual([
        action.type,
        true,
        false,
      ]);
    });
  });

  describe('disconnected', () => {
    test('the store says idle, and the client goes on', async () => {
      const { shown, disconnect, challenged, strongAuth } = staged();
      await challenged();
      disconnect();
      expect(shown()).toEqual(strongAuthSlice.getInitialState());
      strongAuth.cancel();
      expect(shown()).toEqual(strongAuthSlice.getInitialState());
      expect(strongAuth.view.getSnapshot().status).toBe('cancelled');
    });

    test('late or twice, it leaves the next client alone', async () => {
      const { store, disconnect, shown } = staged();
      disconnect();
      const next = stage();
      await next.challenged();
      connectStrongAuth(store, next.strongAuth);
      disconnect();
      expect(shown().status).toBe('needStrongAuth');
    });

    test('nobody listens to the view any more', () => {
      const listeners = new Set<unknown>();
      const { view } = stage().strongAuth;
      const { store } = staged();
      const disconnect = connectStrongAuth(store, {
        view: {
          getSnapshot: view.getSnapshot,
          subscribe(listener) {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
      });
      expect(listeners.size).toBe(1);
      disconnect();
      expect(listeners.size).toBe(0);
    });
  });

  test('a state from elsewhere is put right by the next change', async () => {
    const { strongAuth, challenged, type } = stage();
    const reducer: typeof strongAuthSlice.reducer = (state, action) =>
      action.type === 'persist/REHYDRATE'
        ? { status: 'failed', since: 1, inFlight: false, waiting: 7, lastGrantAt: 5 }
        : strongAuthSlice.reducer(state, action);
    const store = configureStore({ reducer: { strongAuth: reducer } });
    connectStrongAuth(store, strongAuth);
    await challenged();
    store.dispatch({ type: 'persist/REHYDRATE' });
    expect(store.getState().strongAuth.waiting).toBe(7);
    await type(null);
    expect(store.getState().strongAuth).toEqual(plain(strongAuth.view.getSnapshot()));
  });
}
