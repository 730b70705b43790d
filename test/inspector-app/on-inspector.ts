import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWebSocketInspector } from '@statelyai/inspect';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { WebSocket as Client } from 'ws';
import { type Actor, type AnyStateMachine, createActor, SimulatedClock } from 'xstate';
import { type InspectorServer, startInspector } from '../../inspector/server/server.js';
import { buildInspectorApp } from '../../scripts/inspector-app.js';
import { launchChromium, SLOW_MACHINE_MS } from '../support/chromium.js';

/** What every message of the protocol has. */
export const base = { sessionId: 'x:0', rootId: 'x:0', createdAt: '0', _version: '0.7.2' };

/**
 * Serves the page of the inspector for the tests of a `describe`, in a Chromium of its own. A test fails if something was thrown on
 * the page, printed as a warning or an error, or requested from anywhere else.
 */
export function onInspector() {
  let directory: string;
  let browser: Browser;
  let inspector: InspectorServer;
  let context: BrowserContext;
  let stops: (() => unknown)[];
  let complaints: string[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'inspector-page-'));
    [browser] = await Promise.all([launchChromium(), buildInspectorApp(directory)]);
  });
  beforeEach(async () => {
    stops = [];
    complaints = [];
    inspector = await startInspector({ directory, port: 0 });
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(SLOW_MACHINE_MS);
  });
  afterEach(async () => {
    await context.close();
    for (const stop of stops) await stop();
    await inspector.close();
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const watchFor = (page: Page) => {
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (
        !request.url().startsWith(`http://127.0.0.1:${inspector.port}/`) &&
        !request.url().startsWith('data:')
      )
        complaints.push(request.url());
    });
  };
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    watchFor(page);
    await page.goto(inspector.pageUrl);
    return page;
  };
  /** Starts a machine whose inspector is Stately's, by socket. */
  const start = <Machine extends AnyStateMachine>(machine: Machine) => {
    const socket = createWebSocketInspector({ url: inspector.socketUrl });
    const clock = new SimulatedClock();
    const actor = createActor(machine as AnyStateMachine, { inspect: socket.inspect, clock }).start();
    stops.push(() => {
      actor.stop();
      socket.stop();
    });
    return { actor: actor as Actor<Machine>, clock };
  };
  /** A socket as React Native has one, that sends anything. */
  const connect = async () => {
    const socket = new Client(inspector.socketUrl);
    stops.push(() => socket.terminate());
    await new Promise((resolve) => socket.on('open', resolve));
    return (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  };

  return {
    get inspector() {
      return inspector;
    },
    get context() {
      return context;
    },
    /** The files of the page. */
    get directory() {
      return directory;
    },
    /** Called when the test has ended. */
    onEnd: (stop: () => unknown) => void stops.push(stop),
    watchFor,
    open,
    start,
    connect,
  };
}

/** Waits until these are the active states, each with what is around it. */
export const expectActive = async (page: Page, ...paths: readonly string[]) => {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll('#chart .state.is-active')]
        .map((state) => state.getAttribute('data-state'))
        .sort()
        .join() === wanted,
    [...paths].sort().join(),
  );
};
/** The arrows that are marked as taken. */
export const taken = (page: Page) =>
  page.$$eval('#chart .arrow.is-taken', (all) =>
    all.map((arrow) => `${arrow.getAttribute('data-from')} → ${arrow.getAttribute('data-to')}`),
  );
/** The texts of the elements that a selector finds. */
export const textsOf = (page: Page, selector: string) =>
  page.$$eval(selector, (all) => all.map(({ textContent }) => textContent));
