import { type Accessor, from, onCleanup } from 'solid-js';
import {
  type CallActions,
  type CallState,
  createCall,
  type ExternalStore,
  type MakeCall,
  type StrongAuth,
} from 'strong-auth-machine';

/** A view as a signal. (`from(view)` alone has no value until the first change.) A selection of it is a `createMemo`. */
export const signalOf = <View>(view: ExternalStore<View>): Accessor<View> =>
  from((set) => view.subscribe((next) => set(() => next)), view.getSnapshot());

/** A call of a component: `const [lock, { run }] = useCall(strongAuth, ({ set }) => set(…))`. Aborted when its owner is disposed of. */
export function useCall<Args extends readonly unknown[], Result>(
  strongAuth: StrongAuth,
  make: MakeCall<Args, Result>,
): [state: Accessor<CallState<Result>>, actions: CallActions<Args, Result>] {
  const { view, ...actions } = createCall(strongAuth, make);
  onCleanup(actions.reset);
  return [signalOf(view), actions];
}
