import { distinctUntilChanged, from, map, type Observable, Subscription } from 'rxjs';
import type { CountedPart, MountCounted } from '../support/renders-page.js';

/** The whole view as it comes, the rest as `distinctUntilChanged` lets it through. */
export const mountCounted: MountCounted = (root, { strongAuth, pinPad }, count) => {
  const subscriptions = new Subscription();
  const show = (part: CountedPart, seen$: Observable<unknown>) => {
    const place = root.appendChild(document.createElement('p'));
    subscriptions.add(
      seen$.subscribe((seen) => {
        count(part);
        place.textContent = String(seen);
      }),
    );
  };
  const view$ = from(strongAuth.view);
  show('view', view$);
  show(
    'status',
    view$.pipe(
      map(({ status }) => status),
      distinctUntilChanged(),
    ),
  );
  show(
    'waiting',
    view$.pipe(
      map(({ waiting }) => waiting),
      distinctUntilChanged(),
    ),
  );
  show(
    'isOpen',
    from(pinPad.view).pipe(
      map(({ isOpen }) => isOpen),
      distinctUntilChanged(),
    ),
  );
  return () => subscriptions.unsubscribe();
};
