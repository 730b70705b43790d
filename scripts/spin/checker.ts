import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PromelaModel } from './promela.js';

/** What SPIN says about one model. */
export interface SpinVerdict {
  /** The claims that do not hold. */
  readonly violated: readonly string[];
  readonly seconds: number;
}

/** @returns Which of the programs that this takes are not there. */
export const missingPrograms = (): string[] =>
  ['spin', 'gcc'].filter((program) => spawnSync(program, ['-V'], { stdio: 'ignore' }).error !== undefined);

const execute = promisify(execFile);

/** Lets SPIN check every claim of a model. Rejects if it comes to no verdict. */
export async function runSpin({ model, tables, claims }: PromelaModel): Promise<SpinVerdict> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'spin-'));
  const run = async (program: string, ...args: string[]): Promise<string> =>
    (await execute(program, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })).stdout;
  try {
    writeFileSync(join(folder, 'model.pml'), model);
    writeFileSync(join(folder, 'edges.h'), tables);
    await run('spin', '-a', 'model.pml');
    // NOREDUCE: what embedded C reads and writes is nothing that SPIN could reduce by. NFAIR: up to 22 processes.
    await run('gcc', '-O1', '-w', '-DNOREDUCE', '-DNFAIR=3', '-o', 'pan', 'pan.c');
    const violated: string[] = [];
    for (const claim of claims) {
      const search = (depth: number) => run(join(folder, 'pan'), '-a', '-f', `-m${depth}`, '-N', claim);
      // Room for twenty million steps takes seconds to clear, and most graphs need less.
      let said = await search(500_000);
      if (/search depth too small/.test(said)) said = await search(20_000_000);
      const [, errors] = /errors: (\d+)/.exec(said) ?? [];
      const isComplete = !/search depth too small|out of memory|Search not completed/.test(said);
      if (errors === '1') violated.push(claim);
      else if (errors !== '0' || !isComplete) throw new Error(`SPIN came to no verdict:\n${said}`);
    }
    return { violated, seconds: (performance.now() - started) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
