import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { checkout } from './machines/checkout.js';
import { trafficLight } from './machines/traffic-light.js';
import { base, onInspector, textsOf } from './on-inspector.js';

describe('the sequence of messages', () => {
  const { open, start, connect } = onInspector();

  const messages = (page: Page) =>
    page.$$eval('#sequence-messages button', (all) => all.map((button) => button.getAttribute('aria-label')));
  /** Waits until a message is drawn. */
  const untilDrawn = (page: Page, label: string) => page.waitForSelector(`[aria-label="${label}"]`);

  test('shows who sent what to whom, in the order of time, and follows what happens', async () => {
    const page = await open();
    const { actor } = start(checkout);
    await page.click('#show-sequence');
    await untilDrawn(page, 'outside to checkout: xstate.init');
    expect(await page.locator('#chart').isVisible()).toBe(false);
    actor.send({ type: 'address.given' });
    actor.send({ type: 'paid', parcels: 2 });
    actor.getSnapshot().children['parcel 1']?.send({ type: 'shipped' });
    await untilDrawn(page, 'outside to parcel 1: shipped');
    expect(await messages(page)).toEqual([
      'outside to checkout: xstate.init',
      expect.stringMatching(/^checkout to .*: xstate\.init$/), // the callback that it invokes
      'outside to checkout: address.given',
      'outside to checkout: paid',
      'checkout to parcel 0: xstate.init',
      'checkout to parcel 1: xstate.init',
      'outside to parcel 1: shipped',
    ]);
    expect((await textsOf(page, '#sequence-heads li')).toString()).toMatch(
      /^outside,checkout,[^,]*,parcel 0,parcel 1$/,
    );
    // An arrow leads from the lifeline of the sender to that of the receiver.
    const arrow = await page.locator('[aria-label="checkout to parcel 1: xstate.init"]').boundingBox();
    const lines = await page.$$eval('.lifeline', (all) => all.map((line) => line.getBoundingClientRect().x));
    expect([arrow?.x, (arrow?.x ?? 0) + (arrow?.width ?? 0)]).toEqual([
      expect.closeTo(lines[1] as number, 0),
      expect.closeTo(lines[4] as number, 0),
    ]);
  });

  test('shows what the search finds, and goes to a message by keyboard', async () => {
    const page = await open();
    const { actor, clock } = start(trafficLight);
    await page.click('#show-sequence');
    actor.send({ type: 'button.pressed' });
    clock.increment(30_000);
    await page.fill('#search', 'button');
    await expect.poll(() => messages(page)).toEqual(['outside to crossing: button.pressed']);
    await page.focus('#sequence-messages button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#sequence-messages .is-current');
    await page.click('#show-chart');
    await page.waitForSelector('[data-state="powered.pedestrians.waiting"].is-active');
    await expect.poll(() => page.locator('[data-state="powered.lights.green"].is-active').count()).toBe(1);
    await page.click('#show-sequence');
    await page.fill('#search', 'nothing like it');
    await page.waitForFunction(
      () => document.getElementById('sequence-note')?.textContent === 'No messages.',
    );
  });

  test('of thousands of messages and actors, only those in view are in the document', async () => {
    const page = await open();
    const send = await connect();
    await page.click('#show-sequence');
    for (let index = 0; index < 300; index += 1)
      send({ ...base, type: '@xstate.actor', sessionId: `a:${index}`, name: `actor ${index}` });
    for (let index = 0; index < 6000; index += 1)
      send({
        ...base,
        type: '@xstate.event',
        sessionId: `a:${index % 300}`,
        sourceId: `a:${(index * 7) % 300}`,
        event: { type: `event ${index}` },
      });
    await page.waitForSelector('#sequence-messages button:has-text("event 5999")');
    await expect
      .poll(() => page.locator('#sequence-note').textContent())
      .toBe('The latest 5000 messages are drawn.');
    await expect.poll(() => page.locator('#sequence-heads li').last().textContent()).toBe('277 others');
    for (const selector of ['#sequence-messages li', '#log li'])
      expect(await page.locator(selector).count(), selector).toBeLessThan(80);
    // Whoever scrolls away is left where they are.
    await page.$eval('#sequence', (element) => element.scrollTo(0, 0));
    await page.waitForSelector('#sequence-messages button:has-text("event 1000")');
    send({ ...base, type: '@xstate.event', sessionId: 'a:0', event: { type: 'the last one' } });
    await page.waitForFunction(
      () => document.querySelector('#log .event-type')?.textContent === 'the last one',
    );
    expect(await page.$eval('#sequence', ({ scrollTop }) => scrollTop)).toBe(0);
  });

  test('plays what was recorded, and pauses', async () => {
    const page = await open();
    const { actor } = start(trafficLight);
    await page.waitForSelector('#chart .state.is-active');
    actor.send({ type: 'button.pressed' });
    await new Promise((resolve) => setTimeout(resolve, 50)); // so that it is a step of its own
    actor.send({ type: 'power.lost' });
    await page.waitForSelector('[data-state="dark"].is-active');
    const shown = await page.evaluateHandle(() => {
      const state = document.getElementById('shown-state') as HTMLElement;
      const texts: (string | null)[] = [];
      new MutationObserver(() => texts.push(state.textContent)).observe(state, { childList: true });
      return texts;
    });
    await page.click('#play');
    await page.waitForFunction((texts) => texts.at(-1) === 'dark', shown);
    expect(await shown.jsonValue()).toEqual([
      'powered.lights.green, powered.pedestrians.idle',
      'powered.lights.green, powered.pedestrians.waiting',
      'dark',
    ]);
    expect(await page.locator('#latest').getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => page.locator('#play').textContent()).toBe('Play');
    await page.evaluate(() => {
      const play = document.getElementById('play');
      play?.click();
      play?.click();
    });
    await page.waitForFunction(() => document.getElementById('position')?.textContent === 'state 2 of 4');
    await expect.poll(() => page.locator('#play').textContent()).toBe('Play');
  });
});
