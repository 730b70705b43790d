import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Lets SPIN check every claim of a model. Throws if it comes to no verdict. */
export function runSpin({ model, tables, claims }: PromelaModel): SpinVerdict {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'spin-'));
  const run = (program: string, ...args: string[]): string => {
    const { error, status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (error || status !== 0) throw new Error(`${program}: ${error?.message ?? `${stdout}${stderr}`}`);
    return stdout;
  };
  try {
    writeFileSync(join(folder, 'model.pml'), model);
    writeFileSync(join(folder, 'edges.h'), tables);
    run('spin', '-a', 'model.pml');
    // NOREDUCE: what embedded C reads and writes is nothing that SPIN could reduce by. NFAIR: up to 22 processes.
    run('gcc', '-O1', '-w', '-DNOREDUCE', '-DNFAIR=3', '-o', 'pan', 'pan.c');
    const violated = claims.filter((claim) => {
      const said = run(join(folder, 'pan'), '-a', '-f', '-m20000000', '-N', claim);
      const [, errors] = /errors: (\d+)/.exec(said) ?? [];
      const isComplete = !/search depth too small|out of memory|Search not completed/.test(said);
      if (errors === '1') return true;
      if (errors !== '0' || !isComplete) throw new Error(`SPIN came to no verdict:\n${said}`);
      return false;
    });
    return { violated, seconds: (performance.now() - started) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
