import { systemClock } from '../../host/clock.js';
import type { ConformanceError, TransportCheck } from './transport-check.js';

/** What one check found. */
export interface TransportCheckResult extends Pick<TransportCheck, 'id' | 'title'> {
  /** Whether the check passed. */
  readonly passed: boolean;
  /** Whether the check did not run, because one that it builds on failed. */
  readonly waits: boolean;
  /** What was seen, if the check did not pass. */
  readonly found?: string;
  /** What to change, if the check did not pass. */
  readonly fix?: string;
  /** How long the check took, in milliseconds. */
  readonly durationMs: number;
}

/** What a run of a suite found. */
export interface TransportReport {
  /** Whether every check passed. */
  readonly passed: boolean;
  /** Every check, in order. */
  readonly results: readonly TransportCheckResult[];
  /** What this run did not check. */
  readonly notChecked: readonly string[];
  /** The report as human-readable text. */
  readonly text: string;
}

/** Runs checks one after the other. */
export async function makeReport(
  subject: string,
  checks: readonly TransportCheck[],
  notChecked: readonly string[],
): Promise<TransportReport> {
  const results: TransportCheckResult[] = [];
  for (const { id, title, run } of checks) {
    const start = systemClock.now();
    const failure = await run().then(
      () => undefined,
      (error: ConformanceError) => error,
    );
    results.push({
      id,
      title,
      passed: failure === undefined,
      waits: failure !== undefined && failure.waitsFor.length > 0,
      ...(failure && { found: failure.found, fix: failure.fix }),
      durationMs: systemClock.now() - start,
    });
  }
  const passed = results.every((result) => result.passed);
  return { passed, results, notChecked, text: write(subject, results, notChecked) };
}

function write(
  subject: string,
  results: readonly TransportCheckResult[],
  notChecked: readonly string[],
): string {
  const count = (of: (result: TransportCheckResult) => boolean, word: string) => {
    const found = results.filter(of).length;
    return found > 0 ? [`${found} ${word}`] : [];
  };
  const counts = [
    ...count(({ passed }) => passed, 'passed'),
    ...count(({ passed, waits }) => !passed && !waits, 'failed'),
    ...count(({ waits }) => waits, 'wait for those'),
  ];
  const width = Math.max(...results.map(({ id }) => id.length));
  return [
    `${subject}: ${results.length} checks, ${counts.join(', ')}.`,
    '',
    ...results.flatMap(({ id, title, passed, waits, found, fix }) => [
      `  ${passed ? 'ok    ' : waits ? 'waits ' : 'FAILED'}  ${id.padEnd(width)}  ${title}`,
      ...(passed ? [] : [`          ${waits ? found : `found: ${found}`}`]),
      ...(passed || waits ? [] : [`          fix:   ${fix}`]),
    ]),
    '',
    'Not checked:',
    ...notChecked.map((line) => `  ${line}`),
  ].join('\n');
}
