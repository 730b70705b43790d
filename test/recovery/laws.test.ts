import { fromPims } from 'strong-auth-machine';
import { recoveryMachine } from 'strong-auth-machine/machine';
import { createRecovery, type RecoveryQuestion } from 'strong-auth-machine/recovery';
import { createManualClock, createSimulator } from 'strong-auth-machine/simulator';
import {
  checkLivenessGraph,
  createCoverage,
  type GraphEdge,
  livenessGraph,
} from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { read } from '../../scripts/docs/markdown.js';
import { RECOVERY_WORLD, recoveryLiveness } from './liveness.js';
import { FLOWS, turn } from './support.js';
import { createWalker } from './walker.js';
import {
  createRecoveryWorld,
  type Happening,
  POLICY,
  questionIn,
  type RecoveryWorld,
  statusIn,
  wayTo,
} from './world.js';

type Edge = GraphEdge<RecoveryWorld, Happening>;

/** Counts what was walked through the public surface, and which guards answered both ways. */
const coverage = createCoverage(recoveryMachine);
const inWords = ({ to }: Edge) =>
  wayTo(to)
    .map(({ happening }) => JSON.stringify(happening))
    .join('\n  ');

const ofFlow = ({ requests, requestsBefore }: RecoveryWorld) => requests.slice(requestsBefore);

const laws: Readonly<Record<string, (edge: Edge) => string | false | undefined>> = {
  'no flow sends more SMS than it may, and none by itself': ({ from, event, to }) => {
    const sent = ofFlow(to).filter((request) => request === 'sendSms').length;
    if (sent > POLICY.maxSms) return `${sent} SMS`;
    const isNew = to.requests.length > from.requests.length && to.requests.at(-1) === 'sendSms';
    return isNew && event.type === 'timeout' && 'an SMS because time has passed';
  },
  'no device is removed without a yes to that very question': ({ from, event, to }) => {
    const removes = to.requests.length > from.requests.length && to.requests.at(-1) === 'removeDevices';
    if (!removes) return;
    const isYes = event.type === 'answer.given' && statusIn(from) === 'confirmingRemoval';
    return !isYes && `removed on ${event.type}`;
  },
  'the devices are removed once a flow at most': ({ to }) =>
    ofFlow(to).filter((request) => request === 'removeDevices').length > 1 && 'twice',
  'one question at a time, and none beside a request, unless another SMS is sent meanwhile': ({ to }) => {
    const children = Object.keys(to.machine.children);
    const isResending = to.machine.matches({ running: { awaitingCode: 'resending' } });
    return children.length > (isResending ? 2 : 1) && `${children} run together`;
  },
  'what a question shows has an attempt left': ({ to }) => {
    const question = questionIn(to);
    return question !== undefined && question.attemptsLeft < 1 && `${question.attemptsLeft} left`;
  },
  'cancel is heard wherever a flow runs, and ends it at once': ({ from, event, to }) => {
    if (event.type !== 'cancelled' || !from.machine.matches('running')) return;
    if (statusIn(to) !== 'cancelled' || to.outcome !== 'CANCELLED') return `${statusIn(to)}, ${to.outcome}`;
    return Object.keys(to.machine.children).length > 0 && 'something still runs';
  },
  'at rest nothing runs, and the flow has one end': ({ to }) => {
    if (to.machine.matches('running')) return to.outcome !== undefined && 'a flow that runs has ended';
    return Object.keys(to.machine.children).length > 0 && 'something still runs';
  },
  'nothing waits for ever: behind every step stands a delay': ({ to }) => {
    if (!to.machine.matches('running')) return;
    const nodes = to.machine._nodes;
    return !nodes.some(({ after }) => after.length > 0) && 'no delay';
  },
  'a failure says what happened, and a flow that is done has none': ({ to }) => {
    const { failure } = to.machine.context;
    if (to.machine.matches({ resting: 'done' }))
      return failure !== undefined && 'a failure of a flow that is done';
    return to.machine.matches({ resting: 'failed' }) && to.outcome !== failure?.code && 'another failure';
  },
};

function kindOf({ from, event, to }: Edge): string {
  const { flow, hasNewPin, hasRemoved, shortcut } = from.machine.context;
  return JSON.stringify([
    ...[from.machine.value, event, to.machine.value, to.machine.context.failure?.code],
    ...(from.machine.matches('running') ? [flow, hasNewPin, hasRemoved, shortcut] : []),
  ]);
}

/** The first breach of each law. */
const breaches = new Map<string, string>();
/** Of the edges that differ only in what happened long before, the one with the shortest way. */
const chosen = new Map<string, Edge>();

// Each edge is judged when it is found, and most are then forgotten: all of them would take a gigabyte.
function judge(edge: Edge): void {
  for (const [law, breach] of Object.entries(laws)) {
    const wrong = !breaches.has(law) && breach(edge);
    if (wrong) breaches.set(law, `${wrong} after\n  ${inWords(edge)}`);
  }
  const kind = kindOf(edge);
  if (!chosen.has(kind)) chosen.set(kind, edge);
}

const world = createRecoveryWorld();
const explored = livenessGraph(
  {
    ...world,
    transition(from: RecoveryWorld, event: Happening) {
      const to = world.transition(from, event);
      judge({ from, event, to });
      return to;
    },
  },
  recoveryLiveness,
);
const { graph } = explored;

describe('laws over every reachable state of the recovery', () => {
  test.each(Object.keys(laws))('%s', (law) => {
    expect(breaches.get(law)).toBeUndefined();
  });

  test('no way goes round within one flow: from every state it comes to rest, whatever answers', () => {
    // A circle would have a state that can be reached from itself. Without one, every way of a flow has an end.
    const runs = (state: number) => graph.states[state]?.machine.matches('running');
    const next = (state: number) => (graph.edges[state] ?? []).flatMap(({ to }) => (runs(to) ? [to] : []));
    const seen = new Map<number, 'open' | 'closed'>();
    for (const root of graph.states.keys()) {
      if (seen.has(root) || !runs(root)) continue;
      seen.set(root, 'open');
      const stack = [{ state: root, rest: next(root) }];
      for (let top = stack.at(-1); top; top = stack.at(-1)) {
        const child = top.rest.pop();
        if (child === undefined) {
          seen.set(top.state, 'closed');
          stack.pop();
        } else if (seen.get(child) === 'open') {
          expect.fail(`a circle through ${JSON.stringify(graph.wayTo(child))}`);
        } else if (!seen.has(child)) {
          seen.set(child, 'open');
          stack.push({ state: child, rest: next(child) });
        }
      }
    }
    expect(seen.size).toBeGreaterThan(100);
  });

  test('no guard reads the reason of a question, by which states are therefore not told apart', () => {
    const context = new Proxy(
      { policy: POLICY },
      {
        get(target, name) {
          if (name === 'reason') throw new Error('the reason was read');
          return Reflect.get(target, name);
        },
      },
    );
    const guards = Object.values(recoveryMachine.implementations.guards);
    expect(guards.length).toBeGreaterThan(15);
    for (const guard of guards) (guard as (...args: unknown[]) => boolean)({ context }, {});
  });

  test('whoever waits for a flow sees its end, if time passes, whatever users, apps and the SDK do', () => {
    const { violations, waiting, states, edges } = checkLivenessGraph(explored);
    expect(violations.map(({ title }) => title)).toEqual([]);
    expect(waiting).toEqual([...FLOWS].sort());
    // docs/liveness.md has today's figures: `npm run verify:spin` writes them.
    expect(read('docs/liveness.md')).toContain(
      `| ${RECOVERY_WORLD} | ${states.toLocaleString('en')} | ${edges.toLocaleString('en')} | no violation |`,
    );
  });
});

describe('the same through the public surface', () => {
  test('every kind of step shows what it should, after every step of the way to it', async () => {
    const walk = createWalker(coverage.inspect);
    // A way that goes on is walked with the longer one: each step is looked at.
    const goesOn = new Set(
      [...chosen.values()].flatMap(({ from }) => [from, ...wayTo(from).map(({ world }) => world)]),
    );
    const ways = [...chosen.values()].filter(({ to }) => !goesOn.has(to));
    for (const edge of ways) {
      const difference = await walk(wayTo(edge.to));
      if (difference) expect.fail(`${difference} after\n  ${inWords(edge)}`);
    }
    console.info(`Walked ${chosen.size} kinds of steps on ${ways.length} ways through createRecovery`);
    expect(chosen.size).toBeGreaterThan(500);
  });

  test('so does a budget over time, for the first SMS and for another one', async () => {
    for (const [spent, status] of [
      [1, 'awaitingCode'],
      [2, 'failed'],
    ] as const) {
      const now = Date.now();
      const times = Array.from({ length: spent }, (_, index) => now - 1_000 * (index + 1));
      const smsBudget = { max: 2, perMs: 3_600_000, store: { load: () => times, save: () => {} } };
      const questions: RecoveryQuestion[] = [];
      const clock = createManualClock(now);
      const recovery = createRecovery({
        transport: fromPims(createSimulator({ clock, device: { refuses: 2312, until: 'never' } })),
        clock,
        inspect: coverage.inspect,
        policy: { smsBudget, resendAfterMs: 0 },
        ask: (question) => {
          questions.push(question);
          return new Promise(() => {});
        },
      });
      recovery.enrollDevice().catch(() => {});
      await turn();
      const [question] = questions;
      // The flow may send two, and the app's own limit has no room for the second.
      if (question) expect(question.resend?.()).toBe(true);
      await turn();
      if (question) expect(question.resend?.()).toBe(false);
      expect(recovery.view.getSnapshot()).toMatchObject({ status });
      if (question) expect(recovery.view.getSnapshot().resend?.availableAt).toBe(now - 1_000 + 3_600_000);
      recovery.dispose();
    }
  });

  test('no state, edge or side of a guard was left out', () => {
    expect(coverage.missing()).toEqual([
      // `resend()` says no before the machine would.
      'guard never false: running.awaitingCode.waiting · resend.requested [hasSmsLeft] → running.awaitingCode.resending',
    ]);
  });
});
