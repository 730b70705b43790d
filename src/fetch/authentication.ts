import { least, mergeNeeds, momentOf, type StepUpChallenge, type StepUpNeeds } from './challenges.js';

/** One request that waits. */
export interface StepUpRequest {
  /** Its method, in upper case. */
  readonly method: string;
  /** Its whole URL. */
  readonly url: string;
  /** The app's own words for it: the option `label`. */
  readonly label?: string | undefined;
}

/** What the app is asked to authenticate for. */
export interface StepUpPrompt {
  /** 1; more if one of the requests was sent again after an earlier authentication, and challenged once more. */
  readonly attempt: number;
  /**
   * What the requests need together, as it is when it is first read. A request that joins later is sent again with the others;
   * if it needs more and is challenged once more, it opens the next prompt.
   */
  readonly needs: StepUpNeeds;
  /** What was asked of each request that waits. Live. */
  readonly challenges: readonly StepUpChallenge[];
  /** The requests that wait. Live. */
  readonly requests: readonly StepUpRequest[];
  /** Aborted when the answer is not wanted any more: close the popup. */
  readonly signal: AbortSignal;
}

/** The server of the second factor asks to wait. */
export interface StepUpThrottle {
  /** `Retry-After` as the server sent it, or a number of seconds. */
  readonly retryAfter: string | number;
}

/**
 * Authenticates the user for what `prompt.needs`. Resolves when the app holds a better token, whatever it resolves with; with
 * `null` or `false`, or rejects with an AbortError or a NotAllowedError, if the user declined; with `{ retryAfter }` if the server
 * asks to wait. Any other rejection ends the requests that wait with `AUTHENTICATION_FAILED`.
 *
 * Send the requests of the authentication itself with another `fetch`: a step-up of theirs would wait for itself.
 */
export type Authenticate = (prompt: StepUpPrompt) => unknown;

/** A request that waits. */
export interface Waiting {
  readonly request: Pick<StepUpRequest, 'method' | 'url'>;
  readonly label: string | undefined;
  /** What was asked of it, the last one last. */
  readonly challenges: readonly StepUpChallenge[];
}

/** How an authentication has ended. */
export interface Verdict {
  readonly denied?: 'CANCELLED' | 'AUTHENTICATION_FAILED' | 'THROTTLED';
  readonly retryAt?: number;
  readonly cause?: unknown;
}

/** One running of `authenticate`. */
export interface Authentication {
  readonly prompt: StepUpPrompt;
  /** When it began, epoch ms. */
  readonly since: number;
  /** Resolves with how it has ended; also when it is aborted, whatever the host does. */
  readonly verdict: Promise<Verdict>;
  /** Whether it has ended, or nobody waits for its end any more. */
  isOver: boolean;
  /** Nobody waits for its end any more. */
  readonly abort: () => void;
}

/**
 * Asks the app to authenticate for those that wait.
 *
 * @param fix Called when its needs are fixed: they were read, or it has ended.
 */
export function beginAuthentication(
  authenticate: Authenticate,
  waiting: () => readonly Waiting[],
  now: () => number,
  fix: () => void,
): Authentication {
  const controller = new AbortController();
  let needs: StepUpNeeds | undefined;
  let decide: (verdict: Verdict) => void;
  const verdict = new Promise<Verdict>((resolve) => {
    decide = resolve;
  });
  const end = (how: Verdict) => {
    self.isOver = true;
    fix();
    decide(how);
  };
  const prompt: StepUpPrompt = {
    attempt: waiting().reduce((most, request) => Math.max(most, request.challenges.length), 1),
    get needs() {
      needs ??= mergeNeeds(prompt.challenges);
      fix();
      return needs;
    },
    get challenges() {
      return waiting().flatMap((request) => request.challenges.slice(-1));
    },
    get requests() {
      return waiting().map(({ request: { method, url }, label }) => ({ method, url, label }));
    },
    signal: controller.signal,
  };
  const self: Authentication = {
    ...{ prompt, since: now(), verdict, isOver: false },
    abort() {
      end({ denied: 'CANCELLED' });
      controller.abort();
    },
  };
  // When the first of them is worth an authentication.
  const retryAt = least(prompt.challenges.map((challenge) => challenge.retryAt ?? 0)) ?? 0;
  if (retryAt > self.since) end({ denied: 'THROTTLED', retryAt });
  else {
    // In an async function, so that what is thrown at once is a rejection.
    (async () => authenticate(prompt))()
      .then((answer) => judge(answer, now))
      .catch(judgeError)
      .then(end);
  }
  return self;
}

function judge(answer: unknown, now: () => number): Verdict {
  if (answer === null || answer === false) return { denied: 'CANCELLED' };
  const retryAt = momentOf(Object(answer).retryAfter, now());
  return retryAt ? { denied: 'THROTTLED', retryAt } : {};
}

/** By its name, a popup, a passkey or a biometric prompt says that the user declined. */
const judgeError = (cause: unknown): Verdict =>
  /^(Abort|NotAllowed)Error$/.test(Object(cause).name)
    ? { denied: 'CANCELLED' }
    : { denied: 'AUTHENTICATION_FAILED', cause };
