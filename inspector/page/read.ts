/* What arrives is not to be trusted: it is read field by field. */

/** Any object, read field by field. */
export type Fields = Readonly<Record<string, unknown>>;

/** @returns The value as an object; an empty one if it is none, or is an array. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** @returns The value if it is a text with anything in it. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** @returns The value as a list: itself, with one element, or empty. */
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** The length at which a name is cut. */
const LONGEST_NAME = 60;

/** @returns A name, short enough to be drawn. */
export const shortened = (name: string): string =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;

/** @returns A value as JSON, at most `longest` characters of it. */
export function jsonOf(value: unknown, longest: number, indent = 0): string {
  try {
    const text = JSON.stringify(value, null, indent) ?? '';
    return text.length > longest ? `${text.slice(0, longest)}…` : text;
  } catch {
    // It is nested too deeply.
    return '…';
  }
}

/** The longest key of a state that is read, and the longest path. */
export const LONGEST_KEY = 200;
export const LONGEST_PATH = 2000;
/** How many active leaves are read. */
const MOST_LEAVES = 400;

/** @returns The paths of the active leaves of a state value, `{ a: 'b' }` as `a.b`. */
export function leavesOf(value: unknown): string[] {
  const leaves: string[] = [];
  const add = (inner: unknown, within: string): void => {
    if (leaves.length >= MOST_LEAVES || within.length > LONGEST_PATH) return;
    const prefix = within === '' ? '' : `${within}.`;
    if (typeof inner === 'string') {
      if (inner.length <= LONGEST_KEY) leaves.push(`${prefix}${inner}`);
      return;
    }
    const entries = Object.entries(fieldsOf(inner));
    if (entries.length === 0 && within !== '') leaves.push(within);
    for (const [key, deeper] of entries.slice(0, MOST_LEAVES))
      if (key.length <= LONGEST_KEY) add(deeper, `${prefix}${key}`);
  };
  add(value, '');
  return leaves;
}
