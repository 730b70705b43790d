import type { StrongAuthView } from 'strong-auth-machine';
import {
  fromStrongAuth,
  type StrongAuthCommand,
  waitForPrompt,
  waitForRest,
  waitForView,
} from 'strong-auth-machine/xstate';
import { describe, expect, test, vi } from 'vitest';
import { type AnyActorRef, createActor, sendTo, setup } from 'xstate';
import { COMMAND, DOORS, settleDown, stage, succeeded } from '../../lifecycle/support.js';

/*
 * The client as a child, and waiting for it, with `strong-auth-machine/xstate`, on whatever `xstate` is: test/adapters/xstate.test.ts runs it
 * on the newest, test/adapters/xstate-5.30.test.ts on the lowest of the peer range.
 */

/** An app that has the client as a child, and keeps every view it is told. */
function embedding() {
  const around = stage();
  const subscribers = { now: 0 };
  const { view } = around.strongAuth;
  const counted = {
    ...around.strongAuth,
    view: {
      ...view,
      subscribe(listener: (view: StrongAuthView) => void) {
        subscribers.now += 1;
        const unsubscribe = view.subscribe(listener);
        return () => {
          subscribers.now -= 1;
          unsubscribe();
        };
      },
    },
  };
  const views: StrongAuthView[] = [];
  const machine = setup({
    types: {} as { events: StrongAuthCommand | { type: 'signOut' } },
    actors: { strongAuth: fromStrongAuth(counted) },
    actions: { keep: (_, view: StrongAuthView) => void views.push(view) },
  }).createMachine({
    initial: 'signedIn',
    states: {
      signedIn: {
        invoke: {
          id: 'strongAuth',
          systemId: 'strongAuth',
          src: 'strongAuth',
          onSnapshot: {
            actions: { type: 'keep', params: ({ event }) => event.snapshot.context },
          },
          onDone: 'closed',
        },
        on: {
          signOut: 'signedOut',
          cancel: { actions: sendTo('strongAuth', ({ event }) => event) },
          reset: { actions: sendTo('strongAuth', ({ event }) => event) },
        },
      },
      signedOut: {},
      closed: {},
    },
  });
  return { ...around, views, subscribers, machine, app: createActor(machine) };
}

describe('the client as a child of the app', () => {
  test('tells its parent every view once', async () => {
    const { app, views, strongAuth, challenged, type, answer } = embedding();
    app.start();
    const seen: StrongAuthView[] = [];
    strongAuth.view.subscribe((view) => seen.push(view));
    await challenged();
    await type('1234');
    await answer(succeeded({ otp: 'x' }));
    await answer(succeeded());
    expect([...new Set(views)].slice(1)).toEqual(seen);
    expect(seen.map(({ status }) => status)).toEqual([
      'calling',
      'needStrongAuth',
      'requestingOtp',
      'replaying',
      'done',
    ]);
  });

  test('tells nothing when nothing has changed', async () => {
    const { app, views, strongAuth } = embedding();
    app.start();
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    await settleDown();
    const before = views.length;
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    strongAuth.cancel();
    await settleDown();
    expect(views.length).toBe(before);
  });

  test('is found in the system, and shows what is now', async () => {
    const { app, strongAuth, challenged } = embedding();
    app.start();
    await challenged();
    const child: AnyActorRef = app.system.get('strongAuth');
    expect(child.getSnapshot().context).toBe(strongAuth.view.getSnapshot());
    expect(app.getSnapshot().children.strongAuth?.getSnapshot().context.prompt?.attempt).toBe(1);
  });

  test('shows what has changed between its making and its start', () => {
    const { app, strongAuth } = embedding();
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    app.start();
    expect(app.getSnapshot().children.strongAuth?.getSnapshot().context.status).toBe('calling');
  });

  test('takes cancel and reset', async () => {
    const { app, challenged } = embedding();
    app.start();
    const first = await challenged();
    app.send({ type: 'cancel' });
    await settleDown();
    expect(first.fate).toBe('CANCELLED');
    const second = await challenged();
    app.send({ type: 'reset', reason: 'switched' });
    await settleDown();
    expect(second.error).toMatchObject({ code: 'SIGNED_OUT', details: { reason: 'switched' } });
  });

  test('is done when the client is disposed of, and holds nothing then', async () => {
    const { app, strongAuth, subscribers } = embedding();
    app.start();
    expect(subscribers.now).toBe(1);
    strongAuth.dispose();
    await settleDown();
    expect(app.getSnapshot().value).toBe('closed');
    expect(subscribers.now).toBe(0);
  });

  test('is done at once when the client was disposed of before', async () => {
    const { machine, strongAuth, subscribers } = embedding();
    strongAuth.dispose();
    const app = createActor(machine).start();
    await settleDown();
    expect([app.getSnapshot().value, subscribers.now]).toEqual(['closed', 0]);
  });

  test('leaves the client as it is when the app leaves its state, and lets go of it', async () => {
    const { app, challenged, strongAuth, subscribers, views } = embedding();
    app.start();
    const call = await challenged();
    app.send({ type: 'signOut' });
    const { status } = strongAuth.view.getSnapshot();
    expect([call.fate, status, subscribers.now]).toEqual(['pending', 'needStrongAuth', 0]);
    const before = views.length;
    strongAuth.cancel();
    expect(views.length).toBe(before);
  });

  test('takes a command on the way out, too', async () => {
    const { strongAuth, challenged } = stage();
    const machine = setup({ actors: { strongAuth: fromStrongAuth(strongAuth) } }).createMachine({
      initial: 'signedIn',
      states: {
        signedIn: {
          invoke: { id: 'strongAuth', src: 'strongAuth' },
          exit: sendTo('strongAuth', { type: 'reset', reason: 'signed out' }),
          on: { signOut: 'signedOut' },
        },
        signedOut: {},
      },
    });
    const app = createActor(machine).start();
    const call = await challenged();
    app.send({ type: 'signOut' });
    await settleDown();
    expect(call.error).toMatchObject({ code: 'SIGNED_OUT', details: { reason: 'signed out' } });
  });

  test('starts from the present view when it is restored', async () => {
    const { app, machine, challenged, strongAuth, user } = embedding();
    app.start();
    await challenged();
    const persisted = JSON.parse(JSON.stringify(app.getPersistedSnapshot()));
    expect(persisted.children.strongAuth.snapshot).toEqual({ status: 'active' });
    app.stop();
    strongAuth.cancel();
    const restored = createActor(machine, { snapshot: persisted }).start();
    expect(restored.getSnapshot().children.strongAuth?.getSnapshot().context.status).toBe('cancelled');
    expect(user.prompts.length).toBe(1);
  });
});

describe('waiting', () => {
  test('for rest resolves at once at rest, and otherwise with how it ended', async () => {
    const { strongAuth, challenged } = stage();
    expect((await waitForRest(strongAuth)).status).toBe('idle');
    await challenged();
    const rest = waitForRest(strongAuth);
    strongAuth.cancel();
    expect(await rest).toMatchObject({ status: 'cancelled', failure: { code: 'CANCELLED' } });
  });

  test('for the prompt resolves with what the user is asked', async () => {
    const { strongAuth, challenged } = stage();
    const prompt = waitForPrompt(strongAuth);
    await challenged();
    expect(await prompt).toMatchObject({ attempt: 1, attemptsLeft: 2, calls: [{ api: COMMAND }] });
  });

  test('resolves also when what was waited for has passed again', async () => {
    const { strongAuth } = stage();
    const calling = waitForView(strongAuth, ({ inFlight }) => inFlight);
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    strongAuth.reset();
    expect((await calling).status).toBe('calling');
  });

  test('rejects when the client is disposed of', async () => {
    const { strongAuth } = stage();
    const prompt = waitForPrompt(strongAuth);
    strongAuth.dispose();
    await expect(prompt).rejects.toMatchObject({ code: 'DISPOSED' });
    await expect(waitForRest(strongAuth)).rejects.toMatchObject({ code: 'DISPOSED' });
    expect((await waitForView(strongAuth, ({ status }) => status === 'closed')).status).toBe('closed');
  });

  test('stops by its time or its signal', async () => {
    vi.useFakeTimers();
    const { strongAuth } = stage();
    const late = expect(waitForPrompt(strongAuth, { timeout: 1000 })).rejects.toThrow(/1000 ms/);
    vi.advanceTimersByTime(1000);
    await late;
    vi.useRealTimers();
    const controller = new AbortController();
    const given = waitForPrompt(strongAuth, { signal: controller.signal });
    controller.abort(new Error('not any more'));
    await expect(given).rejects.toThrow('not any more');
  });
});
