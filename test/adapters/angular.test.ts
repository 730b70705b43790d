import '@angular/compiler';
import {
  computed,
  createEnvironmentInjector,
  type EnvironmentInjector,
  InjectionToken,
  inject,
  runInInjectionContext,
  type Signal,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { from } from 'rxjs';
import { createPinPad, type StrongAuth, type StrongAuthView } from 'strong-auth-machine';
import { expect, expectTypeOf, test } from 'vitest';
import { COMMAND, DOORS, settleDown, stage } from '../lifecycle/support.js';

/** Where a component or a service is made, without a page. */
const createInjector = () => createEnvironmentInjector([], null as unknown as EnvironmentInjector);

test('a signal of Angular is the view', async () => {
  const { strongAuth, challenged } = stage();
  const injector = createInjector();
  const view = runInInjectionContext(injector, () => toSignal(from(strongAuth.view), { requireSync: true }));
  expectTypeOf(view).toEqualTypeOf<Signal<StrongAuthView>>();
  expect(view()).toBe(strongAuth.view.getSnapshot());
  await challenged();
  expect(view()).toBe(strongAuth.view.getSnapshot());
  expect(view().prompt?.attempt).toBe(1);
});

test('what is computed of it is computed again only when the view has changed', async () => {
  const { strongAuth } = stage();
  const view = runInInjectionContext(createInjector(), () =>
    toSignal(from(strongAuth.view), { requireSync: true }),
  );
  let runs = 0;
  const status = computed(() => {
    runs += 1;
    return view().status;
  });
  expect(status()).toBe('idle');
  strongAuth.set(COMMAND, DOORS).catch(() => {});
  await settleDown();
  expect(status()).toBe('calling');
  strongAuth.set(COMMAND, DOORS).catch(() => {});
  strongAuth.cancel();
  await settleDown();
  expect(status()).toBe('calling');
  expect(runs).toBe(2);
});

test('one signal serves all who inject it, and is made when the first does', () => {
  const { strongAuth } = stage();
  const client = new InjectionToken<StrongAuth>('strongAuth');
  let subscriptions = 0;
  const viewSignal = new InjectionToken<Signal<StrongAuthView>>('strongAuthView');
  const injector = createEnvironmentInjector(
    [
      { provide: client, useValue: strongAuth },
      {
        provide: viewSignal,
        useFactory: () => {
          subscriptions += 1;
          return toSignal(from(inject(client).view), { requireSync: true });
        },
      },
    ],
    null as unknown as EnvironmentInjector,
  );
  expect(subscriptions).toBe(0);
  expect(injector.get(viewSignal)).toBe(injector.get(viewSignal));
  expect([subscriptions, injector.get(viewSignal)().status]).toEqual([1, 'idle']);
});

test('it ends with the component that made it', () => {
  const { strongAuth } = stage();
  const injector = createInjector();
  const view = runInInjectionContext(injector, () => toSignal(from(strongAuth.view), { requireSync: true }));
  injector.destroy();
  strongAuth.set(COMMAND, DOORS).catch(() => {});
  expect(strongAuth.view.getSnapshot().status).toBe('calling');
  expect(view().status).toBe('idle');
});

test('a signal of a pad tells its phases, and holds the prompt that an answer is for', async () => {
  const pinPad = createPinPad();
  const { challenged } = stage({ enterPin: pinPad.enterPin });
  const view = runInInjectionContext(createInjector(), () =>
    toSignal(from(pinPad.view), { requireSync: true }),
  );
  const phase = computed(() => view().phase);
  expect(phase()).toBe('closed');
  await challenged();
  const left = view().prompt;
  pinPad.submit('12', left);
  expect(phase()).toBe('checking');
  await settleDown();
  expect([phase(), view().prompt?.reason]).toEqual(['asking', 'pinMalformed']);
  pinPad.cancel(left);
  expect(phase()).toBe('asking');
  pinPad.cancel(view().prompt);
  expect(phase()).toBe('closed');
});
