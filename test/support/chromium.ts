import chromiumBinary from '@sparticuz/chromium';
import { type Browser, type BrowserServer, chromium } from 'playwright-core';

const optionsWith = async (flags: readonly string[] = []) => ({
  executablePath: process.env.CHROMIUM_PATH ?? (await chromiumBinary.executablePath()),
  args: ['--no-sandbox', ...flags],
});

/** Starts the Chromium that comes with the tests, or the one at `CHROMIUM_PATH`. */
export const launchChromium = async (...flags: string[]): Promise<Browser> =>
  chromium.launch(await optionsWith(flags));

/** Starts the same for several processes, which connect to its `wsEndpoint()`. */
export const launchChromiumServer = async (): Promise<BrowserServer> =>
  chromium.launchServer(await optionsWith());

/** How long a page may take for anything: a slow machine is no failure. For `setDefaultTimeout`. */
export const SLOW_MACHINE_MS = 300_000;
