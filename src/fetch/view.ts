import type { Explanation, ExternalStore, StrongAuthView } from '../index.js';
import type { StepUpPrompt } from './authentication.js';
import { ownCode, type StepUpError, type StepUpErrorCode } from './errors.js';
import { nameIn } from './names.js';

/** Where the requests stand: the states of the lifecycle. While the app authenticates it is `needStrongAuth`. */
export type StepUpStatus =
  | 'idle'
  | 'calling'
  | 'needStrongAuth'
  | 'replaying'
  | 'done'
  | 'cancelled'
  | 'failed'
  | 'closed';

/** UI state. Times are epoch ms. */
export interface StepUpView {
  /** Where the requests stand. */
  readonly status: StepUpStatus;
  /** Since when. */
  readonly since: number;
  /** Whether requests are in flight. */
  readonly inFlight: boolean;
  /** How many requests wait. */
  readonly waiting: number;
  /** What the app is asked to authenticate for, while it is. */
  readonly prompt?: StepUpPrompt | undefined;
  /** Why the last authentication was denied, until one is granted or a request starts from rest. */
  readonly failure?: {
    /** Why. */
    readonly code: StepUpErrorCode;
    /** What helps. */
    readonly remedy: StepUpError['remedy'];
    /** Epoch ms from which an authentication can succeed again. */
    readonly retryAt?: number;
  };
  /** When the app authenticated last. */
  readonly lastGrantAt?: number;
}

/** One request that has not settled. Times are epoch ms. */
export interface ExplainedRequest {
  /** Its method, in upper case. */
  readonly method: string;
  /** Its URL without credentials, query and fragment. */
  readonly url: string;
  /** The app's own words for it: the option `label`. */
  readonly label?: string;
  /** On its way; challenged; waiting; or about to be sent again. */
  readonly phase: 'inFlight' | 'challenged' | 'waiting' | 'deciding';
  /** When the app made it, epoch ms. */
  readonly madeAt: number;
  /** How often it was sent again. */
  readonly rounds: number;
}

/** What the requests wait for, and since when. It can be logged. */
export interface StepUpExplanation {
  /** Where the requests stand. */
  readonly status: StepUpStatus;
  /** Since when, epoch ms. */
  readonly since: number;
  /** Every request that has not settled, in the order they were made. */
  readonly requests: readonly ExplainedRequest[];
  /** When at the latest something happens by itself, epoch ms; missing at rest, and where no time-out is set. */
  readonly nextDeadline?: number | undefined;
  /** All of it in a few lines. */
  toString(): string;
}

/** The view of the client, in the words of this entry. */
export function createStepUpView(
  base: ExternalStore<StrongAuthView>,
  /** What the app is asked, and since when. */
  asked: () => Pick<StepUpView, 'prompt' | 'since'>,
): ExternalStore<StepUpView> {
  let shown: StrongAuthView | undefined;
  let view: StepUpView | undefined;
  const getSnapshot = (): StepUpView => {
    const latest = base.getSnapshot();
    if (latest !== shown) {
      shown = latest;
      const { failure, ...facts } = latest;
      const status = facts.status === 'requestingOtp' ? 'needStrongAuth' : facts.status;
      const { prompt, since } = status === 'needStrongAuth' ? asked() : facts;
      const next = {
        ...{ ...facts, status, prompt, since },
        ...(failure && { failure: { ...failure, code: ownCode(failure.code) } }),
      } as StepUpView;
      // A step of the lifecycle that this entry does not show changes nothing.
      if (Object.entries(next).some(([name, value]) => value !== view?.[name as 'since'])) view = next;
    }
    return view as StepUpView;
  };
  return {
    getSnapshot,
    subscribe(listener) {
      let told = getSnapshot();
      return base.subscribe(() => {
        const next = getSnapshot();
        if (next !== told) listener(next);
        told = next;
      });
    },
  };
}

/** @returns The explanation in the words of this entry. */
export function explainStepUp(
  { calls, nextDeadline }: Explanation,
  { status, since }: StepUpView,
): StepUpExplanation {
  const requests = calls.map(({ api, verb: _, ...facts }) => ({ ...facts, ...nameIn(api) }));
  const inWords = calls.map(({ api, phase }) => `${api}: ${phase}`);
  return { ...{ status, since, nextDeadline, requests }, toString: () => [status, ...inWords].join('\n') };
}
