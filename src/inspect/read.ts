/* What an inspector is shown belongs to others, and may throw when it is read. */

/** @returns The field of an object; `undefined` if `from` is no object, or reading it throws. */
export function read(from: unknown, key: string): unknown {
  if (typeof from !== 'object' || from === null) return undefined;
  try {
    return (from as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** @returns The text in a field of an object; `undefined` if the field holds no text. */
export function readText(from: unknown, key: string): string | undefined {
  const value = read(from, key);
  return typeof value === 'string' ? value : undefined;
}

/** @returns The names of an object's fields; empty if `from` is no object, or listing them throws. */
export function keysOf(from: unknown): string[] {
  if (typeof from !== 'object' || from === null) return [];
  try {
    return Object.keys(from);
  } catch {
    return [];
  }
}
