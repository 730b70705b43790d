import { errorOf, failedWith, fromCall, type InvokedCalls } from 'strong-auth-machine/xstate';
import { describe, expect, test } from 'vitest';
import { assign, createActor, fromPromise, type InspectionEvent, setup } from 'xstate';
import {
  CHALLENGE,
  COMMAND,
  DOORS,
  failed,
  OTP,
  settleDown,
  stage,
  succeeded,
} from '../../lifecycle/support.js';
import { Sinks, secrets } from '../../secrets/sinks.js';

/*
 * A call in an invoke, with `strong-auth-machine/xstate`, on whatever `xstate` is: test/adapters/xstate.test.ts runs it on the newest,
 * test/adapters/xstate-5.30.test.ts on the lowest of the peer range.
 */

const plugged = (): Promise<never> => Promise.reject(new Error('unplugged'));

/** An app's machine that locks the doors in one of its states. */
const doorsMachine = setup({
  types: {} as {
    context: { result: unknown; problem: unknown };
    events: { type: 'lock' } | { type: 'leave' };
  },
  actors: { lockDoors: fromPromise<unknown>(plugged) },
  guards: { isDeclined: failedWith('CANCELLED', 'PIN_ENTRY_TIMED_OUT'), isServerError: failedWith(2204) },
}).createMachine({
  id: 'doors',
  context: { result: undefined, problem: undefined },
  initial: 'open',
  states: {
    open: { on: { lock: 'locking' } },
    locking: {
      invoke: {
        id: 'lockDoors',
        src: 'lockDoors',
        onDone: { target: 'locked', actions: assign({ result: ({ event }) => event.output }) },
        onError: [
          { guard: 'isDeclined', target: 'open' },
          { guard: 'isServerError', target: 'offline' },
          { target: 'stuck', actions: assign({ problem: ({ event }) => event.error }) },
        ],
      },
      on: { leave: 'open' },
    },
    locked: {},
    offline: {},
    stuck: {},
  },
});

/** A client, and the machine above started with this call. */
function doors(
  call: (calls: InvokedCalls) => Promise<unknown> = ({ set }) => set(COMMAND, DOORS),
  inspect?: (event: InspectionEvent) => void,
) {
  const around = stage();
  const machine = doorsMachine.provide({ actors: { lockDoors: fromCall(around.strongAuth, call) } });
  const app = createActor(machine, inspect ? { inspect } : {}).start();
  return {
    ...around,
    machine,
    app,
    status: () => around.strongAuth.view.getSnapshot().status,
    state: () => app.getSnapshot().value,
    async send(type: 'lock' | 'leave') {
      app.send({ type });
      await settleDown();
    },
  };
}

describe('a call in an invoke', () => {
  test('meets strong authentication, and gives its result to onDone', async () => {
    const { send, state, answer, type, app, transport } = doors();
    await send('lock');
    await answer(CHALLENGE);
    expect(state()).toBe('locking');
    await type('1234');
    await answer(succeeded({ otp: 'x' }));
    await answer(succeeded({ done: true }));
    expect(state()).toBe('locked');
    expect(app.getSnapshot().context.result).toEqual({ done: true });
    expect(transport.requests.map(({ request }) => request.api)).toEqual([COMMAND, OTP, COMMAND]);
  });

  test('ends with its state: the request is aborted, the prompt closes, and a late answer changes nothing', async () => {
    const { send, state, answer, transport, user, status } = doors();
    await send('lock');
    const { signal } = transport.requests[0] as { signal: AbortSignal };
    await answer(CHALLENGE);
    const [asked] = user.prompts;
    expect(asked?.prompt.signal.aborted).toBe(false);
    await send('leave');
    await new Promise((resolve) => setTimeout(resolve, 2)); // the turn ends
    expect(asked?.prompt.signal.aborted).toBe(true);
    expect(status()).toBe('cancelled');
    asked?.resolve('1234');
    await settleDown();
    expect([state(), transport.requests.length, signal.aborted]).toEqual(['open', 1, false]);

    await send('lock');
    const { signal: again } = transport.requests[1] as { signal: AbortSignal };
    await send('leave');
    expect(again.aborted).toBe(true);
  });

  test('ends with the whole app', async () => {
    const { send, app, transport, status } = doors();
    await send('lock');
    const { signal } = transport.requests[0] as { signal: AbortSignal };
    app.stop();
    await settleDown();
    expect(signal.aborted).toBe(true);
    expect(status()).toBe('done');
  });

  test('leaves by the guard that knows its code, ours or the SDK’s', async () => {
    const { send, state, answer, type } = doors();
    await send('lock');
    await answer(CHALLENGE);
    await type(null);
    expect(state()).toBe('open');
    await send('lock');
    await answer(failed(2204));
    expect(state()).toBe('offline');
  });

  test('leaves by the last transition for any other error, which is passed on as it is', async () => {
    const { send, state, app, strongAuth } = doors();
    await send('lock');
    strongAuth.reset('signed out');
    await settleDown();
    expect(state()).toBe('stuck');
    expect(errorOf({ error: app.getSnapshot().context.problem })).toMatchObject({
      code: 'SIGNED_OUT',
      details: { reason: 'signed out' },
    });
  });

  test('that makes no sense fails like any other code of the app', async () => {
    const { send, state, app, transport } = doors(({ set }) => set('', undefined as never));
    await send('lock');
    expect([state(), transport.requests.length]).toEqual(['stuck', 0]);
    const { problem } = app.getSnapshot().context;
    expect(problem).toBeInstanceOf(TypeError);
    expect(errorOf({ error: problem })).toBeUndefined();
    expect(failedWith('CANCELLED', 2302)({ event: { type: 'lock' } })).toBe(false);
  });

  test('takes what a call may ask for itself', async () => {
    const { send, state, answer, app, user } = doors(({ set }) =>
      set(COMMAND, DOORS, { interactive: false }),
    );
    await send('lock');
    await answer(CHALLENGE);
    expect([state(), user.prompts.length]).toEqual(['stuck', 0]);
    expect(errorOf({ error: app.getSnapshot().context.problem })?.code).toBe('INTERACTION_REQUIRED');
  });

  test('may be several calls, and be given something', async () => {
    const { strongAuth, answer, type, transport } = stage();
    const logic = fromCall(strongAuth, async ({ ensure, get, send }, input: { action: 'refresh' }) => {
      await ensure({ maxAgeMs: 1000 });
      const informations = await get('pims.vehicle.informations', { action: input.action });
      const { status } = await send({ verb: 'get', api: 'backend.transfer' });
      return { informations, status };
    });
    const actor = createActor(logic, { input: { action: 'refresh' } }).start();
    await settleDown();
    await type('1234');
    await answer(succeeded({ otp: 'x' }));
    expect(transport.requests.at(-1)?.request.parameters).toEqual({ action: 'refresh' });
    await answer(succeeded({ vehicle: {} }));
    await answer(succeeded());
    expect(actor.getSnapshot()).toMatchObject({
      status: 'done',
      output: { informations: { vehicle: {} }, status: 'SUCCEEDED' },
    });
    const stopped = createActor(logic, { input: { action: 'refresh' } }).start();
    await settleDown();
    expect(strongAuth.view.getSnapshot().status).toBe('calling');
    stopped.stop();
    await settleDown();
    expect(strongAuth.view.getSnapshot().status).toBe('done');
  });

  test('shares the prompt with a call of another invoke', async () => {
    const around = stage();
    const call = fromCall(around.strongAuth, ({ set }) => set(COMMAND, DOORS));
    const machine = setup({ actors: { call } }).createMachine({
      type: 'parallel',
      states: {
        a: { initial: 'on', states: { on: { invoke: { src: 'call', onDone: 'off' } }, off: {} } },
        b: { initial: 'on', states: { on: { invoke: { src: 'call', onDone: 'off' } }, off: {} } },
      },
    });
    const app = createActor(machine).start();
    await settleDown();
    await around.answer(CHALLENGE, 0);
    await around.answer(CHALLENGE, 1);
    expect(around.user.prompts.length).toBe(1);
    await around.type('1234');
    await around.answer(succeeded({ otp: 'x' }), 2);
    await around.answer(succeeded(), 3);
    await around.answer(succeeded(), 4);
    expect(app.getSnapshot().value).toEqual({ a: 'off', b: 'off' });
    expect(around.requestsOf(OTP).length).toBe(1);
  });
});

describe('nothing private of a call', () => {
  /** Takes a call through a whole wave and looks wherever XState shows something. @returns What was found. */
  async function leaksOf(call: (calls: InvokedCalls) => Promise<unknown>) {
    const sinks = new Sinks();
    const { send, answer, type, app, state } = doors(call, sinks.inspect);
    const look = () => {
      sinks.look('persisted snapshot', app.getPersistedSnapshot());
      sinks.look('snapshot', app.getSnapshot());
    };
    for (const step of [
      () => send('lock'),
      () => answer(CHALLENGE),
      () => type(secrets.pin),
      () => answer(succeeded({ otp: secrets.otp })),
      () => answer(succeeded({ value: secrets.result })),
    ]) {
      await step();
      look();
    }
    expect(state()).toBe('locked');
    expect(sinks.inspected).toBeGreaterThan(15);
    return [...sinks.leaks].sort();
  }

  test('is in an event, a snapshot or a persisted snapshot of the app, if it is closed over and not given back', async () => {
    const leaks = await leaksOf(async ({ set }) => {
      await set(COMMAND, { ...DOORS, vin: secrets.parameter } as never);
    });
    expect(leaks).toEqual([]);
  });

  test('is kept but for what the app itself does with the output', async () => {
    const leaks = await leaksOf(({ set }) => set(COMMAND, DOORS));
    // The output is in the event of onDone, from which this app's own action puts it into its context.
    expect(leaks).toEqual([
      'result in action params',
      'result in machine event',
      'result in persisted snapshot',
      'result in snapshot',
    ]);
  });

  test('is kept of the output by the child that was persisted', async () => {
    const { strongAuth, answer } = stage();
    const call = fromCall(strongAuth, ({ set }) => set(COMMAND, DOORS));
    const machine = setup({ actors: { call } }).createMachine({ invoke: { id: 'call', src: 'call' } });
    const app = createActor(machine).start();
    await settleDown();
    await answer(succeeded({ value: secrets.result }));
    expect(app.getSnapshot().children.call?.getSnapshot().status).toBe('done');
    expect(JSON.stringify(app.getPersistedSnapshot())).not.toContain(secrets.result);
  });

  test('is kept of the input in a snapshot, though an inspector sees it when the actor begins', async () => {
    const events: unknown[] = [];
    const { strongAuth } = stage();
    const call = fromCall(strongAuth, ({ set }, _: { vin: string }) => set(COMMAND, DOORS));
    const machine = setup({ actors: { call } }).createMachine({
      invoke: { id: 'call', src: 'call', input: { vin: secrets.parameter } },
    });
    const app = createActor(machine, {
      inspect: (event) => void ('event' in event && events.push(event.event)),
    }).start();
    const child = app.getSnapshot().children.call;
    expect(JSON.stringify([app.getPersistedSnapshot(), child?.getSnapshot()])).not.toContain(
      secrets.parameter,
    );
    expect(JSON.stringify(events)).toContain(secrets.parameter);
  });
});

describe('a restored app', () => {
  test('sends nothing again: what was under way fails, and nobody knows whether it was executed', async () => {
    const { send, app, machine, transport, answer } = doors();
    await send('lock');
    const persisted = JSON.parse(JSON.stringify(app.getPersistedSnapshot()));
    expect(persisted.children.lockDoors.snapshot).toEqual({ status: 'active' });
    app.stop();
    await answer(succeeded());

    const restored = createActor(machine, { snapshot: persisted }).start();
    await settleDown();
    expect(transport.requests.length).toBe(1);
    expect(restored.getSnapshot().value).toBe('stuck');
    const error = errorOf({ error: restored.getSnapshot().context.problem });
    expect(error).toMatchObject({ code: 'TRANSPORT_FAILED', remedy: 'checkState', details: { sent: true } });
    expect(error?.cause).toEqual(new Error('restored, and not sent again'));
  });

  test('makes its next call as ever', async () => {
    const { send, app, machine, transport, answer } = doors();
    await send('lock');
    await send('leave');
    const restored = createActor(machine, { snapshot: app.getPersistedSnapshot() }).start();
    restored.send({ type: 'lock' });
    await settleDown();
    expect(transport.requests.length).toBe(2);
    await answer(succeeded());
    expect(restored.getSnapshot().value).toBe('locked');
  });
});
