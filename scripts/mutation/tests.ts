import { readdirSync } from 'node:fs';

/** The tests that mutants meet: those that decide about behaviour. */
const folders = [
  'test/machines',
  'test/lifecycle',
  'test/scenarios',
  'test/field',
  'test/fetch',
  'test/recovery',
  'test/model',
  'test/mutation',
];

/** Tests that need browsers, servers, processes or modules of their own, and worlds too large to be walked for every mutant. */
const left =
  /fetch\/(browser|oauth|mcp|paths)|recovery\/(secrets|livelocks|every-account)|model\/(?!remembered)|error-stacks/;

/**
 * What a run leaves out beside these, as a regular expression: `MUTATION_WITHOUT='recovery/laws|field/listeners' npm run mutation`. A
 * mutant that survives meets every test, so the slowest files take most of the time. Scores of such a run are lower bounds.
 */
const without = process.env.MUTATION_WITHOUT ? new RegExp(process.env.MUTATION_WITHOUT) : undefined;

/** Whether single tests of a file may take seconds: generated paths, and what is searched whole. */
export const isSlow = (file: string): boolean =>
  /mutation\/|remembered|parameters-of-all-makes|what-is-sent|recovery\/laws|pin-as-typed|one-at-a-time|listeners/.test(
    file,
  );

/** @returns The test files, paths relative to the current folder, slow ones last. */
export function testFiles(): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  return files
    .filter((path) => path.endsWith('.test.ts') && !left.test(path) && !without?.test(path))
    .sort((one, other) => Number(isSlow(one)) - Number(isSlow(other)) || (one < other ? -1 : 1));
}
