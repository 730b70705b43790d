import { statusOf, strongAuthMachine } from 'strong-auth-machine/machine';
import {
  describeEvent,
  exploreWorld,
  playgroundHash,
  type World,
  type WorldEvent,
  type WorldGraph,
} from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { createActor, fromCallback } from 'xstate';
import { worlds } from '../model/worlds.js';
import { type Edge, laws } from './laws.js';

const graphs = Object.entries(worlds).map(([name, world]) => [name, exploreWorld(world)] as const);

const inWords = (way: readonly WorldEvent[]) => way.map(describeEvent).join(' → ');
const linkTo = (way: readonly WorldEvent[], world: string) => {
  const hash = playgroundHash(way, worlds[world]);
  return hash ? `\n  in the playground: ${hash}` : '';
};

/** Every state, shortest way first, with that way. */
function* statesOf({
  logic,
  adjacency,
}: WorldGraph): Generator<{ world: World; way: WorldEvent[]; key: string }> {
  const initial = logic.getInitialSnapshot(undefined as never, undefined);
  const ways = new Map([[logic.keyOf(initial), { world: initial, way: [] as WorldEvent[] }]]);
  for (const [key, { world, way }] of ways) {
    yield { world, way, key };
    for (const { event, state } of Object.values(adjacency[key as never]?.transitions ?? {})) {
      const next = logic.keyOf(state);
      if (!ways.has(next)) ways.set(next, { world: state, way: [...way, event as WorldEvent] });
    }
  }
}

function* edgesOf(graph: WorldGraph): Generator<Edge & { way: WorldEvent[] }> {
  for (const { key, way, world } of statesOf(graph)) {
    for (const { event, state } of Object.values(graph.adjacency[key as never]?.transitions ?? {})) {
      yield { from: world, event, to: state, way: [...way, event as WorldEvent] };
    }
  }
}

describe('laws over every reachable state', () => {
  test.each(laws)('$name', ({ breach }) => {
    for (const [name, graph] of graphs) {
      for (const edge of edgesOf(graph)) {
        const wrong = breach(edge);
        if (wrong)
          expect.fail(
            `${wrong}\n  in the world of ${name}\n  after ${inWords(edge.way)}${linkTo(edge.way, name)}`,
          );
      }
    }
  });

  // A way, not more: that every fair run takes one is in liveness.test.ts.
  test('7: from every state there is a way to rest', () => {
    for (const [name, graph] of graphs) {
      const before = new Map<string, Set<string>>();
      const reaches = new Set<string>();
      for (const { key, world } of statesOf(graph)) {
        if (['idle', 'done', 'cancelled', 'failed', 'closed'].includes(statusOf(world.machine)))
          reaches.add(key);
        for (const { state } of Object.values(graph.adjacency[key as never]?.transitions ?? {})) {
          const next = graph.logic.keyOf(state);
          before.set(next, (before.get(next) ?? new Set()).add(key));
        }
      }
      for (const key of reaches) for (const earlier of before.get(key) ?? []) reaches.add(earlier);
      const stuck = [...statesOf(graph)]
        .filter(({ key }) => !reaches.has(key))
        .map(({ way }) => inWords(way));
      expect(stuck, name).toEqual([]);
    }
  });

  test('10: restoring any state sends nothing and asks nobody, and comes to rest', () => {
    const [, graph] = graphs[0] as (typeof graphs)[number];
    let restored = 0;
    for (const { world, way } of statesOf(graph)) {
      const effects: string[] = [];
      const note = (name: string) => () => {
        effects.push(name);
      };
      const machine = strongAuthMachine.provide({
        actions: {
          replayWaiting: note('replayWaiting'),
          replayStraggler: note('replayStraggler'),
          hold: note('hold'),
        },
        // The ports of a client that was just made: no PIN in its vault, so nothing is sent.
        actors: {
          requestOtp: fromCallback(({ sendBack }) =>
            sendBack({ type: 'otp.denied', code: 'PIN_ENTRY_FAILED' }),
          ),
        },
      });
      const snapshot = JSON.parse(
        JSON.stringify(
          createActor(strongAuthMachine, {
            input: { policy: graph.logic.policy },
            snapshot: world.machine,
          }).getPersistedSnapshot(),
        ),
      );
      const actor = createActor(machine, { input: { policy: graph.logic.policy }, snapshot });
      actor.start();
      restored += 1;
      expect(effects, inWords(way)).toEqual([]);
      if (world.machine.matches('wave')) {
        expect(['failed', 'calling'], inWords(way)).toContain(statusOf(actor.getSnapshot()));
      }
      actor.stop();
    }
    expect(restored).toBe(graph.states);
  });

  test('says how much was explored', () => {
    const explored = graphs.map(([name, { states, edges }]) => `${name}: ${states} states, ${edges} edges`);
    console.info(`Explored by the pure transition function:\n  ${explored.join('\n  ')}`);
    expect(graphs.reduce((sum, [, { states }]) => sum + states, 0)).toBeGreaterThan(3000);
  });
});
