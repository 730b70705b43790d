import { createPinPad, type PinPad } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { readDigits } from '../../src/client/pin-digits.js';
import { padded, promptOf } from './prompts-by-hand.js';
import { CHALLENGE, failed, OTP, settleDown, stage, succeeded, surfaced, watched } from './support.js';

/* What a pad makes of what was typed, and what a client makes of that. */

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
