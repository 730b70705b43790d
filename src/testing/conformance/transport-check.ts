/** One check of a bridge, for any test runner. */
export interface TransportCheck {
  /** Short and constant, for filters and records. */
  readonly id: string;
  /** What must hold, as a sentence. */
  readonly title: string;
  /**
   * Resolves if it holds; rejects with a {@link ConformanceError} if not. Checks of one bridge wait for one another, since most
   * bridges have something global. Needs real timers.
   */
  run(): Promise<void>;
}

/** A bridge does not do what a check wants. */
export class ConformanceError extends Error {
  /** The name of the class, as a test runner prints it. */
  override readonly name = 'ConformanceError';

  constructor(
    /** The check. */
    readonly check: Pick<TransportCheck, 'id' | 'title'>,
    /** What was seen, and what should have been. */
    readonly found: string,
    /** What to change in the bridge. */
    readonly fix: string,
    /** Checks that this one builds on, and that failed: it was not made at all. Empty if it was made. */
    readonly waitsFor: readonly string[] = [],
  ) {
    super(`${check.title}.\n  Found: ${found}\n  Fix:   ${fix}`);
  }
}
