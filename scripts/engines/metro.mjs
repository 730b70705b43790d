// Bundles an app as React Native does: node scripts/engines/metro.mjs <app> <entry> <out> [exports]
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const { loadConfig, runBuild } = require('metro');
const runtime = dirname(require.resolve('metro-runtime/package.json'));

const [app, entry, out, knowsExports] = process.argv.slice(2);
const config = await loadConfig(
  { cwd: app },
  {
    projectRoot: app,
    maxWorkers: 1, // in this process: the bundle is small
    cacheStores: [],
    reporter: { update() {} },
    resolver: {
      sourceExts: ['js', 'json', 'ts'],
      resolverMainFields: ['react-native', 'browser', 'main'],
      unstable_enablePackageExports: knowsExports === 'exports',
      unstable_conditionNames: ['react-native'],
      extraNodeModules: { 'metro-runtime': runtime },
      useWatchman: false,
    },
    transformer: {
      babelTransformerPath: require.resolve('@react-native/metro-babel-transformer'),
      enableBabelRCLookup: false,
    },
    serializer: { getPolyfills: () => [], getRunModuleStatement: (id) => `__r(${id});` },
    watchFolders: [runtime],
  },
);
await runBuild(config, { entry: join(app, entry), out, dev: false, minify: false, platform: 'android' });
