/** What a check has found: the difference, and how to fix it. */
export class Finding extends Error {
  override readonly name = 'Finding';

  constructor(
    /** What was seen, and what should have been seen. */
    readonly found: string,
    /** What to change in the bridge. */
    readonly fix: string,
  ) {
    super(`${found} ${fix}`);
  }
}

/** @throws Finding unless `holds`. */
export function demand(holds: boolean, found: string, fix: string): asserts holds {
  if (!holds) throw new Finding(found, fix);
}
