import { Effect, Queue, Stream } from 'effect';
import { type BoundCalls, bindCalls, type ExternalStore, type StrongAuth } from 'strong-auth-machine';

/** A view as a stream: what there is now, then each change. It listens while it runs, and never ends by itself. */
export const streamOf = <View>(store: ExternalStore<View>): Stream.Stream<View> =>
  Stream.callback<View>((queue) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        Queue.offerUnsafe(queue, store.getSnapshot());
        return store.subscribe((view) => Queue.offerUnsafe(queue, view));
      }),
      (unsubscribe) => Effect.sync(unsubscribe),
    ),
  );

/** A call as an effect: interrupting the fiber aborts it. Its error is whatever the call rejects with. */
export const effectOf = <Result>(strongAuth: StrongAuth, make: (calls: BoundCalls) => PromiseLike<Result>) =>
  Effect.tryPromise({
    try: (signal) => make(bindCalls(strongAuth, signal)),
    catch: (error) => error,
  });
