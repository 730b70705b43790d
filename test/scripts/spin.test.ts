import { spawnSync } from 'node:child_process';
import { livenessGraph } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/docs/markdown.js';
import { toPromela } from '../../scripts/spin/promela.js';

/** Somebody waits in 1. A timer ends that, and `again` starts the timer anew, if `isRestarted`. */
const promelaOf = (isRestarted: boolean) =>
  toPromela(
    livenessGraph<number, { readonly type: string }>(
      {
        getInitialSnapshot: () => 0,
        keyOf: String,
        eventsOf: (state) => (state === 0 ? [{ type: 'ask' }] : [{ type: 'again' }, { type: 'timer' }]),
        transition: (_, { type }) => (type === 'timer' ? 0 : 1),
      },
      {
        waiting: (state) => (state === 1 ? ['it'] : []),
        fairness: {
          weak: ({ type }) => (type === 'timer' ? type : undefined),
          restarts: ({ event }) => (isRestarted && event.type === 'again' ? ['timer'] : []),
        },
      },
    ),
  );

describe('a graph in Promela', () => {
  test('has a process for each promise, one for the rest, and one that goes on after a restart', () => {
    const { model, claims } = promelaOf(true);
    expect(model.match(/active proctype P\d/g)).toEqual(
      ['P0', 'P1', 'P2'].map((name) => `active proctype ${name}`),
    );
    expect(claims).toEqual(['settles_0']);
    expect(model).toContain('ltl settles_0 { [] (((w & 1) != 0) -> <> !((w & 1) != 0)) }');
  });

  test('leads an edge that starts a timer anew to a copy in which the timer is interrupted', () => {
    const { tables } = promelaOf(true);
    // State 2 is the copy of 1: the timer cannot go there, and the restart leads on to 1.
    expect(tables).toContain('int count_0[] = {0,1,0};');
    expect(tables).toContain('int to_1[] = {1,2};');
    expect(tables).toContain('int count_2[] = {0,0,1};');
    expect(tables).toContain('int to_2[] = {1};');
    expect(promelaOf(false).tables).toContain('int to_1[] = {1,1};');
  });

  test('is not checked without SPIN: the script says so and exits with 2', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/verify-spin.ts'], {
      cwd: root,
      env: { ...process.env, PATH: '/nowhere' },
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^Not run: spin and gcc not found/m);
    expect(status).toBe(2);
  });
});
