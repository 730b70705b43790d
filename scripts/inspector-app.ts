import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/*
 * Builds `strong-auth-machine inspect`: the command, with its socket server in it, and the page. They are files of their own, which
 * no entry of the library imports.
 */

const at = (path: string) => fileURLToPath(new URL(`../inspector/${path}`, import.meta.url));

const NOTICE = `The inspector contains:

ws, MIT licence
Copyright (c) 2011 Einar Otto Stangvik <einaros@gmail.com>
Copyright (c) 2013 Arnout Kazemier and contributors
Copyright (c) 2016 Luigi Pinca and contributors

@viz-js/viz, MIT licence
Copyright (c) Michael Daines

The MIT licence of both:
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions: The above copyright notice and this permission notice shall be included in all copies or substantial portions
of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS
BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

In @viz-js/viz: Graphviz, Eclipse Public License 1.0, source at https://gitlab.com/graphviz/graphviz; Expat, MIT licence, Copyright (c)
1998-2000 Thai Open Source Software Center Ltd and Clark Cooper, Copyright (c) 2001-2022 Expat maintainers.
`;

/** Builds the command and the page into `directory`. */
export async function buildInspectorApp(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const common = { bundle: true, format: 'esm', legalComments: 'none', logLevel: 'error' } as const;
  await Promise.all([
    build({
      ...common,
      entryPoints: [at('server/cli.ts')],
      outfile: join(directory, 'cli.js'),
      platform: 'node',
      target: 'node20',
      // Optional parts of `ws`, which it does without.
      external: ['bufferutil', 'utf-8-validate'],
      // `ws` is CommonJS and requires what Node brings.
      banner: {
        js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
      },
    }),
    build({
      ...common,
      entryPoints: [at('page/page.ts'), at('page/layout.ts'), at('page/page.css')],
      outdir: directory,
      platform: 'browser',
      target: 'es2022',
      minify: true,
      // Graphviz is a text of many characters, each of them longer when escaped.
      charset: 'utf8',
    }),
    copyFile(at('page/index.html'), join(directory, 'index.html')),
    writeFile(join(directory, 'THIRD-PARTY.txt'), NOTICE),
  ]);
}
