import { describe, expect, test, vi } from 'vitest';
import { challenged, START, stage, URL_OF } from './support.js';

const ok = () => new Response('ok');

describe('what is asked for', () => {
  test('of a request that was challenged twice: what was asked last', async () => {
    const { sendChallenged, prompt, request } = stage({ policy: { maxRounds: 2 } });
    const fate = await sendChallenged('/a', { acr_values: 'mfa' });
    await prompt().answer();
    await request().answer(challenged({ acr_values: 'phr' }));
    expect(prompt().prompt).toMatchObject({
      ...{ attempt: 2, needs: { acrValues: ['phr'] } },
      challenges: [{ acrValues: ['phr'] }],
    });
    await prompt().answer();
    await request().answer(ok());
    expect(fate.fate).toBe(200);
  });

  test.each<[string, (isLetGo: () => void) => ReadableStream | null]>([
    ['without a body', () => null],
    ['with a body', (cancel) => new ReadableStream({ cancel })],
  ])('of a response %s, whose connection is let go', async (_, bodyOf) => {
    const { send, request, prompt } = stage();
    await send('/a');
    const isLetGo = vi.fn();
    const { headers } = challenged({ acr_values: 'mfa' });
    const body = bodyOf(isLetGo);
    await request().answer(new Response(body, { status: 401, headers }));
    expect(prompt().prompt.needs.acrValues).toEqual(['mfa']);
    expect(isLetGo).toHaveBeenCalledTimes(body ? 1 : 0);
  });

  test.each(['-5', '1.5', '1e3', '', 'soon'])('a max_age of "%s" is none', async (maxAge) => {
    const { sendChallenged, prompt } = stage();
    await sendChallenged('/a', { max_age: maxAge });
    expect(prompt().prompt.needs.maxAge).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const MINUTE = 60_000;

  test.each<[string, string]>([
    ['seconds', '120'],
    ['a date', new Date(START + 2 * MINUTE).toUTCString()],
    ['a date of RFC 850', 'Tuesday, 14-Nov-23 22:15:20 GMT'],
    ['a date of asctime', 'Tue Nov 14 22:15:20 2023'],
    ['a date of ISO 8601', '2023-11-14T22:15:20Z'],
  ])('of a challenge, as %s: THROTTLED, and nobody is asked until then', async (_, retryAfter) => {
    const app = stage();
    const answer = () => app.request().answer(challenged({}, { 'retry-after': retryAfter }));
    const first = await app.send('/a');
    await answer();
    expect(first.error).toMatchObject({
      code: 'THROTTLED',
      remedy: 'wait',
      details: { retryAt: START + 2 * MINUTE },
    });
    expect(app.stepUp.strongAuth.view.getSnapshot().failure?.retryAt).toBe(START + 2 * MINUTE);
    const second = await app.sendChallenged('/b');
    expect([second.fate, app.prompts.length]).toEqual(['THROTTLED', 0]);
    app.clock.advance(2 * MINUTE);
    await app.sendChallenged('/c');
    expect(app.prompts.length).toBe(1);
  });

  test('a date of asctime is UTC wherever the app is', async () => {
    const { TZ } = process.env;
    process.env.TZ = 'America/New_York';
    try {
      const app = stage();
      const fate = await app.send('/a');
      await app.request().answer(challenged({}, { 'retry-after': 'Tue Nov 14 22:15:20 2023' }));
      expect(fate.error).toMatchObject({ details: { retryAt: START + 2 * MINUTE } });
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  test.each<[string, string | undefined]>([
    ['is now', '0'],
    ['is in the past', new Date(START - MINUTE).toUTCString()],
    ['is no time', 'soon'],
    ['is negative', '-5'],
  ])('that %s is none', async (_, retryAfter) => {
    const app = stage();
    await app.send('/a');
    await app.request().answer(challenged({}, { 'retry-after': retryAfter ?? '' }));
    expect(app.prompts.length).toBe(1);
  });

  test('of the sign-in: authenticate resolves with it', async () => {
    const app = stage();
    const fate = await app.sendChallenged('/a');
    await app.prompt().answer({ retryAfter: '60' });
    expect(fate.error).toMatchObject({ code: 'THROTTLED', details: { retryAt: START + MINUTE } });
    app.stepUp.strongAuth.recovered();
    await app.sendChallenged('/b');
    expect(app.prompts.length).toBe(2);
  });
});

describe('challenge(response)', () => {
  const answer = (status: number, body: object) => Response.json(body, { status });

  test('reads the body of a server with a way of its own, and the caller can still read it', async () => {
    const app = stage({
      async challenge(response) {
        const { code, acr } = await response.json();
        return code === 'STEP_UP' && { acrValues: [acr] };
      },
    });
    const refused = await app.send('/a');
    await app.request().answer(answer(418, { code: 'OTHER' }));
    expect(await refused.response?.json()).toEqual({ code: 'OTHER' });
    await app.send('/b');
    await app.request().answer(answer(400, { code: 'STEP_UP', acr: 'mfa' }));
    expect(app.prompt().prompt).toMatchObject({ needs: { acrValues: ['mfa'], scopes: [] } });
  });

  test('may leave out what it does not know', async () => {
    const app = stage({ challenge: () => ({ acrValues: undefined, scopes: undefined, retryAt: undefined }) });
    const fate = await app.send('/a');
    await app.request().answer(answer(401, {}));
    expect(app.prompt().prompt.needs).toEqual({ acrValues: [], scopes: [], maxAge: undefined });
    await app.prompt().answer();
    await app.request().answer(new Response('', { status: 401, headers: { 'retry-after': '60' } }));
    expect(fate.error).toMatchObject({ code: 'STILL_CHALLENGED', challenge: { retryAt: START + 60_000 } });
  });

  test('may overrule the standards, or leave it to them', async () => {
    const app = stage({
      challenge: (response) =>
        ({ '/no': false, '/yes': true, '/leave': undefined })[
          new URL(response.headers.get('x-url') ?? '').pathname
        ],
    });
    const at = (path: string) => ({ 'x-url': URL_OF(path) });
    const refused = await app.send('/no');
    await app.request().answer(challenged({}, at('/no')));
    expect(refused.fate).toBe(401);
    await app.send('/yes');
    await app.request().answer(new Response('', { status: 500, headers: at('/yes') }));
    await app.send('/leave');
    await app.request().answer(challenged({ acr_values: 'mfa' }, at('/leave')));
    expect(app.prompt().prompt.challenges.map(({ acrValues }) => acrValues)).toEqual([[], ['mfa']]);
  });

  test('what it throws, the request rejects with', async () => {
    const error = new SyntaxError('no JSON');
    const app = stage({
      challenge() {
        throw error;
      },
    });
    const fate = await app.send('/a');
    await app.request().answer(challenged());
    expect([fate.error, app.prompts.length]).toEqual([error, 0]);
  });
});
