import { isApiError, isStrongAuthError } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { COMMAND, challenge, failed, settleDown, stage, succeeded, watch } from './support.js';

/** Has one command answered by `message`, grants what is asked, and lets the replay succeed. */
async function story(app: ReturnType<typeof stage>) {
  expect(app.prompts).toHaveLength(1);
  await app.grant();
  expect(app.commands).toHaveLength(2);
  await app.answerCommand(succeeded({ ok: true }));
  expect(app.prompts).toHaveLength(1);
  expect(app.otps).toHaveLength(1);
}

describe('1. A challenge as a resolved FAILED envelope and as a thrown error is detected once', () => {
  test('resolved', async () => {
    const app = stage();
    const call = await app.command();
    await app.answer(challenge());
    await story(app);
    expect(call).toMatchObject({ fate: 'resolved', value: { ok: true }, settlements: 1 });
    expect(app.status).toBe('done');
  });

  test.each([
    ['an envelope', challenge()],
    ['an object with the error of one', { error: { code: 2302 } }],
    ['an Error that carries the error of one', Object.assign(new Error('x'), { error: { code: '2302' } })],
    ['an Error that carries the whole envelope', Object.assign(new Error('x'), challenge())],
  ])('thrown: %s', async (_, thrown) => {
    const app = stage();
    const call = await app.command();
    await app.fail(thrown);
    await story(app);
    expect(call).toMatchObject({ fate: 'resolved', settlements: 1 });
  });

  test('thrown synchronously', async () => {
    let sent = 0;
    const app = stage({
      transport: {
        send: ({ api }) => {
          if (api !== COMMAND) return Promise.resolve(succeeded({ otp: '1' }));
          sent += 1;
          if (sent === 1) throw challenge();
          return Promise.resolve(succeeded({ ok: true }));
        },
      },
    });
    const call = await app.command();
    expect(app.prompts).toHaveLength(1);
    await app.type('1234');
    expect(call).toMatchObject({ fate: 'resolved', value: { ok: true } });
    expect(sent).toBe(2);
  });

  test.each([
    ['a DOMException-like error', Object.assign(new Error('x'), { code: 2302 })],
    ['a bare object', { code: 2302 }],
    ['a bare number', 2302],
  ])('but a bare code is no challenge: %s', async (_, thrown) => {
    const app = stage();
    const call = await app.command();
    await app.fail(thrown);
    expect(call.fate).toBe('TRANSPORT_FAILED');
    expect(app.prompts).toHaveLength(0);
    expect((call.error as { cause?: unknown }).cause).toBe(thrown);
  });

  test('resolved with a bare error object, without a status, is no message', async () => {
    const app = stage();
    const call = await app.command();
    await app.answer({ error: { code: 2302 } });
    expect(call.fate).toBe('PROTOCOL');
    expect(app.prompts).toHaveLength(0);
  });

  test('a FAILED envelope with 2302 and a result beside it is still a challenge', async () => {
    const app = stage();
    await app.command();
    await app.answer({ ...challenge(), result: {} });
    expect(app.prompts).toHaveLength(1);
  });

  test('SUCCEEDED whose result mentions 2302 is none', async () => {
    const app = stage();
    const call = await app.command();
    await app.answer(succeeded({ error: { code: 2302 }, code: 2302 }));
    expect(call.fate).toBe('resolved');
    expect(app.prompts).toHaveLength(0);
  });
});

describe('2. The code as "2302" or as 2302 has the same outcome', () => {
  test.each([2302, '2302', ' 2302 '])('%j on a call', async (code) => {
    const app = stage();
    const call = await app.command();
    await app.answer(failed(code));
    await story(app);
    expect(call.fate).toBe('resolved');
  });

  test.each([
    [2308, '2308', 'PIN_REJECTED'],
    [2310, '2310', 'ACCOUNT_BLOCKED'],
    [2202, '2202', 'OFFLINE'],
  ])('%j and %j on the OTP: %s', async (number, text, code) => {
    for (const given of [number, text]) {
      const app = stage({ policy: { maxPinAttempts: 1 } });
      const call = await app.challenged();
      await app.type('1234');
      await app.answerOtp(failed(given));
      expect(call.fate).toBe(code);
      expect((call.error as { details: unknown }).details).toMatchObject({ otpCode: number });
    }
  });

  test('a numeric string of another code reaches the caller as a number', async () => {
    const app = stage();
    const call = await app.command();
    await app.answer(failed('2205', 'CEA'));
    expect(call.error).toMatchObject({ code: 2205, label: 'CEA', verb: 'set', api: COMMAND });
  });

  test('a code that is no number is kept as it is', async () => {
    const app = stage();
    const call = await app.command();
    await app.answer(failed('E_2302'));
    expect(call.error).toMatchObject({ code: 'E_2302' });
    expect(app.prompts).toHaveLength(0);
  });
});

describe('3. A permission-type refusal that looks like auth: no prompt, no loop', () => {
  test.each([401, 403, 2313, 2314, 2317, 2321, 2308, 23020, '02302x', 'Need Strong Authentication'])(
    '%j passes through',
    async (code) => {
      const app = stage();
      const call = await app.command();
      await app.answer(failed(code, 'Need Strong Authentication'));
      expect(isApiError(call.error)).toBe(true);
      expect(app.prompts).toHaveLength(0);
      expect(app.commands).toHaveLength(1);
      expect(app.status).toBe('done');
    },
  );
});

test('4. 2302 is not reported as session loss or logout', async () => {
  const app = stage();
  const call = await app.challenged();
  await app.type(null);
  expect(isStrongAuthError(call.error)).toBe(true);
  expect(call.error).toMatchObject({ code: 'CANCELLED', remedy: 'retry' });
  expect(app.view.failure).toEqual({ code: 'CANCELLED', remedy: 'retry' });

  const next = await app.challenged();
  await app.type('1234');
  await app.answerOtp(failed(2302));
  expect(next.error).toMatchObject({ code: 'OTP_REFUSED' });
  expect((next.error as { remedy: string }).remedy).not.toBe('signIn');
});

describe('5. An injected classifier throws: the caller gets the original error, the machine rests, the next call works', () => {
  test('on a call', async () => {
    let throws = true;
    const app = stage({
      classify: {
        call: () => {
          if (throws) throw new Error('my classifier is broken');
          return 'pass';
        },
      },
    });
    const call = await app.command();
    await app.answer(failed(2205, 'the original'));
    expect(call.error).toMatchObject({ code: 2205, label: 'the original' });
    expect(app.status).toBe('done');

    const challenged = await app.command();
    await app.answer(challenge());
    expect(challenged.error).toMatchObject({ code: 2302, label: 'Need Strong Authentication' });
    expect(isApiError(challenged.error)).toBe(true);
    expect(app.prompts).toHaveLength(0);
    expect(app.status).toBe('done');

    throws = false;
    const next = await app.command();
    await app.answer(succeeded({ n: 1 }));
    expect(next.value).toEqual({ n: 1 });
  });

  test('on a SUCCEEDED: the caller gets the result', async () => {
    const app = stage({
      classify: {
        call: () => {
          throw new Error('broken');
        },
      },
    });
    const call = await app.command();
    await app.answer(succeeded({ n: 1 }));
    expect(call.value).toEqual({ n: 1 });
  });

  test.each([
    [succeeded({ otp: '1' }), 'resolved'],
    [failed(2310), 'ACCOUNT_BLOCKED'],
  ])('on the OTP: the default classification', async (message, fate) => {
    const app = stage({
      classify: {
        otp: () => {
          throw new Error('broken');
        },
      },
    });
    const call = await app.challenged();
    await app.type('1234');
    await app.answerOtp(message);
    if (fate === 'resolved') await app.answerCommand();
    expect(call.fate).toBe(fate);
  });

  test('a classifier that answers nonsense is as if it were not there', async () => {
    const app = stage({ classify: { call: () => 'maybe' as never, otp: () => ({ denied: 'NO' }) as never } });
    const call = await app.challenged();
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });
});

describe('6. The classifier inspects a one-shot body: no crash, the caller can still read it', () => {
  test('a result that can be read once is left for the caller', async () => {
    let reads = 0;
    const body = {
      read: () => {
        reads += 1;
        if (reads > 1) throw new TypeError('body used already');
        return 'content';
      },
    };
    const app = stage();
    const call = await app.command();
    await app.answer(succeeded(body));
    expect(reads).toBe(0);
    expect((call.value as typeof body).read()).toBe('content');
  });

  test('a body that is not JSON is passed on as the object it is', async () => {
    const circular: Record<string, unknown> = { big: 1n, when: new Date(0), bytes: new Uint8Array([1]) };
    circular.self = circular;
    const app = stage({ classify: { call: (message) => (message.status === 'FAILED' ? 'pass' : 'pass') } });
    const call = await app.command();
    await app.answer(succeeded(circular));
    expect(call.value).toBe(circular);
  });

  test('a classifier that spends the body and throws costs the caller nothing but what it spent', async () => {
    const app = stage({
      classify: {
        call: (message) => {
          JSON.parse((message as { result?: string }).result ?? '');
          return 'pass';
        },
      },
    });
    const call = await app.command();
    await app.answer(succeeded('<html>not json</html>'));
    expect(call).toMatchObject({ fate: 'resolved', value: '<html>not json</html>' });
  });

  test.each([
    [
      'a getter that throws',
      {
        get status() {
          throw new Error('hostile');
        },
      },
    ],
    ['text', 'SUCCEEDED'],
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['an unknown status', { status: 'PENDING' }],
    ['the misspelt status of the 2022 pages', { status: 'SUCEEDED' }],
    ['FAILED without an error', { status: 'FAILED' }],
    ['FAILED whose error is text', { status: 'FAILED', error: 'broken' }],
    ['a RESULT to a set', { status: 'RESULT', result: {} }],
  ])('nonsense is PROTOCOL: %s', async (_, message) => {
    const app = stage();
    const call = await app.command();
    await app.answer(message);
    expect(call.error).toMatchObject({ code: 'PROTOCOL', details: { sent: true } });
    expect(app.prompts).toHaveLength(0);
    expect(app.status).toBe('done');
  });
});

describe('7. 2301, and 2312/2317 returned by the call itself, are passed through', () => {
  test.each([2301, 2308, 2309, 2310, 2311, 2312, 2313, 2314, 2315, 2316, 2317])(
    '%d on a call',
    async (code) => {
      const app = stage();
      const call = await app.command();
      await app.answer(failed(code));
      expect(isApiError(call.error)).toBe(true);
      expect(call.error).toMatchObject({ code, category: 'pims' });
      expect(app.prompts).toHaveLength(0);
      expect(app.otps).toHaveLength(0);
      expect(app.status).toBe('done');
    },
  );

  test.each([2301, 2308, 2310, 2312, 2316, 2317])('%d on a replay', async (code) => {
    const app = stage();
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand(failed(code));
    expect(isApiError(call.error)).toBe(true);
    expect(call.error).toMatchObject({ code });
    expect(app.otps).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test('2310 on a call does not make the account blocked: the next challenge prompts', async () => {
    const app = stage();
    await app.command();
    await app.answer(failed(2310));
    await app.challenged();
    expect(app.prompts).toHaveLength(1);
  });

  test("the app's own OTP calls pass through, 2302 included, and never wait", async () => {
    const app = stage();
    const waiting = await app.challenged();
    const own = watch(app.strongAuth.get('pims.authentication.otp', { action: 'withPIN', pinCode: '1111' }));
    await settleDown();
    expect(app.otps).toHaveLength(1);
    await app.answerOtp(challenge());
    expect(own.error).toMatchObject({ code: 2302 });
    expect(isApiError(own.error)).toBe(true);
    expect(app.prompts).toHaveLength(1);
    expect(waiting.fate).toBe('pending');
  });
});

describe('classify', () => {
  test('decides what is a challenge', async () => {
    const app = stage({
      classify: {
        call: (message, { api }) =>
          message.status === 'FAILED' && message.error.code === 401 && api === COMMAND ? 'challenge' : 'pass',
      },
    });
    const stepUp = await app.command();
    await app.answer(failed(401));
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    await app.answerCommand();
    expect(stepUp.fate).toBe('resolved');

    const passed = await app.command();
    await app.answer(challenge());
    expect(passed.error).toMatchObject({ code: 2302 });
    expect(app.prompts).toHaveLength(1);
  });

  test.each([
    ['granted' as const, 'resolved'],
    ['pinRejected' as const, 'PIN_REJECTED'],
    [{ denied: 'SIGN_IN_REQUIRED' } as const, 'SIGN_IN_REQUIRED'],
    [{ denied: 'ACCOUNT_BLOCKED' } as const, 'ACCOUNT_BLOCKED'],
  ])('decides what the OTP answer means: %j', async (verdict, fate) => {
    const app = stage({ classify: { otp: () => verdict }, policy: { maxPinAttempts: 1 } });
    const call = await app.challenged();
    await app.type('1234');
    await app.answerOtp(failed(9999));
    if (fate === 'resolved') await app.answerCommand();
    expect(call.fate).toBe(fate);
  });

  test('resetNeeded by classify is one retry, like 2312', async () => {
    const app = stage({
      classify: { otp: ({ status }) => (status === 'FAILED' ? 'resetNeeded' : 'granted') },
    });
    await app.challenged();
    await app.type('1234');
    await app.answerOtp(failed(7));
    expect(app.otps.map(({ request }) => request.parameters)).toEqual([
      { action: 'withPIN', pinCode: '1234' },
      { action: 'withPIN', pinCode: '1234', resetStep: true },
    ]);
    expect(app.prompts).toHaveLength(1);
  });

  test('pinMalformed by classify asks again without spending an attempt', async () => {
    const app = stage({ classify: { otp: () => 'pinMalformed' } });
    await app.challenged();
    await app.type('1234');
    await app.answerOtp(failed(7));
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
  });
});
