import { readFileSync } from 'node:fs';
import { checkTransport, transportChecks } from 'strong-auth-machine/testing';
import { expect, test } from 'vitest';
import { wrongBridges } from '../conformance/wrong-bridges.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = read('docs/guides/bridges.md');

/** The code under a comment that names the file it is taken from. */
const quoted = [...guide.matchAll(/<!-- (\S+\.ts) -->\n```ts\n([\s\S]*?)```/g)];

test.each(quoted.map(([, path = '', code = '']) => ({ path, code })))(
  'the guide shows $path',
  ({ path, code }) => {
    expect(code).toBe(read(path));
  },
);

test('it shows a transport for each platform, a test and a device', () => {
  expect(quoted).toHaveLength(6);
});

test('its report is one that the suite writes', async () => {
  const [, shown = ''] = /<!-- report -->\n```text\n([\s\S]*?)```/.exec(guide) ?? [];
  const [asReactNativeDoes] = wrongBridges;
  const { text } = await checkTransport({
    createTransport: asReactNativeDoes?.create as (typeof wrongBridges)[number]['create'],
    patienceMs: 150,
    settleMs: 5,
  });
  const lines = shown.split('\n').filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(6);
  for (const line of lines) expect(text.split('\n')).toContain(line);
});

test('it counts the checks rightly', () => {
  const bridge = { createTransport: () => ({ send: async () => ({}) }) };
  const counts = [transportChecks(bridge).length, transportChecks({ ...bridge, lifecycle: true }).length];
  expect(guide).toContain(`${counts[0]} checks, ${counts[1]} with \`initialize\``);
});
