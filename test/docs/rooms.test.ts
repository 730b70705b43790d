import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { read, root } from '../../scripts/docs/markdown.js';

/** What a file imports, by its path from the root: other files of the package by their paths, packages by their names. */
type Imports = ReadonlyMap<string, readonly string[]>;

const PAGE = 'docs/architecture.md';
const HEADING = 'The rooms';

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** @returns What a file imports, re-exports and names in types, as it is written. */
function specifiersOf(path: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const from =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
            ? node.arguments[0]
            : undefined;
    if (from && ts.isStringLiteral(from)) found.push(from.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true));
  return found;
}

/** `@scope/name/part` and `name/part` are of the package `@scope/name` and `name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const resolve = (path: string, specifier: string): string =>
  specifier.startsWith('.')
    ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')
    : packageOf(specifier);

/** `src/calls/ledger.ts` is in `src/calls`, `src/index.ts` in `src`, and every machine in `machines`. */
function roomOf(path: string): string {
  const [top = '', inner, ...deeper] = path.split('/');
  return top === 'src' && deeper.length > 0 ? `${top}/${inner}` : top;
}

/** @returns For each room the other rooms and the packages that its files import. */
function neighboursOf(imports: Imports): Map<string, Set<string>> {
  const rooms = new Map<string, Set<string>>();
  for (const [path, targets] of imports) {
    const room = roomOf(path);
    const neighbours = rooms.get(room) ?? new Set();
    rooms.set(room, neighbours);
    for (const target of targets) {
      const other = imports.has(target) ? roomOf(target) : target;
      if (other !== room) neighbours.add(other);
    }
  }
  return rooms;
}

/** @returns Circles between files, each as the way round it. */
function circlesIn(imports: Imports): string[] {
  const circles: string[] = [];
  const seen = new Set<string>();
  const way: string[] = [];
  const visit = (path: string): void => {
    if (way.includes(path)) {
      circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
      return;
    }
    if (seen.has(path)) return;
    seen.add(path);
    way.push(path);
    for (const target of imports.get(path) ?? []) visit(target);
    way.pop();
  };
  for (const path of imports.keys()) visit(path);
  return circles;
}

/** @returns The rooms of the table, in its order, with the neighbours that it names. */
function roomsOfPage(text: string): Map<string, readonly string[]> {
  const [, section = ''] = text.split(`## ${HEADING}\n`);
  const [own = ''] = section.split(/^## /m);
  const rows = own.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.map((row) => {
      const cells = row
        .split('|')
        .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
      return [cells[1]?.[0] ?? '', cells.at(-2) ?? []];
    }),
  );
}

/** @returns What the table and the imports do not agree about. */
function disagreements(table: ReadonlyMap<string, readonly string[]>, imports: Imports): string[] {
  const rooms = neighboursOf(imports);
  const order = [...table.keys()];
  const problems: string[] = [];
  for (const room of order) if (!rooms.has(room)) problems.push(`there is no room ${room}`);
  for (const [room, neighbours] of rooms) {
    const named = table.get(room);
    if (!named) {
      problems.push(`the table does not have ${room}`);
      continue;
    }
    for (const other of neighbours) {
      if (!named.includes(other)) problems.push(`${room} imports ${other}, which the table does not name`);
      if (order.indexOf(other) > order.indexOf(room))
        problems.push(`${room} imports ${other}, which is below it`);
    }
    for (const other of named) {
      if (!neighbours.has(other)) problems.push(`${room} does not import ${other}, which the table names`);
    }
  }
  return problems;
}

const imports: Imports = new Map(
  ['machines', 'src'].flatMap(sourceFiles).map((path) => {
    const targets = specifiersOf(path, read(path)).map((specifier) => resolve(path, specifier));
    return [path, [...new Set(targets)]];
  }),
);

describe('the rooms of the source', () => {
  test('import what the table of docs/architecture.md says, and only rooms that stand above them in it', () => {
    expect(disagreements(roomsOfPage(read(PAGE)), imports)).toEqual([]);
  });

  test('hold no circle of files', () => {
    expect(circlesIn(imports)).toEqual([]);
  });

  test('import only files that are there', () => {
    const missing = [...imports].flatMap(([path, targets]) =>
      targets
        .filter((target) => /\.ts$/.test(target) && !imports.has(target))
        .map((target) => `${path}: ${target}`),
    );
    expect(missing).toEqual([]);
    expect(imports.size).toBeGreaterThan(80);
  });
});

describe('the check itself', () => {
  const files = (given: Record<string, string[]>): Imports => new Map(Object.entries(given));
  const table = roomsOfPage(
    [
      `## ${HEADING}`,
      '| Room | What | Imports |',
      '|---|---|---|',
      '| `a` | | – |',
      '| `src/b` | | `a`, `xstate` |',
    ].join('\n'),
  );
  const right = { 'a/one.ts': [], 'src/b/two.ts': ['a/one.ts', 'xstate'] };

  test.each<[string, Record<string, string[]>, string[]]>([
    ['nothing, where the table is right', right, []],
    [
      'an import that the table does not name',
      { ...right, 'src/b/three.ts': ['vue'] },
      ['src/b imports vue, which the table does not name'],
    ],
    [
      'an import from below',
      { ...right, 'a/one.ts': ['src/b/two.ts'] },
      ['a imports src/b, which the table does not name', 'a imports src/b, which is below it'],
    ],
    [
      'a neighbour that is none',
      { ...right, 'src/b/two.ts': ['a/one.ts'] },
      ['src/b does not import xstate, which the table names'],
    ],
    [
      'a room that the table does not have',
      { ...right, 'src/index.ts': [] },
      ['the table does not have src'],
    ],
    [
      'a room that is gone',
      { 'src/b/two.ts': ['a/one.ts', 'xstate'] },
      [
        'there is no room a',
        'src/b imports a/one.ts, which the table does not name',
        'src/b does not import a, which the table names',
      ],
    ],
  ])('notices %s', (_, given, problems) => {
    expect(disagreements(table, files(given))).toEqual(problems);
  });

  test('prints the way round a circle of files', () => {
    const given = {
      'a/one.ts': ['a/two.ts'],
      'a/two.ts': ['a/three.ts', 'xstate'],
      'a/three.ts': ['a/two.ts'],
    };
    expect(circlesIn(files(given))).toEqual(['a/two.ts → a/three.ts → a/two.ts']);
  });

  test('reads imports of values and types, re-exports, and types that name their file', () => {
    const text = [
      "import type { A } from './a.js';",
      "export * from './b.js';",
      "type C = import('./c.js').C;",
      "const d = () => import('./d.js');",
      "// import './e.js';",
    ].join('\n');
    expect(specifiersOf('x.ts', text)).toEqual(['./a.js', './b.js', './c.js', './d.js']);
  });
});
