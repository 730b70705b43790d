import type { ActorRefFrom } from 'xstate';
import {
  type EnterPinInput,
  type Failure,
  type StrongAuthStatus,
  statusOf,
  type strongAuthMachine,
  toView,
} from '../../machines/strong-auth/index.js';
import type { WaitingCall } from '../authentication/prompts.js';
import type { CallBook } from '../calls/book.js';
import type { Clock } from '../host/clock.js';
import { createStore, Listeners, type ObservableStore } from './store.js';

/** UI state of a client, whatever its status. Times are epoch ms. */
interface ViewFacts {
  /** When the machine entered that state. */
  readonly since: number;
  /** Whether calls are in flight. */
  readonly inFlight: boolean;
  /** How many calls wait for strong authentication. */
  readonly waiting: number;
  /** Why the last wave was denied, until a wave is granted or a call starts from rest. */
  readonly failure?: Pick<Failure, 'code' | 'remedy' | 'retryAt'>;
  /** When strong authentication was granted last. */
  readonly lastGrantAt?: number;
}

/** UI state of a client, told apart by `status`. Times are epoch ms. */
export type StrongAuthView = ViewFacts &
  (
    | {
        /** The user is asked for the PIN. */
        readonly status: 'needStrongAuth';
        /** The open prompt. */
        readonly prompt: PromptView;
      }
    | {
        /** The top-level state of the machine. */
        readonly status: Exclude<StrongAuthStatus, 'needStrongAuth'>;
        /** Missing: nobody is asked. */
        readonly prompt?: undefined;
      }
  );

/** What the user is asked, and for which calls. */
export interface PromptView extends EnterPinInput {
  /** The waiting calls. */
  readonly calls: readonly WaitingCall[];
}

/**
 * Makes the view of the running machine. It is computed when it is read or
 * listened to, not on every transition.
 */
export function createView(
  actor: ActorRefFrom<typeof strongAuthMachine>,
  book: Pick<CallBook, 'describeWaiting' | 'waitingCount' | 'waitingChanges'>,
  clock: Pick<Clock, 'now'>,
): { readonly store: ObservableStore<StrongAuthView>; announceAfter(change: () => void): void } {
  const listeners = new Listeners<StrongAuthView>();
  let snapshot = actor.getSnapshot();
  let facts = toView(snapshot);
  let { waitingChanges } = book;
  let { value } = snapshot;
  let { status } = facts;
  let since = clock.now();
  let view = compose(undefined, undefined);
  let announced = view;
  let changesUnderWay = 0;

  function refresh(): StrongAuthView {
    const latest = actor.getSnapshot();
    if (latest === snapshot && view.since === since && waitingChanges === book.waitingChanges) return view;
    snapshot = latest;
    const next = toView(latest);
    const isSameStay = view.since === since;
    const sameWait = waitingChanges === book.waitingChanges;
    if (isSameStay && sameWait && isSame(facts, next)) return view;
    // A part that has not changed stays the same object, so that its selectors do not fire.
    const keepsPrompt = isSameStay && sameWait && asksTheSame(facts.prompt, next.prompt);
    const keepsFailure = facts.failure === next.failure;
    facts = next;
    waitingChanges = book.waitingChanges;
    view = compose(keepsPrompt ? view.prompt : undefined, keepsFailure ? view.failure : undefined);
    return view;
  }

  function compose(
    shownPrompt: PromptView | undefined,
    shownFailure: StrongAuthView['failure'],
  ): StrongAuthView {
    const { status, inFlight, lastGrantAt } = facts;
    const prompt = shownPrompt ?? (facts.prompt && promptView(facts.prompt, () => book.describeWaiting()));
    const failure = shownFailure ?? (facts.failure && publicFailure(facts.failure));
    return Object.freeze({
      status,
      since,
      inFlight,
      waiting: book.waitingCount,
      ...(prompt && { prompt }),
      ...(failure && { failure }),
      ...(lastGrantAt !== undefined && { lastGrantAt }),
    } as StrongAuthView);
  }

  function announce(): void {
    if (changesUnderWay > 0 || listeners.isEmpty || refresh() === announced) return;
    announced = view;
    listeners.notify(view);
  }

  actor.subscribe((latest) => {
    // The time of a change must be read now; all else can be computed later.
    if (latest.value !== value) {
      value = latest.value;
      const next = statusOf(latest);
      if (next !== status) since = clock.now();
      status = next;
    }
    announce();
  });

  return {
    store: createStore({
      getSnapshot: refresh,
      subscribe(listener) {
        if (listeners.isEmpty) announced = refresh();
        return listeners.add(listener);
      },
    }),
    /**
     * One change may send the machine two events, such as a challenge and a landing. Listeners
     * are notified once, after both.
     */
    announceAfter(change) {
      changesUnderWay += 1;
      try {
        change();
      } finally {
        changesUnderWay -= 1;
        announce();
      }
    },
  };
}

function isSame(a: ReturnType<typeof toView>, b: ReturnType<typeof toView>): boolean {
  return (
    a.status === b.status &&
    a.inFlight === b.inFlight &&
    a.failure === b.failure &&
    a.lastGrantAt === b.lastGrantAt &&
    asksTheSame(a.prompt, b.prompt)
  );
}

/** Whether both prompts ask the same. */
function asksTheSame(a: EnterPinInput | undefined, b: EnterPinInput | undefined): boolean {
  return a?.attempt === b?.attempt && a?.reason === b?.reason;
}

function promptView(asked: EnterPinInput, waitingCalls: () => readonly WaitingCall[]): PromptView {
  let calls: readonly WaitingCall[] | undefined;
  return Object.freeze({
    ...asked,
    // Computed when it is read: a list for every waiting call that joins would cost quadratic time.
    get calls() {
      calls ??= waitingCalls();
      return calls;
    },
  });
}

function publicFailure({ code, remedy, retryAt }: Failure): Pick<Failure, 'code' | 'remedy' | 'retryAt'> {
  return Object.freeze({ code, remedy, ...(retryAt !== undefined && { retryAt }) });
}
