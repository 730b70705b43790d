import chromiumBinary from '@sparticuz/chromium';
import { type Browser, type BrowserServer, chromium } from 'playwright-core';

const optionsWith = async (flags: readonly string[]) => ({
  executablePath: process.env.CHROMIUM_PATH ?? (await chromiumBinary.executablePath()),
  args: ['--no-sandbox', ...flags],
});

/** Starts the Chromium that comes with the tests, or the one at `CHROMIUM_PATH`. */
export const launchChromium = async (): Promise<Browser> => chromium.launch(await optionsWith([]));

/** Starts the same for several processes, which connect to its `wsEndpoint()`. */
export const launchChromiumServer = async (...flags: string[]): Promise<BrowserServer> =>
  chromium.launchServer(await optionsWith(flags));
