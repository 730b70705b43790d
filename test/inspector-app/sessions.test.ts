import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkout } from './machines/checkout.js';
import { trafficLight } from './machines/traffic-light.js';
import { expectActive, onInspector, taken, textsOf } from './on-inspector.js';

describe('a session in the inspector', () => {
  const at = onInspector();
  const { open, start, watchFor } = at;

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
});
