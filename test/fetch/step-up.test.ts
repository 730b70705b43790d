import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isStrongAuthError } from 'strong-auth-machine';
import { isStepUpError, type StepUpError } from 'strong-auth-machine/fetch';
import { describe, expect, test, vi } from 'vitest';
import { collectSurfaced } from '../field/support.js';
import { challenged, settle, stage, URL_OF, watch } from './support.js';

collectSurfaced();

const ok = (body = 'ok') => new Response(body);

describe('one authentication for all', () => {
  test('50 concurrent POSTs: one prompt, 50 replays, each with its own body', async () => {
    const bodies: string[] = [];
    let asked = 0;
    const { stepUp } = stage({
      async fetch(request) {
        const body = await request.text();
        if (asked === 0) return challenged({ acr_values: 'mfa' });
        bodies.push(body);
        return ok(`did ${body}`);
      },
      async authenticate(prompt) {
        asked += 1;
        expect(prompt.needs.acrValues).toEqual(['mfa']);
        await settle(50);
        expect(prompt.requests).toHaveLength(50);
      },
    });
    const numbers = Array.from({ length: 50 }, (_, number) => String(number));
    const responses = await Promise.all(
      numbers.map((body) => stepUp.fetch(URL_OF('/transfers'), { method: 'POST', body })),
    );
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual(
      numbers.map((number) => `did ${number}`),
    );
    expect([asked, bodies.sort()]).toEqual([1, [...numbers].sort()]);
    expect((await stepUp.fetch(URL_OF('/next'))).status).toBe(200);
    expect(asked).toBe(1);
  });

  test('the prompt names the requests, and what they need together', async () => {
    const app = stage({
      authenticate: (asked) => new Promise(() => prompts.push({ prompt: asked } as never)),
    });
    const { prompts, prompt, arrived, stepUp } = app;
    void watch(stepUp.fetch(URL_OF('/a?secret=1'), undefined, { label: 'Read a' }));
    void watch(stepUp.fetch(URL_OF('/b'), { method: 'delete' }));
    void watch(stepUp.fetch(URL_OF('/c'), { method: 'POST' }));
    expect(app.status).toBe('calling');
    await settle();
    await arrived[0]?.answer(challenged({ acr_values: 'phr mfa', max_age: '300' }));
    await arrived[1]?.answer(challenged({ acr_values: 'mfa gold', max_age: '60' }));
    await arrived[2]?.answer(challenged({ error: 'insufficient_scope', scope: 'write read', realm: 'r, s' }));
    const { needs, challenges, requests, attempt, signal } = prompt().prompt;
    expect(needs).toEqual({ acrValues: ['phr', 'mfa', 'gold'], maxAge: 60, scopes: ['write', 'read'] });
    expect(requests).toEqual([
      { method: 'GET', url: URL_OF('/a?secret=1'), label: 'Read a' },
      { method: 'DELETE', url: URL_OF('/b') },
      { method: 'POST', url: URL_OF('/c') },
    ]);
    expect(challenges.map(({ error, scheme }) => [error, scheme])).toEqual([
      ['insufficient_user_authentication', 'bearer'],
      ['insufficient_user_authentication', 'bearer'],
      ['insufficient_scope', 'bearer'],
    ]);
    expect(challenges[2]?.parameters).toMatchObject({ realm: 'r, s' });
    expect([attempt, signal.aborted, prompts.length]).toEqual([1, false, 1]);
  });

  test.each<[string, Response]>([
    ['a 401 without a challenge', new Response('', { status: 401 })],
    [
      'a 401 of another kind',
      new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }),
    ],
    [
      'a 401 that wants another scope',
      new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } }),
    ],
    [
      'a 200 with the header',
      new Response('', { headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } }),
    ],
    ['a 429', new Response('', { status: 429, headers: { 'retry-after': '5' } })],
    ['an error of the network', Response.error()],
  ])('%s is returned as it is', async (_, response) => {
    const { send, request, prompts } = stage();
    const fate = await send('/');
    await request().answer(response);
    expect(fate.response).toBe(response);
    expect(prompts).toEqual([]);
  });

  test('the second of several challenges in one header counts', async () => {
    const { send, request, prompt } = stage();
    await send('/');
    await request().answer(
      new Response('', {
        status: 403,
        headers: [
          ['www-authenticate', 'Basic realm="x, error=insufficient_scope"'],
          ['www-authenticate', 'DPoP algs="ES256", error="insufficient_scope", scope="a"'],
        ],
      }),
    );
    expect(prompt().prompt.challenges).toMatchObject([{ scheme: 'dpop', scopes: ['a'] }]);
  });
});

describe('late joiners', () => {
  test('with another need than was asked for: they are sent again, and open the next prompt', async () => {
    const { sendChallenged, prompts, prompt, arrived } = stage();
    const first = await sendChallenged('/a', { acr_values: 'mfa' });
    const late = await sendChallenged('/b', { acr_values: 'phr' });
    expect([prompts.length, prompt().prompt.needs.acrValues]).toEqual([1, ['mfa']]);
    await prompt().answer();
    await arrived[2]?.answer(ok());
    await arrived[3]?.answer(challenged({ acr_values: 'phr' }));
    expect([first.fate, late.fate, prompts.length]).toEqual([200, 'pending', 2]);
    expect(prompt().prompt).toMatchObject({ attempt: 2, needs: { acrValues: ['phr'] } });
    await prompt().answer();
    await arrived[4]?.answer(ok());
    expect([late.fate, late.settlements]).toEqual([200, 1]);
  });

  test('before the needs are read: they are part of them', async () => {
    const asked: { needs: () => unknown; answer: () => void }[] = [];
    const { sendChallenged, arrived } = stage({
      authenticate: (prompt) =>
        new Promise<void>((resolve) => asked.push({ needs: () => prompt.needs, answer: resolve })),
    });
    await sendChallenged('/a', { acr_values: 'mfa' });
    const late = await sendChallenged('/b', { acr_values: 'phr' });
    expect(asked[0]?.needs()).toMatchObject({ acrValues: ['mfa', 'phr'] });
    await settle();
    await sendChallenged('/c', { acr_values: 'gold' });
    expect(asked[0]?.needs()).toMatchObject({ acrValues: ['mfa', 'phr'] });
    asked[0]?.answer();
    await settle();
    await arrived[4]?.answer(challenged());
    expect(late.fate).toBe('STILL_CHALLENGED'); // it was asked for, and not given
  });

  test('a straggler, challenged after the authentication, is sent again without a prompt', async () => {
    const { send, sendChallenged, prompts, prompt, arrived } = stage();
    const slow = await send('/slow');
    await sendChallenged('/a');
    await prompt().answer();
    await arrived[0]?.answer(challenged());
    await arrived[3]?.answer(ok());
    expect([slow.fate, prompts.length]).toEqual([200, 1]);
  });
});

describe('what is sent again', () => {
  test('one after another, where the policy says so: all but GET and HEAD', async () => {
    const app = stage({ policy: { replays: 'serial' } });
    for (const method of ['POST', 'FORGET', 'GETALL', 'GET', 'HEAD']) {
      await app.sendChallenged(`/${method}`, {}, { method });
    }
    await app.prompt().answer();
    const again = () => app.arrived.slice(5).map(({ request }) => request.method);
    expect(again()).toEqual(expect.arrayContaining(['POST', 'GET', 'HEAD']));
    expect(again()).toHaveLength(3);
    await app.arrived
      .slice(5)
      .find(({ request }) => request.method === 'POST')
      ?.answer(ok());
    await app.request().answer(ok());
    expect(again().slice(3)).toEqual(['FORGET', 'GETALL']);
  });

  test('nothing is kept of a request that has ended', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const asked: WeakRef<object>[] = [];
    const app = stage({
      challenge() {
        const parameters = {};
        asked.push(new WeakRef(parameters));
        return { parameters };
      },
    });
    const send = async () => {
      await app.sendChallenged();
      await app.prompt().answer();
      await app.request().answer(ok());
    };
    await send();
    for (let round = 0; round < 10 && asked[0]?.deref(); round += 1) {
      await settle();
      collect();
    }
    expect([asked.length, asked[0]?.deref()]).toEqual([1, undefined]);
  });
});

describe('how it ends', () => {
  test('challenged again: STILL_CHALLENGED, an error that names the request without its query', async () => {
    const { stepUp, arrived, prompt } = stage();
    const fate = watch(stepUp.fetch(URL_OF('/a?token=secret#part')));
    await settle();
    await arrived[0]?.answer(challenged());
    await prompt().answer();
    await arrived[1]?.answer(challenged({ acr_values: 'gold' }));
    const error = fate.error as StepUpError;
    expect(isStepUpError(error) && isStrongAuthError(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'STILL_CHALLENGED',
      method: 'GET',
      url: 'https://api.example/a',
      challenge: { acrValues: ['gold'] },
    });
    expect(error.message).toContain('GET https://api.example/a: ');
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['false', false],
  ])('declined with %s: CANCELLED, and nothing is sent again', async (_, answer) => {
    const app = stage();
    const fates = [await app.sendChallenged('/a'), await app.sendChallenged('/b')];
    await app.prompt().answer(answer);
    expect([...fates.map(({ fate }) => fate), app.arrived.length, app.status]).toEqual([
      'CANCELLED',
      'CANCELLED',
      2,
      'cancelled',
    ]);
  });

  test.each(['AbortError', 'NotAllowedError'])('rejected with %s: CANCELLED', async (name) => {
    const { sendChallenged, prompt } = stage();
    const fate = await sendChallenged();
    await prompt().fail(new DOMException('closed', name));
    expect(fate.fate).toBe('CANCELLED');
  });

  test('rejected with anything else: AUTHENTICATION_FAILED, with the error as its cause', async () => {
    const app = stage();
    const fate = await app.sendChallenged('/a');
    const cause = new Error('the popup was blocked');
    await app.prompt().fail(cause);
    expect(fate.error).toMatchObject({ code: 'AUTHENTICATION_FAILED', remedy: 'retry', cause });
    expect(app.stepUp.strongAuth.view.getSnapshot().failure).toEqual({
      code: 'AUTHENTICATION_FAILED',
      remedy: 'retry',
    });
    const poll = await app.send('/poll', {}, { interactive: false });
    await app.request().answer(challenged());
    expect(poll.error).toMatchObject({ code: 'INTERACTION_REQUIRED' });
    expect(poll.error).not.toHaveProperty('cause'); // nothing has failed for it
    const next = await app.sendChallenged('/b');
    await app.prompt().answer();
    await app.request().answer(ok());
    expect(next.fate).toBe(200);
  });

  test.each(['AuthAbortError', 'NotAllowedErrorByPolicy'])('%s is the name of no refusal', async (name) => {
    const { sendChallenged, prompt } = stage();
    const fate = await sendChallenged();
    await prompt().fail(Object.assign(new Error(), { name }));
    expect(fate.fate).toBe('AUTHENTICATION_FAILED');
  });

  test('thrown at once, before anything was read: the same', async () => {
    const { sendChallenged } = stage({
      authenticate() {
        throw new RangeError('no');
      },
    });
    expect((await sendChallenged()).error).toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      cause: new RangeError('no'),
    });
  });

  test('too slow: AUTHENTICATION_TIMED_OUT, and a late success changes nothing', async () => {
    const app = stage({ policy: { authenticateTimeoutMs: 1000 } });
    const fate = await app.sendChallenged();
    app.clock.advance(1000);
    await settle();
    expect([fate.fate, app.prompt().prompt.signal.aborted]).toEqual(['AUTHENTICATION_TIMED_OUT', true]);
    await app.prompt().answer();
    expect(app.arrived.length).toBe(1);
  });

  test('cancel: the prompt’s signal aborts, a late success replays nothing, and the next prompt opens at once', async () => {
    const app = stage();
    const fate = await app.sendChallenged('/a');
    app.stepUp.strongAuth.cancel();
    await settle();
    expect([fate.fate, app.prompt().prompt.signal.aborted, app.status]).toEqual([
      'CANCELLED',
      true,
      'cancelled',
    ]);
    await app.sendChallenged('/b');
    expect([app.prompts.length, app.prompt(1).prompt.signal.aborted]).toEqual([2, false]);
    await app.prompt(0).answer();
    expect([app.arrived.length, app.status]).toEqual([2, 'needStrongAuth']);
  });

  test('cancel before the needs were read: the same', async () => {
    const signals: AbortSignal[] = [];
    const app = stage({
      authenticate: ({ signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    const fate = await app.sendChallenged();
    app.stepUp.strongAuth.cancel();
    await settle();
    expect([fate.fate, app.status, signals.map(({ aborted }) => aborted)]).toEqual([
      ...['CANCELLED', 'cancelled'],
      [true],
    ]);
  });

  test('reset: SIGNED_OUT for those that wait and those on their way, whose fetch is aborted', async () => {
    const app = stage();
    const waiting = await app.sendChallenged('/a');
    const underWay = await app.send('/b');
    app.stepUp.strongAuth.reset('switched');
    await settle();
    expect([waiting.fate, underWay.fate, app.status]).toEqual(['SIGNED_OUT', 'SIGNED_OUT', 'idle']);
    expect((waiting.error as StepUpError).details.reason).toBe('switched');
    expect([app.request().request.signal.aborted, app.prompt().prompt.signal.aborted]).toEqual([true, true]);
  });

  test('dispose: DISPOSED, now and later', async () => {
    const app = stage();
    const waiting = await app.sendChallenged('/a');
    app.stepUp.strongAuth.dispose();
    await settle();
    expect([waiting.fate, (await app.send('/b')).fate, app.arrived.length]).toEqual([
      'DISPOSED',
      'DISPOSED',
      1,
    ]);
    expect(app.clock.pending).toBe(0);
  });

  test('a request that authenticate itself makes is not kept waiting for itself', async () => {
    const { stepUp } = stage({
      fetch: async () => challenged(),
      authenticate(prompt) {
        void prompt.needs;
        return stepUp.fetch(URL_OF('/inside'));
      },
    });
    const fate = watch(stepUp.fetch(URL_OF('/outside')));
    await settle();
    expect(fate.error).toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      cause: { code: 'INTERACTION_REQUIRED', url: URL_OF('/inside') },
    });
  });

  test.each([true, false])(
    'nor is one that authenticate makes later, with the prompt’s signal (needs read: %s)',
    async (isRead) => {
      const app = stage({
        fetch: async () => challenged(),
        async authenticate(prompt) {
          if (isRead) void prompt.needs;
          await settle();
          return app.stepUp.fetch(URL_OF('/inside'), { signal: prompt.signal });
        },
      });
      const fate = watch(app.stepUp.fetch(URL_OF('/outside')));
      await settle();
      await settle();
      expect(fate.error).toMatchObject({
        code: 'AUTHENTICATION_FAILED',
        cause: { code: 'INTERACTION_REQUIRED', url: URL_OF('/inside') },
      });
    },
  );

  test('one that it leaves behind is a request like any other when it has ended', async () => {
    const app = stage({
      authenticate(prompt) {
        void prompt.needs;
        if (prompt.attempt === 1 && app.arrived.length === 1)
          inside = watch(app.stepUp.fetch(URL_OF('/log')));
      },
    });
    let inside = {} as ReturnType<typeof watch>;
    await app.sendChallenged('/a');
    await app.request(2).answer(ok());
    await app.request(1).answer(challenged());
    await app.request(3).answer(ok());
    expect(inside.fate).toBe(200);
  });
});

describe('ensure', () => {
  test('asks before a request needs it, and not again while that is fresh enough', async () => {
    const app = stage();
    const { strongAuth } = app.stepUp;
    const fate = watch(strongAuth.ensure());
    await settle();
    expect(app.prompt().prompt).toMatchObject({ requests: [], challenges: [], attempt: 1 });
    expect(app.prompt().prompt.needs).toEqual({ acrValues: [], scopes: [] });
    await app.prompt().answer();
    expect(fate.fate).toBe('resolved');
    await strongAuth.ensure({ maxAgeMs: 1000 });
    expect(app.prompts.length).toBe(1);
  });

  test('rejects in the words of this entry', async () => {
    const app = stage();
    const fate = watch(app.stepUp.strongAuth.ensure());
    await settle();
    const cause = new Error('broken');
    await app.prompt().fail(cause);
    expect(fate.error).toMatchObject({ code: 'AUTHENTICATION_FAILED', cause });
    expect(fate.error).not.toHaveProperty('url');
    app.stepUp.strongAuth[Symbol.dispose]();
    await expect(app.stepUp.strongAuth.ensure()).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});

describe('what makes no sense', () => {
  const fetch = async () => ok();
  const authenticate = async () => {};

  test.each<[string, object, string]>([
    ['no fetch', { authenticate }, 'fetch must be a function'],
    ['no authenticate', { fetch }, 'authenticate must be a function'],
    [
      'an unknown option',
      { fetch, authenticate, enterPin: fetch },
      'enterPin is no option of createStepUpFetch',
    ],
    [
      'an unknown policy',
      { fetch, authenticate, policy: { pinPattern: /x/ } },
      'policy.pinPattern is no policy',
    ],
    [
      'a time-out that is none',
      { fetch, authenticate, policy: { authenticateTimeoutMs: -1 } },
      'policy.authenticateTimeoutMs must be a number of milliseconds above 0 and at most 2147483647',
    ],
    [
      'another time-out that is none',
      { fetch, authenticate, policy: { requestTimeoutMs: 0 } },
      'policy.requestTimeoutMs must be a number of milliseconds above 0 and at most 2147483647',
    ],
    [
      'a policy that is none',
      { fetch, authenticate, policy: { maxRounds: 0 } },
      'policy.maxRounds must be a whole number above 0',
    ],
  ])('%s: TypeError', (_, options, message) => {
    expect(() => stage({ fetch: undefined, authenticate: undefined, ...options } as never)).toThrow(
      new TypeError(message),
    );
  });

  test('a host without Request: TypeError', () => {
    vi.stubGlobal('Request', undefined);
    expect(() => stage()).toThrow(new TypeError('this host has no Request, which strong-auth-machine needs'));
  });

  test.each<[string, object]>([
    ['interactve', { interactve: false }],
    ['signal', { signal: undefined }], // it belongs into init
  ])('options.%s of a request is none: TypeError, and nothing is sent', async (name, options) => {
    const app = stage();
    const fate = await app.send('/', {}, options);
    expect(fate.error).toEqual(new TypeError(`options.${name} is no option`));
    expect(app.arrived).toEqual([]);
  });
});
