import type { TestProject } from 'vitest/node';
import { launchChromiumServer } from './chromium.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser listens in which all pages of the project are opened. */
    readonly browser: string;
  }
}

/** Starts a browser for all tests of the project: that takes longer than many of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await launchChromiumServer('--js-flags=--expose-gc');
  project.provide('browser', server.wsEndpoint());
  return () => server.close();
}
