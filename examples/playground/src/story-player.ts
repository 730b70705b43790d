import type { Stage } from './stage.js';
import type { Check, Hands, Story } from './story-steps.js';

/** How far a story is. */
export interface StoryPlayer {
  readonly story: Story;
  /** Steps that are over. */
  readonly done: number;
  /** Whether a step is under way. */
  readonly isStepping: boolean;
  /** Whether it goes on by itself. */
  readonly isPlaying: boolean;
  readonly isOver: boolean;
  /** What should have happened, and whether it did; nothing before the end. */
  readonly checks: readonly Check[];
  /** Plays the next step. Ignored while one is under way. */
  step(): void;
  /** Plays one step after the other. */
  play(): void;
  pause(): void;
  /** Told that something on the stage has changed. */
  look(): void;
  /** Nothing happens any more. */
  stop(): void;
}

/** The rest between two steps that play by themselves, in ms. */
const REST_MS = 1400;

/** Plays a story on a stage. Time stands still but during a step. */
export function createStoryPlayer(
  story: Story,
  stage: Stage,
  hands: Hands,
  onChange: () => void,
): StoryPlayer {
  let done = 0;
  let phase: 'resting' | 'acting' | 'waiting' = 'resting';
  let isPlaying = false;
  let rest: number | undefined;
  let isStopped = false;
  stage.clock.run(false);

  const isOver = () => done === story.steps.length;
  const finish = () => {
    stage.clock.run(false);
    phase = 'resting';
    done += 1;
    if (isOver()) isPlaying = false;
    if (isPlaying) rest = window.setTimeout(step, REST_MS);
    onChange();
  };
  const look = () => {
    if (phase === 'waiting' && !isStopped && (story.steps[done]?.until?.(stage) ?? true)) finish();
  };
  const step = async () => {
    const next = story.steps[done];
    if (phase !== 'resting' || !next || isStopped) return;
    phase = 'acting';
    window.clearTimeout(rest);
    stage.clock.run(true);
    onChange();
    await next.act?.(stage, hands);
    phase = 'waiting';
    look();
  };

  return {
    story,
    get done() {
      return done;
    },
    get isStepping() {
      return phase !== 'resting';
    },
    get isPlaying() {
      return isPlaying;
    },
    get isOver() {
      return isOver();
    },
    get checks() {
      return isOver() ? story.checks(stage) : [];
    },
    step: () => void step(),
    play() {
      isPlaying = !isOver();
      void step();
      onChange();
    },
    pause() {
      isPlaying = false;
      window.clearTimeout(rest);
      onChange();
    },
    look,
    stop() {
      isStopped = true;
      window.clearTimeout(rest);
    },
  };
}
