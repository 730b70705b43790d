import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  checkLivenessGraph,
  createWorld,
  type FiniteLogic,
  type LivenessOptions,
  livenessGraph,
  renewableWorld,
  worldLiveness,
} from 'strong-auth-machine/testing';
import type { EventObject } from 'xstate';
import { livelocks, worldWith } from '../test/laws/livelocks.js';
import { worlds } from '../test/model/worlds.js';
import { recoveryLivelocks, recoveryWorldOf } from '../test/recovery/livelocks.js';
import { RECOVERY_WORLD, recoveryLiveness } from '../test/recovery/liveness.js';
import { createRecoveryWorld } from '../test/recovery/world.js';
import { missingPrograms, runSpin } from './spin/checker.js';
import { toPromela } from './spin/promela.js';

/**
 * `npm run verify:spin`: lets SPIN check the graphs that `checkLiveness` has checked, those of all worlds and of all seeded
 * livelocks, and writes the tables of docs/liveness.md. With `-- --check` it writes nothing.
 *
 * Exits with 1 if a world has a violation, a livelock has none, or the two disagree; with 2 if SPIN is not there.
 */
const PAGE = new URL('../docs/liveness.md', import.meta.url);

const missing = missingPrograms();
if (missing.length > 0) {
  console.error(`Not run: ${missing.join(' and ')} not found. On Debian: apt-get install spin gcc`);
  process.exit(2);
}

interface Both {
  readonly states: number;
  readonly edges: number;
  readonly title: string | undefined;
  readonly ours: readonly string[];
  readonly spin: readonly string[];
  readonly seconds: { readonly ours: number; readonly spin: number };
}

async function checkWithBoth<State, Event extends EventObject>(
  logic: FiniteLogic<State, Event>,
  options: LivenessOptions<State, Event>,
): Promise<Both> {
  const started = performance.now();
  const facts = livenessGraph(logic, options);
  const { states, edges, violations } = checkLivenessGraph(facts);
  const ours = (performance.now() - started) / 1000;
  const { violated, seconds } = await runSpin(toPromela(facts));
  return {
    states,
    edges,
    title: violations[0]?.title,
    ours: violations.map(({ waiting }) => waiting),
    spin: violated.map((claim) => facts.names[Number(claim.replace('settles_', ''))] as string),
    seconds: { ours, spin: seconds },
  };
}

let isAsWanted = true;
const number = (value: number) => value.toLocaleString('en');
const verdict = (violated: readonly string[]) =>
  violated.length === 0 ? 'no violation' : `violated: ${violated.join(', ')}`;

function judge(name: string, { ours, spin }: Both, hasLivelock: boolean): void {
  const isRight = String(ours) === String(spin) && ours.length > 0 === hasLivelock;
  if (!isRight) isAsWanted = false;
  console.log(
    `${isRight ? 'as wanted' : 'NOT AS WANTED'}: ${name}: ${verdict(ours)}; SPIN: ${verdict(spin)}`,
  );
}

function worldRow(name: string, both: Both): string[] {
  judge(name, both, false);
  const { states, edges, ours, spin, seconds } = both;
  return [
    name,
    number(states),
    number(edges),
    verdict(ours),
    `${seconds.ours.toFixed(1)} s`,
    verdict(spin),
    `${seconds.spin.toFixed(1)} s`,
  ];
}

function livelockRow(name: string, both: Both): string[] {
  judge(name, both, true);
  return [
    name,
    both.title ?? 'none',
    String(both.spin) === String(both.ours) ? 'the same' : verdict(both.spin),
  ];
}

/** @returns What the tasks come to, in their order. While SPIN checks one graph, the next one is explored. */
async function inTurn<Row>(tasks: readonly (() => Promise<Row>)[]): Promise<Row[]> {
  const rows: Row[] = [];
  const queue = [...tasks.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [place, task] = next;
      rows[place] = await task();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return rows;
}

const worldRows = await inTurn([
  ...Object.entries(worlds).map(
    ([name, world]) =>
      async () =>
        worldRow(name, await checkWithBoth(createWorld(renewableWorld(world)), worldLiveness)),
  ),
  async () => worldRow(RECOVERY_WORLD, await checkWithBoth(createRecoveryWorld(), recoveryLiveness)),
]);
const livelockRows = await inTurn(
  livelocks.map((livelock) => async () => {
    const both = await checkWithBoth(worldWith(livelock, renewableWorld(livelock.world)), worldLiveness);
    return [...livelockRow(livelock.name, both), livelock.seenBy.join(', ') || 'none'];
  }),
);
const recoveryRows = await inTurn(
  recoveryLivelocks.map(
    (livelock) => async () =>
      livelockRow(livelock.name, await checkWithBoth(recoveryWorldOf(livelock), recoveryLiveness)),
  ),
);

if (!process.argv.includes('--check')) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    [
      ['worlds', ['World', 'States', 'Edges', '`checkLiveness`', 'Time', 'SPIN', 'Time'], worldRows] as const,
      ['livelocks', ['Livelock', 'Shortest lasso', 'SPIN', 'Laws that see it'], livelockRows] as const,
      ['livelocks of the recovery', ['Livelock', 'Shortest lasso', 'SPIN'], recoveryRows] as const,
    ].reduce(
      (text, [name, head, rows]) => replaced(text, name, [head, head.map(() => '---'), ...rows]),
      page,
    ),
  );
}
process.exitCode = isAsWanted ? 0 : 1;

/** Puts a table between the two comments of its name. */
function replaced(text: string, name: string, rows: readonly (readonly string[])[]): string {
  const [begin, end] = [`<!-- table: ${name} -->`, `<!-- end: ${name} -->`];
  const [before, rest] = text.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`docs/liveness.md has no place for ${name}`);
  const lines = rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
  return `${before}${begin}\n\n${lines.replace(/\| --- (?=\|)/g, '|---')}\n\n${end}${after}`;
}
