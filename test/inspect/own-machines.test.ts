import { createBrowserInspector } from '@statelyai/inspect';
import { createSafeInspector, type SafeInspectionMessage } from 'strong-auth-machine/inspect';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { describe, expect, test, vi } from 'vitest';
import {
  type AnyActorLogic,
  assign,
  createActor,
  createMachine,
  type EventObject,
  emit,
  fromCallback,
  fromObservable,
  fromPromise,
  fromTransition,
  type InspectionEvent,
  sendParent,
  sendTo,
  setup,
} from 'xstate';

/** Texts that must come out nowhere. */
const secrets = {
  pin: '70416253',
  otp: 'otp-83b1f0c2',
  parameter: 'VIN-5d27aa91',
  result: 'result-e94c6b08',
};

/** @returns The error that surfaces as uncaught after `run`. */
async function surfaced(run: () => void): Promise<unknown> {
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const error = new Promise<unknown>((resolve) => process.once('uncaughtException', resolve));
  run();
  return error.finally(() => {
    for (const other of others) process.on('uncaughtException', other);
  });
}

const policy = {
  maxPinAttempts: 2,
  maxRounds: 1,
  maxWaiting: 1,
  pinEntryTimeoutMs: 60_000,
  otpTimeoutMs: 60_000,
};
/** A port that leaves it to the test to answer. */
const silent = fromCallback<never, never>(() => {}) as never;
const ours = strongAuthMachine.provide({ actors: { enterPin: silent, otpLine: silent, requestOtp: silent } });
const challenged = {
  type: 'call.challenged',
  id: 1,
  wave: 0,
  rounds: 0,
  interactive: true,
  waiting: 0,
  retryDue: false,
  ofPrompt: false,
} as const;

/** Everything that a safe inspector sends. */
class Watched {
  readonly messages: SafeInspectionMessage[] = [];
  readonly inspect = createSafeInspector((message) => void this.messages.push(message));

  /** The events that the root receives, XState's own left out. */
  get events() {
    const [first] = this.messages;
    return this.messages.flatMap((message) =>
      message.type === '@xstate.event' &&
      message.sessionId === first?.rootId &&
      !String(message.event.type).startsWith('xstate.')
        ? [message.event]
        : [],
    );
  }

  /** The state that the root was in last. */
  get last() {
    const [first] = this.messages;
    const snapshots = this.messages.flatMap((message) =>
      message.type === '@xstate.snapshot' && message.sessionId === first?.rootId ? [message] : [],
    );
    return snapshots.at(-1) as (typeof snapshots)[number];
  }

  get text() {
    return JSON.stringify(this.messages);
  }
}

function run(logic: AnyActorLogic, events: readonly EventObject[], input?: unknown): Watched {
  const watched = new Watched();
  const actor = createActor(logic, { inspect: watched.inspect, input });
  actor.subscribe({ error() {} });
  actor.start();
  for (const event of events) actor.send(event);
  return watched;
}

const runOurs = (...events: readonly EventObject[]) =>
  run(ours, [{ type: 'calls.started' }, challenged, ...events], { policy });

describe('of the machine of this package', () => {
  test('the facts of its events arrive', () => {
    const { events } = runOurs(
      { type: 'pin.given' },
      { type: 'otp.lineFree' },
      { type: 'otp.pinRejected', otpCode: 2308, attemptsLeft: 1 } as EventObject,
      { type: 'pin.failed', why: 'threw' } as EventObject,
    );
    expect(events).toEqual([
      { type: 'calls.started' },
      challenged,
      { type: 'pin.given' },
      { type: 'otp.lineFree' },
      { type: 'otp.pinRejected', otpCode: 2308, attemptsLeft: 1 },
      { type: 'pin.failed', why: 'threw' },
    ]);
  });

  test('its counts and its failure arrive', () => {
    const { last } = runOurs({ type: 'pin.given' }, { type: 'otp.lineFree' }, {
      type: 'otp.denied',
      code: 'THROTTLED',
      otpCode: 2342,
      retryAt: 7,
    } as EventObject);
    const failure = { code: 'THROTTLED', remedy: 'wait', otpCode: 2342, retryAt: 7 };
    expect(last.snapshot).toMatchObject({
      status: 'active',
      context: { waves: 1, attempt: 1, pins: 1, reason: 'strongAuthNeeded', failure, lasting: failure },
    });
    expect(last.snapshot.context).not.toHaveProperty('policy');
  });

  test('the same arrives when a host composes a logic of it, as the client does', () => {
    const watched = run({ ...ours, transition: ours.transition.bind(ours) } as never, [], { policy });
    expect(watched.last.snapshot).toMatchObject({ context: { waves: 0 } });
  });

  test('the same arrives when an app invokes it', () => {
    const watched = new Watched();
    const app = setup({ actors: { ours } }).createMachine({
      id: 'app',
      invoke: { id: 'auth', src: 'ours', input: { policy } },
      on: { go: { actions: [sendTo('auth', { type: 'calls.started' }), sendTo('auth', challenged)] } },
    });
    createActor(app, { inspect: watched.inspect }).start().send({ type: 'go' });
    expect(
      watched.messages.some(
        (message) =>
          message.type === '@xstate.event' &&
          message.event.type === 'call.challenged' &&
          message.event.id === 1,
      ),
    ).toBe(true);
  });

  test('what a host adds to one of its events does not arrive, whatever it is called', () => {
    const { events, text } = runOurs({
      type: 'pin.given',
      pin: secrets.pin,
      id: 70416253,
      code: 70416253,
      otpCode: 70416253,
      at: 70416253,
      reason: secrets.pin,
    } as EventObject);
    expect(events.at(-1)).toEqual({ type: 'pin.given' });
    expect(text).not.toContain('70416253');
  });

  test.each<[string, EventObject & Record<string, unknown>, object]>([
    ['a code with digits', { type: 'otp.denied', code: 'otp-83b1f0c2' }, {}],
    ['a code that is a number', { type: 'otp.denied', code: 70416253, otpCode: 2310 }, { otpCode: 2310 }],
    ['a word of its own', { type: 'pin.failed', why: secrets.pin }, {}],
    ['a number that is text', { type: 'otp.granted', at: '70416253' }, {}],
    ['a flag that is text', { ...challenged, interactive: secrets.pin, rounds: 9 }, { id: 1, rounds: 9 }],
    ['an object', { type: 'otp.granted', at: { pin: secrets.pin } }, {}],
    ['a word that is a property of every object', { type: 'pin.failed', why: 'constructor' }, {}],
  ])('%s in the place of a fact does not arrive', (_, event, expected) => {
    const { events, text } = runOurs(event);
    expect(events.at(-1)).toMatchObject({ type: event.type, ...expected });
    expect(events.at(-1)).not.toHaveProperty('why');
    expect(text).not.toMatch(/70416253|otp-83b1f0c2/);
  });

  test('an event that is not one of its own passes its type only', () => {
    const { events } = runOurs(
      { type: 'otp.received', code: 70416253 } as EventObject,
      { type: 'pin.entered', id: 70416253 } as EventObject,
      { type: 'toString', id: 70416253 } as EventObject,
    );
    expect(events.slice(2)).toEqual([
      { type: 'otp.received' },
      { type: 'pin.entered' },
      { type: 'toString' },
    ]);
  });

  test('a child of it passes the types of events only', () => {
    const watched = new Watched();
    const prompt = createMachine({ id: 'prompt', context: { attempt: 70416253, pin: secrets.pin } });
    const actor = createActor(
      strongAuthMachine.provide({
        actors: { enterPin: prompt as never, otpLine: silent, requestOtp: silent },
      }),
      { inspect: watched.inspect, input: { policy } },
    ).start();
    actor.send({ type: 'calls.started' });
    actor.send(challenged);
    actor.getSnapshot().children.enterPin?.send({ type: 'otp.granted', at: 70416253 } as never);
    expect(watched.text).toContain('"type":"otp.granted"');
    expect(watched.text).not.toContain('70416253');
  });
});

describe("of an app's own machine", () => {
  const keepAll = { '*': { actions: assign({ attempt: 70416253 } as never) } } as never;
  const namedEvents = [
    { type: 'otp.received', code: 70416253 },
    { type: 'pin.entered', id: 70416253 },
    { type: 'call.placed', id: 70416253 },
    { type: 'pin.given', pin: secrets.pin },
    { type: 'otp.granted', at: 70416253 },
    { type: 'otp.denied', code: 'MARGARET', otpCode: 70416253 },
    { type: 'call.challenged', id: 70416253, wave: 1, rounds: 1, interactive: true },
  ];

  test.each([
    ['of any name', createMachine({ id: 'app', context: {}, on: keepAll })],
    [
      'that is called strongAuth and has states called like ours',
      createMachine({
        id: 'strongAuth',
        context: { waiting: 70416253, reason: 'pinRejected' },
        initial: 'needStrongAuth',
        states: { needStrongAuth: { tags: 'awaitingUser' }, requestingOtp: {} },
        on: keepAll,
      }),
    ],
    [
      'with a mark that is not quite ours',
      createMachine({
        id: 'strongAuth',
        meta: { package: 'strong-auth-machine-app' },
        context: { waiting: 70416253 },
        on: keepAll,
      }),
    ],
    [
      'with our mark on a state of it',
      createMachine({
        id: 'app',
        context: { waiting: 70416253 },
        initial: 'auth',
        states: { auth: { meta: { package: 'strong-auth-machine' } } },
        on: keepAll,
      }),
    ],
  ])('%s, events with our names and the context pass no fact', (_, machine) => {
    const watched = run(machine, namedEvents);
    expect(watched.events).toEqual(namedEvents.map(({ type }) => ({ type })));
    expect(watched.last.snapshot.context).toEqual({});
    expect(watched.text).not.toMatch(/70416253|MARGARET/);
  });

  test('an event that our own machine sends to it, or emits, passes no fact either', () => {
    const watched = new Watched();
    const child = createMachine({
      id: 'strongAuth',
      meta: { package: 'strong-auth-machine' },
      on: {
        go: {
          actions: [
            sendParent({ type: 'otp.granted', at: 70416253 }),
            emit({ type: 'otp.granted', at: 70416253 } as never),
          ],
        },
      },
    });
    const app = createMachine({
      id: 'app',
      invoke: { id: 'auth', src: child },
      on: { go: { actions: sendTo('auth', { type: 'go' }) } },
    });
    createActor(app, { inspect: watched.inspect }).start().send({ type: 'go' });
    expect(watched.events).toContainEqual({ type: 'otp.granted' });
    expect(watched.text).not.toContain('70416253');
  });

  test('its input, output, error, children, parameters and meta do not arrive', () => {
    const failing = setup({
      types: {} as { input: unknown; context: object },
      actions: { show: (_, _params: object) => {} },
      actors: { login: fromPromise(({ input }) => new Promise(() => input)) },
    }).createMachine({
      id: 'app',
      context: ({ input }) => ({ input }),
      meta: { pin: secrets.pin },
      initial: 'open',
      states: {
        open: {
          entry: { type: 'show', params: { pin: secrets.pin } },
          invoke: { id: 'login', src: 'login', input: { pin: secrets.pin } },
          on: {
            close: 'closed',
            fail: {
              actions: () => {
                throw new Error(secrets.pin);
              },
            },
          },
        },
        closed: { type: 'final' },
      },
      output: { pin: secrets.pin },
    });
    const done = run(failing, [{ type: 'close' }], { pin: secrets.pin });
    const broken = run(failing, [{ type: 'fail' }], { pin: secrets.pin });
    expect(done.last.snapshot).toEqual({ status: 'done', value: 'closed', context: {} });
    expect(done.text + broken.text).not.toContain(secrets.pin);
  });

  test('of the actors that are no machine their names and the types of their events arrive', async () => {
    const listed: [string, AnyActorLogic][] = [
      ['promise', fromPromise(async () => ({ otp: secrets.otp }))],
      ['rejected', fromPromise(async () => Promise.reject(new Error(secrets.otp)))],
      ['transition', fromTransition((_, event) => event, { pin: secrets.pin } as object)],
      ['callback', fromCallback(({ input }) => void input)],
      [
        'observable',
        fromObservable(
          () =>
            ({
              subscribe({ next }: { next(value: string): void }) {
                next(secrets.otp);
                return { unsubscribe() {} };
              },
            }) as never,
        ),
      ],
      [
        'one that keeps a secret as its state',
        {
          ...fromTransition((state) => state, undefined),
          getInitialSnapshot: () => ({
            status: 'margaret',
            value: 'margaret',
            context: { waiting: 70416253 },
          }),
          transition: (snapshot: object) => ({
            ...snapshot,
            value: { margaret: 'margaret', known: 'margaret' },
          }),
          config: { id: 'kept', states: { known: {} } },
        } as never,
      ],
    ];
    for (const [name, logic] of listed) {
      const watched = run(logic, [{ type: 'pin.given', pin: secrets.pin } as EventObject], secrets);
      await vi.waitFor(() => expect(watched.messages.length, name).toBeGreaterThan(2));
      await new Promise((resolve) => setTimeout(resolve));
      expect(watched.text, name).not.toMatch(/70416253|otp-83b1f0c2|VIN-5d27aa91|result-e94c6b08|margaret/);
    }
  });

  test('states that it is in arrive, nested and parallel ones too', () => {
    const machine = createMachine({
      id: 'app',
      type: 'parallel',
      states: {
        door: { initial: 'shut', states: { shut: {}, open: {} } },
        light: { initial: 'off', states: { off: {}, on: { initial: 'dim', states: { dim: {} } } } },
        bare: {},
      },
      on: { lit: '.light.on' },
    });
    expect(run(machine, [{ type: 'lit' }]).last.snapshot.value).toEqual({
      door: 'shut',
      light: { on: 'dim' },
      bare: {},
    });
  });
});

describe('an inspector disturbs nobody', () => {
  test.each<[string, object]>([
    ['an actor', { type: '@xstate.event', rootId: 'x:0', event: { type: 'a' } }],
    [
      'a sender',
      { type: '@xstate.event', rootId: 'x:0', actorRef: { sessionId: 'x:0' }, event: { type: 'a' } },
    ],
    ['an event', { type: '@xstate.event', rootId: 'x:0', actorRef: { sessionId: 'x:0' } }],
    [
      'a snapshot',
      { type: '@xstate.snapshot', rootId: 'x:0', actorRef: { sessionId: 'x:0' }, event: { type: 'a' } },
    ],
    ['anything', { type: '@xstate.actor' }],
  ])('%s that throws whenever it is looked at', (_, readable) => {
    const throws = () => {
      throw new Error(secrets.pin);
    };
    const hostile = new Proxy(
      {},
      { get: throws, ownKeys: throws, has: throws, getPrototypeOf: throws, getOwnPropertyDescriptor: throws },
    );
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const bad of [
      hostile,
      revoked,
      null,
      7,
      { logic: hostile },
      { logic: { config: hostile } },
      { type: hostile },
    ]) {
      const watched = new Watched();
      const inspected = { actorRef: bad, sourceRef: bad, event: bad, snapshot: bad, ...readable };
      expect(() => watched.inspect(inspected as unknown as InspectionEvent)).not.toThrow();
      expect(watched.text).not.toContain(secrets.pin);
    }
  });

  test('an event is told even of an actor whose logic cannot be read', () => {
    const watched = new Watched();
    const actorRef = {
      sessionId: 'x:0',
      get logic() {
        throw new Error('no');
      },
    };
    watched.inspect({
      type: '@xstate.event',
      rootId: 'x:0',
      actorRef,
      event: { type: 'pin.given', pin: secrets.pin },
    } as unknown as InspectionEvent);
    expect(watched.messages).toMatchObject([{ sessionId: 'x:0', event: { type: 'pin.given' } }]);
  });

  test('a definition that leads back to itself is cut short', () => {
    const config: Record<string, unknown> = { id: 'loop', initial: 'a' };
    config.states = { a: config, b: {} };
    const watched = new Watched();
    watched.inspect({
      type: '@xstate.actor',
      rootId: 'x:0',
      actorRef: { sessionId: 'x:0', logic: { config }, getSnapshot: () => ({ value: { a: { a: 'b' } } }) },
    } as unknown as InspectionEvent);
    const [message] = watched.messages;
    expect(message?.type === '@xstate.actor' && JSON.parse(message.definition)).toEqual({
      id: 'loop',
      initial: 'a',
      states: { b: {} },
    });
  });

  test('by a target that throws: the machine goes on, and the error surfaces by itself', async () => {
    const actor = createActor(ours, {
      input: { policy },
      inspect: createSafeInspector(({ type }) => {
        if (type === '@xstate.event') throw new Error('the panel is gone');
      }),
    });
    const error = await surfaced(() => {
      actor.start();
    });
    expect(error).toMatchObject({ message: 'the panel is gone' });
    expect(actor.getSnapshot().status).toBe('active');
  });

  test('by a clock that throws', async () => {
    const inspect = createSafeInspector(() => {}, {
      now: () => {
        throw new Error('no time');
      },
    });
    const error = await surfaced(() => {
      createActor(
        fromCallback(() => {}),
        { inspect },
      );
    });
    expect(error).toMatchObject({ message: 'no time' });
  });

  test("on a server, where Stately's browser inspector has no window", () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const inspect = createSafeInspector(createBrowserInspector());
    const actor = createActor(ours, { input: { policy }, inspect }).start();
    actor.send({ type: 'calls.started' });
    expect(actor.getSnapshot().status).toBe('active');
  });
});
