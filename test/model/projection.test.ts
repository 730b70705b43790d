import { createTestModel as createTestModelOfTestPackage } from '@xstate/test';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { createCoverage, edgesOf, projectMachine, worldPolicy } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { createTestModel as createTestModelOfXstate, getAdjacencyMap } from 'xstate/graph';

type Path = { readonly steps: readonly { readonly event: { readonly type: string } }[] };
const inWords = (paths: readonly Path[]) =>
  paths.map(({ steps }) => steps.map(({ event }) => JSON.stringify(event)).join(' → ')).sort();

describe('the chart, projected onto plain events', { timeout: 600_000 }, () => {
  const { machine, events, options } = projectMachine();
  const ofXstate = createTestModelOfXstate(machine, options as never).getShortestPaths(options as never);

  test('the real one is refused by both generators', () => {
    expect(() => createTestModelOfXstate(strongAuthMachine)).toThrow(/not supported/);
    expect(() => createTestModelOfTestPackage(strongAuthMachine as never)).toThrow(/not supported/);
  });

  test('has every state and every edge of the real one', () => {
    const nameOf = ({ source, event, candidate }: { source: string; event: string; candidate: number }) =>
      `${source} ${event.replace(/^xstate\.after\.(\w+)\..*/, 'after.$1')} ${candidate}`;
    expect(edgesOf(machine).map(nameOf).sort()).toEqual(edgesOf().map(nameOf).sort());
  });

  test('@xstate/test and xstate/graph generate the same paths from it', () => {
    const ofTest = createTestModelOfTestPackage(machine as never, options as never).getShortestPaths(
      options as never,
    );
    expect(ofXstate.length).toBeGreaterThan(50);
    expect(inWords(ofTest as readonly Path[])).toEqual(inWords(ofXstate as readonly Path[]));
  });

  test('its generated paths reach every state', () => {
    const coverage = createCoverage(machine);
    for (const { steps } of ofXstate) {
      const actor = createActor(machine, {
        input: { policy: worldPolicy },
        inspect: coverage.inspect,
      }).start();
      for (const { event } of steps.slice(1)) actor.send(event as never);
      actor.stop();
    }
    // It begins in idle, which is no step.
    expect(coverage.missing().filter((name) => name.startsWith('state'))).toEqual(['state resting.idle']);
    expect(Object.keys(getAdjacencyMap(machine as never, options as never)).length).toBeGreaterThan(50);
    expect(events.length).toBeGreaterThan(25);
  });
});
