import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildSite } from '../playground/site.js';
import { launchChromiumServer } from './chromium.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The built playground: where it is served and kept, and the browser in which it is tested. */
    readonly playground: { readonly url: string; readonly directory: string; readonly browser: string };
  }
}

/** Builds the playground and starts a browser once for all tests of the project: both take longer than most of the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'playground-'));
  const [site, browser] = await Promise.all([buildSite(directory), launchChromiumServer()]);
  project.provide('playground', { url: site.url, directory, browser: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await site.close();
    await rm(directory, { recursive: true, force: true });
  };
}
