import { readFileSync } from 'node:fs';
import { checkTransport, transportChecks } from 'strong-auth-machine/testing';
import { expect, test } from 'vitest';
import { wrongBridges } from '../conformance/wrong-bridges.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = read('docs/guides/bridges.md');

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
