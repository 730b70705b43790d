import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** @returns Minified and gzipped bytes of one entry, bundled alone. */
async function sizeOf(entry: string, external: string[]): Promise<{ minified: number; gzipped: number }> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    external,
    write: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(2)} kB`;
const entries = { '.': 'index', './machine': 'machine', './simulator': 'simulator', './testing': 'testing' };
console.log('| entry | min | min+gzip | min+gzip with xstate |\n| --- | --- | --- | --- |');
for (const [name, file] of Object.entries(entries)) {
  const alone = await sizeOf(`dist/${file}.js`, ['xstate', 'xstate/*']);
  const whole = await sizeOf(`dist/${file}.js`, []);
  console.log(`| \`${name}\` | ${kB(alone.minified)} | ${kB(alone.gzipped)} | ${kB(whole.gzipped)} |`);
}
