import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import { LARGEST_MESSAGE, MOST_SENDERS } from '../../inspector/server/limits.js';
import { type InspectorServer, startInspector } from '../../inspector/server/server.js';

let directory: string;
let inspector: InspectorServer;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'inspector-server-'));
  await writeFile(join(directory, 'index.html'), '<title>page</title>');
  await writeFile(join(directory, 'secret.txt'), 'secret');
  inspector = await startInspector({ directory, port: 0 });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await inspector.close();
  await rm(directory, { recursive: true });
});

/** Asks as a browser does, also with a host that `fetch` does not let one choose. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      request({ host: '127.0.0.1', port: inspector.port, path, method, headers }, async (response) => {
        let text = '';
        for await (const part of response) text += part;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      })
        .on('error', reject)
        .end();
    },
  );

const own = () => `http://127.0.0.1:${inspector.port}`;
const addressOf = (path: string, token = inspector.token) =>
  `ws://127.0.0.1:${inspector.port}/${path}?token=${token}`;

/** @returns `open`, or the status with which the socket was refused. */
const tryToConnect = (url: string, options: ClientOptions = {}) =>
  new Promise<'open' | number>((resolve, reject) => {
    const socket = new WebSocket(url, options);
    sockets.push(socket);
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });

const connectApp = async (): Promise<WebSocket> => {
  expect(await tryToConnect(inspector.socketUrl)).toBe('open');
  return sockets.at(-1) as WebSocket;
};
/** A page, with what it is told. */
const connectPage = async () => {
  const socket = new WebSocket(addressOf('page'), { origin: own() });
  sockets.push(socket);
  const told: unknown[] = [];
  let onNews = () => {};
  socket.on('message', (data: RawData) => {
    told.push(JSON.parse(String(data)));
    onNews();
  });
  await once(socket, 'open');
  return {
    socket,
    told,
    /** Resolves with the first `count` messages, as soon as there are so many. */
    first: (count: number) =>
      new Promise<unknown[]>((resolve) => {
        onNews = () => void (told.length >= count && resolve(told.slice(0, count)));
        onNews();
      }),
  };
};
const message = (type: string, sessionId = 'x:0') => ({ type, sessionId, _version: '0.7.2' });

test('serves its page with a strict policy, and nothing else', async () => {
  const page = await ask('/');
  expect(page).toMatchObject({ status: 200, text: '<title>page</title>' });
  const policy = String(page.headers['content-security-policy']).split('; ');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${inspector.port}`);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy.join()).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  expect(page.headers['referrer-policy']).toBe('no-referrer');
  expect(page.headers['access-control-allow-origin']).toBeUndefined();

  for (const path of ['/secret.txt', '/../secret.txt', '/%2e%2e/secret.txt', '/constructor', '//'])
    expect((await ask(path)).status, path).toBe(404);
  expect((await ask('/', {}, 'POST')).status).toBe(405);
});

test('answers to the names of this machine only, so that a page which rebinds its name gets nothing', async () => {
  expect((await ask('/', { host: `localhost:${inspector.port}` })).status).toBe(200);
  expect((await ask('/', { host: `attacker.example:${inspector.port}` })).status).toBe(403);
  const headers = { host: `attacker.example:${inspector.port}` };
  expect(await tryToConnect(addressOf('page'), { headers, origin: `http://${headers.host}` })).toBe(403);
});

test('listens on 127.0.0.1 only', async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address, scopeid }) => address !== '127.0.0.1' && !scopeid)
    .map(({ address }) => address);
  // Linux and Windows answer at all of 127.0.0.0/8 if a server listens everywhere.
  if (process.platform !== 'darwin') others.push('127.0.0.2');
  const outcomes = others.map(
    (host) =>
      new Promise<string>((resolve) => {
        const socket = connect({ host, port: inspector.port });
        socket.on('connect', () => resolve(`${host} is open`));
        socket.on('error', () => resolve('closed'));
      }),
  );
  expect(new Set([await tryToConnect(inspector.socketUrl), ...(await Promise.all(outcomes))])).toEqual(
    new Set(['open', ...(others.length > 0 ? ['closed'] : [])]),
  );
});

test('refuses sockets without the token', async () => {
  expect(inspector.token).toMatch(/^[\w-]{24}$/);
  for (const path of ['page', 'app'])
    for (const token of ['', 'x', 'x'.repeat(24), `${inspector.token}x`, '%'])
      expect(await tryToConnect(addressOf(path, token), { origin: own() }), `${path} ${token}`).toBe(401);
  expect(await tryToConnect(addressOf('other'))).toBe(404);
});

test('another inspector has another token', async () => {
  const other = await startInspector({ directory, port: 0 });
  await other.close();
  expect(other.token).not.toBe(inspector.token);
});

test('the page alone may read', async () => {
  expect(await tryToConnect(addressOf('page'), { origin: own() })).toBe('open');
  for (const origin of ['https://attacker.example', 'http://localhost:5173', 'null', `${own()}0`])
    expect(await tryToConnect(addressOf('page'), { origin }), origin).toBe(403);
  expect(await tryToConnect(addressOf('page'))).toBe(403);
});

test('apps of this machine alone may send', async () => {
  for (const origin of ['http://localhost:5173', 'http://127.0.0.1:8081', 'http://[::1]:3000', own()])
    expect(await tryToConnect(addressOf('app'), { origin }), origin).toBe('open');
  for (const origin of ['https://attacker.example', 'http://localhost.attacker.example', 'null', 'file://'])
    expect(await tryToConnect(addressOf('app'), { origin }), origin).toBe(403);
});

test('passes on what apps send, and says from which it came', async () => {
  const page = await connectPage();
  const one = await connectApp();
  one.send(JSON.stringify(message('@xstate.actor')));
  await page.first(1);
  (await connectApp()).send(JSON.stringify(message('@xstate.actor')));
  expect(await page.first(2)).toEqual([
    { source: 1, message: message('@xstate.actor') },
    { source: 2, message: message('@xstate.actor') },
  ]);
});

test('a page that is opened late is told what there was, the charts of all actors included', async () => {
  const app = await connectApp();
  app.send(JSON.stringify(message('@xstate.actor')));
  for (let count = 0; count < 6000; count++) app.send(JSON.stringify(message('@xstate.event', `x:${count}`)));
  const early = await connectPage();
  await early.first(1);
  app.send(JSON.stringify(message('@xstate.snapshot')));
  await new Promise<void>((resolve) => {
    early.socket.on('message', (data) => String(data).includes('@xstate.snapshot') && resolve());
  });
  const late = await connectPage();
  const told = await late.first(5001);
  expect(told[0]).toEqual({ source: 1, message: message('@xstate.actor') });
  expect(told.at(-1)).toEqual({ source: 1, message: message('@xstate.snapshot') });
});

test('what is no message is not passed on', async () => {
  const page = await connectPage();
  const app = await connectApp();
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"type":"@xstate.actor"}',
    '{"type":"x","sessionId":"x:0"}',
  ])
    app.send(text);
  app.send('['.repeat(1_000_000));
  app.send(Buffer.from(JSON.stringify(message('@xstate.actor', 'binary'))));
  app.send(JSON.stringify(message('@xstate.actor', 'last')));
  expect(await page.first(1)).toEqual([{ source: 1, message: message('@xstate.actor', 'last') }]);
});

test('a message nested a million deep is passed on, and harms nobody', async () => {
  const page = await connectPage();
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
  const app = await connectApp();
  app.send(`{"type":"@xstate.event","sessionId":"x:0","event":${deep}}`);
  app.send(JSON.stringify(message('@xstate.event', 'last')));
  const [, last] = await page.first(2);
  expect(last).toEqual({ source: 1, message: message('@xstate.event', 'last') });
});

test('closes a socket that sends 10 MB, and goes on', async () => {
  const page = await connectPage();
  const hostile = await connectApp();
  hostile.on('error', () => {});
  hostile.send(JSON.stringify({ ...message('@xstate.event'), event: 'x'.repeat(10_000_000) }));
  await once(hostile, 'close');
  const app = await connectApp();
  app.send(JSON.stringify({ ...message('@xstate.event'), event: 'x'.repeat(LARGEST_MESSAGE - 1000) }));
  app.send(JSON.stringify(message('@xstate.event')));
  const [, second] = await page.first(2);
  expect(second).toEqual({ source: 2, message: message('@xstate.event') });
});

test('limits how many may send, and takes another when one has gone', async () => {
  const apps: WebSocket[] = [];
  for (let count = 0; count < MOST_SENDERS; count++) apps.push(await connectApp());
  expect(await tryToConnect(inspector.socketUrl)).toBe(503);
  const page = await connectPage();
  apps[0]?.close();
  await once(apps[0] as WebSocket, 'close');
  const app = await connectApp();
  app.send(JSON.stringify(message('@xstate.event')));
  expect(await page.first(1)).toHaveLength(1);
});

test('a page that sends is closed', async () => {
  const { socket } = await connectPage();
  socket.send('{}');
  const [code] = await once(socket, 'close');
  expect(code).toBe(1008);
});
