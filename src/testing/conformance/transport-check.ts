/** One check of a bridge, for any test runner. */
export interface TransportCheck {
  /** A short, constant name, for filters and records. */
  readonly id: string;
  /** What must hold, as a sentence. */
  readonly title: string;
  /**
   * Resolves if the title holds; rejects with a {@link ConformanceError} if not. Checks of one bridge wait
   * for one another, because most bridges have global state. Needs real timers.
   */
  run(): Promise<void>;
}

/** A bridge does not do what a check requires. */
export class ConformanceError extends Error {
  /** The name of the class, as a test runner prints it. */
  override readonly name = 'ConformanceError';

  constructor(
    /** The check. */
    readonly check: Pick<TransportCheck, 'id' | 'title'>,
    /** What was seen, and what should have been seen. */
    readonly found: string,
    /** What to change in the bridge. */
    readonly fix: string,
    /** Failed checks that this one builds on, so that it did not run. Empty if it ran. */
    readonly waitsFor: readonly string[] = [],
  ) {
    super(`${check.title}.\n  Found: ${found}\n  Fix:   ${fix}`);
  }
}
