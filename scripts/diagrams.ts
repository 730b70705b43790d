import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { instance } from '@viz-js/viz';
import { strongAuthMachine } from 'strong-auth-machine/machine';

/*
 * `npm run docs:diagrams`: the chart as pictures and as data, from the machine itself.
 *
 *   docs/statechart.svg        the picture
 *   docs/statechart.mmd        the same as Mermaid
 *   docs/strong-auth.json      the definition, as Stately's editor imports it
 */

type Node = (typeof strongAuthMachine)['root'];

/** All transitions from one state to another, whose labels share an arrow. */
interface Arrow {
  readonly from: Node;
  readonly to: Node;
  readonly labels: string[];
}

const nodes: Node[] = [];
(function collect(node: Node) {
  nodes.push(node);
  for (const child of Object.values(node.states)) collect(child as Node);
})(strongAuthMachine.root);

/** `after pinEntryTimeout`, not the name that XState gives such an event. */
const nameOf = (event: string) =>
  event === '' ? 'always' : event.replace(/^xstate\.after\.(\w+)\..*$/, 'after $1');

/** Guards are named in the chart, never written out. */
const guardName = (guard: unknown) => (typeof guard === 'string' ? guard : (guard as { type: string }).type);

/** What happens wherever it comes is written once, on the machine. */
const isEverywhere = (node: Node) => node === strongAuthMachine.root;

function arrowsOf(): Arrow[] {
  const arrows: Arrow[] = [];
  for (const node of nodes.filter((node) => !isEverywhere(node))) {
    for (const { eventType, guard, target } of [
      ...[...node.transitions.values()].flat(),
      ...(node.always ?? []),
    ]) {
      const [to] = target ?? [];
      if (!to) continue; // nobody goes anywhere: a call joins or leaves
      const condition = guard === undefined ? '' : ` [${guardName(guard)}]`;
      const label = nameOf(eventType) + condition;
      const arrow = arrows.find((other) => other.from === node && other.to === to);
      if (!arrow) arrows.push({ from: node, to: to as Node, labels: [label] });
      else if (!arrow.labels.includes(label)) arrow.labels.push(label);
    }
  }
  return arrows;
}

const idOf = (node: Node) => node.path.join('_');
const parents = nodes.filter((node) => !isEverywhere(node) && Object.keys(node.states).length > 0);
const isLeaf = (node: Node) => Object.keys(node.states).length === 0;
const firstLeaf = (node: Node) => (isLeaf(node) ? node : (Object.values(node.states)[0] as Node));
const everywhere = () => [...strongAuthMachine.root.transitions.values()].flat();

function writeMermaid(): string {
  const inside = (parent: Node) =>
    Object.values(parent.states)
      .map((child) => `    ${idOf(child as Node)}: ${child.key}`)
      .join('\n');
  return [
    'stateDiagram-v2',
    '  direction TB',
    '  [*] --> idle',
    ...parents.map(
      (parent) => `  state ${parent.key} {\n    [*] --> ${idOf(firstLeaf(parent))}\n${inside(parent)}\n  }`,
    ),
    ...arrowsOf().map(({ from, to, labels }) => `  ${idOf(from)} --> ${idOf(to)}: ${labels.join(' / ')}`),
    ...nodes.filter(({ type }) => type === 'final').map((node) => `  ${idOf(node)} --> [*]`),
    `  note right of idle: ${everywhere()
      .map(({ eventType, target }) => `${eventType} → ${target?.[0]?.key}`)
      .join(', ')}, from everywhere`,
    '',
  ].join('\n');
}

const COLOURS: Readonly<Record<string, string>> = {
  settled: '#e8f1e4',
  awaitingUser: '#fdeccb',
  busy: '#dfeaf7',
};

function writeDot(): string {
  const box = (node: Node) => {
    const [tag] = node.tags.length > 0 ? node.tags : (node.parent?.tags ?? []);
    const fill = COLOURS[tag ?? ''] ?? '#eeeeee';
    const shape = node.type === 'final' ? 'peripheries=2' : '';
    return `"${idOf(node)}" [label="${node.key}" fillcolor="${fill}" ${shape}]`;
  };
  const quote = (labels: readonly string[]) => labels.map((label) => `${label}\\l`).join('');
  const arrow = ({ from, to, labels }: Arrow) => {
    const ends = [
      isLeaf(from) ? '' : `ltail="cluster_${from.key}"`,
      isLeaf(to) ? '' : `lhead="cluster_${to.key}"`,
    ];
    return `"${idOf(firstLeaf(from))}" -> "${idOf(firstLeaf(to))}" [label="${quote(labels)}" ${ends.join(' ')}]`;
  };
  const reset = everywhere().map(({ eventType, target }) => `${eventType} → ${target?.[0]?.key}`);
  return `digraph strongAuth {
  graph [compound=true rankdir=TB bgcolor="white" fontname="Helvetica" fontsize=11 nodesep=0.55 ranksep=0.7 pad=0.25
    labelloc=b label="from every state: ${reset.join(', ')}"]
  node [shape=box style="rounded,filled" fontname="Helvetica" fontsize=12 margin="0.16,0.08" color="#5b6770" penwidth=1.1]
  edge [fontname="Helvetica" fontsize=9 color="#5b6770" fontcolor="#2c3439" arrowsize=0.7]
  start [shape=point width=0.12 color="#2c3439"]
  start -> idle
  ${nodes
    .filter((node) => node.path.length === 1 && isLeaf(node))
    .map(box)
    .join('\n  ')}
  ${parents
    .map(
      (parent) => `subgraph "cluster_${parent.key}" {
    label="${parent.key}" labelloc=t style="rounded,filled" fillcolor="#f4f8fc" color="#5b6770" fontsize=12
    ${Object.values(parent.states)
      .map((child) => box(child as Node))
      .join('\n    ')}
  }`,
    )
    .join('\n  ')}
  ${arrowsOf().map(arrow).join('\n  ')}
  cancelled -> closed [style=invis]
}`;
}

/** The chart's literal, without what only code can say: `params` and the first context are functions. */
function writeDefinition(): string {
  const plain = (key: string, value: unknown) => (key === 'context' ? {} : value);
  return `${JSON.stringify(strongAuthMachine.config, plain, 2)}\n`;
}

/** @returns The generated files by their path in the repository. */
export async function diagrams(): Promise<Map<string, string>> {
  const viz = await instance();
  return new Map([
    ['docs/statechart.svg', viz.renderString(writeDot(), { format: 'svg', engine: 'dot' })],
    ['docs/statechart.mmd', writeMermaid()],
    ['docs/strong-auth.json', writeDefinition()],
  ]);
}

const at = (path: string) => new URL(`../${path}`, import.meta.url);

/** @returns The paths of the generated files whose content is not up to date. */
export async function staleDiagrams(): Promise<string[]> {
  return [...(await diagrams())]
    .filter(([path, text]) => readFileSync(at(path), 'utf8') !== text)
    .map(([path]) => path);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, text] of await diagrams()) writeFileSync(at(path), text);
}
