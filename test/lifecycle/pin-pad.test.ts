import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPinPad, type PinPad, type PinPrompt } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { reactive, shallowReactive } from 'vue';
import { padded, promptOf, unjudged } from './prompts-by-hand.js';
import { settleDown, watched } from './support.js';

/* The pad by itself, with prompts made by hand. What it does with a client is in test/field/prompts.test.ts. */

describe('options', () => {
  test.each([[undefined], [{}], [{ normalize: undefined }], [{ normalize: String }]])(
    'may be %o',
    (options) => {
      expect(createPinPad(options).view.getSnapshot()).toEqual({ phase: 'closed', isOpen: false });
    },
  );

  test.each<[unknown, string]>([
    [null, 'createPinPad takes an options object'],
    ['normalize', 'createPinPad takes an options object'],
    [() => {}, 'createPinPad takes an options object'],
    [{ normalise: String }, 'normalise is no option of createPinPad'],
    [{ enterPin: async () => '' }, 'enterPin is no option of createPinPad'],
    [{ normalize: 'digits' }, 'normalize must be a function'],
    [{ normalize: null }, 'normalize must be a function'],
  ])('%o are refused', (options, message) => {
    expect(() => createPinPad(options as never)).toThrow(new TypeError(message));
  });
});

describe('the phases', () => {
  test('closed, asking, checking, closed: each says whether it is open, and of which prompt it is', async () => {
    const { pad, ask, told, view } = padded();
    const { prompt, judge } = promptOf();
    const asked = ask(prompt);
    pad.submit('1234', prompt);
    await settleDown();
    expect([asked.value, view().phase]).toEqual(['1234', 'checking']);
    await judge();
    expect(told).toEqual([
      { phase: 'asking', isOpen: true, prompt },
      { phase: 'checking', isOpen: false, prompt },
      { phase: 'closed', isOpen: false },
    ]);
    expect(told.every((view) => Object.isFrozen(view))).toBe(true);
    expect(told[1]?.prompt).toBe(prompt);
  });

  test('asked again while checking: straight to asking, and the judgement of before closes nothing', async () => {
    const { pad, ask, shown, view } = padded();
    const [first, second] = [promptOf(), promptOf('pinRejected', 2)];
    ask(first.prompt);
    pad.submit('1111');
    ask(second.prompt); // within the transition, before the promise tells of it
    await first.judge();
    expect([shown, view().prompt]).toEqual([['asking', 'checking', 'asking'], second.prompt]);
  });

  test('the next PIN is given before the judgement of the first is told: what is checked is the second', async () => {
    const { pad, ask, told, view } = padded();
    const [first, second] = [promptOf(), promptOf('pinRejected', 2)];
    ask(first.prompt);
    pad.submit('1111');
    ask(second.prompt);
    pad.submit('2222');
    expect(view()).toEqual({ phase: 'checking', isOpen: false, prompt: second.prompt });
    await first.judge();
    expect(view().prompt).toBe(second.prompt);
    await second.judge();
    expect(told.map(({ phase, prompt }) => [phase, prompt?.attempt])).toEqual([
      ['asking', 1],
      ['checking', 1],
      ['asking', 2],
      ['checking', 2],
      ['closed', undefined],
    ]);
  });

  test.each<[string, (app: ReturnType<typeof padded>, of: ReturnType<typeof promptOf>) => void]>([
    ['declined', ({ pad }) => pad.cancel()],
    ['aborted', (_, { abort }) => abort()],
  ])('%s, it closes at once, and nothing is checked', async (_, end) => {
    const app = padded();
    const of = promptOf();
    const asked = app.ask(of.prompt);
    end(app, of);
    await settleDown();
    expect([asked.value, app.shown]).toEqual([null, ['asking', 'closed']]);
  });

  test('aborted before it is asked: nothing is shown', async () => {
    const { ask, shown } = padded();
    const { prompt, abort } = promptOf();
    abort();
    const asked = ask(prompt);
    await settleDown();
    expect([asked.value, shown]).toEqual([null, []]);
  });

  test.each<[string, unknown]>([
    ['no judgement', undefined],
    ['null', null],
  ])('a prompt with %s is judged at once', async (_, judged) => {
    const { pad, ask, shown } = padded();
    const asked = ask({ ...unjudged(), judged } as PinPrompt);
    pad.submit('1234');
    await settleDown();
    expect([asked.value, shown]).toEqual(['1234', ['asking', 'closed']]);
  });

  test('listeners are told each change once, and nothing where nothing has changed', async () => {
    const { pad, ask, told } = padded();
    const { prompt, judge } = promptOf();
    pad.cancel();
    pad.submit('1234');
    ask(prompt);
    pad.submit('');
    pad.submit('1234');
    pad.submit('1234');
    pad.cancel();
    await judge();
    await judge();
    expect(told).toHaveLength(3);
  });
});

describe('several clients on one pad', () => {
  test('take turns, and the prompt of another is shown at once while one is checked', async () => {
    const { pad, ask, shown, view } = padded();
    const [a, b, c] = [promptOf(), promptOf(), promptOf()];
    const asked = [a, b, c].map(({ prompt }) => ask(prompt));
    pad.submit('1111');
    expect(view()).toMatchObject({ phase: 'asking', prompt: b.prompt });
    pad.submit('2222');
    expect(view()).toMatchObject({ phase: 'asking', prompt: c.prompt });
    pad.cancel();
    expect(view()).toEqual({ phase: 'checking', isOpen: false, prompt: b.prompt }); // the latest
    await b.judge();
    expect(view()).toEqual({ phase: 'checking', isOpen: false, prompt: a.prompt });
    await a.judge();
    expect(asked.map(({ value }) => value)).toEqual(['1111', '2222', null]);
    expect(shown).toEqual(['asking', 'asking', 'asking', 'checking', 'checking', 'closed']);
  });

  test('one that is judged while another is asked changes nothing', async () => {
    const { pad, ask, told } = padded();
    const [a, b] = [promptOf(), promptOf()];
    ask(a.prompt);
    ask(b.prompt);
    pad.submit('1111');
    await a.judge();
    expect(told).toHaveLength(2);
  });

  test('one that is checked and asks again waits behind the other', async () => {
    const { pad, ask, view } = padded();
    const [a, b, again] = [promptOf(), promptOf(), promptOf('pinRejected', 2)];
    ask(a.prompt);
    ask(b.prompt);
    pad.submit('1111');
    ask(again.prompt);
    await a.judge();
    expect(view().prompt).toBe(b.prompt);
    pad.submit('2222');
    expect(view()).toMatchObject({ phase: 'asking', prompt: again.prompt });
  });

  test('one that is aborted in the queue is never shown', async () => {
    const { pad, ask, told } = padded();
    const [a, b] = [promptOf(), promptOf()];
    ask(a.prompt);
    const waiting = ask(b.prompt);
    b.abort();
    pad.cancel();
    await settleDown();
    expect([waiting.value, told.map(({ prompt }) => prompt)]).toEqual([null, [a.prompt, undefined]]);
  });
});

describe('an answer belongs to the prompt that was on screen', () => {
  test.each<[string, (pad: PinPad, left: PinPrompt) => void]>([
    ["22. a library's onClose after the retry has opened", (pad, left) => pad.cancel(left)],
    ['23. Cancel in an alert left over from an ended wave', (pad, left) => pad.cancel(left)],
    ['24. a leftover dialog of the account before submits', (pad, left) => pad.submit('1234', left)],
    ['25. a second tap on a pad that has opened again', (pad, left) => pad.submit('1111', left)],
    ['a copy of the prompt before', (pad, left) => pad.cancel({ ...left })],
    ['a reactive prompt of before', (pad, left) => pad.submit('1234', reactive({ left }).left as PinPrompt)],
    ['a prompt that was never asked', (pad) => pad.submit('1234', promptOf('pinRejected', 2).prompt)],
    ['one that looks the same', (pad) => pad.cancel(promptOf('pinRejected', 2).prompt)],
    ['an empty one of before', (pad, left) => pad.submit('', left)],
  ])('%s: nothing happens to the one that is asked', async (_, answer) => {
    for (const end of ['answered', 'declined', 'aborted'] as const) {
      const { pad, ask, view } = padded();
      const [left, now] = [promptOf(), promptOf('pinRejected', 2)];
      ask(left.prompt);
      if (end === 'answered') pad.submit('1111', left.prompt);
      else if (end === 'declined') pad.cancel(left.prompt);
      else left.abort();
      await left.judge();
      const asked = ask(now.prompt);
      answer(pad, left.prompt);
      await settleDown();
      expect([asked.fate, view().phase, view().prompt]).toEqual(['pending', 'asking', now.prompt]);
    }
  });

  test.each<[string, (prompt: PinPrompt) => PinPrompt]>([
    ['itself', (prompt) => prompt],
    ['a copy', (prompt) => ({ ...prompt })],
    ["Vue's reactive()", (prompt) => reactive({ prompt }).prompt as PinPrompt],
    ["Vue's shallowReactive()", (prompt) => shallowReactive(prompt) as PinPrompt],
    ['a proxy of another make', (prompt) => new Proxy(prompt, {})],
    ['an object that inherits from it', (prompt) => Object.create(prompt)],
  ])('the prompt that is asked may come back as %s', async (_, remade) => {
    for (const answer of ['submit', 'cancel'] as const) {
      const { pad, ask } = padded();
      const { prompt } = promptOf();
      const asked = ask(prompt);
      if (answer === 'submit') pad.submit('1234', remade(prompt));
      else pad.cancel(remade(prompt));
      await settleDown();
      expect(asked.value).toBe(answer === 'submit' ? '1234' : null);
    }
  });

  test('a prompt of a host that knows of no judgement may come back as itself', async () => {
    const { pad, ask } = padded();
    const prompt = unjudged();
    const asked = ask(prompt);
    pad.submit('1234', prompt);
    await settleDown();
    expect(asked.value).toBe('1234');
  });

  test.each(['signal', 'judged'] as const)(
    'prompts of a host that share their %s are told apart',
    async (name) => {
      const { pad, ask } = padded();
      const [left, now] = [promptOf(), promptOf()];
      ask(left.prompt);
      pad.cancel();
      const asked = ask({ ...now.prompt, [name]: left.prompt[name] });
      pad.cancel(left.prompt);
      await settleDown();
      expect(asked.fate).toBe('pending');
    },
  );

  test('prompts of a host that shares one signal among them are told apart', async () => {
    const { pad, ask } = padded();
    const [left, now] = [unjudged(), unjudged()];
    const { signal } = left;
    ask(left);
    pad.cancel();
    const asked = ask({ ...now, signal });
    pad.cancel(left);
    await settleDown();
    expect(asked.fate).toBe('pending');
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null, of a dialog that has kept none', null],
    ['the event of a button', new Event('click')],
    ['what a library tells with its close', 'backdrop'],
    ['a flag', false],
  ])('%s is no prompt: the answer is for the one that is asked', async (_, given) => {
    for (const answer of ['submit', 'cancel'] as const) {
      const { pad, ask } = padded();
      const asked = ask(promptOf().prompt);
      if (answer === 'submit') pad.submit('1234', given as never);
      else pad.cancel(given as never);
      await settleDown();
      expect(asked.value).toBe(answer === 'submit' ? '1234' : null);
    }
  });

  test('while it is checked there is nothing to answer, with or without its prompt', async () => {
    const { pad, ask, view } = padded();
    const { prompt } = promptOf();
    const asked = ask(prompt);
    pad.submit('1234', prompt);
    for (const of of [prompt, undefined]) {
      pad.submit('9999', of);
      pad.cancel(of);
    }
    await settleDown();
    expect([asked.value, view().phase]).toEqual(['1234', 'checking']);
  });

  test('a listener that answers as soon as it is asked is heard', async () => {
    const pad = createPinPad();
    pad.view.subscribe(({ phase, prompt }) => phase === 'asking' && pad.submit('1234', prompt));
    const asked = watched(pad.enterPin(promptOf().prompt));
    await settleDown();
    expect([asked.value, pad.view.getSnapshot().phase]).toEqual(['1234', 'checking']);
  });
});

test('what was given is not reachable from the pad, nor from its prompt, while it is checked', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { pad, view } = padded();
  const { prompt } = promptOf();
  // The promise holds the PIN; a text itself cannot be watched.
  const given = (() => {
    const promise = pad.enterPin(prompt);
    pad.submit('47110815', prompt);
    return new WeakRef(promise);
  })();
  for (let round = 0; round < 10 && given.deref(); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
  expect([given.deref(), view().phase, prompt.signal.aborted]).toEqual([undefined, 'checking', false]);
});
