import type { LiveStage, Stage } from './stage.js';

/** A part of a transport that not every app has. */
export type OptionalPart = 'subscriptions' | 'lifecycle';

/** One check, before it is given a bridge. */
export interface CheckOn<On extends LiveStage> {
  /** Short and constant, for filters and records. */
  readonly id: string;
  /** What must hold, as a sentence. */
  readonly title: string;
  /** Checks that this one builds on: if one of them fails, this one would only say the same again, less clearly. */
  readonly needs?: readonly string[];
  /** Made only of bridges that have this part. */
  readonly of?: OptionalPart;
  /** Rejects with a {@link Finding} if it does not hold. */
  run(stage: On): Promise<void>;
}

/** A check that plays the SDK behind the bridge. */
export type ScriptedCheck = CheckOn<Stage>;
/** A check that takes the SDK as it is. */
export type LiveCheck = CheckOn<LiveStage>;
