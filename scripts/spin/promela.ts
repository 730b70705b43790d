import type { LivenessGraph } from 'strong-auth-machine/testing';

/** A graph as SPIN takes it: a model, and the tables that it includes. */
export interface PromelaModel {
  /** The model, for `model.pml`. */
  readonly model: string;
  /** Its tables, for `edges.h` beside it. */
  readonly tables: string;
  /** The name of the formula for each of those who wait. */
  readonly claims: readonly string[];
}

/*
 * SPIN's weak fairness is about processes: one that can go on all the time goes on at last. So each promise is a process of its
 * own, which takes the edges that keep it, and one more process takes all other edges, or does nothing.
 *
 * A promise that starts anew must be seen as interrupted. The edge leads to a copy of its target in which everything is as there,
 * but for the promises that start anew and for what is not certain; one more process goes on from there.
 */

/** @returns The graph in Promela. Only for weak fairness: SPIN has no other. */
export function toPromela<State, Event>(facts: LivenessGraph<State, Event>): PromelaModel {
  const { graph, promises, weak, waiting, names } = facts;
  if (weak < promises.length) throw new RangeError('SPIN knows no strong fairness.');
  const ANYBODY = promises.length;
  const RESTART = promises.length + 1;
  /** For each process and each state where it may go. */
  const moves: number[][][] = Array.from({ length: RESTART + 1 }, () => graph.states.map(() => []));
  const waits = [...waiting];
  const copies = new Map<string, number>();

  /** @returns The state after an edge: its target, or the copy of it in which these promises are interrupted. */
  const arrival = (to: number, restarts: number): number => {
    if (restarts === 0) return to;
    const key = `${to} ${restarts}`;
    const known = copies.get(key);
    if (known !== undefined) return known;
    const copy = waits.length;
    copies.set(key, copy);
    waits.push(waiting[to] as number);
    moves.forEach((ofProcess, process) => {
      ofProcess[copy] = process === RESTART ? [to] : [];
    });
    return copy;
  };

  graph.edges.forEach((out, from) => {
    for (const { to, label } of out) {
      const process = label.keeps === 0 ? ANYBODY : Math.log2(label.keeps);
      moves[process]?.[from]?.push(arrival(to, label.restarts));
    }
  });
  for (const [key, copy] of copies) {
    const [to = 0, restarts = 0] = key.split(' ').map(Number);
    promises.forEach((_, process) => {
      if ((restarts & (1 << process)) === 0)
        (moves[process] as number[][])[copy] = moves[process]?.[to] ?? [];
    });
  }
  const claims = names.map((_, who) => `settles_${who}`);
  return { model: modelOf(moves, promises, names), tables: tablesOf(moves, waits), claims };
}

function modelOf(
  moves: readonly (readonly (readonly number[])[])[],
  promises: readonly string[],
  names: readonly string[],
): string {
  const processes = moves.map((ofProcess, process) => {
    const most = Math.max(0, ...ofProcess.map((targets) => targets.length));
    const options = Array.from(
      { length: most },
      (_, choice) =>
        `  :: atomic { c_expr { count_${process}[now.s] > ${choice} } -> c_code { GO(${process}, ${choice}); } }`,
    );
    if (process === promises.length) options.unshift('  :: w = w /* nothing happens */');
    const says = promises[process] ?? (process === promises.length ? 'what may never happen' : 'starts anew');
    const body = options.length > 0 ? ['  do', ...options, '  od'] : ['  skip'];
    return [`/* ${says} */`, `active proctype P${process}() {`, ...body, '}'].join('\n');
  });
  return [
    'int s = 0; /* the state of the graph */',
    `int w = 0; /* who waits in it, as bits; nobody in the beginning */`,
    'c_decl { \\#include "edges.h" }',
    ...processes,
    ...names.map((name, who) => {
      const waits = `((w & ${1 << who}) != 0)`;
      return `/* ${name} settles */\nltl settles_${who} { [] (${waits} -> <> !${waits}) }`;
    }),
    '',
  ].join('\n\n');
}

function tablesOf(moves: readonly (readonly (readonly number[])[])[], waits: readonly number[]): string {
  const array = (name: string, values: readonly number[]) =>
    `static const int ${name}[] = {${values.join(',')}${values.length === 0 ? '0' : ''}};`;
  const tables = moves.flatMap((ofProcess, process) => {
    const counts = ofProcess.map((targets) => targets.length);
    const first: number[] = [];
    counts.reduce((before, count) => {
      first.push(before);
      return before + count;
    }, 0);
    return [
      array(`count_${process}`, counts),
      array(`first_${process}`, first),
      array(`to_${process}`, ofProcess.flat()),
    ];
  });
  return [
    ...tables,
    array('waits', waits),
    '#define GO(p, n) do { now.s = to_##p[first_##p[now.s] + (n)]; now.w = waits[now.s]; } while (0)',
    '',
  ].join('\n');
}
