import type { PinPrompt, StrongAuthView } from 'strong-auth-machine';
import { type PinPadState, pinPadStore, strongAuthStore } from 'strong-auth-machine/svelte';
import { settleDown } from 'strong-auth-machine/testing';
import { derived, fromStore, get, type Readable } from 'svelte/store';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createCountedStage, WRONG_PIN } from '../support/counted.js';

/* What the stores are by the contract, which Svelte 4 and 5 share. */

describe('strongAuthStore', () => {
  test('calls at once, after each change, and no more once it was told to stop', async () => {
    const stage = createCountedStage();
    const { strongAuth } = stage.remote;
    const seen: StrongAuthView[] = [];
    const stop = strongAuthStore(strongAuth).subscribe((view) => seen.push(view));
    expect(seen).toEqual([strongAuth.view.getSnapshot()]);
    await stage.challenge();
    expect(seen.map(({ status }) => status)).toEqual(['idle', 'calling', 'needStrongAuth']);
    expect(seen.at(-1)).toBe(strongAuth.view.getSnapshot());
    stop();
    stop();
    strongAuth.cancel();
    expect(seen).toHaveLength(3);
  });

  test('tells each subscriber of a selection only when it has changed', async () => {
    const stage = createCountedStage();
    const waiting = strongAuthStore(stage.remote.strongAuth, (view) => view.waiting);
    const seen: number[] = [];
    const stopFirst = waiting.subscribe((count) => seen.push(count));
    await stage.challenge();
    const late: number[] = [];
    const stopLate = waiting.subscribe((count) => late.push(count));
    stage.remote.strongAuth.cancel();
    await settleDown();
    expect([seen, late]).toEqual([
      [0, 1, 0],
      [1, 0],
    ]);
    stopFirst();
    stopLate();
  });

  test('calls again for what its first call brings about', () => {
    const { strongAuth } = createCountedStage().remote;
    const seen: string[] = [];
    strongAuthStore(strongAuth, (view) => view.status).subscribe((status) => {
      seen.push(status);
      if (status === 'idle') strongAuth.dispose();
    });
    expect(seen).toEqual(['idle', 'closed']);
  });

  test('goes through get, derived and fromStore, which leave nothing behind', async () => {
    const stage = createCountedStage();
    const { strongAuth } = stage.remote;
    const view = strongAuthStore(strongAuth);
    const isBusy = derived(view, ({ inFlight, waiting }) => inFlight || waiting > 0);
    const status = fromStore(strongAuthStore(strongAuth, (of) => of.status));
    expect([get(view).status, get(isBusy), status.current]).toEqual(['idle', false, 'idle']);
    await stage.challenge();
    expect([get(view).status, get(isBusy), status.current]).toEqual([
      'needStrongAuth',
      true,
      'needStrongAuth',
    ]);
    expect(stage.listening()).toBe(0);
  });

  test("is Svelte's Readable, typed by what is selected", () => {
    const { strongAuth, pinPad } = createCountedStage().remote;
    const view: Readable<StrongAuthView> = strongAuthStore(strongAuth);
    const pad: Readable<PinPadState> = pinPadStore(pinPad);
    expect([get(view).waiting, get(pad).isOpen]).toEqual([0, false]);
    const asked = (state: PinPadState) => (state.phase === 'asking' ? state.prompt : state.prompt?.attempt);
    expectTypeOf(asked).returns.toEqualTypeOf<PinPrompt | number | undefined>();
    const waiting = () => fromStore(strongAuthStore(strongAuth, (of) => of.waiting)).current;
    expectTypeOf(waiting).returns.toEqualTypeOf<number>();
    // @ts-expect-error a view has no such thing
    expectTypeOf(() => strongAuthStore(strongAuth, (of) => of.pin)).toBeFunction();
  });
});

describe('pinPadStore', () => {
  test('says what is asked, and which PIN it is', async () => {
    const stage = createCountedStage();
    const pad = pinPadStore(stage.remote.pinPad);
    const seen: unknown[] = [];
    const stop = pad.subscribe(({ phase, attempt, attemptsLeft, reason, inputAttributes }) =>
      seen.push([phase, attempt, attemptsLeft, reason, inputAttributes['aria-invalid']]),
    );
    await stage.challenge();
    expect(get(pad).prompt?.calls).toMatchObject([{ verb: 'set', action: 'doors' }]);
    pad.submit('907351');
    await settleDown();
    await stage.answerOtp(WRONG_PIN);
    pad.cancel();
    await settleDown();
    const closed = ['closed', undefined, undefined, undefined, 'false'];
    expect(seen).toEqual([
      closed,
      ['asking', 1, 2, 'strongAuthNeeded', 'false'],
      ['checking', 1, 2, 'strongAuthNeeded', 'false'],
      ['asking', 2, 1, 'pinRejected', 'true'],
      closed,
    ]);
    stop();
  });

  test('what is shown answers its own prompt: a leftover alert, a second tap, an empty field are nothing to the next', async () => {
    const stage = createCountedStage();
    const { pinPad } = stage.remote;
    const pad = pinPadStore(pinPad);
    const asked = () => {
      const { phase, prompt } = pinPad.view.getSnapshot();
      return [phase, prompt?.attempt, stage.otpRequests().length];
    };
    const closed = get(pad);
    await stage.challenge();
    closed.submit('907351');
    closed.cancel();
    const left = get(pad);
    left.submit('');
    left.submit(' ');
    await settleDown();
    expect(asked()).toEqual(['asking', 1, 0]);
    left.submit('907351');
    left.submit('907352');
    left.cancel();
    await settleDown();
    expect(asked()).toEqual(['checking', 1, 1]);
    await stage.answerOtp(WRONG_PIN);
    left.submit('907352');
    left.cancel();
    pad.submit('907352', left.prompt);
    pad.cancel(left.prompt);
    await settleDown();
    expect(asked()).toEqual(['asking', 2, 1]);
    get(pad).cancel();
    await settleDown();
    expect(asked()).toEqual(['closed', undefined, 1]);
  });

  test('the field can be read only while the PIN is checked', async () => {
    const stage = createCountedStage();
    const pad = pinPadStore(stage.remote.pinPad);
    const seen: unknown[] = [];
    pad.subscribe(({ inputAttributes }) =>
      seen.push([inputAttributes.readonly, inputAttributes['aria-invalid']]),
    );
    await stage.challenge();
    for (const pin of ['12', '907351']) {
      get(pad).submit(pin);
      await settleDown();
    }
    await stage.answerOtp(WRONG_PIN);
    expect(seen).toEqual([
      [undefined, 'false'],
      [undefined, 'false'],
      [true, 'false'], // also one that turns out to be malformed is checked, for a moment
      [undefined, 'true'],
      [true, 'false'],
      [undefined, 'true'],
    ]);
  });
});
