import { defaultPolicy } from 'strong-auth-machine';
import { isStrongAuthErrorCode, remedyOf, strongAuthMachine } from 'strong-auth-machine/machine';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { read } from '../../scripts/docs/markdown.js';
import { entries } from '../../tsup.config.js';

/** @returns The rows of the tables under a heading of a page, without the marks of code. */
function rowsOf(path: string, heading: string): string[][] {
  const [, section = ''] = read(path).split(`## ${heading}\n`);
  const [own = ''] = section.split(/^## /m);
  const lines = own.split('\n');
  const isRow = (line: string, index: number) =>
    line.startsWith('|') && !/^\|[-| ]+$/.test(line) && !/^\|[-| ]+$/.test(lines[index + 1] ?? '');
  return lines.filter(isRow).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`([^`]+)`$/, '$1')),
  );
}

const firstColumn = (path: string, heading: string): string[] =>
  rowsOf(path, heading).map(([name = '']) => name);

/** @returns The members of a type of the source, by its name. */
function namesIn(path: string, isMeant: (node: ts.Node) => string | undefined): string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const name = isMeant(node);
    if (name !== undefined) found.add(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.ESNext, true));
  return [...found];
}

/** The value of `type: 'something'`. */
const discriminator = (node: ts.Node): string | undefined =>
  ts.isPropertySignature(node) &&
  node.name.getText() === 'type' &&
  node.type &&
  ts.isLiteralTypeNode(node.type)
    ? node.type.literal.getText().slice(1, -1)
    : undefined;

/** A member of the interface of that name. */
const memberOf = (name: string) => (node: ts.Node) =>
  ts.isPropertySignature(node) && ts.isInterfaceDeclaration(node.parent) && node.parent.name.text === name
    ? node.name.getText()
    : undefined;

describe('the documentation names what there is, all of it and nothing else', () => {
  test('every state of the chart, in the lifecycle', () => {
    const states = Object.keys(strongAuthMachine.states).filter((name) => name !== 'denied');
    const inside = Object.keys(strongAuthMachine.states.requestingOtp?.states ?? {});
    expect(firstColumn('docs/lifecycle.md', 'The states')).toEqual([...states, ...inside]);
  });

  test('every error code with its remedy', () => {
    const codes = namesIn('machines/strong-auth/strong-auth.failures.ts', (node) =>
      ts.isPropertyAssignment(node) && isStrongAuthErrorCode(node.name.getText())
        ? node.name.getText()
        : undefined,
    );
    const remedy = (code: string) =>
      code === 'OTP_REFUSED' ? 'by that code' : remedyOf(code as 'CANCELLED');
    const written = rowsOf('docs/guides/errors.md', 'Every code').map(([code, , helps]) => [code, helps]);
    expect(written.sort()).toEqual(codes.map((code) => [code, remedy(code)]).sort());
  });

  test('every policy with its default', () => {
    const defaults = Object.entries(defaultPolicy).map(([name, value]) => [
      name,
      value === undefined ? 'off' : String(value),
    ]);
    const written = rowsOf('docs/guides/policies.md', 'Of the client').map(([name, value]) => [name, value]);
    expect(written.sort()).toEqual(defaults.sort());
  });

  test('every option of a call', () => {
    expect(firstColumn('docs/guides/policies.md', 'Of one call').sort()).toEqual(
      namesIn('src/calls/call-options.ts', memberOf('CallOptions')).sort(),
    );
  });

  test('every fact of onEvent', () => {
    expect(firstColumn('docs/guides/telemetry.md', 'Every fact').sort()).toEqual(
      namesIn('src/host/telemetry.ts', discriminator).sort(),
    );
  });

  test('every entry of the package, in the README', () => {
    const imports = Object.keys(entries).map((name) =>
      name === 'index' ? 'strong-auth-machine' : `strong-auth-machine/${name}`,
    );
    expect(firstColumn('README.md', 'Entries').sort()).toEqual(imports.sort());
  });

  test('every member of the client, in the README', () => {
    const members = namesIn('src/client/create-strong-auth.ts', (node) =>
      (ts.isMethodSignature(node) || ts.isPropertySignature(node)) &&
      ts.isInterfaceDeclaration(node.parent) &&
      node.parent.name.text === 'StrongAuth' &&
      ts.isIdentifier(node.name)
        ? node.name.text
        : undefined,
    );
    const written = firstColumn('README.md', 'The client').flatMap((cell) =>
      [...cell.matchAll(/(?:^|`)(\w+)/g)].map(([, name]) => name),
    );
    expect(written.sort()).toEqual(['get', 'set', 'subscribe', ...members].sort());
  });
});
