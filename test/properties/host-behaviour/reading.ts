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
    return (read(error, 'stack') as string | undefined) ?? String(error);
  } catch {
    return 'something that cannot be shown';
  }
}

/** Whether the engine has thrown it at whoever looked at a proxy that was revoked. */
export function isOfRevoked(error: unknown): boolean {
  return (
    read(error, 'name') === 'TypeError' && String(read(error, 'message')).includes('that has been revoked')
  );
}
