import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf } from '../../scripts/chart.js';
import { Sinks, secrets } from '../secrets/sinks.js';

/** What of a message these tests read. */
interface Message {
  readonly type: string;
  readonly name?: string;
  readonly definition?: string;
  readonly event?: { readonly type: string };
  readonly snapshot?: { readonly value?: unknown; readonly context?: Record<string, unknown> };
}

/** The socket server that `@statelyai/inspect` itself brings and relays with. */
interface SocketServer {
  on(event: 'listening', listener: () => void): void;
  on(event: 'connection', listener: (socket: Socket) => void): void;
  address(): AddressInfo;
  readonly clients: Set<Socket>;
  close(): void;
}
interface Socket {
  on(event: 'message', listener: (data: unknown) => void): void;
  send(text: string): void;
  terminate(): void;
}

const require = createRequire(import.meta.url);
const { WebSocketServer } = createRequire(require.resolve('@statelyai/inspect'))('ws') as {
  WebSocketServer: new (options: { host: string; port: number }) => SocketServer;
};

/** Passes on what one sends to all others, as Stately's server does; that one listens on every network of the machine. */
async function startRelay(): Promise<{ readonly url: string; stop(): void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.on('listening', resolve));
  const past: string[] = [];
  server.on('connection', (socket) => {
    for (const text of past) socket.send(text);
    socket.on('message', (data) => {
      past.push(String(data));
      for (const other of server.clients) if (other !== socket) other.send(String(data));
    });
  });
  return {
    url: `ws://127.0.0.1:${server.address().port}`,
    stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** @returns What is drawn of a definition, so that two can be compared. */
const drawing = (definition: string | undefined) => {
  const { states, arrows, everywhere } = chartOf(createMachine(JSON.parse(definition ?? '{}')));
  return {
    states: states.map(({ id, description }) => [id, description]),
    arrows: arrows.map(({ from, to, labels }) => [from.id, to.id, labels]),
    everywhere: everywhere.map(({ event, to }) => [event, to.id]),
  };
};

describe('in Chromium', { timeout: 600_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  const site = inject('playground');
  let relay: Awaited<ReturnType<typeof startRelay>>;
  let sinks: Sinks;

  beforeAll(async () => {
    browser = await chromium.connect(site.browser);
    await build({
      entryPoints: ['app', 'receiver'].map((name) => new URL(`app/${name}.ts`, import.meta.url).pathname),
      outdir: site.directory,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      mainFields: ['browser', 'module', 'main'],
      logLevel: 'error',
    });
    for (const name of ['app', 'receiver']) {
      const page = `<!doctype html><meta charset="utf-8"><title>${name}</title><script type="module" src="${name}.js"></script>`;
      await writeFile(join(site.directory, `${name}.html`), page);
    }
    relay = await startRelay();
  }, 600_000);
  beforeEach(async () => {
    sinks = new Sinks();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  });
  afterEach(() => context.close());
  afterAll(async () => {
    relay?.stop();
    await browser?.close();
  });

  const open = async (path: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(site.url + path);
    return page;
  };
  const openApp = async (): Promise<Page> => {
    const app = await open('app.html');
    await app.waitForFunction(() => 'lock' in window);
    return app;
  };
  const lock = async (app: Page) => {
    expect(await app.evaluate((given) => window.lock(given), secrets)).toEqual({ value: secrets.result });
  };
  const popupOf = async (app: Page, page: string): Promise<Page> => {
    const [popup] = await Promise.all([
      app.waitForEvent('popup'),
      app.evaluate((url) => window.inspectWith({ page: url }), site.url + page),
    ]);
    await popup.waitForLoadState();
    return popup;
  };

  /** The messages, once the app has come to rest, looked through for what must not be in any of them. */
  const receivedBy = async (receiver: Page): Promise<Message[]> => {
    await receiver.waitForFunction(() =>
      window.received.some(
        (message) => JSON.stringify((message as Message).snapshot?.value) === '{"resting":"done"}',
      ),
    );
    const messages = (await receiver.evaluate(() => window.received)) as Message[];
    for (const message of messages) sinks.look('snapshot', message);
    expect([...sinks.leaks]).toEqual([]);
    expect(sinks.inspected).toBeGreaterThan(10);
    return messages;
  };
  const expectWhole = (messages: readonly Message[]) => {
    const [first] = messages;
    expect(first).toMatchObject({ type: '@xstate.actor', name: 'strongAuth' });
    expect(drawing(first?.definition)).toEqual(drawing(JSON.stringify(strongAuthMachine.config)));
    const states = messages.flatMap(({ type, name, snapshot }) =>
      type === '@xstate.snapshot' && name === undefined && snapshot?.value !== undefined
        ? [snapshot.value]
        : [],
    );
    const changes = states.filter(
      (state, index) => JSON.stringify(state) !== JSON.stringify(states[index - 1]),
    );
    expect(changes).toEqual([
      { resting: 'idle' },
      { working: 'calling' },
      { wave: 'needStrongAuth' },
      { wave: { requestingOtp: 'queued' } },
      { wave: { requestingOtp: 'withPin' } },
      { wave: 'needStrongAuth' },
      { wave: { requestingOtp: 'queued' } },
      { wave: { requestingOtp: 'withPin' } },
      { working: 'replaying' },
      { resting: 'done' },
    ]);
    const asked = messages.find(
      ({ snapshot }) => JSON.stringify(snapshot?.value) === '{"wave":"needStrongAuth"}',
    );
    expect(asked?.snapshot?.context).toMatchObject({ attempt: 1, pins: 0, reason: 'strongAuthNeeded' });
  };

  test("Stately's own receiver gets the whole chart and every state, and nothing private", async () => {
    const app = await openApp();
    const receiver = await popupOf(app, 'receiver.html');
    await lock(app);
    expectWhole(await receivedBy(receiver));
  });

  test('the same through a socket', async () => {
    const receiver = await open(`receiver.html?ws=${relay.url}`);
    const app = await openApp();
    await app.evaluate((socket) => window.inspectWith({ socket }), relay.url);
    await lock(app);
    expectWhole(await receivedBy(receiver));
  });

  /** What the stand-alone page shows of a client that has come to rest. */
  const expectShown = async (inspector: Page) => {
    await inspector.waitForFunction(
      () => document.getElementById('shown-state')?.textContent === 'resting.done',
    );
    expect(await inspector.locator('#shown-heading').textContent()).toBe('strongAuth');
    const shown = await inspector.$$eval('#chart [data-state]', (all) =>
      all.map((state) => [state.getAttribute('data-state'), state.checkVisibility()]),
    );
    const every = chartOf(strongAuthMachine).states.map(({ path }) => [path.join('.'), true]);
    expect(shown.sort()).toEqual(every.sort());
    expect(
      await inspector.$$eval('#chart .is-active', (all) =>
        all.map((state) => state.getAttribute('data-state')),
      ),
    ).toEqual(['resting', 'resting.done']);
    expect(await inspector.locator('.arrow.is-taken').getAttribute('data-from')).toBe('working');
    const text = await inspector.locator('#events').textContent();
    for (const event of ['call.challenged', 'pin.given', 'otp.pinRejected', 'otpCode 2308', 'otp.granted'])
      expect(text).toContain(event);
    for (const secret of Object.values(secrets)) expect(await inspector.content()).not.toContain(secret);
  };

  test('the stand-alone inspector shows an app that opens it', async () => {
    const app = await openApp();
    const inspector = await popupOf(app, 'inspector.html');
    await lock(app);
    await expectShown(inspector);
    // Opened anew, it is told what there was.
    await inspector.reload();
    await expectShown(inspector);
  });

  test('the stand-alone inspector shows an app through a socket', async () => {
    const app = await openApp();
    await app.evaluate((socket) => window.inspectWith({ socket }), relay.url);
    await lock(app);
    await expectShown(await open(`inspector.html?ws=${relay.url}`));
  });

  test('the stand-alone inspector shows the playground, opened by it or beside it', async () => {
    const playground = await open('?story=wrong-pin');
    const beside = await open('inspector.html');
    const [opened] = await Promise.all([
      playground.waitForEvent('popup'),
      playground.click('#open-inspector'),
    ]);
    await playground.click('#story-play');
    await playground.waitForSelector('#story-checks li', { timeout: 30_000 });
    await expectShown(opened);
    await expectShown(beside);
    expect(await opened.locator('#actors button', { hasText: 'strongAuth' }).count()).toBe(1);
  });

  test('another machine is shown by its states, and nothing an app sends is read as markup', async () => {
    const app = await openApp();
    const inspector = await popupOf(app, 'inspector.html');
    await app.evaluate((url) => {
      const target = window.open(url, 'xstateinspector');
      const base = { sessionId: 'x:9', rootId: 'x:9', createdAt: '0', id: 'a', _version: '0.7.2' };
      const definition = JSON.stringify({
        id: 'app',
        initial: 'open',
        states: { open: { on: { close: 'shut' } }, shut: {} },
      });
      const name = '<img src=x onerror="document.title=1">';
      for (const message of [
        { ...base, type: '@xstate.actor', name, definition, snapshot: { status: 'active', value: 'open' } },
        {
          ...base,
          type: '@xstate.actor',
          sessionId: 'x:10',
          name: 'broken',
          definition: '{"states":{"a":{"on":7}}}',
        },
        {
          ...base,
          type: '@xstate.snapshot',
          event: { type: 'close' },
          snapshot: { value: 'shut', context: { '<b>': '<b>' } },
        },
        { type: '@xstate.snapshot' },
        null,
      ])
        target?.postMessage(message, '*');
    }, `${site.url}inspector.html#`);
    await inspector.click('#actors button >> nth=0');
    await inspector.waitForFunction(() => document.getElementById('shown-state')?.textContent === 'shut');
    expect(
      await inspector.$$eval('#outline [data-state]', (all) =>
        all.map((state) => `${state.getAttribute('data-state')} ${state.className}`),
      ),
    ).toEqual(['open ', 'shut is-active']);
    expect(await inspector.locator('img, b').count()).toBe(0);
    expect(await inspector.title()).toContain('Inspector');
    await inspector.click('#actors button >> nth=1');
    expect(await inspector.locator('#outline').textContent()).toBe('It has no chart.');
  });
});
