import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { compileScript, parse } from 'vue/compiler-sfc';

/*
 * tsc does not read components. Here it is given what is TypeScript in them: of Vue the script and the template, as Vue compiles
 * them, of Svelte the script. Those in the guides are checked together with the modules beside them.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The TypeScript of a component. */
function typescriptOf(text: string, extension: string): string {
  if (extension === 'svelte') {
    const script = /<script lang="ts">\n(.*?)<\/script>/s.exec(text)?.[1] ?? '';
    // To Svelte `$pad` is what the store `pad` holds.
    const stores = new Set(Array.from(script.matchAll(/\$(\w+)/g), ([, name = '']) => name));
    const values = [...stores]
      .filter((name) => script.includes(`const ${name} =`))
      .map((name) => `declare const $${name}: Parameters<Parameters<typeof ${name}.subscribe>[0]>[0];`);
    return [script, ...values, "export default {} as import('svelte').Component;"].join('\n');
  }
  if (extension === 'vue')
    return compileScript(parse(text).descriptor, { id: 'x', inlineTemplate: true }).content;
  return text;
}

/** Every component of the examples, by the name of a TypeScript file beside it. */
function componentsOf(folder: string): [string, string][] {
  return readdirSync(`${root}${folder}`)
    .filter((name) => /\.(vue|svelte)$/.test(name))
    .map((name) => [
      `${root}${folder}/${name}.ts`,
      typescriptOf(readFileSync(`${root}${folder}/${name}`, 'utf8'), name.replace(/^.*\./, '')),
    ]);
}

/** Every block of a guide, by the name in its first line if it has one. */
function blocksOf(guide: string): [string, string][] {
  const text = readFileSync(`${root}docs/guides/${guide}.md`, 'utf8');
  return [...text.matchAll(/^```(ts|vue|svelte)\n(.*?)^```/gms)].map(
    ([, extension = '', block = ''], index) => {
      const name = /^\/\/ (\S+)\.ts\n/.exec(block)?.[1] ?? `block-${index}`;
      return [`${root}docs/guides/${guide}/${name}.ts`, typescriptOf(block, extension)];
    },
  );
}

/** @returns What the compiler says of files that are not there. */
function complaints(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  // What only the template of Svelte uses is not seen here, and Vue gives handlers a `$event` that they may not use.
  const own = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  const { directoryExists: _, ...host } = ts.createCompilerHost(own);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  host.fileExists = (name) => files.has(name) || fileExists(name);
  const shims = [`${root}examples/vue/files.d.ts`, `${root}node_modules/svelte/types/ambient.d.ts`];
  const program = ts.createProgram([...files.keys(), ...shims], own, host);
  return [...files.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) =>
        `${name.slice(root.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}

test('the components of the examples and of the guides are well typed', { timeout: 180_000 }, () => {
  const files = new Map(
    [
      componentsOf('examples/vue'),
      componentsOf('examples/svelte'),
      blocksOf('vue'),
      blocksOf('svelte'),
    ].flat(),
  );
  expect(files.size).toBe(22);
  expect(complaints(files)).toEqual([]);
});
