import { type ApiRequest, createStrongAuth, type GrantOption, type Secret } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, OTP, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';

/* Grants: field cases 53 to 58, and their neighbours. */

const MINUTE = 60_000;

/** A back end whose PIN gives a token for ten minutes, which every later request has to carry. */
function tokenBackEnd(change: Partial<GrantOption> = {}) {
  const clock = createManualClock(1_700_000_000_000);
  const app = { pins: 0, asked: 0, executed: [] as unknown[], tokens: [] as string[] };
  const isValid = (token: unknown) => app.tokens.at(-1) === token && clock.now() < endsAt;
  let endsAt = 0;
  const strongAuth = createStrongAuth({
    clock,
    enterPin: async () => {
      app.asked += 1;
      return '1234';
    },
    requestOtp: async () => {
      app.pins += 1;
      app.tokens.push(`token-${app.pins}`);
      endsAt = clock.now() + 10 * MINUTE;
      return succeeded({ token: app.tokens.at(-1), endsAt });
    },
    grant: {
      read: (message) => {
        const { token, endsAt: expiresAt } = (message as { result: { token: string; endsAt: number } })
          .result;
        return { secret: token, expiresAt };
      },
      apply: (request, secret) => ({
        ...request,
        parameters: { ...request.parameters, token: secret.reveal() },
      }),
      ...change,
    },
    transport: {
      async send({ parameters }) {
        if (!isValid(parameters?.token)) return CHALLENGE;
        app.executed.push(parameters?.n);
        return succeeded(parameters?.n);
      },
    },
  });
  const command = (n: number) => strongAuth.set<unknown>('car', { n });
  return { app, clock, strongAuth, command };
}

describe('53. prepareReplay is given the OTP, or the wave is denied', () => {
  test('an OTP that is a number is given as text', async () => {
    const given: string[] = [];
    const app = stage({
      prepareReplay: (request, otp) => {
        given.push(otp.reveal());
        return request;
      },
    });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(succeeded({ otp: 918273 }));
    await app.answer(succeeded());
    expect([call.fate, given]).toEqual(['resolved', ['918273']]);
  });

  test.each<[unknown]>([[{ token: 'x' }], [{ otp: null }], [{ otp: {} }], [{ otp: '' }], [undefined], [[]]])(
    '%o: PROTOCOL, not STILL_CHALLENGED',
    async (result) => {
      const app = stage({ prepareReplay: (request) => request });
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(succeeded(result));
      expect(call.error).toMatchObject({ code: 'PROTOCOL', details: { sent: false } });
      expect(app.requestsOf(COMMAND)).toHaveLength(1);
    },
  );
});

describe('54. a token of ten minutes and three commands: one prompt', () => {
  test('one after another', async () => {
    const { app, command } = tokenBackEnd();
    expect([await command(1), await command(2), await command(3)]).toEqual([1, 2, 3]);
    expect(app).toMatchObject({ asked: 1, pins: 1, executed: [1, 2, 3] });
  });

  test('at the same time', async () => {
    const { app, command } = tokenBackEnd();
    await Promise.all([command(1), command(2), command(3)]);
    expect(app).toMatchObject({ asked: 1, executed: [1, 2, 3] });
  });

  test.each<[string, (clock: ReturnType<typeof createManualClock>) => void]>([
    ['it ends', (clock) => clock.advance(10 * MINUTE)],
    ['the device sleeps over its end', (clock) => clock.sleep(10 * MINUTE)],
  ])('when %s, the next command asks again', async (_, pass) => {
    const { app, clock, command } = tokenBackEnd();
    await command(1);
    pass(clock);
    await command(2);
    expect(app).toMatchObject({ asked: 2, executed: [1, 2] });
  });

  test('its Secret is of no use once it has ended', async () => {
    let kept: Secret | undefined;
    const { clock, command } = tokenBackEnd({
      apply: (request, secret) => {
        kept = secret;
        return { ...request, parameters: { ...request.parameters, token: secret.reveal() } };
      },
    });
    await command(1);
    expect([`${kept}`, JSON.stringify(kept)]).toEqual(['[secret]', '"[secret]"']);
    clock.advance(10 * MINUTE);
    expect(() => kept?.reveal()).toThrow(TypeError);
  });

  test.each<[string, Partial<GrantOption>]>([
    [
      'throws',
      {
        apply: () => {
          throw new Error('apply');
        },
      },
    ],
    ['rejects', { apply: () => Promise.reject(new Error('apply')) }],
    ['answers with nonsense', { apply: () => 7 as never }],
    [
      'answers with what throws when it is read',
      {
        apply: () =>
          new Proxy(
            {},
            {
              get() {
                throw new Error('trap');
              },
            },
          ) as never,
      },
    ],
  ])('apply that %s: TRANSPORT_FAILED, not sent, without a cause', async (_, change) => {
    const { app, command } = tokenBackEnd(change);
    const error = await command(1).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false } });
    expect((error as Error).cause).toBeUndefined();
    expect(app.executed).toEqual([]);
  });

  test.each<[string, GrantOption['read']]>([
    ['nothing', () => undefined],
    ['an empty token', () => ''],
    ['what is no token', () => ({ secret: {} }) as never],
    [
      'an error',
      () => {
        throw new Error('read');
      },
    ],
  ])('read that gives %s: the wave is denied PROTOCOL', async (_, read) => {
    const { app, command } = tokenBackEnd({ read });
    await expect(command(1)).rejects.toMatchObject({ code: 'PROTOCOL' });
    expect(app.asked).toBe(1);
  });

  test('apply may be asynchronous', async () => {
    const { app, command } = tokenBackEnd({
      apply: async (request: ApiRequest, secret: Secret) => {
        await settleDown();
        return { ...request, parameters: { ...request.parameters, token: secret.reveal() } };
      },
    });
    expect([await command(1), await command(2)]).toEqual([1, 2]);
    expect(app.asked).toBe(1);
  });
});

test('55. ensure(), then set(): one prompt', async () => {
  const { app, strongAuth, command } = tokenBackEnd();
  await strongAuth.ensure();
  await command(1);
  await strongAuth.ensure({ maxAgeMs: MINUTE });
  expect(app).toMatchObject({ asked: 1, executed: [1] });
});

test('55. ensure({ maxAgeMs }) is not satisfied by a token that has ended', async () => {
  const { app, clock, strongAuth } = tokenBackEnd();
  await strongAuth.ensure();
  clock.advance(10 * MINUTE);
  await strongAuth.ensure({ maxAgeMs: 60 * MINUTE });
  expect(app.asked).toBe(2);
});

test("56. reset(): the next user's command does not run on the old token", async () => {
  const { app, strongAuth, command } = tokenBackEnd();
  await command(1);
  strongAuth.reset();
  await command(2);
  expect(app).toMatchObject({ asked: 2, pins: 2, executed: [1, 2] });
});

describe('57. a call that joins while the PIN is checked', () => {
  /** A back end that knows several needs, and grants one with each OTP: that of the call it was asked for. */
  async function twoNeeds() {
    const asked: unknown[] = [];
    const app = stage({
      classify: {
        call: (message) => {
          const { code, need } = (message as { error?: { code: number; need?: string } }).error ?? {};
          return code === 2302 ? { challenge: { need } } : 'pass';
        },
      },
      requestOtp: (_pin, { calls }) => {
        asked.push(calls.map(({ challenge }) => challenge));
        return new Promise((resolve) => granting.push(() => resolve(succeeded())));
      },
    });
    const granting: (() => void)[] = [];
    const needs = (need: string) => ({ status: 'FAILED', error: { code: 2302, need } });
    const first = watched(app.strongAuth.get('x', { n: 1 }));
    const second = watched(app.strongAuth.get('x', { n: 2 }));
    await app.answer(needs('low'), 0);
    await app.type('1234');
    return { ...app, needs, first, second, asked, granting };
  }

  test('with a higher need opens the next wave, instead of STILL_CHALLENGED', async () => {
    const { answer, needs, first, second, asked, granting, user, transport, type } = await twoNeeds();
    await answer(needs('high'), 1);
    granting[0]?.();
    await settleDown();
    expect(transport.requests.slice(2).map(({ request }) => request.parameters?.n)).toEqual([1, 2]);
    await answer(succeeded('one'), 2);
    await answer(needs('high'), 3);
    expect([first.value, second.fate, user.prompts.length]).toEqual(['one', 'pending', 2]);
    expect(user.prompts[1]?.prompt.calls).toMatchObject([{ challenge: { need: 'high' } }]);
    await type('1234');
    granting[1]?.();
    await settleDown();
    await answer(succeeded('two'));
    expect(second.value).toBe('two');
    expect(asked).toEqual([[{ need: 'low' }], [{ need: 'high' }]]);
  });

  test('what the server said is plain, frozen, and in no event', async () => {
    const events: string[] = [];
    const app = stage({
      classify: { call: () => ({ challenge: { nonce: 'secret-nonce', list: [1] } }) },
      inspect: (event) => {
        if (event.type === '@xstate.event') events.push(JSON.stringify(event.event));
      },
    });
    watched(app.strongAuth.get('x'));
    await app.answer(succeeded());
    const [call] = app.user.prompts[0]?.prompt.calls ?? [];
    expect(call?.challenge).toEqual({ nonce: 'secret-nonce', list: [1] });
    expect(Object.isFrozen((call?.challenge as { list: unknown } | undefined)?.list)).toBe(true);
    expect(events.join()).not.toContain('secret-nonce');
  });

  test('at most three times: then it has been challenged too often', async () => {
    const app = stage();
    const sendings = () => app.requestsOf('mine').length;
    const mine = watched(app.strongAuth.get('mine'));
    const answerMine = async () => {
      app.requestsOf('mine').at(-1)?.resolve(CHALLENGE);
      await settleDown();
    };
    let waves = 0;
    while (mine.fate === 'pending' && waves < 9) {
      waves += 1;
      const other = await app.challenged(); // somebody else opens each wave
      await app.type('1234');
      await answerMine(); // and it joins when the PIN was given
      app.requestsOf(OTP).at(-1)?.resolve(succeeded());
      await settleDown();
      app.requestsOf(COMMAND).at(-1)?.resolve(succeeded());
      await settleDown();
      expect(other.fate).toBe('resolved');
    }
    // Sent once, three times again for nothing, once again for its round; the challenge after that is final.
    expect([mine.fate, sendings(), waves]).toEqual(['STILL_CHALLENGED', 5, 5]);
  });
});

describe('58. recovered(): the account was unblocked elsewhere', () => {
  async function blocked() {
    const app = stage();
    const inFlight = watched(app.strongAuth.get('app.user'));
    const call = await app.challenged();
    await app.type('1234');
    await app.answer({ status: 'FAILED', error: { code: 2310 } });
    expect(call.fate).toBe('ACCOUNT_BLOCKED');
    return { ...app, inFlight };
  }
  test('the next call asks, and calls in flight go on', async () => {
    const { strongAuth, challenged, inFlight, answer, user, transport } = await blocked();
    expect((await challenged()).fate).toBe('ACCOUNT_BLOCKED');
    const sent = transport.requests.length;
    strongAuth.recovered();
    await settleDown();
    expect([transport.requests.length, inFlight.fate]).toEqual([sent, 'pending']);
    expect((await challenged()).fate).toBe('pending');
    await answer(succeeded(1), 0);
    expect([inFlight.value, user.prompts.length]).toEqual([1, 2]);
  });

  test('ensure asks again, too; without a block it changes nothing', async () => {
    const { strongAuth, user } = await blocked();
    await expect(strongAuth.ensure()).rejects.toMatchObject({ code: 'ACCOUNT_BLOCKED' });
    strongAuth.recovered();
    void watched(strongAuth.ensure());
    await settleDown();
    expect(user.prompts).toHaveLength(2);
    const before = strongAuth.view.getSnapshot();
    strongAuth.recovered();
    expect(strongAuth.view.getSnapshot()).toBe(before);
  });

  test('after dispose nothing happens', () => {
    const { strongAuth } = stage();
    strongAuth.dispose();
    expect(() => strongAuth.recovered()).not.toThrow();
  });
});

test('requestOtp replaces the OTP of the SDK', async () => {
  const seen: unknown[] = [];
  const app = stage({
    requestOtp: async (pin, { resetStep, calls, signal }) => {
      seen.push([pin, resetStep, calls.length, signal.aborted]);
      return resetStep ? succeeded() : { status: 'FAILED', error: { code: 2312 } };
    },
  });
  const call = await app.challenged();
  await app.type('0987');
  await settleDown();
  await app.answer(succeeded('done'));
  expect([call.value, seen]).toEqual([
    'done',
    [
      ['0987', false, 1, false],
      ['0987', true, 1, false],
    ],
  ]);
  expect(app.requestsOf(OTP)).toHaveLength(0);
});
