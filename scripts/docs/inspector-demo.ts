import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSession } from '../../inspector/page/session.js';
import { writeSession } from '../../inspector/page/session-file.js';
import { buildInspectorApp } from '../inspector-app.js';
import { recordSession } from './recorded-session.js';

/** What the page may load: its own files. A header that says so is not to be expected of a host of static files. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types layout',
].join('; ');

/** Builds the page of the inspector into `directory`, with a recorded session to play in the place of an app. */
export async function buildInspectorDemo(directory: string): Promise<void> {
  await buildInspectorApp(directory);
  await rm(join(directory, 'cli.js'));
  const session = createSession();
  for (const message of await recordSession())
    session.take({ source: 'recorded', message }, JSON.stringify(message).length);
  await writeFile(join(directory, 'session.json'), writeSession(session));
  const page = join(directory, 'index.html');
  const head = `<meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <meta name="recorded-session" content="./session.json" />`;
  await writeFile(
    page,
    (await readFile(page, 'utf8')).replace(/<meta charset="utf-8" \/>/, `$&\n    ${head}`),
  );
}
