import { spawnSync } from 'node:child_process';
import { Bout, type Rounds, takeTurns } from './bout.js';
import type { Contender } from './contender.js';
import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { contenders, slow } from './contenders.js';
import type { HeapPart } from './heap.js';
import { type Spread, spreadOf } from './measure.js';
import { parts } from './parts.js';
import type { Measurement, WaveRound } from './rounds.js';

/** Microseconds (milliseconds for an import) under the name of each contender. */
export type Spreads = Readonly<Record<string, Spread>>;

const boutsOf = <Result>(measurement: Measurement, those: readonly Contender[]) =>
  Object.fromEntries(those.map(({ name }) => [name, new Bout<Result>(measurement, name)]));

/** @returns The spread of what `pick` takes of each round. */
const spreadsOf = <Result>(results: Record<string, Result[]>, pick: (result: Result) => number): Spreads =>
  Object.fromEntries(
    Object.entries(results).map(([name, rounds]) => [name, spreadOf(rounds.map((round) => pick(round)))]),
  );

/** @returns Microseconds per call, or per client. */
export async function times(
  of: 'oneByOne' | 'inFlight' | 'creation' | 'firstPrompt',
  rounds: Rounds,
  those: readonly Contender[] = contenders,
): Promise<Spreads> {
  return spreadsOf(await takeTurns(boutsOf<number>({ of }, those), rounds), (time) => time);
}

/** @returns Where the time of a call of the package goes, part by part. */
export async function partTimes(rounds: Rounds): Promise<Spreads> {
  const bouts = Object.fromEntries(
    Object.keys(parts).map((name) => [name, new Bout<number>({ of: 'part', name }, strongAuthMachine.name)]),
  );
  return spreadsOf(await takeTurns(bouts, rounds), (time) => time);
}

/** The time of a wave, and how many of its calls each contender did not answer. */
export interface Wave {
  readonly calls: number;
  readonly times: Spreads;
  readonly lost: Readonly<Record<string, number>>;
}

export async function wave(
  calls: number,
  rounds: Rounds,
  those: readonly Contender[] = contenders,
): Promise<Wave> {
  const measurement = { of: 'wave', calls } as const;
  const isSlow = (contender: Contender) => calls > 10_000 && slow.includes(contender);
  const results = {
    ...(await takeTurns(
      boutsOf<WaveRound>(
        measurement,
        those.filter((contender) => !isSlow(contender)),
      ),
      rounds,
    )),
    ...(await takeTurns(boutsOf<WaveRound>(measurement, those.filter(isSlow)), {
      rounds: 1,
      warmUps: 0,
    })),
  };
  return {
    calls,
    times: spreadsOf(results, ({ time }) => time),
    lost: Object.fromEntries(Object.entries(results).map(([name, all]) => [name, all.at(-1)?.lost ?? 0])),
  };
}

/** Bytes under the name of each contender. */
export type Bytes = Readonly<Record<string, number>>;

export async function heapUse(part: HeapPart): Promise<Bytes> {
  const results = await takeTurns(boutsOf<number>({ of: 'heap', part }, contenders), {
    rounds: 1,
    warmUps: 0,
  });
  return Object.fromEntries(
    Object.entries(results).flatMap(([name, rounds]) => rounds.map((bytes) => [name, bytes])),
  );
}

/** @returns Milliseconds until modules are loaded, in fresh processes: what a user waits for, whoever is busy meanwhile. */
export function importTimes(modules: Readonly<Record<string, readonly string[]>>): Spreads {
  const script =
    'const t=performance.now();for(const m of process.argv.slice(1))await import(m);console.log(performance.now()-t)';
  const times = Object.fromEntries(Object.keys(modules).map((name) => [name, [] as number[]]));
  for (let round = 0; round < 15; round += 1) {
    for (const [name, files] of Object.entries(modules)) {
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, ...files], {
        encoding: 'utf8',
      });
      times[name]?.push(Number(stdout));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, spreadOf(values)]));
}
