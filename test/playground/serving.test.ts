import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('`npm run playground` prints an address, and the page works there without any other', {
  timeout: 600_000,
}, async () => {
  const server = spawn('npm', ['run', 'playground'], {
    cwd: root,
    detached: true,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const browser = await launchChromium();
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let printed = '';
      server.stdout.on('data', (text) => {
        printed += text;
        const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed);
        if (found) resolve(found[0]);
      });
      server.on('exit', () => reject(new Error(`it ended: ${printed}`)));
    });
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(address) && !request.url().startsWith('data:'))
        elsewhere.push(request.url());
    });
    await page.goto(address);
    await page.click('[data-command=lock]', { timeout: 60_000 });
    await page.waitForSelector('.phone.is-modal #pad[open]');
    await page.fill('#pin', '1234');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('status')?.textContent === 'done');
    await page.goto(`${address}inspector.html`);
    await page.waitForSelector('#chart [data-state="wave.needStrongAuth"]', { state: 'attached' });
    expect(elsewhere).toEqual([]);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    if (server.pid !== undefined && server.exitCode === null) {
      process.kill(-server.pid);
      await once(server, 'exit');
    }
  }
});
