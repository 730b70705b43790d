import { fromPims } from 'strong-auth-machine';
import { recoveryMachine } from 'strong-auth-machine/machine';
import { createRecovery, type RecoveryQuestion } from 'strong-auth-machine/recovery';
import { createManualClock, createSimulator } from 'strong-auth-machine/simulator';
import { createCoverage } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { turn } from './support.js';
import { walk } from './walker.js';
import { type Edge, explore, keyOf, POLICY, questionIn, statusIn } from './world.js';

const edges = [...explore()];
/** Counts what was walked through the public surface, and which guards answered both ways. */
const coverage = createCoverage(recoveryMachine);
const inWords = ({ from, happening }: Edge) =>
  [...from.steps.map(({ happening: each }) => each), happening]
    .map((each) => JSON.stringify(each))
    .join('\n  ');

/** What the ways hold since the last flow began. */
const sinceItBegan = ({ from, happening, to }: Edge) => {
  const steps = [...from.steps, { happening, world: to }];
  const begun = steps.map(({ happening: { type } }) => type).lastIndexOf('flow.started');
  return steps.slice(begun);
};

const laws: Readonly<Record<string, (edge: Edge) => string | false | undefined>> = {
  'no flow sends more SMS than it may, and none by itself': (edge) => {
    const own = sinceItBegan(edge);
    const before = edge.from.steps.at(-own.length)?.world.requests.length ?? 0;
    const sent = edge.to.requests.slice(before).filter((request) => request === 'sendSms').length;
    if (sent > POLICY.maxSms) return `${sent} SMS`;
    const isNew =
      edge.to.requests.length > edge.from.world.requests.length && edge.to.requests.at(-1) === 'sendSms';
    return isNew && edge.happening.type === 'timeout' && 'an SMS because time has passed';
  },
  'no device is removed without a yes to that very question': ({ from, happening, to }) => {
    const removes = to.requests.length > from.world.requests.length && to.requests.at(-1) === 'removeDevices';
    if (!removes) return;
    const isYes = happening.type === 'answer.given' && statusIn(from.world) === 'confirmingRemoval';
    return !isYes && `removed on ${happening.type}`;
  },
  'the devices are removed once a flow at most': (edge) => {
    const before = edge.from.steps.at(-sinceItBegan(edge).length)?.world.requests.length ?? 0;
    return (
      edge.to.requests.slice(before).filter((request) => request === 'removeDevices').length > 1 && 'twice'
    );
  },
  'one question at a time, and none beside a request, unless another SMS is sent meanwhile': ({ to }) => {
    const children = Object.keys(to.machine.children);
    const isResending = to.machine.matches({ running: { awaitingCode: 'resending' } });
    return children.length > (isResending ? 2 : 1) && `${children} run together`;
  },
  'what a question shows has an attempt left': ({ to }) => {
    const question = questionIn(to);
    return question !== undefined && question.attemptsLeft < 1 && `${question.attemptsLeft} left`;
  },
  'cancel is heard wherever a flow runs, and ends it at once': ({ from, happening, to }) => {
    if (happening.type !== 'cancelled' || !from.world.machine.matches('running')) return;
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

describe('laws over every reachable state of the recovery', () => {
  test.each(Object.entries(laws))('%s', (_, breach) => {
    for (const edge of edges) {
      const wrong = breach(edge);
      if (wrong) expect.fail(`${wrong} after\n  ${inWords(edge)}`);
    }
  });

  test('no way goes round within one flow: from every state it comes to rest, whatever answers', () => {
    const next = new Map<string, Set<string>>();
    for (const { from, to } of edges) {
      if (!from.world.machine.matches('running') || !to.machine.matches('running')) continue;
      const key = keyOf(from.world);
      next.set(key, (next.get(key) ?? new Set()).add(keyOf(to)));
    }
    // A circle would have a state that can be reached from itself. Without one, every way of a flow has an end.
    const state = new Map<string, 'open' | 'closed'>();
    for (const root of next.keys()) {
      const stack = [{ key: root, rest: [...(next.get(root) ?? [])] }];
      if (state.has(root)) continue;
      state.set(root, 'open');
      while (stack.length > 0) {
        const top = stack[stack.length - 1] as (typeof stack)[number];
        const child = top.rest.pop();
        if (child === undefined) {
          state.set(top.key, 'closed');
          stack.pop();
        } else if (state.get(child) === 'open') expect.fail(`a circle through ${child}`);
        else if (!state.has(child)) {
          state.set(child, 'open');
          stack.push({ key: child, rest: [...(next.get(child) ?? [])] });
        }
      }
    }
    expect(state.size).toBeGreaterThan(100);
  });

  test('says how much was explored', () => {
    const states = new Set(edges.map(({ from }) => keyOf(from.world)));
    console.info(`Explored by the pure transition function: ${states.size} states, ${edges.length} edges`);
    expect(states.size).toBeGreaterThan(1_000);
  });
});

describe('the same through the public surface', () => {
  /** Of the edges that differ only in what happened long before, the one with the shortest way. */
  const chosen = new Map<string, Edge>();
  for (const edge of edges) {
    const { from, happening, to } = edge;
    const { flow, hasNewPin, hasRemoved, shortcut } = from.world.machine.context;
    const kind = JSON.stringify([
      ...[from.world.machine.value, happening, to.machine.value, to.machine.context.failure?.code],
      ...(from.world.machine.matches('running') ? [flow, hasNewPin, hasRemoved, shortcut] : []),
    ]);
    if (!chosen.has(kind)) chosen.set(kind, edge);
  }

  test('every kind of step shows what it should, after every step of the way to it', async () => {
    for (const edge of chosen.values()) {
      const steps = [...edge.from.steps, { happening: edge.happening, world: edge.to }];
      const difference = await walk(steps, coverage.inspect);
      if (difference) expect.fail(`${difference} after\n  ${inWords(edge)}`);
    }
    console.info(`Walked ${chosen.size} ways through createRecovery`);
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

test('the chart describes every state, and invokes its ports under constant ids', () => {
  const ids = new Set<string>();
  const visit = (node: typeof recoveryMachine.root): void => {
    expect(node.description, node.id).toMatch(/^[A-Z].{8,}[.?]$/);
    for (const { id } of node.invoke) ids.add(id);
    for (const child of Object.values(node.states)) visit(child as never);
  };
  visit(recoveryMachine.root);
  expect([...ids].sort()).toEqual(['ask', 'enrollWithoutCode', 'request', 'resendSms', 'sendSms']);
});
