import { createPinPad, type PinPrompt } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, failed, GRANT, OTP, settleDown, stage, surfaced, watched } from '../lifecycle/support.js';

/* Prompts, and what is typed into them: the field cases 22 to 26, 28 and 30, and their neighbours. */

function padded() {
  const pad = createPinPad();
  const app = stage({ enterPin: pad.enterPin });
  const shown = () => pad.view.getSnapshot();
  return { ...app, pad, shown };
}

describe('22. a dialog that tells late that it was closed', () => {
  test('wrong PIN, the library calls onClose after the retry has opened: the retry stays', async () => {
    const { challenged, pad, shown, answer } = padded();
    const call = await challenged();
    const first = shown().prompt;
    pad.submit('1111', first);
    await settleDown();
    expect(shown()).toMatchObject({ phase: 'checking', isOpen: false, prompt: first });
    await answer(failed(2308));
    expect(shown()).toMatchObject({ phase: 'asking', prompt: { attempt: 2, reason: 'pinRejected' } });
    pad.cancel(first); // 150 ms late
    await settleDown();
    expect([shown().phase, call.fate]).toEqual(['asking', 'pending']);
  });

  test('from asking to checking to asking there is no closed view in between', async () => {
    const { challenged, pad, answer } = padded();
    const phases: string[] = [];
    pad.view.subscribe(({ phase }) => phases.push(phase));
    await challenged();
    pad.submit('1111');
    await settleDown();
    await answer(failed(2308));
    pad.submit('1234');
    await settleDown();
    await answer(GRANT);
    expect(phases).toEqual(['asking', 'checking', 'asking', 'checking', 'closed']);
  });

  test.each<[string, (app: ReturnType<typeof padded>) => unknown]>([
    ['denied', ({ answer }) => answer(failed(2310))],
    ['cancelled', ({ strongAuth }) => strongAuth.cancel()],
    ['timed out', ({ pass }) => pass(30_000)],
    ['reset', ({ strongAuth }) => strongAuth.reset()],
    ['disposed of', ({ strongAuth }) => strongAuth.dispose()],
  ])('checking ends when the wave is %s', async (_, end) => {
    const app = padded();
    await app.challenged();
    app.pad.submit('1234');
    await settleDown();
    await end(app);
    await settleDown();
    expect(app.shown()).toEqual({ phase: 'closed', isOpen: false });
  });
});

test('23. cancel in an alert left over from an ended wave: the new wave goes on', async () => {
  const { challenged, pad, shown, strongAuth } = padded();
  await challenged();
  const left = shown().prompt;
  strongAuth.cancel();
  const call = await challenged();
  pad.cancel(left);
  await settleDown();
  expect([call.fate, shown().phase]).toEqual(['pending', 'asking']);
});

test('24. a leftover dialog of account A submits after the switch to B: nothing is sent for B', async () => {
  const pad = createPinPad();
  const [a, b] = [stage({ enterPin: pad.enterPin }), stage({ enterPin: pad.enterPin })];
  await a.challenged();
  const ofA = pad.view.getSnapshot().prompt as PinPrompt;
  a.strongAuth.dispose();
  await b.challenged();
  pad.submit('1234', ofA);
  await settleDown();
  expect([a, b].map(({ requestsOf }) => requestsOf(OTP).length)).toEqual([0, 0]);
  expect(pad.view.getSnapshot().phase).toBe('asking');
});

test('24. the same within one client, after reset()', async () => {
  const { challenged, pad, shown, strongAuth, requestsOf } = padded();
  await challenged();
  const ofA = shown().prompt;
  strongAuth.reset();
  await challenged();
  pad.submit('1234', ofA);
  await settleDown();
  expect(requestsOf(OTP)).toHaveLength(0);
});

test('25. a second tap on a pad that has opened again: one attempt is spent', async () => {
  const { challenged, pad, shown, answer, requestsOf } = padded();
  await challenged();
  const first = shown().prompt;
  pad.submit('1111', first);
  pad.submit('1111', first);
  await settleDown();
  await answer(failed(2308));
  pad.submit('1111', first);
  await settleDown();
  expect([requestsOf(OTP).length, shown().prompt?.attempt]).toEqual([1, 2]);
});

test.each(['', ' ', '\t\n', '\u200e', '\u00a0'])(
  '26. Enter on an empty field (%o): nobody has declined',
  async (typed) => {
    const { challenged, pad, shown, requestsOf } = padded();
    const call = await challenged();
    pad.submit(typed);
    await settleDown();
    expect([call.fate, shown().phase, requestsOf(OTP).length]).toEqual(['pending', 'asking', 0]);
  },
);

test('a button that gives its event to cancel declines', async () => {
  const { challenged, pad } = padded();
  const call = await challenged();
  (pad.cancel as (event: unknown) => void)(new Event('click'));
  await settleDown();
  expect(call.fate).toBe('CANCELLED');
});

describe('28. what a keyboard makes of 1234', () => {
  test.each([
    ['1234 '],
    ['\u200e1234'],
    ['١٢٣٤'],
    ['۱۲۳۴'],
    ['１２３４'],
    ['१२३४'],
    ['\u202a1234\u202c'],
    ['\u00a01234\ufeff'],
    ['𝟏𝟐𝟑𝟒'],
    ['1\u200b2\u200b3\u200b4'],
    ['1٢۳４'],
  ])('%o', async (typed) => {
    const { challenged, pad, requestsOf } = padded();
    await challenged();
    pad.submit(typed);
    await settleDown();
    expect(requestsOf(OTP)[0]?.request.parameters?.pinCode).toBe('1234');
  });

  test.each([['12 34'], ['1234a'], ['①②③④'], ['一二三四'], ['12.34']])('%o is no PIN', async (typed) => {
    const { challenged, pad, shown, requestsOf } = padded();
    await challenged();
    pad.submit(typed);
    await settleDown();
    expect([requestsOf(OTP).length, shown().prompt?.reason]).toEqual([0, 'pinMalformed']);
  });

  test('leading zeros survive; a pad may read otherwise', async () => {
    const pad = createPinPad({ normalize: (typed) => typed.replaceAll('-', '') });
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    pad.submit('0-0-1-2');
    await settleDown();
    expect(app.requestsOf(OTP)[0]?.request.parameters?.pinCode).toBe('0012');
  });

  test('a normalize that throws surfaces, and what was typed is judged as it is', async () => {
    const pad = createPinPad({
      normalize: () => {
        throw new Error('normalize');
      },
    });
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    expect(await surfaced(() => pad.submit('1234'))).toMatchObject({ message: 'normalize' });
    expect(app.requestsOf(OTP)).toHaveLength(1);
  });
});

describe('30. how the PIN entry failed', () => {
  test('it throws: why, and the error surfaces', async () => {
    const error = new RangeError('no screen');
    const app = stage({ enterPin: () => Promise.reject(error) });
    const call = watched(app.strongAuth.get('x'));
    expect(await surfaced(() => app.answer(CHALLENGE))).toBe(error);
    expect(call.error).toMatchObject({
      code: 'PIN_ENTRY_FAILED',
      remedy: 'retry',
      details: { why: 'threw' },
    });
  });

  test.each([[1234], [true], [['1234']], [{ pin: '1234' }], [Symbol('1234')]])(
    'it answers %o: notAString',
    async (answer) => {
      const app = stage({ enterPin: async () => answer as never });
      const call = await app.challenged();
      expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'notAString' } });
      expect(app.requestsOf(OTP)).toHaveLength(0);
    },
  );

  test('it answers ten digits, again and again: malformed', async () => {
    let asked = 0;
    const app = stage({
      enterPin: async () => {
        asked += 1;
        return '1234567890';
      },
    });
    const call = await app.challenged();
    await settleDown(60);
    expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'malformed' } });
    expect([asked, app.requestsOf(OTP).length]).toEqual([5, 0]);
  });
});
