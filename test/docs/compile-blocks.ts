import { basename, dirname, join, posix } from 'node:path';
import { compile as compileSvelte } from 'svelte/compiler';
import ts from 'typescript';
import { compileScript, compileTemplate, parse as parseVue } from 'vue/compiler-sfc';
import { type CodeBlock, codeBlocks, nameOf, read, root } from '../../scripts/docs/markdown.js';

/*
 * Compiles the code blocks of the documentation, all in one program, against the package by its published names.
 *
 * A block is a module of its own, and is compiled as it is printed. A first line that is a comment with a file's name makes it that
 * file for the other blocks of the page: `// store.ts`. `// examples/x.ts` is that file of this repository, which imports what is
 * beside it. `strong-auth.ts` of the quick start is there for every page.
 *
 * Comments directly above a block, which a reader of the page does not see, say what is done with it. They add nothing to it:
 *
 *   <!-- run -->                       a whole program: it is run, and must end well
 *   <!-- output -->                    above a `text` block: exactly what the program before it prints
 *   <!-- fails with -->                above a `text` block of a page of pasted.test.ts: how the test file before it fails
 *   <!-- in your app -->               above a `sh` block: the scripts it runs are the reader's
 */

/** Code that somebody could copy, as one module. */
export interface Snippet {
  /** Where it would be: beside its page, so that it finds the same packages. */
  readonly fileName: string;
  readonly code: string;
  /** Where each of its lines stands in the documentation, as `path:line`. */
  readonly lines: readonly string[];
  readonly block: CodeBlock;
}

const MODULES: Readonly<Record<string, string>> = {
  ts: 'ts',
  tsx: 'tsx',
  typescript: 'ts',
  mts: 'mts',
  js: 'js',
  jsx: 'jsx',
  javascript: 'js',
  mjs: 'mjs',
  cjs: 'cjs',
};

/** What is shown, and not compiled here: output, and what other tools read. */
const SHOWN = new Set(
  'text mermaid kotlin swift java objc html css diff xml groovy gradle http yaml toml ini'.split(' '),
);

/** What is said above a block, of which nothing else is read. */
const NOTES = new Set(['run', 'engines', 'output', 'report', 'fails with', 'in your app']);

/** The client that the guides have: see the quick start. */
const SHARED = /\/strong-auth\.ts$/;

const NOT_INSTALLED = join(root, 'test/docs/not-installed.d.ts');

/** @returns The snippets of a page, and what is wrong with the blocks that are none. */
export function readPage(path: string, text = read(path)): { snippets: Snippet[]; problems: string[] } {
  const snippets: Snippet[] = [];
  const problems: string[] = [];
  for (const block of codeBlocks(path, text)) {
    const { language, line, notes } = block;
    if (!MODULES[language] && !SHOWN.has(language) && !CHECKS[language])
      problems.push(`${path}:${line}: nobody knows what to do with a code block in '${language}'`);
    problems.push(...(CHECKS[language]?.(block) ?? []));
    const unknown = notes.find((note) => !NOTES.has(note));
    if (unknown !== undefined) problems.push(`${path}:${line}: nobody reads the comment '${unknown}'`);
    const script = scriptOf(block);
    if (!script) continue;
    const { code } = script;
    const lines = code.split('\n').map((_, index) => `${path}:${script.line + index}`);
    snippets.push({ code, lines, fileName: fileNameOf(block, script.extension, snippets), block });
  }
  return { snippets, problems };
}

/** A page's files stand in a folder of their own, which exists only here; a file of the repository, where it is. */
function fileNameOf(block: CodeBlock, extension: string, others: readonly Snippet[]): string {
  const folder = join(root, `${block.path}.code`);
  const name = nameOf(block);
  if (name?.startsWith('examples/') && ts.sys.fileExists(join(root, name))) return join(root, name);
  const named = name && posix.normalize(join(folder, name.replace(/\.(vue|svelte)$/, '.$1.ts')));
  if (named && !others.some(({ fileName }) => fileName === named)) return named;
  return join(folder, `line-${block.line}.${extension}`);
}

/** The part of a block that is a script, and where it begins. */
function scriptOf({
  language,
  code,
  line,
}: CodeBlock): { code: string; line: number; extension: string } | undefined {
  const extension = MODULES[language];
  if (extension) return { code, line, extension };
  if (language !== 'vue') return undefined;
  const { scriptSetup, script } = toVue(code);
  const own = scriptSetup ?? script;
  if (!own) return undefined;
  return { code: own.content.replace(/^\n/, ''), line: line + own.loc.start.line, extension: 'ts' };
}

const toVue = (code: string) => parseVue(code).descriptor;

/** What is checked of the languages that are no modules. */
const CHECKS: Readonly<Record<string, (block: CodeBlock) => string[]>> = {
  json: ({ path, line, code }) => {
    try {
      JSON.parse(code);
      return [];
    } catch (error) {
      return [`${path}:${line}: ${(error as Error).message}`];
    }
  },
  svelte: ({ path, line, code }) => {
    try {
      compileSvelte(code, { filename: `${path}.svelte`, generate: 'client' });
      return [];
    } catch (error) {
      const { message, start } = error as Error & { start?: { line: number } };
      return [`${path}:${line + (start?.line ?? 1) - 1}: ${message.split('\n')[0]}`];
    }
  },
  vue: ({ path, line, code }) => {
    const { template, scriptSetup, ...rest } = toVue(code);
    if (!template) return [];
    const bindings =
      scriptSetup && compileScript({ ...rest, template, scriptSetup }, { id: 'page' }).bindings;
    return compileTemplate({
      source: template.content,
      filename: path,
      id: 'page',
      compilerOptions: bindings ? { bindingMetadata: bindings } : {},
    }).errors.map((error) => `${path}:${line}: ${typeof error === 'string' ? error : error.message}`);
  },
  sh: checkShell,
  bash: checkShell,
};

/** Commands of this repository must be ones that it has. */
function checkShell({ path, line, code, notes }: CodeBlock): string[] {
  if (notes.includes('in your app')) return [];
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  return code.split('\n').flatMap((text, index) =>
    text
      .replace(/#.*$/, '')
      .split(/&&|;|\|/)
      .flatMap((command) => {
        const [, script] = /^\s*\$?\s*npm (?:run(?:-script)? )?([\w:.-]+)/.exec(command) ?? [];
        const isRun = /npm run/.test(command) || script === 'start' || script === 'test';
        if (isRun && script && !(script in scripts))
          return [`${path}:${line + index}: there is no script '${script}'`];
        const [, file] = /^\s*\$?\s*(?:node|bash|npx tsx) (?:--\S+ )*([\w./-]+\.\w+)/.exec(command) ?? [];
        // What a reader runs from the installed package is a file of this repository.
        return file &&
          !ts.sys.fileExists(join(root, file.replace(/^node_modules\/strong-auth-machine\//, '')))
          ? [`${path}:${line + index}: there is no file ${file}`]
          : [];
      }),
  );
}

/** What was read beside the snippets: most of the time of a compilation, and the same for all of them. */
const parsed = new Map<string, ts.SourceFile>();

/** @returns What the compiler finds in the snippets, as `path:line: message`. */
export function compile(snippets: readonly Snippet[]): string[] {
  const options: ts.CompilerOptions = {
    ...configured(),
    allowJs: true,
    checkJs: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const files = new Map(snippets.map((snippet) => [snippet.fileName, snippet]));
  const folders = new Set(snippets.flatMap(({ fileName }) => foldersAbove(fileName)));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  // Guides import the file of the quick start, unless they have one of that name.
  const shared = readPage('docs/guides/quick-start.md').snippets.find(({ fileName }) =>
    SHARED.test(fileName),
  );
  for (const { fileName } of snippets) {
    const place = join(dirname(fileName), 'strong-auth.ts');
    if (shared && !files.has(place) && fileName.includes('.md.code/'))
      files.set(place, { ...shared, fileName: place });
  }
  // A reader has the files of the examples beside their own.
  for (const { fileName, lines, block } of snippets) {
    const place = join(root, `${block.path}.code`, basename(fileName));
    if (!fileName.startsWith(join(root, 'examples/'))) continue;
    files.set(place, {
      fileName: place,
      code: `export * from '${fileName.replace(/\.ts(x?)$/, '.js$1')}';`,
      lines,
      block,
    });
  }
  // Every block is a module, whether it imports anything or not; that of a Vue component has what its compiler adds.
  const textOf = ({ code, fileName }: Snippet) =>
    `${code}\nexport ${fileName.endsWith('.vue.ts') ? "default {} as import('vue').Component" : '{}'};`;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.directoryExists = (name) => folders.has(name) || (directoryExists?.(name) ?? true);
  host.readFile = (name) => {
    const snippet = files.get(name);
    return snippet ? textOf(snippet) : readFile(name);
  };
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const snippet = files.get(name);
    if (snippet) return ts.createSourceFile(name, textOf(snippet), languageVersion);
    const source = parsed.get(name) ?? getSourceFile(name, languageVersion, ...rest);
    if (source) parsed.set(name, source);
    return source;
  };
  const program = ts.createProgram([NOT_INSTALLED, ...files.keys()], options, host);
  const found = [...files.values()].flatMap((snippet) => {
    const source = program.getSourceFile(snippet.fileName);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (diagnostic) => {
        const line = source?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
        const where = snippet.lines[line] ?? snippet.lines.at(-1);
        return `${where}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ')}`;
      },
    );
  });
  return [...new Set(found)];
}

function configured(): ts.CompilerOptions {
  const path = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: [path] }, ts.sys, dirname(path))
    .options;
}

function foldersAbove(fileName: string): string[] {
  const folder = dirname(fileName);
  return folder.length <= root.length ? [] : [folder, ...foldersAbove(folder)];
}
