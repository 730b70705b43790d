import * as oauth from 'openid-client';
import { createStepUpFetch, type StepUpNeeds, type StepUpPrompt } from 'strong-auth-machine/fetch';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CLIENT_ID, createBrowser, REDIRECT_URI, startAuthorizationServer } from './authorization-server.js';
import { startResourceServer } from './resource-server.js';
import { watch } from './support.js';

/* Against a real authorization server, and a resource server that asks it about each token. */

let server: Awaited<ReturnType<typeof startAuthorizationServer>>;
let api: Awaited<ReturnType<typeof startResourceServer>>;
beforeEach(async () => {
  // It reminds whoever starts it of what a server in production needs.
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  server = await startAuthorizationServer();
  api = await startResourceServer(server.url);
});
afterEach(() => {
  server.close();
  api.close();
});

/** An app that is signed in with a password. */
async function createApp({ isBound = false, before = async (_: StepUpPrompt) => {} } = {}) {
  const config = await oauth.discovery(new URL(server.url), CLIENT_ID, undefined, oauth.None(), {
    execute: [oauth.allowInsecureRequests],
  });
  const browser = createBrowser();
  const DPoP = isBound ? oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair()) : undefined;

  /** The code flow with PKCE (RFC 7636). @returns The token. */
  async function signIn(needs: Partial<StepUpNeeds>, signal?: AbortSignal): Promise<string> {
    const verifier = oauth.randomPKCECodeVerifier();
    const { acrValues = [], scopes = [], maxAge } = needs;
    const parameters = {
      redirect_uri: REDIRECT_URI,
      scope: ['openid', ...scopes].join(' '),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(acrValues.length > 0 && { acr_values: acrValues.join(' ') }),
      ...(maxAge !== undefined && { max_age: String(maxAge) }),
    };
    const answer = await browser.authorize(oauth.buildAuthorizationUrl(config, parameters), signal);
    const checks = { pkceCodeVerifier: verifier, ...(maxAge !== undefined && { maxAge }) };
    const tokens = await oauth.authorizationCodeGrant(config, answer, checks, undefined, DPoP && { DPoP });
    return tokens.access_token;
  }

  let token = await signIn({});
  const prompts: StepUpNeeds[] = [];
  const stepUp = createStepUpFetch({
    async fetch(request) {
      const body = request.method === 'GET' ? null : await request.arrayBuffer();
      return oauth
        .fetchProtectedResource(
          config,
          token,
          new URL(request.url),
          request.method,
          body && new Uint8Array(body),
          request.headers,
          DPoP && { DPoP },
        )
        .catch((error) => {
          // The library throws what it thinks is for its caller; here it is for the step-up.
          if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response;
          throw error;
        });
    },
    async authenticate(prompt) {
      prompts.push(prompt.needs);
      await before(prompt);
      try {
        token = await signIn(prompt.needs, prompt.signal);
      } catch (error) {
        if (error instanceof oauth.AuthorizationResponseError && error.error === 'access_denied') return null;
        throw error;
      }
      return token;
    },
  });
  server.user.authorizations = 0;
  server.user.signIns = 0;
  const post = async (path: string, body: string) => {
    const response = await stepUp.fetch(`${api.url}${path}`, { method: 'POST', body });
    return `${response.status} ${await response.text()}`;
  };
  return { stepUp, prompts, post };
}

const numbers = (count: number) => Array.from({ length: count }, (_, number) => String(number));

describe('step-up with OAuth', { timeout: 60_000 }, () => {
  test('50 concurrent POSTs that need mfa: one prompt, one authorization, 50 replays with their own bodies', async () => {
    const { post, prompts } = await createApp();
    const bodies = numbers(50);
    expect(await Promise.all(bodies.map((body) => post('/transfers', body)))).toEqual(
      bodies.map((body) => `200 did ${body}`),
    );
    expect(prompts).toEqual([{ acrValues: ['mfa'], scopes: [], maxAge: undefined }]);
    expect([server.user.authorizations, api.seen.challenged]).toEqual([1, 50]);
    expect(api.seen.served.sort()).toEqual([...bodies].sort());
    expect([await post('/transfers', 'next'), prompts.length, api.seen.challenged]).toEqual([
      ...['200 did next', 1, 50],
    ]);
  });

  test('access denied: CANCELLED, nothing is sent again, and the next request asks anew', async () => {
    const { post, prompts } = await createApp();
    server.user.refuses = true;
    const fates = await Promise.allSettled(numbers(5).map((body) => post('/transfers', body)));
    expect(fates).toMatchObject(fates.map(() => ({ status: 'rejected', reason: { code: 'CANCELLED' } })));
    expect(api.seen.served).toEqual([]);
    server.user.refuses = false;
    expect([await post('/transfers', 'again'), prompts.length]).toEqual(['200 did again', 2]);
  });

  test('cancel during the sign-in: nothing is sent again, also when the sign-in ends well', async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { stepUp, prompts } = await createApp({ before: () => held });
    const fates = numbers(3).map((body) =>
      watch(stepUp.fetch(`${api.url}/transfers`, { method: 'POST', body })),
    );
    await vi.waitFor(() => expect(stepUp.strongAuth.view.getSnapshot().waiting).toBe(3));
    stepUp.strongAuth.cancel();
    goOn();
    await vi.waitFor(() => expect(fates.map(({ fate }) => fate)).toEqual(fates.map(() => 'CANCELLED')));
    const poll = await stepUp.fetch(`${api.url}/open`);
    expect([poll.status, api.seen.served, prompts.length]).toEqual([200, [''], 1]);
  });

  test('two needs in one wave, and one that joins late: all served, each need asked for once', async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { post, prompts, stepUp } = await createApp({ before: () => held });
    const early = [post('/transfers', 'a')];
    await vi.waitFor(() => expect(prompts.length).toBe(1));
    early.push(post('/limits', 'b'), post('/write', 'c'));
    await vi.waitFor(() => expect(stepUp.strongAuth.view.getSnapshot().waiting).toBe(3));
    goOn();
    expect(await Promise.all(early)).toEqual(['200 did a', '200 did b', '200 did c']);
    // The two late ones may share a prompt, or have one each: that is as their answers happen to come.
    expect(prompts[0]).toMatchObject({ acrValues: ['mfa'], scopes: [] });
    const asked = prompts.flatMap(({ acrValues, scopes }) => [...acrValues, ...scopes]);
    expect(asked.sort()).toEqual(['mfa', 'phr', 'transfers:write']);
  });

  test('an authentication that is too old is asked for again, with max_age', async () => {
    const { post, prompts } = await createApp();
    await post('/transfers', 'first');
    api.expire();
    expect(await post('/transfers', 'second')).toBe('200 did second');
    expect(prompts.map(({ maxAge }) => maxAge)).toEqual([undefined, 0]);
    expect(server.user.signIns).toBe(2);
  });

  test('20 requests with DPoP and a nonce that changes: no prompt for the nonce, one for the level', async () => {
    const { post, prompts } = await createApp({ isBound: true });
    api.demandProofs();
    for (const body of numbers(20)) expect(await post('/transfers', body)).toBe(`200 did ${body}`);
    expect([prompts.length, api.seen.served.length, api.seen.nonces > 0]).toEqual([1, 20, true]);
  });
});
