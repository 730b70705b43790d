/** @returns A field of something that may refuse to be read. */
export function read(from: unknown, name: string): unknown {
  try {
    return (from as { [name: string]: unknown } | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

/** @returns What was thrown, in words. */
export function describe(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? String(error)) : String(error);
  } catch {
    return 'something that cannot be shown';
  }
}
