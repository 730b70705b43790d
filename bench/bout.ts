import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Measurement } from './rounds.js';

const SCRIPT = fileURLToPath(new URL('./bout.process.ts', import.meta.url));

/** The rounds of one contender in one measurement, in a process of its own: nobody shares its compiled code, or pays for its garbage. */
export class Bout<Result> {
  private readonly child: ChildProcess;
  private readonly gone: Promise<never>;

  constructor(measurement: Measurement, contender: string) {
    this.child = fork(SCRIPT, [JSON.stringify(measurement), contender]);
    this.gone = once(this.child, 'exit').then(([code]) => {
      throw new Error(`${contender}, ${JSON.stringify(measurement)}: its process ended with ${code}`);
    });
    this.gone.catch(() => {}); // whoever waits for a round hears of it
  }

  /** @returns What the next round measured. Rejects if the process ends. */
  async round(): Promise<Result> {
    const answer = once(this.child, 'message');
    this.child.send('round');
    const [result] = await Promise.race([answer, this.gone]);
    return result;
  }

  end(): void {
    this.child.kill();
  }
}

/** How often: the first `warmUps` rounds are for the compiler, and do not count. */
export interface Rounds {
  readonly rounds: number;
  readonly warmUps: number;
}

/**
 * Runs the bouts in turn, round after round, so that a machine that slows down slows all of them, and ends them.
 *
 * @returns What the rounds of each measured, in order.
 */
export async function takeTurns<Result>(
  bouts: Readonly<Record<string, Bout<Result>>>,
  { rounds, warmUps }: Rounds,
): Promise<Record<string, Result[]>> {
  const turns = Object.entries(bouts).map(([name, bout]) => ({ name, bout, results: [] as Result[] }));
  try {
    for (let round = 0; round < warmUps + rounds; round += 1) {
      for (const { bout, results } of turns) {
        const result = await bout.round();
        if (round >= warmUps) results.push(result);
      }
    }
  } finally {
    for (const { bout } of turns) bout.end();
  }
  return Object.fromEntries(turns.map(({ name, results }) => [name, results]));
}
