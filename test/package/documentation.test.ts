import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { readApi, undocumented } from '../../scripts/docs/api.js';
import { brokenLinks } from '../../scripts/docs/markdown.js';
import { unpack } from '../../scripts/pack.js';
import { entries } from '../../tsup.config.js';

/** What is published. The reference is made here and not by packing: TypeDoc compiles every entry, which takes long, once for all. */
const { tarball, place } = inject('packed');
const installed = unpack(tarball, join(place, 'documentation'));
const api = readApi(join(installed, 'docs/api'));
const SLOW = { timeout: 600_000 };

test('every exported symbol and every member of one has a docstring', SLOW, async () => {
  const { project } = await api;
  expect(undocumented(project)).toEqual([]);
});

test('every link in a docstring leads somewhere', SLOW, async () => {
  const { app, project } = await api;
  app.validate(project);
  expect(app.logger.warningCount + app.logger.errorCount).toBe(0);
});

test('the reference has a part for every entry of the package', SLOW, async () => {
  const { project } = await api;
  const names = Object.keys(entries).map((name) => (name === 'index' ? 'strong-auth-machine' : name));
  expect(project.children?.map(({ name }) => name).sort()).toEqual(names.sort());
});

test(
  'every link of the packed README, guides and reference leads to something that is packed',
  SLOW,
  async () => {
    const { app, project } = await api;
    await app.generateOutputs(project);
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    const pages = files.filter((name) => name.endsWith('.md'));
    for (const page of ['README.md', 'docs/guides/quick-start.md', 'docs/api/strong-auth-machine.md'])
      expect(pages).toContain(page);
    const textOf = (page: string) => readFileSync(join(installed, page), 'utf8');
    expect(pages.flatMap((page) => brokenLinks(page, textOf(page), installed))).toEqual([]);
  },
);
