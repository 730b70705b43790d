import { spawnSync } from 'node:child_process';
import type { Client } from './contender.js';
import { contenders, slow } from './contenders.js';
import { compare, concurrent, figure, processorTime, type Spread, spreadOf } from './measure.js';
import { API, PARAMETERS, ready, stepUp } from './scripted.js';

/** Microseconds (milliseconds for an import) under the name of each contender. */
export type Spreads = Readonly<Record<string, Spread>>;

const perContender = <T>(make: (contender: (typeof contenders)[number]) => T): Record<string, T> =>
  Object.fromEntries(contenders.map((contender) => [contender.name, make(contender)]));

const call = (client: Client) => () => client.get(API, PARAMETERS);

/** Calls that are never challenged, and the transport without anybody around it. */
export async function happyPath(
  run: (call: () => Promise<unknown>) => Promise<number>,
  rounds: number,
): Promise<Spreads> {
  const clients = contenders.map((contender) => contender.create(ready));
  const runs = Object.fromEntries(
    contenders.map(({ name }, index) => [name, () => run(call(clients[index] as Client))]),
  );
  const bare = () => ready.send({ verb: 'get', api: API, parameters: PARAMETERS });
  const spreads = await compare({ bare: () => run(bare), ...runs }, rounds);
  for (const client of clients) client.dispose();
  return spreads;
}

/** The time of a wave, and how many of its calls each contender did not answer. */
export interface Wave {
  readonly calls: number;
  readonly times: Spreads;
  readonly lost: Readonly<Record<string, number>>;
}

/** Small waves are repeated until they have made so many calls, or the collection before each round would be most of what is measured. */
const LEAST_CALLS = 200;

/**
 * All are challenged, one prompt and one OTP later all are sent again. The client lives on from wave to wave, as in an app: with a new
 * one after each collection, the same waves take about twice as long.
 */
export async function wave(calls: number, rounds: number, warmUps: number): Promise<Wave> {
  const lost: Record<string, number> = {};
  const repeats = Math.ceil(LEAST_CALLS / calls);
  const scenes = perContender(() => stepUp());
  const clients = perContender((contender) => contender.create(figure(scenes, contender.name)));
  const runs = perContender((contender) => async () => {
    const client = figure(clients, contender.name);
    let [time, rejected] = [0, 0];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      figure(scenes, contender.name).expire();
      rejected = 0;
      time += await concurrent(calls, () =>
        call(client)().catch(() => {
          rejected += 1;
        }),
      );
    }
    lost[contender.name] = rejected;
    return time / repeats;
  });
  const isSlow = (name: string) => calls > 10_000 && slow.some((contender) => contender.name === name);
  const [slowRuns, quickRuns] = [true, false].map((wanted) =>
    Object.fromEntries(Object.entries(runs).filter(([name]) => isSlow(name) === wanted)),
  ) as [typeof runs, typeof runs];
  const times = { ...(await compare(quickRuns, rounds, warmUps)), ...(await compare(slowRuns, 1, 0)) };
  for (const client of Object.values(clients)) client.dispose();
  return { calls, times, lost };
}

/** From the first call of a new client until the user is asked. */
export function firstPrompt(): Promise<Spreads> {
  return compare(
    perContender((contender) => async () => {
      let asked = () => {};
      const prompt = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const enterPin = async () => {
        asked();
        return null;
      };
      const client = contender.create({ ...stepUp(), enterPin });
      const start = processorTime();
      call(client)().catch(() => {});
      await prompt;
      const time = processorTime() - start;
      client.dispose();
      return time;
    }),
    51,
  );
}

/** Making a client. */
export function creation(): Promise<Spreads> {
  return compare(
    perContender((contender) => async () => {
      const start = processorTime();
      const client = contender.create(ready);
      const time = processorTime() - start;
      client.dispose();
      return time;
    }),
    51,
  );
}

/** Modules loaded by fresh processes. */
export function importTimes(modules: Readonly<Record<string, readonly string[]>>): Spreads {
  const script =
    'const t=process.cpuUsage();for(const m of process.argv.slice(1))await import(m);const d=process.cpuUsage(t);console.log((d.user+d.system)/1000)';
  const times = Object.fromEntries(Object.keys(modules).map((name) => [name, [] as number[]]));
  for (let round = 0; round < 9; round += 1) {
    for (const [name, files] of Object.entries(modules)) {
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, ...files], {
        encoding: 'utf8',
      });
      times[name]?.push(Number(stdout));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, spreadOf(values)]));
}
