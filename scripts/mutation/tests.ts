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

/** Whether single tests of a file may take seconds: generated paths, and what is searched whole. */
export const isSlow = (file: string): boolean =>
  /mutation\/|remembered|recovery\/laws|pin-as-typed|one-at-a-time|listeners/.test(file);

/** @returns The test files, paths relative to the current folder, slow ones last. */
export function testFiles(): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  return files
    .filter((path) => path.endsWith('.test.ts') && !left.test(path))
    .sort((one, other) => Number(isSlow(one)) - Number(isSlow(other)) || (one < other ? -1 : 1));
}
