import { createPinPad, type PinPrompt } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { padded, promptOf, unjudged } from './prompts-by-hand.js';
import { settleDown, surfaced } from './support.js';

/* A pad with prompts and listeners that no client of ours would give it. */

describe('prompts that are not ours', () => {
  const thrown = new RangeError('hostile');
  const fail = () => {
    throw thrown;
  };
  const working = new AbortController().signal;

  test.each<[string, object]>([
    ['its signal throws when it is listened to', { signal: { aborted: false, addEventListener: fail } }],
    [
      'its signal throws when it is read',
      {
        signal: {
          get aborted() {
            return fail();
          },
        },
      },
    ],
    [
      'it throws when it is read',
      {
        signal: working,
        get judged() {
          return fail();
        },
      },
    ],
  ])('%s: enterPin rejects, and the pad goes on', async (_, prompt) => {
    const { pad, ask, shown } = padded();
    const hostile = ask(prompt as PinPrompt);
    const next = ask(promptOf().prompt);
    await settleDown();
    expect(hostile.error).toBe(thrown);
    expect(shown).toEqual(['asking']);
    pad.submit('1234');
    await settleDown();
    expect(next.value).toBe('1234');
  });

  test.each([[undefined], [null], [{}], [{ signal: null }], [{ signal: { aborted: false } }]])(
    '%o is none: enterPin rejects',
    async (prompt) => {
      const { ask, view } = padded();
      const asked = ask(prompt as never);
      await settleDown();
      expect([asked.error instanceof TypeError, view().phase]).toEqual([true, 'closed']);
    },
  );

  test('its signal throws when it is let go of: that surfaces, and the answer arrives', async () => {
    const { pad, ask, view } = padded();
    const signal = { aborted: false, addEventListener() {}, removeEventListener: fail };
    const asked = ask({ ...promptOf().prompt, signal } as never);
    expect(await surfaced(() => pad.submit('1234'))).toBe(thrown);
    expect([asked.value, view().phase]).toEqual(['1234', 'checking']);
  });

  test.each<[string, () => unknown]>([
    ['rejects', () => Promise.reject(new Error('no judge'))],
    // biome-ignore lint/suspicious/noThenProperty: it stands for a promise that is broken
    ['throws when it is waited for', () => ({ then: fail })],
    ['throws when it is looked at', () => Object.defineProperty({}, 'then', { get: fail })],
    ['is no promise', () => true],
  ])('a judgement that %s is one', async (_, judge) => {
    const { pad, ask, shown } = padded();
    const asked = ask({ ...unjudged(), judged: judge() } as never);
    pad.submit('1234');
    await settleDown();
    expect([asked.value, shown]).toEqual(['1234', ['asking', 'checking', 'closed']]);
  });

  test('a listener that throws disturbs nobody', async () => {
    const pad = createPinPad();
    pad.view.subscribe(fail);
    const phases: string[] = [];
    pad.view.subscribe(({ phase }) => phases.push(phase));
    const { prompt, judge } = promptOf();
    expect(await surfaced(() => void pad.enterPin(prompt))).toBe(thrown);
    expect(await surfaced(() => pad.submit('1234'))).toBe(thrown);
    expect(await surfaced(judge)).toBe(thrown);
    expect(phases).toEqual(['asking', 'checking', 'closed']);
  });

  test('one that is asked twice is answered twice, and shown once', async () => {
    const { pad, ask, shown } = padded();
    const { prompt, judge } = promptOf();
    const asked = [ask(prompt), ask(prompt)];
    pad.submit('1111', prompt);
    pad.submit('2222', prompt);
    await judge();
    expect(asked.map(({ value }) => value)).toEqual(['1111', '2222']);
    expect(shown).toEqual(['asking', 'checking', 'closed']);
  });
});
