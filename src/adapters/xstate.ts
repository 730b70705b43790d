/** For apps that are XState already: calls to `invoke`, the client as a child of the app's own system, and what to wait for. */
import {
  type ActorLogic,
  fromPromise,
  type NonReducibleUnknown,
  type PromiseActorLogic,
  type Snapshot,
  waitFor,
} from 'xstate';
import {
  type AnyStrongAuthError,
  type ApiError,
  type BoundCallOptions,
  type BoundCalls,
  bindCalls,
  isApiError,
  isStrongAuthError,
  type MakeCall,
  type PromptView,
  type StrongAuth,
  StrongAuthError,
  type StrongAuthErrorCode,
  type StrongAuthView,
} from '../index.js';

export type { BoundCallOptions as InvokedCallOptions, BoundCalls as InvokedCalls };

/**
 * Makes logic to `invoke` or spawn: a call, or a few that belong together.
 *
 * - Leaving the state aborts what is still under way, and a prompt that nobody else waits for closes.
 * - What the function closes over is in no snapshot, event or inspection message; nor is a parameter it adds. `input` is shown to
 *   an inspector when the actor begins, as XState does it, and kept in no snapshot. The output is in the event of `onDone`.
 * - A restored actor sends nothing: what was under way fails with `TRANSPORT_FAILED` and `details.sent`, since nobody knows any
 *   more whether it was executed.
 *
 * @param call Makes the calls. What it resolves with is the output; what it rejects with is the error, see {@link errorOf}.
 *
 * @example
 * const lockDoors = fromCall(strongAuth, ({ set }) => set('pims.vehicle.command', { action: 'doors', doorState: 'lock' }));
 */
export function fromCall<Output, Input = NonReducibleUnknown>(
  strongAuth: StrongAuth,
  call: MakeCall<[input: Input], Output>,
): PromiseActorLogic<Output, Input> {
  /** Of the actors that began here; one that was restored is not among them. */
  const inputs = new WeakMap<object, { readonly input: Input }>();
  const logic = fromPromise<Output, Input>(({ self, signal }) => {
    const begun = inputs.get(self);
    if (!begun) {
      return Promise.reject(
        new StrongAuthError(
          'TRANSPORT_FAILED',
          { sent: true },
          { cause: new Error('restored, and not sent again') },
        ),
      );
    }
    inputs.delete(self);
    return call(bindCalls(strongAuth, signal), begun.input);
  });
  return {
    ...logic,
    getInitialSnapshot(scope, input) {
      inputs.set(scope.self, { input });
      return logic.getInitialSnapshot(scope, undefined as Input);
    },
    getPersistedSnapshot: ({ status }) => ({ status }) as Snapshot<unknown>,
  };
}

/** @returns The error in an event of `onError`, if it is one that a call rejects with. */
export function errorOf(event: object): ApiError | AnyStrongAuthError | undefined {
  const { error } = event as { readonly error?: unknown };
  return isApiError(error) || isStrongAuthError(error) ? error : undefined;
}

/**
 * Makes a guard for `onError`: whether the call failed with one of these codes, ours or the SDK's.
 *
 * @example
 * onError: [{ guard: failedWith('CANCELLED', 'PIN_ENTRY_TIMED_OUT'), target: 'idle' }, { target: 'failed' }],
 */
export function failedWith(
  ...codes: readonly (StrongAuthErrorCode | number)[]
): (args: { readonly event: object }) => boolean {
  return ({ event }) => (codes as readonly unknown[]).includes(errorOf(event)?.code);
}

/** What the child made by {@link fromStrongAuth} takes. */
export type StrongAuthCommand =
  /** As `strongAuth.cancel()`. */
  | { readonly type: 'cancel' }
  /** As `strongAuth.reset(reason)`. */
  | {
      readonly type: 'reset';
      /** What the calls that it ends are told. */
      readonly reason?: string;
    };

/** What the child made by {@link fromStrongAuth} shows: the view is its context. */
export type StrongAuthSnapshot = Snapshot<undefined> & {
  /** The view of the client, the present one. */
  readonly context: StrongAuthView;
};

/** The child made by {@link fromStrongAuth}. */
export type StrongAuthLogic = ActorLogic<StrongAuthSnapshot, StrongAuthCommand, NonReducibleUnknown>;

/**
 * Makes logic that stands for the client in the app's own actor system: `invoke` it with `onSnapshot`, or give it a `systemId`
 * so that `system.get` finds it. Its context is the view, always the present one; it takes {@link StrongAuthCommand}, and is done
 * when the client is disposed of. It owns nothing: stopping it leaves the client as it is, and a restored one starts from what
 * the client is then.
 */
export function fromStrongAuth(strongAuth: StrongAuth): StrongAuthLogic {
  const { view } = strongAuth;
  const unsubscribers = new WeakMap<object, () => void>();
  const present = (): StrongAuthSnapshot => {
    const context = view.getSnapshot();
    return context.status === 'closed'
      ? { status: 'done', output: undefined, error: undefined, context }
      : { status: 'active', output: undefined, error: undefined, context };
  };
  return {
    getInitialSnapshot: present,
    restoreSnapshot: present,
    getPersistedSnapshot: ({ status }) => ({ status }) as Snapshot<unknown>,
    start(_, { self }) {
      const changed = () => self.send({ type: 'changed' } as never);
      unsubscribers.set(self, view.subscribe(changed));
      changed(); // it may have, since the actor was made
    },
    transition(snapshot, event, { self, defer }) {
      const { type } = event as { readonly type: string };
      if (event.type === 'cancel') defer(strongAuth.cancel);
      if (event.type === 'reset') defer(() => strongAuth.reset(event.reason));
      const next =
        type === 'xstate.stop' ? ({ ...snapshot, status: 'stopped' } as StrongAuthSnapshot) : present();
      if (next.status !== 'active') unsubscribers.get(self)?.();
      return next.context === snapshot.context && next.status === snapshot.status ? snapshot : next;
    },
  };
}

/** How long to wait, in ms of real time (`timeout`), and what stops it (`signal`): as XState's `waitFor`. */
export type WaitOptions = NonNullable<Parameters<typeof waitFor>[2]>;

/**
 * Waits for a view that the predicate holds for; at once if it does already.
 *
 * @returns Resolves with that view. Rejects with `DISPOSED` when the client is disposed of before, or as XState's `waitFor` does.
 */
export async function waitForView(
  strongAuth: StrongAuth,
  predicate: (view: StrongAuthView) => boolean,
  options?: WaitOptions,
): Promise<StrongAuthView> {
  let found: StrongAuthView | undefined;
  const isOver = () => {
    const view = strongAuth.view.getSnapshot();
    if (predicate(view)) found = view;
    return found !== undefined || view.status === 'closed';
  };
  await waitFor(strongAuth.actor, isOver, options);
  if (!found) throw new StrongAuthError('DISPOSED', {});
  return found;
}

/** Waits until nothing is outstanding. @returns As {@link waitForView}; the view says how the last wave ended. */
export const waitForRest = (strongAuth: StrongAuth, options?: WaitOptions): Promise<StrongAuthView> =>
  waitForView(strongAuth, () => strongAuth.actor.getSnapshot().hasTag('settled'), options);

/** Waits until the user is asked for the PIN. @returns Resolves with what they are asked. Rejects as {@link waitForView}. */
export async function waitForPrompt(strongAuth: StrongAuth, options?: WaitOptions): Promise<PromptView> {
  const { prompt } = await waitForView(strongAuth, (view) => view.prompt !== undefined, options);
  return prompt as PromptView;
}
