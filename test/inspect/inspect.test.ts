import { createInspector } from '@statelyai/inspect';
import { createSafeInspector, type SafeInspectionMessage } from 'strong-auth-machine/inspect';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { strongAuthPaths, walkPath } from 'strong-auth-machine/testing';
import { expect, test, vi } from 'vitest';
import { assign, createActor, createMachine, type InspectionEvent, setup } from 'xstate';
import { worlds } from '../model/worlds.js';
import { createSecretDriver, Sinks, secrets } from '../secrets/sinks.js';

/** An app's own machine that is careless with what it knows. */
const careless = setup({
  types: {} as { context: Record<string, unknown>; input: unknown; output: unknown },
}).createMachine({
  id: 'careless',
  description: 'An app of its own.',
  context: ({ input }) => ({ waiting: 70416253, pin: secrets.pin, input }),
  initial: 'open',
  states: {
    open: {
      meta: { pin: secrets.pin },
      on: {
        type: { actions: assign({ last: ({ event }) => event }) },
        close: 'closed',
      },
    },
    closed: { type: 'final' },
  },
  output: { pin: secrets.pin },
});

function runCareless(inspect: (event: InspectionEvent) => void) {
  const actor = createActor(careless, { input: { otp: secrets.otp }, inspect });
  actor.start();
  actor.send({ type: 'type', pin: secrets.pin, code: 70416253, id: secrets.parameter });
  actor.send({ type: 'close', result: secrets.result });
}

test('nothing private is in any message, on generated paths', { timeout: 600_000 }, async () => {
  const sinks = new Sinks();
  const types = new Set<string>();
  let messages = 0;
  const world = worlds['one call, every outcome'] ?? {};
  for (const path of strongAuthPaths(world).filter((_, index) => index % 8 === 0)) {
    const inspect = createSafeInspector((message) => {
      messages += 1;
      types.add(message.type);
      sinks.look('snapshot', message);
      expect(JSON.parse(JSON.stringify(message))).toBeDefined();
    });
    await walkPath(path, createSecretDriver(path.world, sinks, { inspect }));
  }
  expect([...sinks.leaks]).toEqual([]);
  expect([...types].sort()).toEqual(['@xstate.actor', '@xstate.event', '@xstate.snapshot']);
  expect(messages).toBeGreaterThan(500);
});

test('not even of a careless machine of the app, which a plain inspector shows in clear', () => {
  const [safe, plain] = [new Sinks(), new Sinks()];
  runCareless(createSafeInspector((message) => safe.look('snapshot', message)));
  const inspector = createInspector({ send: (message: unknown) => plain.look('snapshot', message) });
  runCareless((event) => inspector.inspect.next?.(event));
  return vi.waitFor(() => {
    expect(plain.leaks.size).toBeGreaterThan(0);
    expect([...safe.leaks]).toEqual([]);
    expect(safe.inspected).toBeGreaterThan(4);
  });
});

test('its states and the types of its events remain', () => {
  const messages: SafeInspectionMessage[] = [];
  runCareless(createSafeInspector((message) => messages.push(message)));
  expect(messages.flatMap((message) => (message.type === '@xstate.event' ? [message.event] : []))).toEqual([
    { type: 'xstate.init' },
    { type: 'type' },
    { type: 'close' },
  ]);
  expect(messages.at(-1)).toMatchObject({ snapshot: { value: 'closed', status: 'done', context: {} } });
});

interface ChartNode {
  readonly id: string;
  readonly description?: string;
  readonly transitions: Map<string, ChartEdge[]>;
  readonly always?: ChartEdge[];
  readonly invoke: { readonly id: string; readonly src: string }[];
  readonly states: Record<string, ChartNode>;
}
interface ChartEdge {
  readonly eventType: string;
  readonly target?: { readonly id: string }[];
  readonly guard?: unknown;
  readonly actions: unknown[];
}
const nameOf = (part: unknown) => (typeof part === 'object' ? (part as { type: string }).type : part);

test('the structure of the chart arrives whole', () => {
  const messages: SafeInspectionMessage[] = [];
  createActor(strongAuthMachine, {
    input: {
      policy: { maxPinAttempts: 2, maxRounds: 1, maxWaiting: 1, pinEntryTimeoutMs: 1, otpTimeoutMs: 1 },
    },
    inspect: createSafeInspector((message) => messages.push(message)),
  }).start();
  const [first] = messages;
  if (first?.type !== '@xstate.actor') throw new Error('the first message registers the actor');
  const shown = createMachine(JSON.parse(first.definition));
  const edges = ({ root }: { root: unknown }) => {
    const all: string[] = [];
    (function walk(node: ChartNode) {
      for (const { eventType, target, guard, actions } of [
        ...[...node.transitions.values()].flat(),
        ...(node.always ?? []),
      ]) {
        all.push(
          [node.id, eventType, target?.[0]?.id, nameOf(guard), actions.map((action) => nameOf(action))].join(
            ' ',
          ),
        );
      }
      all.push([node.id, node.description, node.invoke.map(({ id, src }) => [id, src])].join(' '));
      for (const child of Object.values(node.states)) walk(child);
    })(root as ChartNode);
    return all;
  };
  expect(edges(shown)).toEqual(edges(strongAuthMachine));
  expect(first.definition).not.toContain('params');
});

test('an inspector of @statelyai/inspect takes them through its adapter', () => {
  const sent: unknown[] = [];
  const inspector = createInspector({ send: (message: unknown) => void sent.push(message) });
  runCareless(createSafeInspector(inspector, { now: () => 42 }));
  expect(sent[0]).toMatchObject({
    type: '@xstate.actor',
    name: 'careless',
    createdAt: '42',
    _version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    sessionId: expect.any(String),
  });
});

test('something that refuses to be read disturbs nobody', () => {
  const hostile = new Proxy({ type: 'pin.given' } as { type: string }, {
    get(target, key) {
      if (key === 'type') return target.type;
      throw new Error('no');
    },
  });
  const messages: SafeInspectionMessage[] = [];
  const actor = createActor(createMachine({ id: 'any' }), {
    inspect: createSafeInspector((message) => messages.push(message)),
  });
  actor.start();
  actor.send(hostile);
  expect(
    messages.some((message) => message.type === '@xstate.event' && message.event.type === 'pin.given'),
  ).toBe(true);
});
