import { beforeAll, describe, expect, inject, test } from 'vitest';
import { bundleAsPublished, bundleByMetro, createEngineApp, storyOutput } from '../../scripts/engines/app.js';
import { hermes, quickJs } from '../../scripts/engines/engines.js';

/*
 * The packed package in engines without Node or a browser around them. JavaScriptCore and SpiderMonkey, which are installed
 * apart, are run by `npm run engines`. Metro takes some seconds for its bundle; nothing else bundles as React Native does.
 */

const everythingHolds = [...storyOutput, '13 of 13 checks'];
let app = '';
beforeAll(() => {
  const { tarball, place } = inject('packed');
  app = createEngineApp(tarball, place);
});

describe("the README's program and the checks", () => {
  test('run in Hermes, bundled by a Metro that knows no `exports`', async () => {
    expect(await hermes.run(bundleByMetro(app, 'folders'))).toEqual(everythingHolds);
  });

  test('run in QuickJS, as published', async () => {
    expect(await quickJs.run(await bundleAsPublished(app))).toEqual(everythingHolds);
  });
});
