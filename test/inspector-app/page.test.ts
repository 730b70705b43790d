import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
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
import { base, expectActive, onInspector, taken, textsOf } from './on-inspector.js';

describe('the page of the inspector', () => {
  const at = onInspector();
  const { open, start, connect, watchFor, onEnd } = at;

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

  test('goes back and forward in time, by button, by event and by slider', async () => {
    const page = await open();
    const { actor, clock } = start(trafficLight);
    await page.waitForSelector('#chart .state');
    clock.increment(30_000);
    clock.increment(3000);
    const light = async (state: string) => {
      await page.waitForFunction(
        (wanted) => document.getElementById('shown-state')?.textContent?.startsWith(wanted),
        `powered.lights.${state},`,
      );
      await expectActive(
        page,
        ...['powered', 'powered.lights', `powered.lights.${state}`],
        ...['powered.pedestrians', 'powered.pedestrians.idle'],
      );
    };
    await light('red');
    await page.click('#back');
    await light('yellow');
    expect(await taken(page)).toEqual(['powered.lights.green → powered.lights.yellow']);
    const words = await page.getAttribute('#chart svg', 'aria-label');
    expect(words).toContain(
      'Taken last: after 30000 ms, from powered.lights.green to powered.lights.yellow.',
    );
    expect(words).toMatch(/Possible now: .*power\.lost, from powered to dark/);
    // What arrives meanwhile changes nothing of what is shown.
    actor.send({ type: 'power.lost' });
    await page.waitForFunction(
      () => document.querySelector('#log .event-type')?.textContent === 'power.lost',
    );
    await light('yellow');
    // The lists are drawn some times a second, later than the chart.
    await page.waitForFunction(() => document.querySelector('#log .is-later') !== null);
    await page.click('#back');
    await light('green');
    await page.click('#forward');
    await light('yellow');
    await page.click('#log button:has-text("xstate.after.3000")');
    await light('red');
    await page.waitForFunction(() =>
      document.querySelector('#log .is-current button')?.textContent?.includes('xstate.after.3000'),
    );
    await page.focus('#time');
    await page.keyboard.press('Home');
    await light('green');
    await page.click('#latest');
    await expectActive(page, 'dark');
    await page.waitForFunction(() => document.querySelector('#log .is-later') === null);
  });

  test('an event that is gone to shows its own fields, also if it started actors, and if nothing came after it', async () => {
    const page = await open();
    const { actor } = start(checkout);
    await expectActive(page, 'open', 'open.address');
    actor.send({ type: 'address.given' });
    actor.send({ type: 'paid', parcels: 3 });
    await expectActive(page, 'shipping');
    await page.fill('#search', 'paid');
    await page.click('#log button:has-text("paid")');
    const says = (detail: string) =>
      page.waitForFunction(
        (wanted) => document.getElementById('event-detail')?.textContent === wanted,
        detail,
      );
    await says('{"parcels":3}');
    await page.waitForFunction(
      () => document.querySelector('#log .is-current button')?.textContent === 'paid',
    );
    await page.fill('#search', 'init');
    await page.click('#log li:has-text("parcel 2") button');
    await says('{"input":{"name":"2"}}');
    await page.click('#latest');
    await says('');
  });

  test('saves a session to a file, and opens it again', async () => {
    const page = await open();
    const { actor } = start(trafficLight);
    await page.waitForSelector('#chart .state');
    actor.send({ type: 'button.pressed' });
    actor.send({ type: 'power.lost' });
    await expectActive(page, 'dark');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
    const path = join(at.directory, 'session.json');
    await download.saveAs(path);

    const other = await at.context.newPage();
    watchFor(other);
    await other.goto(`http://127.0.0.1:${at.inspector.port}/`);
    await expect.poll(() => other.locator('#connection').textContent()).toContain('Without a token');
    await other.setInputFiles('#file', path);
    await expectActive(other, 'dark');
    await expect.poll(() => other.locator('#connection').textContent()).toBe('session.json, a saved session');
    expect(await textsOf(other, '#log .event-type')).toEqual(['power.lost', 'button.pressed', 'xstate.init']);
    await other.click('#back');
    await other.waitForSelector('[data-state="powered.pedestrians.waiting"].is-active');

    // What arrives is not mixed into it.
    await page.setInputFiles('#file', path);
    await page.waitForSelector('#live:visible');
    actor.send({ type: 'power.restored' });
    const late = await open();
    await late.waitForSelector('[data-state="powered"].is-active');
    await expectActive(page, 'dark');
    await page.click('#live');
    await page.waitForSelector('[data-state="powered"].is-active');
  });

  test.each([
    ['no JSON', '{'],
    ['another file', '{"format":"other","version":1,"messages":[]}'],
    [
      'a session of another version',
      '{"format":"strong-auth-machine inspector session","version":2,"messages":[]}',
    ],
  ])('%s is not opened, and what is shown stays', async (_, text) => {
    const page = await open();
    start(trafficLight);
    await page.waitForSelector('#chart .state.is-active');
    await page.setInputFiles('#file', {
      name: 'some.json',
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
    await page.waitForFunction(
      () =>
        document.getElementById('connection')?.textContent === 'some.json is no session of this inspector',
    );
    await expect.poll(() => page.locator('#chart .state.is-active').count()).toBe(5);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing, in %s', async (colorScheme) => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const page = await open();
    await page.emulateMedia({ colorScheme });
    const violations = async () => {
      await page.evaluate(axe);
      return page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: {
            run(): Promise<{ passes: unknown[]; violations: { id: string; nodes: { html: string }[] }[] }>;
          };
        };
        const result = await axe.run();
        return [
          ...(result.passes.length > 10 ? [] : ['nothing was looked at']),
          ...result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`),
        ];
      });
    };
    await expect.poll(() => page.locator('#help-socket').textContent()).toContain(at.inspector.socketUrl);
    expect(await violations()).toEqual([]);
    const { actor } = start(trafficLight);
    actor.send({ type: 'button.pressed' });
    start(upload);
    await page.waitForSelector('#chart .is-taken');
    await page.click('summary');
    expect(await page.locator('#help').isVisible()).toBe(false);
    expect(await violations()).toEqual([]);
    await page.click('#back');
    await page.waitForSelector('#log .is-later');
    expect(await violations()).toEqual([]);
    // A phone, and 200 % of a small window, with the sequence too.
    for (const viewport of [
      { width: 390, height: 844 },
      { width: 720, height: 450 },
    ]) {
      await page.setViewportSize(viewport);
      for (const view of ['#show-sequence', '#show-chart']) {
        await page.click(view);
        await page.waitForSelector(`${view}[aria-pressed=true]`);
        expect(await violations(), `${view} at ${viewport.width}`).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `${view} at ${viewport.width}`).toBeLessThanOrEqual(0);
      }
    }
  });

  test('is operated by keyboard alone', async () => {
    const page = await open();
    const { actor } = start(trafficLight);
    await page.waitForSelector('#chart .state.is-active');
    actor.send({ type: 'button.pressed' });
    actor.send({ type: 'power.lost' });
    await expectActive(page, 'dark');
    /** Tab, until the element is reached. */
    const tabTo = async (selector: string) => {
      for (let tabs = 0; tabs < 40; tabs += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      }
      throw new Error(`no tab leads to ${selector}`);
    };
    await tabTo('#actors button');
    await page.keyboard.press('Enter');
    await tabTo('#show-sequence');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#sequence-messages button'); // drawn a frame later
    await tabTo('#sequence-messages button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#sequence-messages .is-current');
    await tabTo('#latest');
    await page.keyboard.press('Enter');
    await tabTo('#search');
    await page.keyboard.type('power');
    await page.waitForFunction(() => document.querySelectorAll('#log li').length === 1);
    await tabTo('#log button');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('latest')?.ariaPressed === 'false');
  });

  test('a page of another origin cannot read what is sent', async () => {
    const elsewhere = createServer((_, response) => response.end('<title>elsewhere</title>'));
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    onEnd(() => new Promise((resolve) => elsewhere.close(resolve)));
    const page = await at.context.newPage();
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    const outcomes = await page.evaluate(
      async ([own, token]) => {
        const outcome = (url: string) =>
          new Promise((resolve) => {
            const socket = new WebSocket(url);
            socket.onopen = () => resolve('open');
            socket.onerror = () => resolve('refused');
          });
        return [
          await outcome(`ws://${own}/page?token=${token}`),
          await outcome(`ws://${own}/page`),
          await outcome(`ws://${own}/app`),
          await fetch(`http://${own}/page.js`).then(
            () => 'read',
            () => 'refused',
          ),
        ];
      },
      [`127.0.0.1:${at.inspector.port}`, at.inspector.token] as const,
    );
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  test('a hostile sender harms nobody', async () => {
    const page = await open();
    const send = await connect();
    const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const states = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));
    const deep = (depth: number): object => (depth === 0 ? {} : { states: { a: deep(depth - 1) } });
    const definitions: readonly unknown[] = [
      {
        id: markup,
        states: { [markup]: { description: markup, on: { [markup]: { target: markup, guard: markup } } } },
      },
      {
        states: {
          a: { on: 7, invoke: [null, 3, { src: {} }], always: [[[]]], after: 'x', entry: { type: {} } },
        },
      },
      {
        states: {
          a: { on: { x: '#nowhere', y: '.', z: ['..', '#', '\\'] }, initial: 'a', type: 'parallel' },
        },
      },
      { states: states(Array.from({ length: 5000 }, (_, index) => `state ${index}`)) },
      deep(500),
      JSON.parse('{"id":"proto","states":{"__proto__":{"on":{"x":"constructor"}},"constructor":{}}}'),
      {
        states: {
          a: { on: { x: `#${'a.'.repeat(500_000)}`, y: `.${'a.'.repeat(500_000)}` } },
          ['b'.repeat(900_000)]: states(['c']),
        },
      },
      {
        id: 'always',
        states: Object.fromEntries(
          Array.from({ length: 12 }, (_, index) => [
            `${index}`,
            { on: { go: '0' }, always: Array.from({ length: 12 }, (_, other) => `${other}`) },
          ]),
        ),
      },
      'not json',
      7,
    ];
    definitions.forEach((definition, index) => {
      const text = typeof definition === 'object' ? JSON.stringify(definition) : definition;
      const actor = { ...base, sessionId: `d:${index}`, name: `${index} ${markup}`, definition: text };
      send({
        ...actor,
        type: '@xstate.actor',
        snapshot: { status: 'active', value: markup, context: { [markup]: markup } },
      });
    });
    send({ ...base, sessionId: 'd:0', type: '@xstate.event', event: { type: markup, [markup]: markup } });
    for (const message of [
      ...['{', '[]', 'null', { type: '@xstate.actor' }, { ...base, type: '@xstate.snapshot', snapshot: 3 }],
      { ...base, type: '@xstate.event', event: null, createdAt: {} },
      { ...base, type: '@xstate.actor', parentId: 'x:0', name: {}, snapshot: null },
      { ...base, type: '@xstate.event', event: 'x'.repeat(3_000_000) },
      { ...base, type: '@xstate.event', sessionId: 'x'.repeat(3_000_000) },
      {
        ...base,
        type: '@xstate.snapshot',
        sessionId: 'x:0',
        snapshot: { value: 'a.'.repeat(1_500_000), status: 'x'.repeat(900_000) },
      },
      {
        ...base,
        type: '@xstate.snapshot',
        sessionId: 'x:0',
        snapshot: { value: states(Array.from({ length: 100_000 }, (_, index) => `${index}`)) },
      },
      { ...base, type: '@xstate.snapshot', sessionId: 'd:7', snapshot: { value: '0' } },
      {
        ...base,
        type: '@xstate.snapshot',
        sessionId: 'd:7',
        event: { type: 'go' },
        snapshot: { value: 'nowhere' },
      },
      `{"type":"@xstate.snapshot","sessionId":"d:0","snapshot":{"value":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`,
    ])
      send(message);
    for (let index = 0; index < 5000; index++)
      send({
        ...base,
        type: '@xstate.actor',
        sessionId: `many:${index}`,
        parentId: `many:${index - 1}`,
        name: `many ${index}`,
      });
    send({ ...base, sessionId: 'd:0', type: '@xstate.event', event: { type: 'the last one' } });
    await page.waitForFunction(
      () => document.querySelector('#log .event-type')?.textContent === 'the last one',
    );
    await page.waitForFunction(() =>
      document.getElementById('actors-note')?.textContent?.includes('too many'),
    );
    await expect.poll(() => page.locator('#actors li').count()).toBeLessThanOrEqual(400);

    for (let index = 0; index < definitions.length; index++) {
      await page.click(`#actors [data-actor$=" d:${index}"]`);
      await page.waitForFunction(
        (prefix) =>
          document.getElementById('shown-name')?.textContent?.startsWith(prefix) &&
          !document.getElementById('chart')?.textContent?.includes('is being drawn'),
        `${index} `,
      );
    }
    await page.click('#actors [data-actor$=" d:0"]');
    await page.waitForSelector('#chart .state .name');
    expect(await textsOf(page, '#chart .state .name')).toContain(`${markup.slice(0, 59)}…`);
    await expect.poll(() => page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toBe('Inspector · XState machines');
  });
});
