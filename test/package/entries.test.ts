import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';

/** What is published is what is built: `npm test` builds first. */
const entries = ['index', 'machine', 'fetch', 'recovery', 'simulator', 'testing', 'vue', 'svelte'];
const require = createRequire(import.meta.url);
const dist = new URL('../../dist/', import.meta.url);

describe.each(entries)('the built entry %s', (entry) => {
  test('offers the same as an ES module and as CommonJS', async () => {
    const esm = await import(/* @vite-ignore */ new URL(`${entry}.js`, dist).href);
    const cjs = require(new URL(`${entry}.cjs`, dist).pathname);
    expect(Object.keys(cjs).sort()).toEqual(Object.keys(esm).sort());
    expect(Object.keys(esm).length).toBeGreaterThan(1);
  });
});

test('errors are known across two copies of the package', async () => {
  const esm = await import(/* @vite-ignore */ new URL('index.js', dist).href);
  const cjs = require(new URL('index.cjs', dist).pathname);
  const strongAuth = cjs.createStrongAuth({
    transport: { send: async () => 'nonsense' },
    enterPin: async () => null,
  });
  const error = await strongAuth.get('x').catch((reason: unknown) => reason);
  expect(error).not.toBeInstanceOf(esm.StrongAuthError);
  expect(esm.isStrongAuthError(error)).toBe(true);
});
