import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundle } from '../support/bundle.js';
import { launchChromium } from '../support/chromium.js';
import { listen, type Running } from './authorization-server.js';
import type {} from './page.js';

/* In a real browser: popups, CORS, and bodies as the browser makes them. */

let browser: Browser;
let script: string;
let app: Running;
let api: Running;
let page: Page;
let printed: string[];

beforeAll(async () => {
  [browser, script] = await Promise.all([launchChromium(), bundle('test/fetch/page.ts')]);
  app = await listen((request, response) => {
    const body =
      request.url === '/login'
        ? `<button onclick="new BroadcastChannel('signed-in').postMessage('better'); window.close()">Sign in</button>`
        : '';
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>App</title>${body}`);
  });
  // Of another origin: it names the headers that the page may read, or does not.
  api = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'authorization, content-type');
    if (request.url !== '/hidden') response.setHeader('access-control-expose-headers', 'WWW-Authenticate');
    if (request.method === 'OPTIONS') return response.end();
    if (request.headers.authorization === 'Bearer better') return response.end(`did ${body}`);
    return response
      .writeHead(401, { 'www-authenticate': 'Bearer error="insufficient_user_authentication"' })
      .end('refused');
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  app?.close();
  api?.close();
});

beforeEach(async () => {
  const context = await browser.newContext();
  page = await context.newPage();
  printed = [];
  page.on('console', (message) => {
    if (message.type() === 'warning') printed.push(message.text());
  });
  await page.goto(app.url);
  await page.addScriptTag({ content: script });
});
afterEach(() => page.context().close());

/** Begins requests on the page, and gives the popup that they open. */
async function sendAndOpen(...kinds: ('nothing' | 'text' | 'form' | 'blob')[]) {
  const opened = page.waitForEvent('popup');
  const sent = page.evaluate(
    ([url, all]) => Promise.all(all.map((kind) => window.stepUpPage.send(url, kind))),
    [`${api.url}/transfers`, kinds] as const,
  );
  return { popup: await opened, sent };
}

/** The click closes the window that it is in, which may be gone before the click is confirmed. */
async function signIn(popup: Page): Promise<void> {
  await popup.waitForSelector('button');
  const closed = popup.waitForEvent('close');
  await popup.click('button').catch(() => {});
  await closed;
}

const prompts = () => page.evaluate(() => window.stepUpPage.prompts);

describe('a popup', { timeout: 120_000 }, () => {
  test('in which the user signs in: each request is sent again, with its own body', async () => {
    const { popup, sent } = await sendAndOpen('text', 'form', 'blob', 'nothing');
    await signIn(popup);
    const [text, form, blob, nothing] = await sent;
    expect([text, blob, nothing]).toEqual(['200 did a text', '200 did a blob', '200 did ']);
    expect(form).toMatch(/^200 did .*name="name"\r\n\r\nvalue\r\n.*of the file/s);
    expect(await prompts()).toBe(1);
  });

  test('that the user closes: CANCELLED, and the next request opens another', async () => {
    const first = await sendAndOpen('text', 'text');
    await first.popup.close();
    expect(await first.sent).toEqual(['CANCELLED', 'CANCELLED']);
    const second = await sendAndOpen('text');
    await signIn(second.popup);
    expect([await second.sent, await prompts()]).toEqual([['200 did a text'], 2]);
  });

  test('is closed by the app when nobody waits any more', async () => {
    const { popup, sent } = await sendAndOpen('text');
    const closed = popup.waitForEvent('close');
    await page.evaluate(() => window.stepUpPage.cancel());
    await closed;
    expect([await sent, await page.evaluate(() => window.stepUpPage.signals)]).toEqual([
      ['CANCELLED'],
      [true],
    ]);
  });
});

describe('the fetch of the browser', { timeout: 120_000 }, () => {
  test('a challenge that the server hides from this origin is returned, and said once', async () => {
    const url = `${api.url}/hidden`;
    const send = () => page.evaluate((to) => window.stepUpPage.send(to, 'nothing'), url);
    expect([await send(), await send()]).toEqual(['401 refused', '401 refused']);
    expect(printed).toEqual([
      `GET ${url} was refused; its WWW-Authenticate is hidden: it has to send Access-Control-Expose-Headers`,
    ]);
    expect(await prompts()).toBe(0);
  });

  test('keepalive survives the replay', async () => {
    const opened = page.waitForEvent('popup');
    const sent = page.evaluate(
      (url) => window.stepUpPage.send(url, 'text', { keepalive: true }),
      `${api.url}/transfers`,
    );
    await signIn(await opened);
    expect(await sent).toBe('200 did a text');
  });

  test('the network: TypeError', async () => {
    expect(await page.evaluate(() => window.stepUpPage.send('http://127.0.0.1:1/', 'nothing'))).toBe(
      'TypeError',
    );
  });
});
