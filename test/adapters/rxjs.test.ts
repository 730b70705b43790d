import { distinctUntilChanged, firstValueFrom, from, map, type Observable, take } from 'rxjs';
import { createPinPad } from 'strong-auth-machine';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { createStore } from '../../src/client/store.js';
import type { StrongAuthView } from '../../src/index.js';
import { COMMAND, DOORS, settleDown, stage, succeeded } from '../lifecycle/support.js';
import { describeLayer } from './support/layer.js';
import { testRenders } from './support/renders.js';

describeLayer({ name: 'RxJS 7', app: 'examples/rxjs/app.ts' }, () => {
  describe('counted', () => testRenders('test/adapters/rxjs/counted.ts', {}));
});

describe('from(strongAuth.view)', () => {
  test('tells what is there at once, then each change, in order', async () => {
    const { strongAuth, challenged, type, answer } = stage();
    const views: StrongAuthView[] = [];
    const first = strongAuth.view.getSnapshot();
    const view$ = from(strongAuth.view);
    expectTypeOf(view$).toEqualTypeOf<Observable<StrongAuthView>>();
    view$.subscribe((view) => views.push(view));
    expect(views).toEqual([first]);
    expect(views[0]).toBe(first);
    await challenged();
    await type('1234');
    await answer(succeeded({ otp: 'x' }));
    await answer(succeeded());
    expect(views.map(({ status }) => status)).toEqual([
      'idle',
      'calling',
      'needStrongAuth',
      'requestingOtp',
      'replaying',
      'done',
    ]);
  });

  test('tells nothing when nothing has changed, and nothing after it was unsubscribed from', async () => {
    const { strongAuth } = stage();
    let told = 0;
    const subscription = from(strongAuth.view).subscribe(() => {
      told += 1;
    });
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    await settleDown();
    strongAuth.set(COMMAND, DOORS).catch(() => {});
    strongAuth.cancel();
    await settleDown();
    expect(told).toBe(2);
    subscription.unsubscribe();
    strongAuth.reset();
    expect(told).toBe(2);
  });

  test('lets go also of who has enough after the first', async () => {
    const unsubscribe = vi.fn();
    const store = createStore({ getSnapshot: () => 1, subscribe: () => unsubscribe });
    expect(await firstValueFrom(from(store))).toBe(1);
    expect(unsubscribe).toHaveBeenCalledOnce();
  });

  test('tells what changes while the first is told', () => {
    const { strongAuth } = stage();
    const told: string[] = [];
    from(strongAuth.view)
      .pipe(
        map(({ status }) => status),
        distinctUntilChanged(),
        take(2),
      )
      .subscribe((status) => {
        told.push(status);
        if (status === 'idle') strongAuth.set(COMMAND, DOORS).catch(() => {});
      });
    expect(told).toEqual(['idle', 'calling']);
  });

  test('works for the pad as well', async () => {
    const pad = createPinPad();
    const open: boolean[] = [];
    from(pad.view).subscribe(({ isOpen }) => open.push(isOpen));
    const { challenged } = stage({ enterPin: pad.enterPin });
    await challenged();
    pad.submit('1234');
    expect(open).toEqual([false, true, false]);
  });
});

describe('an interoperable observable', () => {
  test('is found under the string and, where the host has it, under the symbol', () => {
    const symbol = Symbol('observable');
    vi.stubGlobal('Symbol', Object.assign(Object.create(Symbol), { observable: symbol }));
    const store = createStore({ getSnapshot: () => 1, subscribe: () => () => {} });
    const found = store as unknown as Record<PropertyKey, () => unknown>;
    expect(found[symbol]?.()).toBe(found['@@observable']?.());
    expect(found[symbol]?.()).toHaveProperty('subscribe');
  });

  test('has no trouble with an observer that throws, which surfaces by itself, or that wants nothing', () => {
    const error = new Error('of the observer');
    const surfacing: (() => void)[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => surfacing.push(task));
    const unsubscribe = vi.fn();
    const store = createStore({ getSnapshot: () => 1, subscribe: () => unsubscribe });
    const [observable] = [
      (store as unknown as Record<string, () => ReturnType<typeof from>>)['@@observable'],
    ];
    const subscription = observable?.().subscribe({
      next() {
        throw error;
      },
    });
    subscription?.unsubscribe();
    expect(unsubscribe).toHaveBeenCalledOnce();
    expect(() => observable?.().subscribe({})).not.toThrow();
    expect(surfacing.length).toBe(1);
    expect(surfacing[0]).toThrow(error);
  });
});
