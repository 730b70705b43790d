import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { StepUpFetch } from 'strong-auth-machine/fetch';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { collectSurfaced } from '../field/support.js';
import { challenged, settle, stage, URL_OF, watch } from './support.js';

/* What a user of `fetch` relies on, over a real server where it matters. */

collectSurfaced();

const ok = () => new Response('ok');

/** A server that asks for a token, and says what it was sent. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { authorization, ...headers } = request.headers;
  if (request.url === '/moved') return response.writeHead(307, { location: '/echo' }).end();
  if (authorization !== 'Bearer better')
    return response
      .writeHead(401, {
        'www-authenticate': 'Bearer error="insufficient_user_authentication", acr_values="mfa"',
      })
      .end('a body that nobody reads');
  if (request.url === '/endless') return response.writeHead(200).write('and so on');
  const body = Buffer.concat(chunks).toString('latin1');
  return response.end(JSON.stringify({ method: request.method, url: request.url, headers, body }));
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A client of that server. */
function live() {
  let token = '';
  const sent: Request[] = [];
  const { stepUp } = stage({
    fetch(request) {
      sent.push(request);
      request.headers.set('authorization', `Bearer ${token}`);
      return fetch(request);
    },
    async authenticate() {
      token = 'better';
    },
  });
  const echo = async (input: RequestInfo | URL, init?: RequestInit) =>
    (await stepUp.fetch(input, init)).json();
  return { stepUp, sent, echo };
}

describe('a request arrives after the authentication as it was made', () => {
  test.each<[string, () => [RequestInfo | URL, RequestInit?], (body: string) => void]>([
    ['a URL as text', () => [`${base}/a?b=c`], (body) => expect(body).toBe('')],
    ['a URL', () => [new URL(`${base}/a?b=c`), { method: 'DELETE' }], (body) => expect(body).toBe('')],
    ['a text', () => [base, { method: 'POST', body: 'ü' }], (body) => expect(body).toBe('Ã¼')],
    [
      'bytes, though they are changed meanwhile',
      () => {
        const body = new Uint8Array([1, 2, 3]);
        queueMicrotask(() => body.fill(0));
        return [base, { method: 'PUT', body }];
      },
      (body) => expect(body).toBe('\u0001\u0002\u0003'),
    ],
    [
      'a Blob',
      () => [base, { method: 'POST', body: new Blob(['blob']) }],
      (body) => expect(body).toBe('blob'),
    ],
    [
      'search parameters',
      () => [base, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) }],
      (body) => expect(body).toBe('a=b+c'),
    ],
    [
      'a form with a file',
      () => {
        const body = new FormData();
        body.set('name', 'value');
        body.set('file', new Blob(['of the file']), 'a.txt');
        return [base, { method: 'POST', body }];
      },
      (body) => expect(body).toMatch(/name="name"\r\n\r\nvalue\r\n.*filename="a.txt".*of the file/s),
    ],
    [
      'a Request with a body',
      () => [new Request(base, { method: 'POST', body: 'of a Request', headers: { 'x-own': '1' } })],
      (body) => expect(body).toBe('of a Request'),
    ],
    [
      'a Request whose body another replaces',
      () => [new Request(base, { method: 'POST', body: 'first' }), { body: 'second' }],
      (body) => expect(body).toBe('second'),
    ],
    [
      'what another Request says, as init',
      () => [base, new Request(URL_OF('/'), { method: 'DELETE', headers: { 'x-own': '1' } })],
      (body) => expect(body).toBe(''),
    ],
    [
      'what init inherits',
      () => [base, Object.create({ method: 'POST', body: 'inherited' })],
      (body) => expect(body).toBe('inherited'),
    ],
  ])('%s', async (_, make, check) => {
    const { echo, sent } = live();
    const [input, init] = make();
    const plain = new Request(input instanceof Request ? input.clone() : input, init);
    const { method, body, headers } = await echo(input, init);
    expect([method, sent.length]).toEqual([plain.method, 2]);
    check(body);
    if (plain.headers.has('x-own')) expect(headers['x-own']).toBe('1');
    expect(headers['transfer-encoding']).toBeUndefined(); // of known length, as the first sending
  });

  test('keepalive, redirect, mode, cache, credentials, referrer and integrity', async () => {
    const { stepUp, sent } = live();
    const init: RequestInit = {
      ...{ keepalive: true, redirect: 'manual', cache: 'no-store', credentials: 'omit' },
      ...{ referrerPolicy: 'no-referrer', mode: 'cors' },
    };
    await stepUp.fetch(base, init);
    await stepUp.fetch(new Request(base, init));
    expect(sent).toHaveLength(3);
    for (const request of sent) expect(request).toMatchObject(init);
  });

  test('a redirect is followed with its body', async () => {
    const { echo, sent } = live();
    expect(await echo(`${base}/moved`, { method: 'POST', body: 'again' })).toMatchObject({
      ...{ method: 'POST', url: '/echo', body: 'again' },
    });
    expect(sent).toHaveLength(2);
  });
});

describe('what can be read once', () => {
  const streams: [string, () => unknown][] = [
    ['a stream', () => new Blob(['once']).stream()],
    ['a stream of Node', () => Readable.from([Buffer.from('once')])],
  ];

  test.each(streams)('%s is sent once: REPLAY_DECLINED after the authentication', async (_, make) => {
    const { stepUp, sent } = live();
    const body = make() as BodyInit;
    const fate = watch(stepUp.fetch(base, { method: 'POST', body, duplex: 'half' } as RequestInit));
    await vi.waitFor(() => expect(fate.fate).toBe('REPLAY_DECLINED'));
    expect(sent).toHaveLength(1);
    expect((await stepUp.fetch(base, { method: 'POST', body: 'next' })).status).toBe(200);
  });

  test.each(streams)('%s arrives if nobody asks for more', async (_, make) => {
    const { echo } = live();
    await echo(base);
    expect((await echo(base, { method: 'POST', body: make(), duplex: 'half' } as RequestInit)).body).toBe(
      'once',
    );
  });

  test('a stream of a polyfill, which has but a reader, is sent once', async () => {
    const app = stage();
    const body = { getReader() {} } as unknown as BodyInit;
    const fate = await app.sendChallenged('/a', {}, { method: 'POST', body });
    await app.prompt().answer();
    expect([fate.fate, app.arrived.length]).toEqual(['REPLAY_DECLINED', 1]);
  });

  test('a used Request rejects as fetch does, and one that was sent is used', async () => {
    const { stepUp, sent } = live();
    const request = new Request(base, { method: 'POST', body: 'once' });
    expect((await stepUp.fetch(request)).status).toBe(200);
    expect(request.bodyUsed).toBe(true);
    await expect(stepUp.fetch(request)).rejects.toThrow(TypeError);
    await expect(fetch(request)).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(2);
  });
});

describe('what rejects', () => {
  test.each<[string, () => Parameters<StepUpFetch['fetch']>]>([
    ['a URL that is none', () => ['not a url']],
    ['a body that a GET cannot have', () => [base, { body: 'x' }]],
    ['a method that is forbidden', () => [base, { method: 'CONNECT' }]],
    ['a signal that is none', () => [base, { signal: {} as AbortSignal }]],
    ['a signal where it would go unheard', () => [base, {}, { signal: AbortSignal.abort() } as object]],
  ])('%s: TypeError, and nothing is sent', async (_, make) => {
    const { stepUp, sent } = live();
    await expect(stepUp.fetch(...make())).rejects.toThrow(TypeError);
    expect([sent.length, stepUp.strongAuth.view.getSnapshot().status]).toEqual([0, 'idle']);
  });

  test('the network: with the TypeError of fetch itself, before an authentication and after', async () => {
    const app = stage();
    const error = new TypeError('fetch failed', { cause: { error: { code: 2302 } } });
    const first = await app.send('/');
    await app.request().fail(error);
    expect(first.error).toBe(error);
    const second = await app.sendChallenged('/');
    await app.prompt().answer();
    await app.request().fail(error);
    expect([second.error, app.prompts.length]).toEqual([error, 1]);
  });

  test('a port that nobody listens on', async () => {
    const { stepUp } = live();
    const error = await stepUp.fetch('http://127.0.0.1:1').catch((reason) => reason);
    expect([error.name, error.message]).toEqual(['TypeError', 'fetch failed']);
  });
});

describe('signals', () => {
  test.each<[string, (signal: AbortSignal) => [RequestInfo, RequestInit?]]>([
    ['of init', (signal) => [URL_OF('/'), { signal }]],
    ['of a Request', (signal) => [new Request(URL_OF('/'), { signal })]],
    [
      'of init, which replaces that of a Request',
      (signal) => [new Request(URL_OF('/'), { signal: AbortSignal.abort() }), { signal }],
    ],
  ])('%s: rejects with its reason, in flight and while it waits', async (_, make) => {
    for (const isWaiting of [false, true]) {
      const app = stage();
      const controller = new AbortController();
      const fate = watch(app.stepUp.fetch(...make(controller.signal)));
      await settle();
      if (isWaiting) await app.request().answer(challenged());
      const reason = new Error('left');
      controller.abort(reason);
      await settle();
      app.clock.advance(0);
      await settle();
      expect([fate.error, fate.settlements, app.request().request.signal.aborted]).toEqual([reason, 1, true]);
      if (isWaiting) expect([app.prompt().prompt.signal.aborted, app.status]).toEqual([true, 'cancelled']);
    }
  });

  test('aborted before: rejects, and nothing is sent', async () => {
    const app = stage();
    const fate = await app.send('/', { signal: AbortSignal.abort() });
    expect([fate.fate, app.arrived.length]).toEqual(['AbortError', 0]);
  });

  test('null takes the signal of the Request away', async () => {
    const app = stage();
    const request = new Request(URL_OF('/'), { signal: AbortSignal.abort() });
    const fate = watch(app.stepUp.fetch(request, { signal: null }));
    await settle();
    await app.request().answer(ok());
    expect(fate.fate).toBe(200);
  });

  test('AbortSignal.timeout: TimeoutError', async () => {
    const { stepUp } = stage({ fetch: async () => challenged(), authenticate: () => new Promise(() => {}) });
    await expect(stepUp.fetch(URL_OF('/'), { signal: AbortSignal.timeout(5) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('one that aborts after the response has come ends its body', async () => {
    const { stepUp } = live();
    const controller = new AbortController();
    const response = await stepUp.fetch(`${base}/endless`, { signal: controller.signal });
    const body = response.text();
    controller.abort(new Error('enough'));
    await expect(body).rejects.toThrow('enough');
  });

  test('many requests with one signal: no warning of the host, and all of them end', async () => {
    const app = stage();
    const controller = new AbortController();
    const fates = Array.from({ length: 100 }, () =>
      watch(app.stepUp.fetch(URL_OF('/'), { signal: controller.signal })),
    );
    await settle();
    controller.abort();
    await settle();
    expect(fates.map(({ fate }) => fate)).toEqual(fates.map(() => 'AbortError'));
  });

  test('a host without AbortSignal.any', async () => {
    const { any } = AbortSignal;
    Object.assign(AbortSignal, { any: undefined });
    try {
      const app = stage();
      const controller = new AbortController();
      const fate = await app.send('/', { signal: controller.signal });
      controller.abort();
      await settle();
      expect([fate.fate, app.request().request.signal.aborted]).toEqual(['AbortError', true]);
    } finally {
      Object.assign(AbortSignal, { any });
    }
  });
});

describe('options of one request', () => {
  test('interactive: false never asks, and joins those that wait', async () => {
    const app = stage();
    const poll = await app.send('/poll', {}, { interactive: false });
    await app.request().answer(challenged());
    expect([poll.fate, app.prompts.length]).toEqual(['INTERACTION_REQUIRED', 0]);
    await app.sendChallenged('/a');
    const joining = await app.send('/poll', {}, { interactive: false });
    await app.request().answer(challenged());
    await app.prompt().answer();
    await app.arrived[4]?.answer(ok());
    expect([joining.fate, app.prompts.length]).toEqual([200, 1]);
  });

  test('replay is asked with a Request whose body it may read', async () => {
    const bodies: string[] = [];
    const app = stage();
    const replay = async (request: Request) => bodies.push(await request.text()) === 2;
    const fates = [
      await app.send('/a', { method: 'POST', body: 'a' }, { replay }),
      await app.send('/b', { method: 'POST', body: 'b' }, { replay }),
      await app.send('/c', { method: 'POST', body: 'c' }, { replay: 'never' }),
    ];
    for (const { answer } of [...app.arrived]) await answer(challenged());
    await app.prompt().answer();
    expect([bodies, await app.request().request.text()]).toEqual([['a', 'b'], 'b']);
    await app.request().answer(ok());
    expect(fates.map(({ fate }) => fate)).toEqual(['REPLAY_DECLINED', 200, 'REPLAY_DECLINED']);
  });

  test('timeoutMs and maxAgeMs', async () => {
    const app = stage();
    const late = await app.send('/a', {}, { timeoutMs: 1000 });
    const old = await app.send('/b', {}, { maxAgeMs: 1500 });
    await app.request().answer(challenged());
    app.clock.advance(1000);
    await settle();
    expect(late.error).toMatchObject({ code: 'TIMED_OUT', remedy: 'checkState', details: { sent: true } });
    app.clock.advance(1000);
    await app.prompt().answer();
    expect([old.fate, app.arrived.length]).toEqual(['STALE', 2]);
  });
});

describe('a header that is hidden from another origin', () => {
  const hidden = (headers = {}, status = 401, type: ResponseType = 'cors') =>
    Object.defineProperty(new Response('', { status, headers }), 'type', { value: type });

  test('is said once, and the response is returned', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const app = stage();
    for (const path of ['/a?secret=1', '/b']) {
      const fate = await app.send(path);
      await app.request().answer(hidden());
      expect(fate.fate).toBe(401);
    }
    await app.send('/c');
    await app.request().answer(hidden({ 'www-authenticate': 'Bearer' }));
    expect(warn.mock.calls).toEqual([
      [
        'GET https://api.example/a was refused; its WWW-Authenticate is hidden: it has to send Access-Control-Expose-Headers',
      ],
    ]);
    expect(app.facts.filter((fact) => (fact as { type: string }).type === 'headerHidden')).toMatchObject([
      { method: 'GET', url: 'https://api.example/a' },
      { method: 'GET', url: 'https://api.example/b' },
    ]);
  });

  test.each<[string, number, ResponseType]>([
    ['a 403 of another origin', 403, 'cors'],
    ['no 404', 404, 'cors'],
    ['no 401 of the own origin', 401, 'basic'],
  ])('is suspected of %s', async (_, status, type) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const app = stage({ onEvent: undefined });
    await app.send('/');
    await app.request().answer(hidden({}, status, type));
    expect(warn).toHaveBeenCalledTimes(status === 403 ? 1 : 0);
  });

  test('is said nowhere by a host without a console', async () => {
    const app = stage();
    const fate = await app.send('/');
    vi.stubGlobal('console', undefined);
    await app.request().answer(hidden());
    vi.unstubAllGlobals();
    expect(fate.fate).toBe(401);
  });

  test('is said in the error of a request that is challenged again, and whose app knew that it was', async () => {
    const app = stage({ challenge: () => true });
    const fates: ReturnType<typeof watch>[] = [];
    for (const last of [hidden(), challenged(), undefined]) {
      fates.push(await app.send('/'));
      await app.request().answer(hidden());
      await app.prompt().answer(last ? {} : null);
      if (last) await app.request().answer(last);
    }
    expect(fates.map(({ error }) => String(error).replace(/.*\(/, ''))).toEqual([
      'STILL_CHALLENGED); its WWW-Authenticate is hidden: it has to send Access-Control-Expose-Headers',
      'STILL_CHALLENGED)',
      'CANCELLED)',
    ]);
  });
});
