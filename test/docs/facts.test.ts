import { defaultPolicy } from 'strong-auth-machine';
import { isStrongAuthErrorCode, remedyOf, strongAuthMachine } from 'strong-auth-machine/machine';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { AnyStateNode } from 'xstate';
import { stories } from '../../examples/playground/src/stories.js';
import { ledgerEffects } from '../../machines/strong-auth/strong-auth.setup.js';
import { isLeaf } from '../../scripts/chart.js';
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

/** The stories that a cell links. */
const storiesIn = (cell = ''): string[] =>
  [...cell.matchAll(/playground\.md#story-([\w-]+)/g)].map(([, name = '']) => name);

/** @returns What a story says has happened at its end, whether it has or not. */
function claimsOf(name: string): string[] {
  // Nothing was played: whatever is read of the stage is this again.
  const anything: unknown = new Proxy(() => {}, {
    get: () => anything,
    apply: () => anything,
  });
  return (stories[name]?.checks(anything as never) ?? []).map(([claim]) => claim);
}

describe('every rule and every error is played by a story', () => {
  test('a rule links one or more', () => {
    const rules = rowsOf('docs/lifecycle.md', 'The rules');
    expect(rules.length).toBe(12);
    for (const [number, , , , cell] of rules) expect(storiesIn(cell).length, number).toBeGreaterThan(0);
  });

  test('every error links stories that end with it', () => {
    const without = rowsOf('docs/guides/errors.md', 'Every code').flatMap(([code = '', , , cell]) => {
      for (const name of storiesIn(cell))
        expect(claimsOf(name).join(), name).toMatch(new RegExp(`rejected with ${code}\\b`));
      return storiesIn(cell).length > 0 ? [] : [code];
    });
    expect(without).toEqual([]);
  });

  test('the guide lists every story as the playground does', () => {
    expect(rowsOf('docs/guides/playground.md', 'Every story')).toEqual(
      Object.entries(stories).map(([name, { title, about }]) => [
        `<a id="story-${name}"></a>[${name}](playground.md#story-${name})`,
        `**${title}.** ${about}`,
      ]),
    );
  });
});

/** A member of one of the objects that the union of that name is made of. */
const memberOfUnion = (name: string) => (node: ts.Node) =>
  ts.isPropertySignature(node) &&
  ts.findAncestor(node, ts.isTypeAliasDeclaration)?.name.text === name &&
  ts.isTypeLiteralNode(node.parent)
    ? node.name.getText()
    : undefined;

describe('the documentation names what there is, all of it and nothing else', () => {
  test('every state of the chart, in the lifecycle', () => {
    const inside = (parent: AnyStateNode) => Object.values(parent.states).map(({ key }) => [key, parent.key]);
    const states = Object.values(strongAuthMachine.root.states)
      .filter(({ key }) => key !== 'denied') // passed through, and never seen
      .flatMap((state) => (isLeaf(state) ? [[state.key, '–']] : inside(state)));
    const { requestingOtp } = strongAuthMachine.root.states.wave?.states ?? {};
    const written = rowsOf('docs/lifecycle.md', 'The states').map(([name, group]) => [name, group]);
    expect(written.sort()).toEqual([...states, ...inside(requestingOtp as AnyStateNode)].sort());
  });

  test('every error code with its remedy', () => {
    const codes = namesIn('machines/strong-auth/strong-auth.failures.ts', (node) =>
      ts.isPropertyAssignment(node) && isStrongAuthErrorCode(node.name.getText())
        ? node.name.getText()
        : undefined,
    );
    const remedy = (name: string) => {
      if (name === 'OTP_REFUSED') return 'by that code';
      const code = name as 'CANCELLED';
      const [helps, ifSent] = [remedyOf(code), remedyOf(code, { sent: true })];
      return helps === ifSent ? helps : `\`${helps}\`; \`${ifSent}\` if \`sent\``;
    };
    const written = rowsOf('docs/guides/errors.md', 'Every code').map(([code, , helps]) => [code, helps]);
    expect(written.sort()).toEqual(codes.map((code) => [code, remedy(code)]).sort());
  });

  test('every remedy', () => {
    const remedies = namesIn('machines/strong-auth/strong-auth.failures.ts', (node) =>
      ts.isLiteralTypeNode(node) &&
      ts.isTypeAliasDeclaration(node.parent.parent) &&
      node.parent.parent.name.text === 'Remedy'
        ? node.literal.getText().slice(1, -1)
        : undefined,
    );
    expect(firstColumn('docs/guides/errors.md', 'Every remedy').sort()).toEqual(remedies.sort());
  });

  test('every policy with its default', () => {
    const defaults = Object.entries(defaultPolicy).map(([name, value]) => [
      name,
      value === undefined ? 'off' : String(value),
    ]);
    const written = rowsOf('docs/guides/policies.md', 'Of the client').map(([name, value]) => [name, value]);
    expect(written.sort()).toEqual(defaults.sort());
  });

  test('every policy with its default, beside the view', () => {
    const written = (path: string, heading: string, at: number) =>
      rowsOf(path, heading).map((cells) => [cells[0], cells[at]]);
    expect(written('docs/view.md', 'The policy', 2)).toEqual(
      written('docs/guides/policies.md', 'Of the client', 1),
    );
  });

  test('every field of the view, its prompt and its failure, and of the PIN pad', () => {
    const fields = (path: string, type: string) => namesIn(path, memberOf(type));
    const ofUnion = (path: string, type: string) => namesIn(path, memberOfUnion(type));
    expect(firstColumn('docs/view.md', 'The view').sort()).toEqual(
      [
        ...fields('src/client/view.ts', 'ViewFacts'),
        ...ofUnion('src/client/view.ts', 'StrongAuthView'),
        ...fields('machines/strong-auth/strong-auth.types.ts', 'EnterPinInput'),
        ...fields('src/client/view.ts', 'PromptView'),
        ...['code', 'remedy', 'retryAt'],
      ].sort(),
    );
    const ofPrompt = fields('src/authentication/prompts.ts', 'PinPrompt');
    expect(firstColumn('docs/view.md', 'The PIN pad')).toEqual([
      ...ofUnion('src/client/pin-pad.ts', 'PinPadView'),
      ...ofPrompt.filter((name) => name === 'signal' || name === 'judged'),
    ]);
  });

  test('every event, port and action of the bare machine', () => {
    const page = 'docs/guides/bare-machine.md';
    expect(firstColumn(page, 'Events')).toEqual(
      namesIn('machines/strong-auth/strong-auth.types.ts', discriminator),
    );
    const { actors } = strongAuthMachine.implementations;
    expect(firstColumn(page, 'Ports').sort()).toEqual(Object.keys(actors).sort());
    expect(firstColumn(page, 'Actions')).toEqual(Object.keys(ledgerEffects));
  });

  test('every option of a call', () => {
    expect(firstColumn('docs/guides/policies.md', 'Of one call').sort()).toEqual(
      namesIn('src/calls/call-options.ts', memberOf('CallOptions')).sort(),
    );
  });

  test('every telemetry event', () => {
    expect(firstColumn('docs/guides/telemetry.md', 'Every event').sort()).toEqual(
      namesIn('src/messages/telemetry.ts', discriminator).sort(),
    );
  });

  test('every entry of the package, in the README', () => {
    const imports = Object.keys(entries).map((name) =>
      name === 'index' ? 'strong-auth-machine' : `strong-auth-machine/${name}`,
    );
    expect(firstColumn('README.md', 'Entries').sort()).toEqual(imports.sort());
  });

  test('every member of the client, in the README', () => {
    const members = namesIn('src/client/strong-auth.ts', (node) =>
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
    expect(written.sort()).toEqual(['get', 'set', 'send', 'subscribe', ...members].sort());
  });
});
