/* What an inspector is shown belongs to others, and may throw when it is looked at. */

/** @returns The field of an object; nothing if it is none, or throws. */
export function read(from: unknown, key: string): unknown {
  if (typeof from !== 'object' || from === null) return undefined;
  try {
    return (from as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** @returns The text in a field of an object, if it is one. */
export function readText(from: unknown, key: string): string | undefined {
  const value = read(from, key);
  return typeof value === 'string' ? value : undefined;
}

/** @returns The names of the fields of an object; none if it is none, or throws. */
export function keysOf(from: unknown): string[] {
  if (typeof from !== 'object' || from === null) return [];
  try {
    return Object.keys(from);
  } catch {
    return [];
  }
}
