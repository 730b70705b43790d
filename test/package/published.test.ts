import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { unpack } from '../../scripts/pack.js';
import { entries } from '../../tsup.config.js';
import { launchChromium } from '../support/chromium.js';

/* What is published, from the packed tarball on; `npm test` builds first. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const { tarball, place } = inject('packed');
const installed = join(place, 'node_modules/strong-auth-machine');
const names = Object.keys(entries).map((name) =>
  name === 'index' ? 'strong-auth-machine' : `strong-auth-machine/${name}`,
);
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const peers = Object.keys(peerDependencies);

const inPlace = (command: string, ...args: string[]) => {
  try {
    return execFileSync(command, args, { cwd: place, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
};

beforeAll(() => {
  unpack(tarball, place);
  for (const name of [...peers, '@types/react']) {
    mkdirSync(join(place, 'node_modules', name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(place, 'node_modules', name));
  }
});

const filesOf = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));

test('contains what users need, and nothing else', () => {
  const meant = [
    /^(package\.json|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE)$/,
    /^dist\/[\w.-]+\.(c?js|d\.c?ts)(\.map)?$/,
    /^dist\/inspector\/(cli\.js|index\.html|page\.(css|js)|layout\.js|THIRD-PARTY\.txt)$/,
    /^docs\/([\w.-]+\.(md|json|mmd|png|svg)|(guides|api)\/[\w-]+\.md)$/,
    /^examples\/(?!playground)/,
    new RegExp(`^(${Object.keys(entries).join('|')})/package\\.json$`),
  ];
  expect(filesOf(installed).filter((name) => !meant.some((pattern) => pattern.test(name)))).toEqual([]);
});

test('a resolver that does not know `exports` finds every entry by its folder', () => {
  const { resolve } = createRequire(join(place, 'app.cjs'));
  for (const name of names) {
    const byFolder = resolve(join(place, 'node_modules', name));
    expect(byFolder).toBe(resolve(name));
    const { module, types } = JSON.parse(
      readFileSync(join(place, 'node_modules', name, 'package.json'), 'utf8'),
    );
    for (const file of [module, types])
      expect(existsSync(join(place, 'node_modules', name, file))).toBe(true);
  }
});

test('publint has nothing to say', async () => {
  expect((await publint({ pkgDir: installed, pack: false, strict: true })).messages).toEqual([]);
});

test('every entry resolves with its types, from node10 to bundlers', async () => {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  expect('problems' in analysis && analysis.problems).toEqual([]);
}, 600_000);

test('source maps carry their sources', () => {
  const maps = filesOf(installed).filter((name) => /js\.map$/.test(name));
  expect(maps.length).toBeGreaterThan(10);
  for (const name of maps) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(installed, name), 'utf8'));
    expect(sourcesContent, name).toHaveLength(sources.length);
    for (const source of sourcesContent) expect(typeof source, name).toBe('string');
    for (const source of sources) expect(source, name).not.toMatch(/^([a-z]+:)?[\\/]/i);
  }
});

test('no entry loads a part of the inspector', () => {
  const modules = filesOf(installed).filter((name) => /^dist\/[\w.-]+\.c?js$/.test(name));
  expect(modules.length).toBeGreaterThan(20);
  for (const name of modules)
    expect(readFileSync(join(installed, name), 'utf8'), name).not.toMatch(
      /['"]\.{1,2}\/inspector\/|@viz-js|['"]ws['"]/,
    );
});

test('its command prints how it is used', () => {
  expect(inPlace('node', join(installed, 'dist/inspector/cli.js'), '--help')).toMatch(
    /^Usage: strong-auth-machine inspect/,
  );
});

describe.each(names)('%s', (name) => {
  test('bundles alone for a browser, without a built-in of Node, in ES2020', async () => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: `export * from '${name}';`, resolveDir: place },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      target: 'es2020',
      external: peers.flatMap((peer) => [peer, `${peer}/*`]),
      write: false,
      metafile: true,
      supported: { 'class-static-blocks': false },
      logLevel: 'silent',
    });
    const imported = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.map(({ path }) => path),
    );
    for (const path of imported) {
      expect(peers).toContain(/^(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
      expect(builtinModules).not.toContain(path);
    }
    expect(outputFiles[0]?.text.length).toBeGreaterThan(100);
  });

  test('leaves nothing behind when nothing of it is used', async () => {
    const { outputFiles } = await build({
      stdin: { contents: `import '${name}';`, resolveDir: place },
      bundle: true,
      format: 'esm',
      external: peers.flatMap((peer) => [peer, `${peer}/*`]),
      write: false,
      logLevel: 'silent',
    });
    expect(outputFiles[0]?.text.trim()).toBe('');
  });
});

const story = `
  const pims = createSimulator({ pin: '0042' });
  const strongAuth = createStrongAuth({ transport: fromPims(pims), enterPin: async () => '0042' });
  strongAuth.set('pims.vehicle.command', { action: 'doors', doorState: 'lock' }).then(() => {
    console.log(pims.car.isLocked, pims.effects.otpsGranted, strongAuth.view.getSnapshot().status);
  });
`;

test('runs as an ES module', () => {
  writeFileSync(
    join(place, 'app.mjs'),
    `import { createStrongAuth, fromPims } from 'strong-auth-machine';
     import { createSimulator } from 'strong-auth-machine/simulator';${story}`,
  );
  expect(inPlace('node', 'app.mjs')).toBe('true 1 done\n');
});

test('runs as CommonJS', () => {
  writeFileSync(
    join(place, 'app.cjs'),
    `const { createStrongAuth, fromPims } = require('strong-auth-machine');
     const { createSimulator } = require('strong-auth-machine/simulator');${story}`,
  );
  expect(inPlace('node', 'app.cjs')).toBe('true 1 done\n');
});

test('runs in a browser', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { createStrongAuth, fromPims } from 'strong-auth-machine';
        import { createSimulator } from 'strong-auth-machine/simulator';${story}`,
      resolveDir: place,
    },
    bundle: true,
    platform: 'browser',
    target: 'es2020',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'silent',
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const said = new Promise<string>((resolve, reject) => {
      page.on('console', (message) => resolve(message.text()));
      page.on('pageerror', reject);
    });
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    expect(await said).toBe('true 1 done');
  } finally {
    await browser.close();
  }
});

// The older compiler once: it takes long, and the test above asks it how bundlers resolve every entry.
test.each([
  ['typescript', 'nodenext', 'nodenext'],
  ['typescript-7', 'bundler', 'esnext'],
  ['typescript-7', 'nodenext', 'nodenext'],
])(
  'its types check with %s, %s, with nothing skipped',
  (compiler, moduleResolution, module) => {
    writeFileSync(
      join(place, 'app.ts'),
      `import { createStrongAuth, fromPims } from 'strong-auth-machine';
     import { createSimulator } from 'strong-auth-machine/simulator';
     ${names.map((name, index) => `import * as entry${index} from '${name}'; export { entry${index} };`).join('\n')}${story}
     // @ts-expect-error no such state of a door
     strongAuth.set('pims.vehicle.command', { action: 'doors', doorState: 'ajar' });`,
    );
    const config = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: 'es2022',
        module,
        moduleResolution,
        skipLibCheck: false,
      },
      files: ['app.ts'],
    };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(config));
    expect(inPlace('node', join(root, 'node_modules', compiler, 'bin/tsc'), '-p', '.')).toBe('');
  },
  180_000,
);
