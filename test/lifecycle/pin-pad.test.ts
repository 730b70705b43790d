import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPinPad, type PinPad, type PinPadView, type PinPrompt } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { reactive, shallowReactive } from 'vue';
import { readDigits } from '../../src/client/pin-digits.js';
import { createStore, Listeners } from '../../src/client/store.js';
import { CHALLENGE, failed, OTP, settleDown, stage, succeeded, surfaced, watched } from './support.js';

/* The pad by itself, with prompts made by hand. What it does with a client is in test/field/prompts.test.ts. */

type Reason = PinPrompt['reason'];

/** A prompt as a client makes it, whose end the test decides. */
function promptOf(reason: Reason = 'strongAuthNeeded', attempt = 1) {
  const controller = new AbortController();
  let judge = () => {};
  const judged = new Promise<void>((resolve) => {
    judge = resolve;
  });
  const { signal } = controller;
  const prompt: PinPrompt = { attempt, attemptsLeft: 3 - attempt, reason, calls: [], signal, judged };
  return {
    prompt,
    abort: () => controller.abort(),
    async judge() {
      judge();
      await settleDown();
    },
  };
}

/** A prompt of a host that knows nothing of judgements. */
function unjudged(): PinPrompt {
  const { judged: _, ...prompt } = promptOf().prompt;
  return prompt as PinPrompt;
}

/** A pad, and what it has shown. */
function padded(options?: Parameters<typeof createPinPad>[0]) {
  const pad = createPinPad(options);
  const shown: string[] = [];
  const told: PinPadView[] = [];
  pad.view.subscribe((view) => {
    shown.push(view.phase);
    told.push(view);
  });
  const ask = (prompt: PinPrompt) => watched(pad.enterPin(prompt));
  return { pad, ask, shown, told, view: () => pad.view.getSnapshot() };
}

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

describe('26. Enter on an empty field: nobody has declined', () => {
  test.each([
    [''],
    ['   '],
    ['\r\n'],
    ['\u3000'],
    ['\ufeff'],
    ['\u2066\u2069'],
    ['\u200b \u200b'],
    [undefined],
    [null],
  ])('%o', async (typed) => {
    const { pad, ask, view } = padded();
    const asked = ask(promptOf().prompt);
    pad.submit(typed as never);
    await settleDown();
    expect([asked.fate, view().phase]).toEqual(['pending', 'asking']);
    pad.submit('1234');
    await settleDown();
    expect(asked.value).toBe('1234');
  });

  test('what a normalize of your own makes empty is empty too', async () => {
    const { pad, ask } = padded({ normalize: (typed) => typed.replaceAll('-', '') });
    const asked = ask(promptOf().prompt);
    pad.submit('----');
    await settleDown();
    expect(asked.fate).toBe('pending');
  });

  test('what is no string is refused by the client, and hangs nothing', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    const call = await app.challenged();
    pad.submit(1234 as never);
    await settleDown();
    expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'notAString' } });
    expect([app.requestsOf(OTP).length, pad.view.getSnapshot().phase]).toEqual([0, 'closed']);
  });
});

describe('28. what a keyboard makes of 1234', () => {
  /** Every decimal digit that this engine knows, by its code point. */
  const digits = Array.from({ length: 0x110000 }, (_, point) => point).filter((point) =>
    /\p{Nd}/u.test(String.fromCodePoint(point)),
  );

  // A newer engine may know more scripts than the table.
  const isKnown = Number.parseFloat(process.versions.unicode ?? '') <= 17;
  test.runIf(isKnown)('every decimal digit of Unicode is the digit it stands for', () => {
    expect(digits.length).toBeGreaterThan(600);
    // Each script has its ten in one row, and rows begin anywhere; those of mathematics follow each other.
    const known = new Set(digits);
    const wrong = digits.filter((point) => {
      let first = point;
      while (known.has(first - 1)) first -= 1;
      return readDigits(String.fromCodePoint(point)) !== String((point - first) % 10);
    });
    expect(wrong).toEqual([]);
  });

  test('and nothing else is: what this engine knows as something else stays, or goes if nobody sees it', () => {
    const kept = Array.from({ length: 0x110000 }, (_, point) => point).filter((point) => {
      const character = String.fromCodePoint(point);
      return readDigits(`1${character}1`) !== `1${character}1` && !/[\p{Nd}\p{Cn}]/u.test(character);
    });
    const invisible = kept.map((point) => point.toString(16));
    expect(invisible).toEqual([
      'ad',
      '61c',
      ...['200b', '200c', '200d', '200e', '200f'],
      ...['202a', '202b', '202c', '202d', '202e'],
      ...['2060', '2061', '2062', '2063', '2064', '2066', '2067', '2068', '2069'],
      'feff',
    ]);
  });

  test.each([
    ['\t1234\r\n', '1234'],
    ['\u3000１２３４\u3000', '1234'],
    ['\u2067۱۲۳۴\u2069', '1234'],
    ['\u061c٠٠٧٨', '0078'],
    ['\u200f 1234 \u200f', '1234'],
    ['༡༢༣༤', '1234'],
    ['᠑᠒᠓᠔', '1234'],
    ['𞥑𞥒𞥓𞥔', '1234'],
    ['𝟘𝟙𝟚𝟛', '0123'],
    ['0000', '0000'],
  ])('%o is %o', (typed, pin) => {
    expect(readDigits(typed)).toBe(pin);
  });

  test.each([
    ['12 34'],
    ['1\u00a0234'],
    ['12-34'],
    ['¹²³⁴'],
    ['ⅠⅡⅢⅣ'],
    ['1️⃣2️⃣'],
    ['\ud835'],
    ['-1234'],
    ['1e3'],
    ['०x१२'],
  ])('%o is no PIN afterwards either', (typed) => {
    expect(readDigits(typed)).not.toMatch(/^\d{4,8}$/);
  });

  test('no trace of it stays in the patterns of the engine', () => {
    /(?:)/.test('before');
    readDigits('\u200e 4711 \u200e');
    expect(`${RegExp.input}${RegExp.lastMatch}${RegExp.leftContext}${RegExp.rightContext}`).not.toContain(
      '4711',
    );
  });
});

describe('a normalize of your own', () => {
  test.each<[string, () => unknown, string | RegExp]>([
    [
      'throws',
      () => {
        throw new RangeError('not today');
      },
      'not today',
    ],
    ['answers a number', () => 1234, /must answer with a string/],
    ['answers nothing', () => undefined, /must answer with a string/],
    ['answers a promise', () => Promise.resolve('1234'), /must answer with a string/],
  ])('%s: that surfaces, and what was typed is passed on', async (_, normalize, message) => {
    const { pad, ask } = padded({ normalize: normalize as never });
    const asked = ask(promptOf().prompt);
    const error = await surfaced(() => pad.submit(' 1234'));
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(asked.value).toBe(' 1234');
  });

  test('may answer the pad itself: the first answer counts', async () => {
    const pad: PinPad = createPinPad({
      normalize(typed) {
        pad.cancel();
        return typed;
      },
    });
    const asked = watched(pad.enterPin(promptOf().prompt));
    pad.submit('1234');
    await settleDown();
    expect([asked.value, pad.view.getSnapshot().phase]).toEqual([null, 'closed']);
  });

  test('is not asked where there is nothing to read', () => {
    const read: string[] = [];
    const pad = createPinPad({ normalize: (typed) => `${read.push(typed)}` });
    const { prompt } = promptOf();
    pad.submit('1234');
    pad.submit('1234', prompt);
    pad.submit(undefined as never);
    expect(read).toEqual([]);
  });
});

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

  test('one that is asked twice is answered twice', async () => {
    const { pad, ask, view } = padded();
    const { prompt, judge } = promptOf();
    const asked = [ask(prompt), ask(prompt)];
    pad.submit('1111', prompt);
    pad.submit('2222', prompt);
    await judge();
    expect([asked.map(({ value }) => value), view().phase]).toEqual([['1111', '2222'], 'closed']);
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

test('29. a malformed PIN: the prompt says so, no attempt is spent, and nothing is sent', async () => {
  const pad = createPinPad();
  const app = stage({ enterPin: pad.enterPin });
  await app.challenged();
  const seen: unknown[] = [];
  for (const typed of ['12', '123456789', 'abcd', '12 34']) {
    pad.submit(typed);
    await settleDown();
    const { phase, prompt } = pad.view.getSnapshot();
    seen.push([phase, prompt?.reason, prompt?.attempt, prompt?.attemptsLeft]);
  }
  expect(seen).toEqual(Array(4).fill(['asking', 'pinMalformed', 1, 2]));
  pad.submit('1234');
  await settleDown();
  await app.answer(succeeded({ otp: 'o' }));
  expect([app.requestsOf(OTP).length, pad.view.getSnapshot().phase]).toEqual([1, 'closed']);
});

test('29. a wrong PIN and a malformed one are told apart, in either order', async () => {
  const pad = createPinPad();
  const app = stage({ enterPin: pad.enterPin });
  await app.challenged();
  const reasons: unknown[] = [];
  pad.view.subscribe(({ phase, prompt }) => phase === 'asking' && reasons.push(prompt?.reason));
  pad.submit('12');
  await settleDown();
  pad.submit('1111');
  await settleDown();
  await app.answer(failed(2308));
  pad.submit('');
  pad.submit('x');
  await settleDown();
  expect(reasons).toEqual(['pinMalformed', 'pinRejected', 'pinMalformed']);
  await app.answer(CHALLENGE); // the OTP request was answered: this one comes too late for anything
});

describe('43. the view as an observable', () => {
  /** A store with its listeners. */
  function observed() {
    const listeners = new Listeners<number>();
    let value = 1;
    const store = createStore({ getSnapshot: () => value, subscribe: (listener) => listeners.add(listener) });
    const change = (next: number) => {
      value = next;
      listeners.notify(next);
    };
    const interop = (
      store as unknown as Record<
        '@@observable',
        () => { subscribe(observer: unknown): { unsubscribe(): void } }
      >
    )['@@observable']();
    return { interop, change, listeners };
  }

  test("takes a plain function, as Solid's from() gives one", () => {
    const { interop, change, listeners } = observed();
    const told: number[] = [];
    const { unsubscribe } = interop.subscribe((value: number) => told.push(value));
    change(2);
    unsubscribe();
    change(3);
    expect([told, listeners.isEmpty]).toEqual([[1, 2], true]);
  });

  test.each<[string, unknown]>([
    ['an observer without next', { complete() {} }],
    ['an empty one', {}],
    ['nothing', undefined],
    ['null', null],
  ])('takes %s', (_, observer) => {
    const { interop, change } = observed();
    const { unsubscribe } = interop.subscribe(observer);
    change(2);
    unsubscribe();
  });

  test('calls next on the observer, also one that it is given later', () => {
    const { interop, change } = observed();
    const observer = {
      told: [] as number[],
      next: undefined as ((this: { told: number[] }, value: number) => void) | undefined,
    };
    interop.subscribe(observer);
    observer.next = function (value) {
      this.told.push(value);
    };
    change(2);
    expect(observer.told).toEqual([2]);
  });

  test.each<[string, (fail: () => never) => unknown]>([
    ['a next', (fail) => ({ next: fail })],
    ['a function', (fail) => fail],
    [
      'an observer whose next cannot be read',
      (fail) => ({
        get next() {
          return fail();
        },
      }),
    ],
  ])('%s that throws disturbs nobody, at the first word and later', async (_, observerOf) => {
    const { interop, change } = observed();
    const error = new Error('observer');
    const observer = observerOf(() => {
      throw error;
    });
    expect(await surfaced(() => interop.subscribe(observer))).toBe(error);
    expect(await surfaced(() => change(2))).toBe(error);
  });

  test('of a pad tells its phases', async () => {
    const pad = createPinPad();
    const phases: string[] = [];
    const view$ = pad.view as unknown as Record<'@@observable', () => { subscribe(next: unknown): unknown }>;
    view$['@@observable']().subscribe(({ phase }: PinPadView) => phases.push(phase));
    const { prompt, judge } = promptOf();
    void pad.enterPin(prompt);
    pad.submit('1234');
    await judge();
    expect(phases).toEqual(['closed', 'asking', 'checking', 'closed']);
  });
});
