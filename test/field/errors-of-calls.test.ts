import { StrongAuthError, type StrongAuthErrorCode } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { type App, collectSurfaced, expectRest, trap } from './support.js';

/* What an error says of its call: neighbours of the field cases 44 to 46, which are in errors.test.ts. */

collectSurfaced();

describe('44. whatever ends a call, its error names it', () => {
  const named = { verb: 'set', api: COMMAND, action: 'horn' };
  const horn = (app: App, options?: object) =>
    watched(app.strongAuth.set(COMMAND, { action: 'horn' }, options));
  const ends: [string, (app: App) => unknown][] = [
    [
      'INTERACTION_REQUIRED',
      async (app) => {
        const call = horn(app, { interactive: false });
        await app.answer(CHALLENGE);
        return call;
      },
    ],
    [
      'QUEUE_FULL',
      async (app) => {
        await app.challenged();
        const call = horn(app);
        await app.answer(CHALLENGE);
        return call;
      },
    ],
    [
      'STALE',
      async (app) => {
        const call = horn(app, { maxAgeMs: 1 });
        await app.pass(2);
        await app.answer(CHALLENGE);
        return call;
      },
    ],
    [
      'REPLAY_DECLINED',
      async (app) => {
        const call = horn(app, { replay: 'never' });
        await app.answer(CHALLENGE);
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        return call;
      },
    ],
    [
      'STILL_CHALLENGED',
      async (app) => {
        const call = horn(app);
        await app.answer(CHALLENGE);
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.answer(CHALLENGE);
        return call;
      },
    ],
    [
      'TIMED_OUT',
      async (app) => {
        const call = horn(app);
        await app.pass(60_000);
        return call;
      },
    ],
    [
      'SIGNED_OUT',
      async (app) => {
        const call = horn(app);
        app.strongAuth.reset();
        await settleDown();
        return call;
      },
    ],
    [
      'PROTOCOL',
      async (app) => {
        const call = horn(app);
        await app.answer({ status: 'FAILED' });
        return call;
      },
    ],
  ];
  test.each(ends)('%s', async (code, end) => {
    const app = stage({ policy: { maxWaiting: 1 } });
    const { error } = (await end(app)) as { error: Error };
    expect(error).toMatchObject({ code, ...named });
    expect(error.message).toContain(`set ${COMMAND} (horn)`);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject(named);
  });

  test('of an unsubscribe and a subscribe, too', async () => {
    const app = stage();
    const calls = [
      watched(app.strongAuth.subscribe('x', { action: 'listen' }, () => {})),
      watched(app.strongAuth.send({ verb: 'unsubscribe', api: 'x' })),
    ];
    await app.fail(new Error('cable'));
    expect(calls.map(({ error }) => error)).toMatchObject([
      { verb: 'subscribe', api: 'x', action: 'listen' },
      { verb: 'unsubscribe', api: 'x' },
    ]);
    expect(calls[1]?.error).not.toHaveProperty('action');
  });

  test('an action that throws when it is read names nothing, and ends nothing else', async () => {
    class Command {
      get action() {
        return trap();
      }
    }
    const app = stage();
    const call = watched(app.strongAuth.set('x', new Command() as never));
    await app.fail(new Error('cable'));
    expect((call.error as Error).message).toMatch(/^set x: /);
    const waiting = watched(app.strongAuth.set('x', new Command() as never));
    await app.answer(CHALLENGE);
    expect(app.user.prompts[0]?.prompt.calls).toEqual([{ verb: 'set', api: 'x' }]);
    expect(app.strongAuth.explain().calls).toMatchObject([{ verb: 'set', api: 'x' }]);
    app.strongAuth.cancel();
    await settleDown();
    expect(waiting.fate).toBe('CANCELLED');
    await expectRest(app);
  });

  test('nothing else of the parameters is in it', async () => {
    const app = stage();
    const parameters = { action: 'horn', vin: 'VF3-SECRET', nested: { pin: '4711' } };
    const call = watched(app.strongAuth.set('x', parameters, { label: 'Horn of my car' }));
    await app.answer(failed(2204));
    const { error } = call as { error: Error };
    expect(JSON.stringify(error) + error.message + error.stack).not.toMatch(/SECRET|4711/);
  });
});

describe('what an error says to developers', () => {
  const codes: Readonly<Record<StrongAuthErrorCode, true>> = {
    ...{ CANCELLED: true, PIN_REJECTED: true, PIN_ENTRY_FAILED: true, PIN_ENTRY_TIMED_OUT: true },
    ...{ AUTHENTICATION_FAILED: true, AUTHENTICATION_TIMED_OUT: true, ACCOUNT_BLOCKED: true },
    ...{ DEVICE_UNKNOWN: true, FORBIDDEN: true, OTP_REFUSED: true, SIGN_IN_REQUIRED: true, OFFLINE: true },
    ...{
      OUTCOME_UNKNOWN: true,
      OTP_BUDGET_SPENT: true,
      THROTTLED: true,
      STILL_CHALLENGED: true,
      STALE: true,
    },
    ...{ REPLAY_DECLINED: true, INTERACTION_REQUIRED: true, QUEUE_FULL: true, TIMED_OUT: true },
    ...{ TRANSPORT_FAILED: true, PROTOCOL: true, SIGNED_OUT: true, DISPOSED: true },
  };
  const texts = Object.keys(codes).map(
    (code) => new StrongAuthError(code as StrongAuthErrorCode, {} as never).message,
  );

  test('the message of every code is a sentence of its own with the code behind it', () => {
    for (const [index, code] of Object.keys(codes).entries())
      expect(texts[index]).toMatch(new RegExp(`^[A-Z][a-z' ,A-Z]{15,} \\(${code}\\)$`));
    const sentences = texts.map((text) => text.replace(/ \(.*/, ''));
    expect(new Set(sentences).size).toBe(texts.length);
  });

  test('a cause is like that of any error: it can be replaced and removed, and is not listed', () => {
    const cause = new Error('cable');
    const error = new StrongAuthError('TRANSPORT_FAILED', { sent: true }, { cause });
    expect(Object.getOwnPropertyDescriptor(error, 'cause')).toEqual(
      Object.getOwnPropertyDescriptor(new Error('x', { cause }), 'cause'),
    );
    expect('cause' in new StrongAuthError('CANCELLED', {})).toBe(false);
  });
});

describe('45. whether it may have been executed', () => {
  const facts: [string, (app: App) => Promise<{ error: unknown }>, object][] = [
    [
      'its own time is over while it is out',
      async (app) => {
        const call = watched(app.strongAuth.set('x', {}, { timeoutMs: 5 }));
        await app.pass(5);
        return call;
      },
      { code: 'TIMED_OUT', remedy: 'checkState', details: { sent: true } },
    ],
    [
      'its own time is over while its replay is out',
      async (app) => {
        const call = await app.challenged({ timeoutMs: 500 });
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.pass(500);
        return call;
      },
      { code: 'TIMED_OUT', remedy: 'checkState', details: { sent: true } },
    ],
    [
      'its own time is over while `replay` thinks',
      async (app) => {
        const call = await app.challenged({ timeoutMs: 500, replay: () => new Promise(() => {}) });
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.pass(500);
        return call;
      },
      { code: 'TIMED_OUT', remedy: 'retry', details: { sent: false } },
    ],
    [
      'its replay fails on the way',
      async (app) => {
        const call = await app.challenged();
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.fail(new Error('cable'));
        return call;
      },
      { code: 'TRANSPORT_FAILED', remedy: 'checkState', details: { sent: true } },
    ],
    [
      'its replay is answered with nonsense',
      async (app) => {
        const call = await app.challenged();
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.answer({ status: 'DONE' });
        return call;
      },
      { code: 'PROTOCOL', remedy: 'checkState', details: { sent: true } },
    ],
    [
      'the OTP holds nothing for its replay',
      async (app) => {
        const call = await app.challenged();
        await app.type('1234');
        await app.answer(succeeded());
        return call;
      },
      { code: 'PROTOCOL', remedy: 'retry', details: { sent: false } },
    ],
  ];
  test.each(facts)('%s', async (name, happens, expected) => {
    const isAboutOtp = name.startsWith('the OTP');
    const app = stage(isAboutOtp ? { prepareReplay: (request) => request } : {});
    const { error } = await happens(app);
    expect(error).toMatchObject(expected);
    for (const request of app.transport.requests) request.resolve(succeeded());
    await settleDown();
    await expectRest(app);
  });
});

describe('46. background calls', () => {
  test('one that is challenged while a wave runs joins it, and ends as it ends', async () => {
    const app = stage();
    await app.challenged();
    const poll = await app.challenged({ interactive: false });
    expect([poll.fate, app.user.prompts.length]).toEqual(['pending', 1]);
    app.strongAuth.cancel();
    await settleDown();
    expect(poll.error).toMatchObject({ code: 'CANCELLED', remedy: 'retry' });
  });

  test('a straggler after a grant is sent again, without a prompt', async () => {
    const app = stage();
    const poll = watched(app.strongAuth.get('x', {}, { interactive: false }));
    await app.challenged();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(CHALLENGE, 0);
    await app.answer(succeeded('fresh'));
    expect([poll.value, app.user.prompts.length]).toEqual(['fresh', 1]);
  });

  test('a hundred of them open no prompt, and a foreground call then does', async () => {
    const app = stage();
    const polls = Array.from({ length: 100 }, () =>
      watched(app.strongAuth.get('x', {}, { interactive: false })),
    );
    for (let index = 0; index < 100; index += 1) app.transport.requests[index]?.resolve(CHALLENGE);
    await settleDown();
    expect(new Set(polls.map(({ fate }) => fate))).toEqual(new Set(['INTERACTION_REQUIRED']));
    expect(app.user.prompts).toHaveLength(0);
    await app.challenged();
    expect(app.user.prompts).toHaveLength(1);
  });
});
