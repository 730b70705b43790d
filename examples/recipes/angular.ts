import { DestroyRef, inject, type Signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { from } from 'rxjs';
import {
  type CallActions,
  type CallState,
  createCall,
  type MakeCall,
  type StrongAuth,
} from 'strong-auth-machine';

/**
 * A call of a component, in its constructor or a field: `readonly lock = injectCall(this.strongAuth, ({ set }) => set(…))`. In the
 * template `[disabled]="lock.state().isPending" (click)="lock.run()"`. Aborted when the component is destroyed.
 */
export function injectCall<Args extends readonly unknown[], Result>(
  strongAuth: StrongAuth,
  make: MakeCall<Args, Result>,
): CallActions<Args, Result> & { readonly state: Signal<CallState<Result>> } {
  const { view, ...actions } = createCall(strongAuth, make);
  inject(DestroyRef).onDestroy(actions.reset);
  return { ...actions, state: toSignal(from(view), { requireSync: true }) };
}
