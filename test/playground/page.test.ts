import { describe, expect, test } from 'vitest';
import { PAD, phone, visitPlayground } from './visit.js';

describe('the playground', { timeout: 600_000 }, () => {
  const { site, open, eventually, says, comes, text, until, seen, overflow, isInSight, watch, newContext } =
    visitPlayground();

  test('locks the doors by keyboard alone, with one prompt and one OTP', async () => {
    const page = await open();
    /** Tab, until the element is reached as a visitor reaches it. */
    const tabTo = async (id: string) => {
      for (let tabs = 0; tabs < 60; tabs += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), id)) return;
      }
      throw new Error(`no tab leads to ${id}`);
    };
    await tabTo('[data-command=lock]');
    await page.keyboard.press('Enter');
    await comes(page, PAD);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('pin');
    await page.keyboard.type('0000');
    await page.keyboard.press('Enter');
    await says(page, '#pad-reason', 'That was not the PIN.');
    expect(await text(page, 'pad-attempts')).toBe('Attempt 2, 1 left');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('pin');
    await page.keyboard.type('1234');
    await page.keyboard.press('Enter');
    await until(page, 'done');
    expect(await text(page, 'car-text')).toContain('locked');
    // The focus is back where it came from, for the next command.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-command'))).toBe('lock');
    expect(await seen(page)).toEqual({ requests: 4, otps: 2, challenges: 1, wrongPins: 1 });

    await page.evaluate(() => window.playground.simulator.expireSession());
    await tabTo('[data-command=horn]');
    await page.keyboard.press(' ');
    await comes(page, PAD);
    await page.keyboard.press('Escape');
    await until(page, 'cancelled');
    expect(await page.locator('[data-call="2"] .outcome').textContent()).toBe('CANCELLED');
    expect((await seen(page)).otps).toBe(2);
  });

  test('is operated by touch on a phone, with keys of its own and no second keyboard', async () => {
    const page = await open('', phone);
    const isChartInSight = () =>
      page.evaluate(() => {
        const { top, bottom } = (
          document.querySelector('#chart [data-state="wave.needStrongAuth"]') as Element
        ).getBoundingClientRect();
        const sheet = document.getElementById('phone')?.getBoundingClientRect().top ?? 0;
        return top >= 0 && bottom <= sheet;
      });
    await page.locator('#phone-toggle').tap();
    await page.locator('[data-command=unlock]').tap();
    await comes(page, PAD);
    expect(await isChartInSight()).toBe(true);
    expect(await page.locator('#pin').getAttribute('inputmode')).toBe('none');
    for (const key of ['1', '9', '⌫', '2', '3', '4']) await page.locator('.key', { hasText: key }).tap();
    await page.locator('#pad-submit').tap();
    await eventually(
      page,
      () => document.querySelector('[data-call="1"]')?.getAttribute('data-outcome') !== 'pending',
    );
    expect(await page.locator('[data-call="1"] .outcome').textContent()).toBe('failed 2360'); // they were unlocked
    expect(await overflow(page)).toBe(0);
    const small = await page.evaluate(
      () =>
        [...document.querySelectorAll('button, select')]
          .filter((element) => element.checkVisibility({ visibilityProperty: true }))
          .map((element) => element.getBoundingClientRect())
          .filter(({ width, height }) => width < 24 || height < 24).length,
    );
    expect(small).toBe(0);
  });

  test('in another page it has the colours of that page, until the visitor chooses', async () => {
    const context = await newContext({ colorScheme: 'light' });
    await context.route(`${site.url}around.html`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><iframe src="./index.html"></iframe>',
      }),
    );
    const page = await context.newPage();
    watch(page);
    await page.goto(`${site.url}around.html`);
    const playground = page.frameLocator('iframe');
    const says = (theme: unknown) =>
      page.evaluate((said) => window.frames[0]?.postMessage({ theme: said }, location.origin), theme);
    const isShown = (theme: string | null) =>
      expect.poll(() => playground.locator('html').getAttribute('data-theme')).toBe(theme);
    await says('dark');
    await isShown('dark');
    expect(await playground.locator('[name=theme][value=auto]').isChecked()).toBe(true);
    await playground.locator('[name=theme][value=light]').check();
    await says('dark');
    await isShown('light');
    await playground.locator('[name=theme][value=auto]').check();
    await isShown('dark');
    await says('another');
    await says('light');
    await isShown('light');
  });

  test('the pad is modal on the phone, and the page around it stays in use', async () => {
    const page = await open();
    await page.click('[data-command=lock]');
    await comes(page, PAD);
    await page.keyboard.type('12');
    // No key leads back to the app on the phone, and no press.
    for (let tabs = 0; tabs < 40; tabs += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('#phone-app') === null)).toBe(true);
    }
    await expect(page.click('[data-command=horn]', { timeout: 200 })).rejects.toThrow();
    await page.click('[data-command=poll]');
    await says(page, '#count-waiting', '2');
    expect(await page.inputValue('#pin')).toBe('12');
    await page.click('#cancel-wave');
    await until(page, 'cancelled');
    expect(await page.locator('#pad').getAttribute('open')).toBeNull();
    await page.click('[data-command=horn]');
    await comes(page, PAD);
  });

  test('the phone is a sheet where there is no room beside the chart, and a prompt raises it', async () => {
    const page = await open('', phone);
    const isUp = () => page.locator('#phone-toggle').getAttribute('aria-expanded');
    expect(await page.locator('[data-command=lock]').isVisible()).toBe(false);
    expect(await isUp()).toBe('false');
    await page.locator('#ensure').tap();
    await comes(page, PAD);
    expect(await isUp()).toBe('true');
    await page.locator('#pad-cancel').tap();
    await until(page, 'cancelled');
    expect(await isUp()).toBe('false');
  });

  test('by hand, what waits for an answer is in sight', async () => {
    const page = await open('?by-hand');
    await page.click('[data-command=horn]');
    await comes(page, '[data-kind=horn]');
    expect(await isInSight(page, '[data-kind=horn] [data-answer="2302"]')).toBe(true);
  });

  test('a recovery is used on the phone: the text message, the code, and a new PIN, by keyboard alone', async () => {
    const page = await open();
    await page.check('#with-recovery');
    await page.focus('[data-flow=resetPin]');
    await page.keyboard.press('Enter');
    await comes(page, '#question[data-kind=smsCode][open]');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('answer');
    await comes(page, '#sms');
    expect(await text(page, 'recovery-status')).toBe('awaitingCode');
    await page.keyboard.type((await text(page, 'sms-code')) ?? '');
    await page.keyboard.press('Enter');
    await comes(page, '#question[data-kind=newPin][open]');
    await page.keyboard.type('2580');
    await page.keyboard.press('Enter');
    await says(page, '#recovery-status', 'done');
    expect(await text(page, 'right-pin')).toBe('2580');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-flow'))).toBe('resetPin');

    await page.keyboard.press('Enter');
    await comes(page, '#question[data-kind=smsCode][open]');
    await page.keyboard.press('Escape');
    await says(page, '#recovery-failure', 'CANCELLED, remedy retry');
  });

  test('double clicks and held keys send nothing twice', async () => {
    const page = await open();
    await page.locator('[data-command=lock]').dblclick();
    await comes(page, PAD);
    expect((await seen(page)).requests).toBe(1);
    await page.fill('#pin', '1234');
    await page.locator('#pad-submit').dblclick();
    await page.keyboard.down('Enter');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await until(page, 'done');
    expect(await seen(page)).toEqual({ requests: 3, otps: 1, challenges: 1, wrongPins: 0 });
    expect(await page.locator('.call').count()).toBe(1);
  });

  test('what is pasted or filled in counts by its digits, and what is no PIN spends no attempt', async () => {
    const page = await open();
    await page.click('[data-command=horn]');
    await comes(page, PAD);
    const paste = (pasted: string) =>
      page.evaluate((inserted) => {
        const input = document.getElementById('pin') as HTMLInputElement;
        input.focus();
        input.select();
        document.execCommand('insertText', false, inserted);
        return input.value;
      }, pasted);
    expect(await paste('driver@example.com')).toBe('');
    expect(await text(page, 'pad-reason')).toBe('Only digits count.');
    expect(await page.locator('#pad-submit').getAttribute('aria-disabled')).toBe('true');
    await page.click('#pad-submit', { force: true });
    expect(await page.locator('#pad').getAttribute('open')).toBe(''); // an empty PIN declines nothing
    expect(await paste('123456789')).toBe('12345678');

    // A browser that fills in fires the same event, without a key.
    await page.fill('#pin', '12');
    await page.click('#pad-submit');
    await eventually(page, () =>
      document.getElementById('pad-reason')?.textContent?.startsWith('A PIN has 4 to 8'),
    );
    expect(await text(page, 'pad-attempts')).toBe('Attempt 1, 2 left');
    expect((await seen(page)).otps).toBe(0);
    expect(await paste(' 12 34\n')).toBe('1234');
    await page.keyboard.press('Enter');
    await until(page, 'done');
    expect((await seen(page)).otps).toBe(1);
  });

  test('two tabs with their pads open know nothing of each other', async () => {
    const [one, other] = [await open(), await open()];
    for (const page of [one, other]) {
      await page.click('[data-command=lock]');
      await comes(page, PAD);
    }
    await one.fill('#pin', '1234');
    await one.click('#pad-submit');
    await until(one, 'done');
    expect(await text(other, 'status')).toBe('needStrongAuth');
    expect((await seen(other)).otps).toBe(0);
    await other.reload();
    expect(await text(other, 'status')).toBe('idle');
    expect((await seen(other)).requests).toBe(0);
    expect(await seen(one)).toMatchObject({ requests: 3, otps: 1 });
  });

  test('a reload in the middle of everything leaves nothing stuck', async () => {
    const page = await open();
    await page.click('#together');
    await comes(page, PAD);
    await page.fill('#pin', '1234');
    await page.click('#pad-submit');
    await page.reload();
    expect(await text(page, 'status')).toBe('idle');
    expect(await page.inputValue('#pin')).toBe('');
    await page.click('[data-command=horn]');
    await comes(page, PAD);
    expect((await seen(page)).requests).toBe(1);
  });

  test('faults can be added, and the page shows what they cause', async () => {
    const page = await open();
    await page.selectOption('#fault-kind', 'refused with 2204');
    await page.selectOption('#fault-target', 'command');
    await page.click('#fault button');
    expect(await text(page, 'faults-hit')).toBe('1 added, 0 hit');
    await page.click('[data-command=horn]');
    await says(page, '[data-call="1"] .outcome', 'failed 2204');
    expect(await text(page, 'faults-hit')).toBe('1 added, 1 hit');

    await page.click('#session-grant');
    await page.check('#offline');
    await page.click('[data-command=horn]');
    await says(page, '[data-call="2"] .outcome', 'failed 2202');
    await page.uncheck('#offline');
    await page.check('#blocked');
    await page.click('#session-expire');
    await page.click('[data-command=horn]');
    await comes(page, PAD);
    await page.fill('#pin', '1234');
    await page.keyboard.press('Enter');
    await until(page, 'failed');
    expect(await text(page, 'failure')).toBe('ACCOUNT_BLOCKED: unblock the account');
    await page.uncheck('#blocked');
    await page.click('#sign-out');
    await page.selectOption('#device', '2317 reset');
    await page.click('#hold');
    await page.click('[data-command=status]');
    await says(page, '#hold', 'Release (1 held)');
    await page.click('[data-command=horn]');
    await comes(page, PAD);
    await page.fill('#pin', '1234');
    await page.keyboard.press('Enter');
    await says(page, '[data-call="5"] .outcome', 'succeeded');
    expect(await page.inputValue('#device')).toBe('known'); // the reset step cured it
    await page.click('#hold');
    await says(page, '[data-call="4"] .outcome', 'succeeded');
    await until(page, 'done');
  });

  test('a thousand calls at once share one prompt and one OTP, and all of them settle', async () => {
    const page = await open();
    await page.click('#load');
    await says(page, '#count-waiting', '1000');
    await page.fill('#pin', '1234');
    await page.keyboard.press('Enter');
    await says(page, '#count-settled', '1000');
    expect(await seen(page)).toEqual({ requests: 2001, otps: 1, challenges: 1000, wrongPins: 0 });
    expect(await page.locator('#swarm').isVisible()).toBe(true);
  });

  test('no PIN is on the page or in what it stores, once it was given', async () => {
    const page = await open();
    await page.click('[data-command=lock]');
    await comes(page, PAD);
    await page.fill('#pin', '987654');
    await page.keyboard.press('Enter');
    await says(page, '#pad-reason', 'That was not the PIN.');
    const everything = await page.evaluate(() =>
      [
        document.documentElement.outerHTML,
        ...[...document.querySelectorAll('input')].map(({ value }) => value),
        JSON.stringify({ ...localStorage, ...sessionStorage }),
        String(window.playground.strongAuth.explain()),
      ].join('\n'),
    );
    expect(everything).not.toContain('987654');
  });
});
