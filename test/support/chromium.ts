import chromiumBinary from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Starts the Chromium that comes with the tests, or the one at `CHROMIUM_PATH`. */
export async function launchChromium(...flags: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await chromiumBinary.executablePath()),
    args: ['--no-sandbox', ...flags],
  });
}
