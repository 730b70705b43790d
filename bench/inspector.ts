import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWebSocketInspector } from '@statelyai/inspect';
import { WebSocket } from 'ws';
import { type AnyStateMachine, createActor } from 'xstate';
import { startInspector } from '../inspector/server/server.js';
import { buildInspectorApp } from '../scripts/inspector-app.js';
import { checkout } from '../test/inspector-app/machines/checkout.js';
import { sixty } from '../test/inspector-app/machines/sixty.js';
import { spawner } from '../test/inspector-app/machines/spawner.js';
import { trafficLight } from '../test/inspector-app/machines/traffic-light.js';
import { upload } from '../test/inspector-app/machines/upload.js';
import { launchChromium } from '../test/support/chromium.js';
import { BEGIN, cpuTime, report, take } from './frames.js';

/*
 * `npm run bench:inspector`: how soon the inspector draws a machine, from its start in another process to the picture, and how evenly
 * it draws while 1,000 events a second arrive. `docs/performance.md` has the figures of one run.
 */

const RATE = 1000;
const SECONDS = 10;

const directory = await mkdtemp(join(tmpdir(), 'inspector-bench-'));
await buildInspectorApp(directory);
const inspector = await startInspector({ directory, port: 0 });
const browser = await launchChromium();

/** Starts a machine, and waits for its chart. */
async function timeToDraw(machine: AnyStateMachine): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(inspector.pageUrl);
  await page.evaluate(`
    window.drawn = new Promise((resolve) => {
      const look = () => {
        if (document.querySelector('#shown-name').textContent === ${JSON.stringify(machine.id)} && document.querySelector('#chart .is-active'))
          requestAnimationFrame(() => resolve(Date.now()));
        else requestAnimationFrame(look);
      };
      look();
    });
    window.choosing = setInterval(() => {
      for (const button of document.querySelectorAll('#actors button.has-chart'))
        if (button.textContent === ${JSON.stringify(machine.id)} && button.ariaPressed !== 'true') button.click();
    }, 5);
  `);
  await page.waitForTimeout(500); // its socket is open
  const socket = createWebSocketInspector({ url: inspector.socketUrl });
  const began = Date.now();
  const actor = createActor(machine, { inspect: socket.inspect }).start();
  const drawn = Number(await page.evaluate('window.drawn'));
  actor.stop();
  socket.stop();
  await page.close();
  return drawn - began;
}

/** Sends events and snapshots of one machine, each with the state that follows from it. */
async function send(seconds: number): Promise<void> {
  const socket = new WebSocket(inspector.socketUrl);
  await new Promise((resolve) => socket.on('open', resolve));
  const base = { sessionId: 'x:0', rootId: 'x:0', _version: '0.7.2' };
  const tell = (message: object) =>
    socket.send(JSON.stringify({ ...base, createdAt: String(Date.now()), ...message }));
  tell({
    type: '@xstate.actor',
    name: 'busy',
    definition: JSON.stringify(sixty.definition),
    snapshot: { status: 'active', value: 's0', context: { count: 0 } },
  });
  const began = performance.now();
  let count = 0;
  while (count < seconds * RATE) {
    const due = Math.min(seconds * RATE, ((performance.now() - began) * RATE) / 1000);
    for (; count < due; count += 1) {
      tell({ type: '@xstate.event', event: { type: 'next', count } });
      const snapshot = { status: 'active', value: `s${(count + 1) % 60}`, context: { count } };
      tell({ type: '@xstate.snapshot', event: { type: 'next' }, snapshot });
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  socket.close();
}

try {
  for (const machine of [trafficLight, checkout, upload, spawner, sixty])
    console.log(`${machine.id.padEnd(34)} drawn after ${await timeToDraw(machine as AnyStateMachine)} ms`);

  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(inspector.pageUrl);
  await page.evaluate(BEGIN);
  for (const [name, prepare] of [
    ['chart', () => page.click('#show-chart')],
    ['sequence', () => page.click('#show-sequence')],
    ['sequence, searched', () => page.fill('#search', 'next')],
  ] as const) {
    await send(0.1);
    await prepare();
    await page.waitForTimeout(2000);
    await take(page);
    const spent = await cpuTime(browser);
    await send(SECONDS);
    const frames = await take(page);
    report(`${RATE} events a second, ${name}`, frames, (await cpuTime(browser)) - spent);
  }
} finally {
  await browser.close();
  await inspector.close();
  await rm(directory, { recursive: true, force: true });
}
