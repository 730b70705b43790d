import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildInspectorApp } from '../../scripts/inspector-app.js';

let directory: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'inspector-command-'));
  await buildInspectorApp(directory);
});
afterAll(() => rm(directory, { recursive: true }));
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** Runs the command as it is published, away from any package that it could load. */
const run = (...given: string[]) => runWith({}, ...given);
const runWith = (env: Record<string, string>, ...given: string[]) => {
  const child = spawn(process.execPath, [join(directory, 'cli.js'), ...given], {
    cwd: directory,
    env: { ...process.env, ...env },
  });
  running.push(child);
  const printed = { out: '', error: '' };
  child.stdout.on('data', (text) => {
    printed.out += text;
  });
  child.stderr.on('data', (text) => {
    printed.error += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, ...printed }));
  const greeted = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => printed.out.includes('127.0.0.1 only') && resolve(printed.out));
    ended.then(() => reject(new Error(`it ended: ${printed.error}`)));
  });
  greeted.catch(() => {});
  return { child, ended, greeted };
};

test('prints the address of the page, and what to put into the app', async () => {
  const { greeted, child, ended } = run('inspect', '--port', '0');
  const text = await greeted;
  const [, page, token] = /^Inspector: (http:\/\/127\.0\.0\.1:\d+\/)\?token=([\w-]{24})$/m.exec(text) ?? [];
  expect(text).toContain(`createBrowserInspector({ url: '${page}?token=${token}' })`);
  const socket = `${page?.replace('http:', 'ws:')}app?token=${token}`;
  expect(text).toContain(`createWebSocketInspector({ url: '${socket}' })`);
  expect(text).toContain(`new WebSocket('${socket}')`);
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
});

test('prints how it is used', async () => {
  const { code, out, error } = await run('--help').ended;
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out).toMatch(/^Usage: strong-auth-machine inspect \[--port <number>] \[--open]/);
});

test('wrong arguments end with status 2, the reason and the usage', async () => {
  const { code, out, error } = await run('inspect', '--prot', '1').ended;
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(error).toMatch(/^Unknown option '--prot'[\s\S]*\n\nUsage: /);
});

test('a port that is in use is said to be', async () => {
  const [port] = /(?<=127\.0\.0\.1:)\d+/.exec(await run('inspect', '--port', '0').greeted) ?? [];
  const { code, error } = await run('inspect', '--port', String(port)).ended;
  expect({ code, error }).toEqual({
    code: 1,
    error: `Port ${port} is in use. Give another one: --port 0 takes any free port.\n`,
  });
});

test('--open opens the page in the browser', async () => {
  const opened = join(directory, 'opened');
  for (const name of ['open', 'xdg-open'])
    await writeFile(
      join(directory, name),
      `#!/bin/sh\nprintf %s "$1" > '${opened}.part'\nmv '${opened}.part' '${opened}'\n`,
      {
        mode: 0o755,
      },
    );
  const isOpened = (async () => {
    for await (const { filename } of watch(directory))
      if (filename === 'opened') return readFile(opened, 'utf8');
    return undefined;
  })();
  const { greeted } = runWith(
    { PATH: `${directory}:${process.env.PATH}` },
    'inspect',
    '--port',
    '0',
    '--open',
  );
  expect(await greeted).toContain(`Inspector: ${await isOpened}\n`);
});

test('--open says if there is no browser, and goes on', async () => {
  const { child, greeted } = runWith(
    { PATH: join(directory, 'nothing') },
    'inspect',
    '--port',
    '0',
    '--open',
  );
  const [text] = await Promise.all([once(child.stderr, 'data'), greeted]);
  expect(String(text)).toBe('No browser could be opened. Open the address above.\n');
});

test('serves the page that was built with it', async () => {
  const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(await run('inspect', '--port', '0').greeted) ?? [];
  for (const name of ['index.html', 'page.css', 'page.js', 'layout.js']) {
    const response = await fetch(`${address}${name === 'index.html' ? '' : name}`);
    expect(await response.text()).toBe(await readFile(join(directory, name), 'utf8'));
  }
});

test('weighs less than 700 kB in the package', async () => {
  const files = await Promise.all((await readdir(directory)).map((name) => readFile(join(directory, name))));
  const size = gzipSync(Buffer.concat(files)).length;
  expect(size).toBeGreaterThan(100_000);
  expect(size).toBeLessThan(700_000);
});
