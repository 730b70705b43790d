import {
  checkLiveness,
  type Fairness,
  type FiniteLogic,
  type LivenessReport,
  type World,
  type WorldEvent,
} from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { read } from '../../scripts/docs/markdown.js';
import { worlds } from '../model/worlds.js';

const inWords = (count: number) => count.toLocaleString('en');

/** Rules 2 and 7 of the design, as far as they are about the end of a run: no call waits for ever. */
describe('every waiting call settles, if timers pass and calls in flight are answered', () => {
  test.each(Object.entries(worlds))('%s', (name, world) => {
    const { violations, waiting, states, edges } = checkLiveness(world);
    expect(violations.map(({ waiting: who, title }) => `${who}: ${title}`)).toEqual([]);
    // An `ensure` that the PIN entry itself makes is refused at once, and never waits.
    const whoWait = (world.calls ?? ['call']).flatMap((kind, call) =>
      kind === 'ensureOfPrompt' ? [] : [`call ${call}`],
    );
    expect(waiting).toEqual(whoWait);
    expect(edges).toBeGreaterThan(states);
    // docs/liveness.md has today's figures: `npm run verify:spin` writes them.
    expect(read('docs/liveness.md')).toContain(
      `| ${name} | ${inWords(states)} | ${inWords(edges)} | no violation |`,
    );
  });

  test('not without the timers, and not without answers', () => {
    const weak = (among: RegExp) => (event: WorldEvent) =>
      among.test(event.type) ? JSON.stringify(event) : undefined;
    const titlesWith = (fairness: Fairness<World, WorldEvent>) =>
      checkLiveness({ alphabet: 'essential' }, { fairness }).violations.map(({ title }) => title);
    expect(titlesWith({ weak: weak(/^call\.(succeeded|challenged)$/) })).toEqual([
      'call 0 made → call 0 challenged, then nothing happens any more',
    ]);
    expect(titlesWith({ weak: weak(/^timeout$/) })).toEqual(['call 0 made, then nothing happens any more']);
  });
});

/** A graph by hand. State 0 is the first, and an edge is `[from, event, to]`. */
interface Drawing {
  readonly edges: readonly (readonly [number, string, number])[];
  readonly waiting: readonly number[];
}

/** Events are named by what they keep: `w…` is weakly fair, `s…` strongly, `…!` starts `w…` anew, `x` is never certain. */
const fairness: Fairness<number, { readonly type: string }> = {
  weak: ({ type }) => /^w\d/.exec(type)?.[0],
  strong: ({ type }) => /^s\d/.exec(type)?.[0],
  restarts: ({ event }) => [...event.type.matchAll(/(w\d)!/g)].map(([, name]) => name as string),
};

function checkDrawing({ edges, waiting }: Drawing): LivenessReport<{ readonly type: string }> {
  const logic: FiniteLogic<number, { readonly type: string }> = {
    getInitialSnapshot: () => 0,
    keyOf: String,
    eventsOf: (state) => edges.flatMap(([from, type], edge) => (from === state ? [{ type, edge }] : [])),
    transition: (_, event) => edges[(event as unknown as { edge: number }).edge]?.[2] as number,
  };
  return checkLiveness(logic, { fairness, waiting: (state) => (waiting.includes(state) ? ['it'] : []) });
}

describe('the check itself', () => {
  const titles = (drawing: Drawing) => checkDrawing(drawing).violations.map(({ title }) => title);

  test.each<[string, Drawing, string[]]>([
    [
      'a state in which nothing is certain to happen may last for ever',
      { edges: [[0, 'x', 1]], waiting: [1] },
      ['x, then nothing happens any more'],
    ],
    [
      'what is certain ends the wait, whatever else may happen instead',
      {
        edges: [
          [0, 'x', 0],
          [0, 'w1', 1],
        ],
        waiting: [0],
      },
      [],
    ],
    [
      'a timer that starts anew each time need not pass',
      {
        edges: [
          [0, 'x w1!', 0],
          [0, 'w1', 1],
        ],
        waiting: [0],
      },
      ['then for ever: x w1!'],
    ],
    [
      'weakly fair is what stays possible; a detour through a state without it is enough to put it off',
      {
        edges: [
          [0, 'a', 1],
          [1, 'b', 0],
          [0, 'w1', 2],
          [1, 'w2', 0],
        ],
        waiting: [0, 1],
      },
      ['then for ever: a → b'],
    ],
    [
      'strongly fair is what is possible again and again',
      {
        edges: [
          [0, 'a', 1],
          [1, 'w2', 0],
          [0, 's1', 2],
        ],
        waiting: [0, 1],
      },
      [],
    ],
    [
      'a cycle that avoids the states in which it is possible puts off what is strongly fair',
      {
        edges: [
          [0, 'a', 1],
          [0, 's1', 3],
          [1, 'w1', 2],
          [2, 'w1', 1],
          [2, 'b', 0],
        ],
        waiting: [0, 1, 2],
      },
      ['a, then for ever: w1 → w1'],
    ],
    [
      'two promises are kept by one cycle that goes through both',
      {
        edges: [
          [0, 'w1', 1],
          [1, 'x', 0],
          [0, 'x', 1],
          [1, 'w2', 0],
          [1, 'w1', 1],
          [0, 'w2', 0],
        ],
        waiting: [0, 1],
      },
      ['then for ever: w1 → w2'],
    ],
    [
      'a cycle that is left and entered while nobody waits is no wait',
      {
        edges: [
          [0, 'x', 1],
          [1, 'w1', 0],
        ],
        waiting: [1],
      },
      [],
    ],
  ])('%s', (_, drawing, wanted) => {
    expect(titles(drawing)).toEqual(wanted);
  });

  /** By trying every walk: no components, no early end. */
  function shortestByTrying({ edges, waiting }: Drawing): number | undefined {
    const reached = new Map([[0, 0]]);
    for (const [state, length] of reached)
      for (const [from, , to] of edges) if (from === state && !reached.has(to)) reached.set(to, length + 1);
    const possible = (state: number) =>
      new Set(edges.flatMap(([from, type]) => (from === state ? (/^[ws]\d/.exec(type)?.[0] ?? []) : [])));
    const all = new Set(edges.flatMap(([, type]) => /^[ws]\d/.exec(type)?.[0] ?? []));
    let best: number | undefined;
    for (const [start, stem] of reached) {
      if (!waiting.includes(start)) continue;
      const offer = (length: number) => {
        if (best === undefined || stem + length < best) best = stem + length;
      };
      if (possible(start).size === 0) offer(1);
      // A walk is where it is, what it has met, and what was possible on it.
      const walks = [{ at: start, met: new Set<string>(), seen: new Set<string>(), length: 0 }];
      const known = new Set<string>();
      for (const { at, met, seen, length } of walks) {
        for (const [from, type, to] of edges) {
          if (from !== at || !waiting.includes(to)) continue;
          const next = { at: to, met: new Set(met), seen: new Set(seen), length: length + 1 };
          const [kept] = /^[ws]\d/.exec(type) ?? [];
          if (kept !== undefined) next.met.add(kept);
          for (const [, again] of type.matchAll(/(w\d)!/g)) next.met.add(again as string);
          for (const name of possible(at)) next.seen.add(name);
          for (const name of all) if (name.startsWith('w') && !possible(at).has(name)) next.met.add(name);
          const isFair = [...all].every(
            (name) => next.met.has(name) || (name.startsWith('s') && !next.seen.has(name)),
          );
          if (to === start && isFair) offer(next.length);
          const key = JSON.stringify([to, [...next.met].sort(), [...next.seen].sort()]);
          if (!known.has(key)) {
            known.add(key);
            walks.push(next);
          }
        }
      }
    }
    return best;
  }

  test('agrees with trying every walk, on a thousand drawings', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const types = ['x', 'x', 'y', 'w1', 'w2', 's1', 's2', 'x w1!', 'w1 w2!', 'y w2!'];
    let violated = 0;
    for (let round = 0; round < 1000; round += 1) {
      const size = 2 + random(5);
      const edges = Array.from({ length: size + random(8) }, () => {
        return [random(size), types[random(types.length)] as string, random(size)] as const;
      });
      const drawing = {
        edges,
        waiting: Array.from({ length: size }, (_, state) => state).filter(() => random(4) > 0),
      };
      const [violation] = checkDrawing(drawing).violations;
      const length = violation && violation.stem.length + Math.max(1, violation.cycle.length);
      expect(length, JSON.stringify(drawing)).toBe(shortestByTrying(drawing));
      if (violation) violated += 1;
    }
    expect(violated).toBeGreaterThan(200);
    expect(violated).toBeLessThan(900);
  });

  test('says the same twice', () => {
    const once = () => JSON.stringify(checkLiveness({ alphabet: 'essential' }, { fairness: {} }));
    expect(once()).toBe(once());
  });
});
