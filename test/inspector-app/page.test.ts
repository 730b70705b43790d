import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSafeInspector } from 'strong-auth-machine/inspect';
import { createSimulator } from 'strong-auth-machine/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromPromise } from 'xstate';
import { bundle } from '../support/bundle.js';
import { checkout } from './machines/checkout.js';
import { sixty } from './machines/sixty.js';
import { spawner } from './machines/spawner.js';
import { trafficLight } from './machines/traffic-light.js';
import { upload } from './machines/upload.js';
import { expectActive, onInspector, taken, textsOf } from './on-inspector.js';

describe('the page of the inspector', () => {
  const at = onInspector();
  const { open, start, connect, watchFor } = at;

  test('follows parallel parts, delays and a history', async () => {
    const page = await open();
    const { actor, clock } = start(trafficLight);
    const powered = (lights: string, pedestrians: string) => [
      'powered',
      'powered.lights',
      `powered.lights.${lights}`,
      'powered.pedestrians',
      `powered.pedestrians.${pedestrians}`,
    ];
    await expectActive(page, ...powered('green', 'idle'));
    expect(
      (
        await page.$$eval('#chart .state', (all) => all.map((state) => state.getAttribute('data-state')))
      ).sort(),
    ).toEqual(
      [
        ...[
          'powered',
          'powered.lights',
          'powered.lights.green',
          'powered.lights.red',
          'powered.lights.yellow',
        ],
        ...['powered.pedestrians', 'powered.pedestrians.idle', 'powered.pedestrians.remembered'],
        ...['powered.pedestrians.waiting', 'dark', 'removed'],
      ].sort(),
    );
    actor.send({ type: 'button.pressed' });
    await expectActive(page, ...powered('green', 'waiting'));
    expect(await taken(page)).toEqual(['powered.pedestrians.idle → powered.pedestrians.waiting']);
    clock.increment(30_000);
    await expectActive(page, ...powered('yellow', 'waiting'));
    expect(await taken(page)).toEqual(['powered.lights.green → powered.lights.yellow']);
    actor.send({ type: 'power.lost' });
    await expectActive(page, 'dark');
    expect(await taken(page)).toEqual(['powered → dark']);
    actor.send({ type: 'power.restored' });
    await expectActive(page, ...powered('green', 'waiting'));
    expect(await taken(page)).toEqual(['dark → powered.pedestrians.remembered']);

    await expect.poll(() => page.locator('#shown-name').textContent()).toBe('crossing');
    await expect
      .poll(() => page.locator('#everywhere').textContent())
      .toBe('From every state: night → removed.');
    const texts = await textsOf(page, '#chart text');
    for (const text of [
      'after 30000 ms',
      'after 20000 ms [isCold]',
      'entry / ring',
      'H*',
      'powered ∥',
      'power.lost',
    ])
      expect(texts).toContain(text);
  });

  test('follows an upload that is tried again: invoked actors, guards, transitions without an event', async () => {
    const sends: { resolve(value: string): void; reject(reason: Error): void }[] = [];
    const send = fromPromise<string, { name: string }>(
      () => new Promise((resolve, reject) => sends.push({ resolve, reject })),
    );
    const page = await open();
    const { actor, clock } = start(upload.provide({ actors: { send } }));
    await expectActive(page, 'idle');
    actor.send({ type: 'file.chosen', name: 'holiday.jpg' });
    await expectActive(page, 'working', 'working.sending');
    expect(await taken(page)).toEqual(['idle → working']);
    sends[0]?.reject(new Error('offline'));
    await expectActive(page, 'working', 'working.waiting');
    expect((await taken(page)).sort()).toEqual([
      'working.deciding → working.waiting',
      'working.sending → working.deciding',
    ]);
    clock.increment(1000);
    await expectActive(page, 'working', 'working.sending');
    await page.click('summary');
    await page.waitForFunction(() =>
      document.getElementById('context')?.textContent?.includes('"retries": 1'),
    );
    sends[1]?.resolve('done');
    await expectActive(page, 'uploaded');
    await expect.poll(() => page.locator('#shown-state').textContent()).toBe('uploaded · done');

    const texts = await textsOf(page, '#chart text');
    for (const text of [
      'runs send',
      'done: send',
      'error: send',
      'always [hasRetriesLeft]',
      'after backoff',
      'done',
    ])
      expect(texts).toContain(text);
    // The two sends are children of the upload, and have ended.
    expect(await textsOf(page, '#actors .actor-name')).toEqual(['upload']);
    await page.check('#show-ended');
    await page.waitForSelector('#actors [data-depth="1"] >> nth=1');
    await expect.poll(() => page.locator('#actors [data-depth="1"]').count()).toBe(2);

    await page.fill('#search', 'HOLIDAY chosen');
    await page.waitForFunction(() => document.querySelectorAll('#log li').length === 1);
    await expect.poll(() => page.locator('#log .event-type').textContent()).toBe('file.chosen');
    await page.fill('#search', 'nothing like it');
    await page.waitForFunction(() => document.querySelectorAll('#log li').length === 0);
    await expect.poll(() => page.locator('#log-note').textContent()).toBe('No event has these words.');
  });

  test('lists the children of a machine below it, and shows each of them', async () => {
    const page = await open();
    const { actor } = start(checkout);
    await expectActive(page, 'open', 'open.address');
    actor.send({ type: 'address.given' });
    await expectActive(page, 'open', 'open.payment');
    actor.send({ type: 'refused' });
    await page.waitForSelector('#chart .is-taken[data-from="open.payment"][data-to="open.payment"]');
    actor.send({ type: 'back' });
    // The history has nothing to return to before the group was left.
    await expectActive(page, 'open', 'open.address');
    expect(await taken(page)).toEqual(['open → open.last']);
    actor.send({ type: 'address.given' });
    actor.send({ type: 'paid', parcels: 3 });
    await expectActive(page, 'shipping');
    expect(await taken(page)).toEqual(['open.payment → shipping']);
    await page.waitForSelector('#actors [data-depth="1"] >> nth=3');
    expect((await textsOf(page, '#actors [data-depth="1"] .actor-name')).slice(1)).toEqual([
      'parcel 0',
      'parcel 1',
      'parcel 2',
    ]);
    await page.click('#actors button:has-text("parcel 1")');
    await expectActive(page, 'packed');
    actor.getSnapshot().children['parcel 1']?.send({ type: 'shipped' });
    await expectActive(page, 'onTheWay');
    await page.click('#actors button:has-text("parcel 2")');
    await expectActive(page, 'packed');
    await page.check('#only-shown');
    await page.waitForFunction(() => document.querySelectorAll('#log li').length === 1);
    await page.click('#actors button:has-text("parcel 1")');
    await page.waitForFunction(() => document.querySelector('#log .event-type')?.textContent === 'shipped');
  });

  test('follows a parent that starts a child whenever it is asked, and its children when they end', async () => {
    const page = await open();
    const { actor } = start(spawner);
    await expectActive(page, 'open');
    const names = (selector: string) => textsOf(page, `#actors ${selector} .actor-name`);
    for (let index = 0; index < 3; index += 1) {
      actor.send({ type: 'added', url: `/file ${index}` });
      await page.waitForSelector(`#actors button:has-text("download ${index}")`);
    }
    expect(await names('[data-depth="1"]')).toEqual(['download 0', 'download 1', 'download 2']);
    await page.click('#actors button:has-text("download 1")');
    await expectActive(page, 'loading');
    actor.getSnapshot().children['download 1']?.send({ type: 'broken' });
    await expectActive(page, 'failed');
    expect(await taken(page)).toEqual(['loading → failed']);
    expect(await names('.is-ended')).toEqual(['download 1']);
    await page.click('#actors button:has-text("downloads")');
    await expectActive(page, 'open');
    actor.send({ type: 'closed' });
    await expectActive(page, 'closed');
  });

  test('an actor can be chosen while others start: a click that has begun ends on it, and the focus stays', async () => {
    const page = await open();
    const { actor } = start(spawner);
    await expectActive(page, 'open');
    const add = async (index: number) => {
      actor.send({ type: 'added', url: `/file ${index}` });
      await page.waitForSelector(`#actors button:has-text("download ${index}")`);
    };
    await add(0);
    await page.hover('#actors button:has-text("download 0")');
    await page.mouse.down();
    await add(1);
    await page.mouse.up();
    await expectActive(page, 'loading');
    await page.focus('#actors button:has-text("downloads")');
    await page.keyboard.press('Enter');
    await expectActive(page, 'open');
    await add(2);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('downloads');
  });

  test('follows a machine of sixty states: readable and scrolled to where it is, or the whole of it', async () => {
    const page = await open();
    const { actor } = start(sixty);
    const isInView = async (state: string, leastHeight: number) =>
      page.waitForFunction(
        ([path, least]) => {
          const inner = document.querySelector(`[data-state="${path}"].is-active`)?.getBoundingClientRect();
          const outer = document.getElementById('chart')?.getBoundingClientRect();
          return (
            inner && outer && inner.top >= outer.top && inner.bottom <= outer.bottom && inner.height > least
          );
        },
        [state, leastHeight] as const,
      );
    await isInView('s0', 20);
    await expect.poll(() => page.locator('#chart .state').count()).toBe(60);
    for (const [event, state] of [
      ['next', 's1'],
      ['jump', 's7'],
      ['jump', 's49'],
    ] as const) {
      actor.send({ type: event });
      await isInView(state, 20);
    }
    expect(await taken(page)).toEqual(['s7 → s49']);
    await page.selectOption('#zoom', 'whole');
    const isWhole = await page.evaluate(() => {
      const chart = document.getElementById('chart');
      const drawn = chart?.querySelector('svg');
      return (
        chart && drawn && drawn.clientHeight <= chart.clientHeight && drawn.clientWidth <= chart.clientWidth
      );
    });
    expect(isWhole).toBe(true);
    await page.selectOption('#zoom', 'full');
    actor.send({ type: 'next' });
    await isInView('s50', 30);
  });

  test('tells actors of the same name apart, in the list, the events and the sequence', async () => {
    const page = await open();
    start(trafficLight);
    await page.waitForSelector('#chart .state');
    const { actor } = start(trafficLight);
    const names = ['crossing', 'crossing (2)'];
    await expect.poll(() => textsOf(page, '#actors .actor-name')).toEqual(names);
    actor.send({ type: 'button.pressed' });
    await expect.poll(() => textsOf(page, '#log .event-type + span')).toEqual([names[1], names[1], names[0]]);
    await page.click('#show-sequence');
    await expect.poll(() => textsOf(page, '#sequence-heads span')).toEqual(['outside', ...names]);
    await page.reload();
    await expect.poll(() => textsOf(page, '#actors .actor-name')).toEqual(names);
  });

  test('says when the inspector has ended', async () => {
    const page = await open();
    start(trafficLight);
    await page.waitForFunction(() => document.getElementById('connection')?.textContent === 'Connected');
    await page.waitForSelector('#chart .state');
    page.removeAllListeners('console'); // the browser prints that it cannot connect
    await at.inspector.close();
    await page.waitForFunction(() =>
      /^(Connection lost|The inspector is not running)/.test(
        document.getElementById('connection')?.textContent ?? '',
      ),
    );
    await expect.poll(() => page.locator('#chart .state').count()).toBe(11);
  });

  test('shows the machine of this package through the safe inspector and a plain socket', async () => {
    const send = await connect();
    const pims = createSimulator({ pin: '4711' });
    const strongAuth = createStrongAuth({
      transport: fromPims(pims),
      enterPin: async () => '4711',
      inspect: createSafeInspector(send),
    });
    await strongAuth.set('pims.vehicle.command', { action: 'doors', doorState: 'lock' });
    // Opened late, it is told what there was.
    const page = await open();
    await expectActive(page, 'resting', 'resting.done');
    await expect.poll(() => page.locator('#shown-name').textContent()).toBe('strongAuth');
    const covered = await page.$$eval('#chart .arrow', (arrows) => {
      const boxes = arrows.map((arrow) =>
        [...arrow.querySelectorAll<SVGTextElement>('.label')].map((label) => label.getBBox()),
      );
      const isOver = (one: DOMRect, other: DOMRect) =>
        Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x) > 1 &&
        Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y) > 2;
      return boxes.flatMap((own, index) =>
        boxes
          .slice(index + 1)
          .flat()
          .filter((other) => own.some((one) => isOver(one, other))),
      ).length;
    });
    expect(covered, 'labels that cover each other').toBe(0);
    await expect.poll(() => page.locator('#chart .label').count()).toBeGreaterThan(20);
    expect(await textsOf(page, '#log .event-type')).toContain('otp.granted');
    expect(await page.content()).not.toContain('4711');
    await page.reload();
    await expectActive(page, 'resting', 'resting.done');
  });

  describe('opened by an app in a browser', () => {
    let app: Server;
    let address: string;
    beforeEach(async () => {
      const script = await bundle('test/inspector-app/machines/app.ts');
      app = createServer((_, response) =>
        response
          .setHeader('content-type', 'text/html')
          .end(`<script>${script.replaceAll('</script', '<\\/script')}</script>`),
      );
      await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
      address = `http://localhost:${(app.address() as AddressInfo).port}/`;
    });
    afterEach(() => new Promise((resolve) => app.close(resolve)));

    test('it shows that app, also when the app is loaded again', async () => {
      const host = await at.context.newPage();
      const watch = async () => {
        await host.goto(address);
        const [page] = await Promise.all([
          at.context.pages()[1] ?? host.waitForEvent('popup'),
          host.evaluate((url) => window.watch(url), at.inspector.pageUrl),
        ]);
        return page;
      };
      const shows = async (page: Page, pedestrians: string) =>
        expectActive(
          page,
          ...['powered', 'powered.lights', 'powered.lights.green', 'powered.pedestrians'],
          `powered.pedestrians.${pedestrians}`,
        );
      const page = await watch();
      watchFor(page);
      await shows(page, 'idle');
      await host.evaluate(() => window.press());
      await shows(page, 'waiting');
      expect(await watch()).toBe(page);
      await shows(page, 'idle');
      await host.evaluate(() => window.press());
      await shows(page, 'waiting');
    });
  });
});
