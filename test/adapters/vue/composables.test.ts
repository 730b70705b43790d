import { inspect } from 'node:util';
import { createPinia, defineStore, disposePinia } from 'pinia';
import type { PinPrompt, StrongAuthView } from 'strong-auth-machine';
import { settleDown } from 'strong-auth-machine/testing';
import { usePinPad, useStrongAuth } from 'strong-auth-machine/vue';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { type ComputedRef, computed, createSSRApp, effectScope, h, ref, watch } from 'vue';
import { renderToString } from 'vue/server-renderer';
import type { Remote } from '../../../examples/shared/remote.js';
import { createCountedStage, WRONG_PIN } from '../support/counted.js';

/* What the composables are outside of components, and without a DOM. */

describe('useStrongAuth', () => {
  test('follows the client at once, and until the scope ends', async () => {
    const stage = createCountedStage();
    const scope = effectScope(true);
    const status = scope.run(() => useStrongAuth(stage.remote.strongAuth, (view) => view.status));
    expect(status?.value).toBe('idle');
    await stage.challenge();
    expect(status?.value).toBe('needStrongAuth');
    scope.stop();
    expect(stage.listening()).toBe(0);
    stage.remote.strongAuth.cancel();
    expect(status?.value).toBe('needStrongAuth');
  });

  test('gives the view itself, so that a selection of it can be watched like anything', async () => {
    const stage = createCountedStage();
    const seen: unknown[] = [];
    const scope = effectScope(true);
    scope.run(() => {
      const view = useStrongAuth(stage.remote.strongAuth);
      expect(view.value).toBe(stage.remote.strongAuth.view.getSnapshot());
      const isBusy = computed(() => view.value.inFlight || view.value.waiting > 0);
      watch(isBusy, (now) => seen.push(now), { flush: 'sync' });
    });
    await stage.challenge();
    stage.remote.strongAuth.cancel();
    await settleDown();
    expect(seen).toEqual([true, false]);
    scope.stop();
  });

  test('cannot be written to', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const scope = effectScope(true);
    const status = scope.run(() =>
      useStrongAuth(createCountedStage().remote.strongAuth, (view) => view.status),
    );
    Object.assign(status ?? {}, { value: 'done' });
    expect(status?.value).toBe('idle');
    expect(warn.mock.calls.flat().join()).toContain('readonly');
    scope.stop();
  });

  test('is typed by what is selected', () => {
    const { strongAuth } = createCountedStage().remote;
    const whole = () => useStrongAuth(strongAuth);
    const waiting = () => useStrongAuth(strongAuth, (view) => view.waiting);
    expectTypeOf(whole).returns.toEqualTypeOf<ComputedRef<StrongAuthView>>();
    expectTypeOf(waiting).returns.toEqualTypeOf<ComputedRef<number>>();
    // @ts-expect-error a view has no such thing
    expectTypeOf(() => useStrongAuth(strongAuth, (view) => view.pin)).toBeFunction();
  });
});

describe('usePinPad', () => {
  test('says what is asked, and which PIN it is', async () => {
    const stage = createCountedStage();
    const scope = effectScope(true);
    const pad = scope.run(() => usePinPad(stage.remote.pinPad));
    if (!pad) throw new Error('the scope did not run');
    const shown = () => {
      const { phase, attempt, attemptsLeft, reason, inputAttributes } = pad;
      const invalid = inputAttributes.value['aria-invalid'];
      return [phase.value, attempt.value, attemptsLeft.value, reason.value, invalid];
    };
    expect(shown()).toEqual(['closed', undefined, undefined, undefined, 'false']);
    await stage.challenge();
    expect(shown()).toEqual(['asking', 1, 2, 'strongAuthNeeded', 'false']);
    expect(pad.prompt.value?.calls).toMatchObject([{ verb: 'set', action: 'doors' }]);
    pad.submit('907351');
    await settleDown();
    expect(shown()).toEqual(['checking', 1, 2, 'strongAuthNeeded', 'false']);
    await stage.answerOtp(WRONG_PIN);
    expect(shown()).toEqual(['asking', 2, 1, 'pinRejected', 'true']);
    pad.cancel();
    await settleDown();
    expect(shown()).toEqual(['closed', undefined, undefined, undefined, 'false']);
    scope.stop();
    expect(stage.listening()).toBe(0);
  });

  /** A pad in a scope, and what is asked of it by now. */
  function opened() {
    const stage = createCountedStage();
    const { pinPad, strongAuth } = stage.remote;
    const scope = effectScope(true);
    const pad = scope.run(() => usePinPad(pinPad));
    if (!pad) throw new Error('the scope did not run');
    const asked = () => {
      const { phase, prompt } = pinPad.view.getSnapshot();
      return [phase, prompt?.attempt, stage.otpRequests().length];
    };
    /** One prompt goes and the next comes, before anything is drawn. */
    const next = () => {
      strongAuth.cancel();
      strongAuth.ensure().catch(() => {});
    };
    return { ...stage, pad, asked, next };
  }

  test('an answer is for the prompt that is on the page, until the next one is', async () => {
    const { pad, asked, challenge, next } = opened();
    await challenge();
    next();
    pad.submit('907351');
    pad.cancel();
    (pad.cancel as (event: unknown) => void)(new Event('click')); // @click="cancel"
    (pad.cancel as (event: unknown) => void)('backdrop'); // @close="cancel", of a library that says why
    await settleDown();
    expect(asked()).toEqual(['asking', 1, 0]);
    (pad.cancel as (event: unknown) => void)(new Event('click'));
    await settleDown();
    expect(asked()).toEqual(['closed', undefined, 0]);
  });

  test('an answer with its prompt is for that one, also if it was kept in a ref', async () => {
    const { pad, asked, challenge, next, answerOtp } = opened();
    await challenge();
    const kept = ref(pad.prompt.value);
    next();
    await settleDown();
    pad.submit('907351', kept.value);
    pad.cancel(kept.value);
    await settleDown();
    expect(asked()).toEqual(['asking', 1, 0]);
    kept.value = pad.prompt.value;
    pad.submit('907351', kept.value);
    await settleDown();
    expect(asked()).toEqual(['checking', 1, 1]);
    await answerOtp(WRONG_PIN);
    expect(asked()).toEqual(['asking', 2, 1]);
  });

  test('what is bound answers its own prompt: a leftover alert, a second tap, an empty field are nothing to the next', async () => {
    const { pad, asked, challenge, answerOtp } = opened();
    pad.bound.value.submit('907351'); // nobody asks
    await challenge();
    const left = pad.bound.value;
    left.submit('');
    left.submit('907351');
    await settleDown();
    expect([pad.bound.value === left, asked()]).toEqual([true, ['checking', 1, 1]]);
    await answerOtp(WRONG_PIN);
    left.submit('907352');
    left.cancel();
    await settleDown();
    expect([pad.bound.value === left, asked()]).toEqual([false, ['asking', 2, 1]]);
    pad.bound.value.cancel();
    await settleDown();
    expect(asked()).toEqual(['closed', undefined, 1]);
  });

  test('the field can be read only while the PIN is checked, and is disabled never', async () => {
    const { pad, challenge, answerOtp } = opened();
    const seen: unknown[] = [];
    const look = () =>
      seen.push([pad.inputAttributes.value.readonly, pad.inputAttributes.value['aria-invalid']]);
    look();
    await challenge();
    look();
    pad.submit('12');
    await settleDown();
    look();
    pad.submit('907351');
    await settleDown();
    look();
    await answerOtp(WRONG_PIN);
    look();
    expect(seen).toEqual([
      [undefined, 'false'],
      [undefined, 'false'],
      [undefined, 'true'],
      [true, 'false'],
      [undefined, 'true'],
    ]);
  });

  test('shows the same in one value, of which the phase narrows the rest', async () => {
    const { pad, challenge, answerOtp } = opened();
    /** Compiles only if each phase has what belongs to it. */
    const dialog = () => {
      const shown = pad.shown.value;
      if (shown.phase === 'closed') {
        expectTypeOf(shown.prompt).toEqualTypeOf<undefined>();
        return 'closed';
      }
      expectTypeOf(shown.attemptsLeft).toEqualTypeOf<number>();
      expectTypeOf(shown.prompt).toEqualTypeOf<PinPrompt>();
      if (shown.phase === 'asking') expectTypeOf(shown.isOpen).toEqualTypeOf<true>();
      return `${shown.phase} ${shown.reason} ${shown.attempt.toFixed()} ${shown.attemptsLeft.toFixed()}`;
    };
    // @ts-expect-error there need not be a prompt
    expectTypeOf(() => pad.shown.value.prompt.attempt).toBeFunction();
    expect(dialog()).toBe('closed');
    await challenge();
    expect(dialog()).toBe('asking strongAuthNeeded 1 2');
    pad.submit('907351');
    await settleDown();
    expect(dialog()).toBe('checking strongAuthNeeded 1 2');
    await answerOtp(WRONG_PIN);
    expect(dialog()).toBe('asking pinRejected 2 1');
    pad.cancel();
    await settleDown();
    expect(dialog()).toBe('closed');
  });

  test('is typed by what a prompt has', () => {
    type Pad = ReturnType<typeof usePinPad>;
    expectTypeOf<Pad['reason']>().toEqualTypeOf<ComputedRef<PinPrompt['reason'] | undefined>>();
    expectTypeOf<Pad['attemptsLeft']>().toEqualTypeOf<ComputedRef<number | undefined>>();
  });
});

describe('in a Pinia store', () => {
  const defineCar = ({ strongAuth, pinPad }: Remote) =>
    defineStore('car', () => {
      const status = useStrongAuth(strongAuth, (view) => view.status);
      const { isOpen } = usePinPad(pinPad);
      const isBusy = computed(() => !['idle', 'done', 'cancelled', 'failed'].includes(status.value));
      return { status, isBusy, isAsking: isOpen };
    });

  test('are getters, and no state: nothing of the lifecycle is kept, restored or sent to a page', async () => {
    const stage = createCountedStage();
    const pinia = createPinia();
    const car = defineCar(stage.remote)(pinia);
    expect([car.status, car.isBusy, car.isAsking]).toEqual(['idle', false, false]);
    await stage.challenge();
    expect([car.status, car.isBusy, car.isAsking]).toEqual(['needStrongAuth', true, true]);
    expect(JSON.stringify(pinia.state.value)).toBe('{"car":{}}');
    stage.remote.pinPad.submit('907351'); // never an action: Pinia tells its plugins and the devtools what those are given
    await settleDown();
    expect([car.status, car.isAsking]).toEqual(['requestingOtp', false]);
    expect(inspect([pinia.state.value, car], { depth: 9 })).not.toContain('907351');
    car.$dispose();
    expect(stage.listening()).toBe(0);
  });

  test('end with the Pinia', () => {
    const stage = createCountedStage();
    const pinia = createPinia();
    defineCar(stage.remote)(pinia);
    expect(stage.listening()).toBe(9);
    disposePinia(pinia);
    expect(stage.listening()).toBe(0);
  });

  test('leave no listener on a server', async () => {
    const stage = createCountedStage();
    const useCar = defineCar(stage.remote);
    const app = createSSRApp(() => h('p', useCar().status)).use(createPinia());
    expect(await renderToString(app)).toBe('<p>idle</p>');
    expect(stage.listening()).toBe(0);
  });
});

test('a server renders what a page begins with, whatever its own client did', async () => {
  const stage = createCountedStage();
  await stage.challenge();
  const { strongAuth, pinPad } = stage.remote;
  const Page = {
    setup() {
      const view = useStrongAuth(strongAuth);
      const { isOpen } = usePinPad(pinPad);
      return () => h('p', `${view.value.status} ${view.value.since} ${view.value.waiting} ${isOpen.value}`);
    },
  };
  expect(await renderToString(createSSRApp(Page))).toBe('<p>idle 0 0 false</p>');
  expect(stage.listening()).toBe(0);
  strongAuth.dispose();
});
