import type { LiveStage, Stage } from './stage.js';

/** A part of a transport that not every app has. */
export type OptionalPart = 'subscriptions' | 'lifecycle';

/** One check, without a bridge. */
export interface CheckOn<On extends LiveStage> {
  /** A short, constant name, for filters and records. */
  readonly id: string;
  /** What must hold, as a sentence. */
  readonly title: string;
  /**
   * The ids of checks that this one builds on. If one of them fails, this check would only report
   * the same failure, less clearly.
   */
  readonly needs?: readonly string[];
  /** The check runs only for bridges with this part. */
  readonly of?: OptionalPart;
  /** Rejects with a {@link Finding} if the title does not hold. */
  run(stage: On): Promise<void>;
}

/** A check that plays the SDK behind the bridge. */
export type ScriptedCheck = CheckOn<Stage>;
/** A check with the real SDK, or another one that the suite does not control. */
export type LiveCheck = CheckOn<LiveStage>;
