import {
  catchError,
  distinctUntilChanged,
  exhaustMap,
  from,
  fromEvent,
  map,
  merge,
  Observable,
  of,
  Subscription,
  startWith,
  take,
  tap,
} from 'rxjs';
import { isStrongAuthError } from 'strong-auth-machine';
import { button, createPadForm, element } from '../shared/dom.js';
import { type Command, commands, type Mount, type Outcome } from '../shared/remote.js';

/** A call as a cold observable: made when it is subscribed to, aborted when it is unsubscribed from. */
function callOf<Result>(call: (signal: AbortSignal) => Promise<Result>): Observable<Result> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    call(controller.signal).then(
      (result) => {
        subscriber.next(result);
        subscriber.complete();
      },
      (error) => subscriber.error(error),
    );
    return () => controller.abort();
  });
}

/** The remote in streams: the view is an observable, and so is what becomes of a press. */
export const mount: Mount = (root, { strongAuth, pinPad }) => {
  const subscriptions = new Subscription();
  const view$ = from(strongAuth.view);
  const pad = createPadForm(pinPad);
  root.replaceChildren(
    show('status', view$.pipe(map(({ status }) => status))),
    show('waiting', view$.pipe(map(({ waiting }) => String(waiting)))),
    show('failure', view$.pipe(map(({ failure }) => failure?.code ?? ''))),
    ...commands.map(createRow),
    pad.node,
  );
  subscriptions.add(from(pinPad.view).subscribe(pad.show));

  function show(part: string, text$: Observable<string>) {
    const output = element('output', part);
    subscriptions.add(
      text$.pipe(distinctUntilChanged()).subscribe((text) => {
        output.textContent = text;
      }),
    );
    return output;
  }

  function createRow({ id, label, request }: Command) {
    const press = button(id, label);
    const giveUp = button(`${id}-give-up`, 'Give up');
    const made$ = callOf((signal) => strongAuth.send(request, { signal })).pipe(
      map((): Outcome => 'succeeded'),
      catchError((error) => of(isStrongAuthError(error) ? error.code : 'failed')),
    );
    const givenUp$ = fromEvent(giveUp, 'click').pipe(map((): Outcome => 'aborted'));
    const outcome$ = fromEvent(press, 'click').pipe(
      // Whichever comes first; the other is unsubscribed from, which aborts the call.
      exhaustMap(() => merge(made$, givenUp$).pipe(take(1), startWith('pending'))),
      startWith('unmade'),
      tap((outcome) => {
        press.disabled = outcome === 'pending';
      }),
    );
    const node = element('p', 'command');
    node.append(press, giveUp, show(`${id}-outcome`, outcome$));
    return node;
  }

  return () => {
    subscriptions.unsubscribe();
    root.replaceChildren();
  };
};
