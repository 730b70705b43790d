import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { readApi, undocumented } from '../../scripts/docs/api.js';
import { entries } from '../../tsup.config.js';

/** One reading for all: TypeDoc compiles every entry. */
const api = readApi(tmpdir());
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
