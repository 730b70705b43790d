import { parseArgs } from 'node:util';
import { type StoryName, stories } from './stories.js';

/** What the command line asks for. */
export interface Flags {
  readonly help: boolean;
  readonly story: StoryName;
  /** What the user types; asked for, or the right one, if absent. */
  readonly pin: string | undefined;
}

/** A command line that makes no sense. */
export class UsageError extends Error {}

/** @throws UsageError that says what is wrong. */
export function readFlags(args: readonly string[]): Flags {
  const names = Object.keys(stories) as StoryName[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }]));
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h' }, pin: { type: 'string' } },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const chosen = names.filter((name) => values[name]);
  if (chosen.length > 1)
    throw new UsageError(`One story at a time: ${chosen.map((name) => `--${name}`).join(' or ')}?`);
  const pin = values.pin as string | undefined;
  if (pin !== undefined && !/^\d{4,8}$/.test(pin)) throw new UsageError('--pin takes 4 to 8 digits.');
  return { help: values.help === true, story: chosen[0] ?? 'lock', pin };
}

/** @returns The help text. */
export function usage(): string {
  const width = Math.max(...Object.keys(stories).map((name) => name.length)) + 4;
  const rows = Object.entries(stories).map(([name, { about }]) => `  ${`--${name}`.padEnd(width)}${about}`);
  return [
    'Usage: npm start -- [STORY] [--pin DIGITS]',
    '',
    'Runs one story of strong authentication on a simulated car, and prints what happens.',
    'The PIN of the car is 1234. In a terminal you are asked for it, unless the story has its simulated user answer or chooses a new',
    'PIN; elsewhere the simulated user types it. Each prompt says who answers. #1 is the first call of the story, #2 the second.',
    '',
    'Stories (default --lock):',
    ...rows,
    '',
    'Options:',
    `  ${'--pin DIGITS'.padEnd(width)}what the user types, instead of being asked`,
    `  ${'-h, --help'.padEnd(width)}this text`,
    '',
    'Exit code: 0 if what should have happened did, 1 if not, 2 for a command line that makes no sense.',
  ].join('\n');
}
