import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { instance } from '@viz-js/viz';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import type { AnyStateNode } from 'xstate';
import { type Arrow, chartOf, firstLeaf, idOf, isLeaf, tagOf } from './chart.js';

/*
 * `npm run docs:diagrams`: the chart as pictures and as data, from the machine itself.
 *
 *   docs/statechart.svg        the picture
 *   docs/statechart.mmd        the same as Mermaid
 *   docs/strong-auth.json      the definition, as Stately's editor imports it
 */

const { states, parents, arrows, everywhere } = chartOf(strongAuthMachine);
const fromEverywhere = everywhere.map(({ event, to }) => `${event} → ${to.key}`).join(', ');

function writeMermaid(): string {
  const inside = (parent: AnyStateNode) =>
    Object.values(parent.states)
      .map((child) => `    ${idOf(child)}: ${child.key}`)
      .join('\n');
  return [
    'stateDiagram-v2',
    '  direction TB',
    '  [*] --> idle',
    ...parents.map(
      (parent) => `  state ${parent.key} {\n    [*] --> ${idOf(firstLeaf(parent))}\n${inside(parent)}\n  }`,
    ),
    ...arrows.map(({ from, to, labels }) => `  ${idOf(from)} --> ${idOf(to)}: ${labels.join(' / ')}`),
    ...states.filter(({ type }) => type === 'final').map((node) => `  ${idOf(node)} --> [*]`),
    `  note right of idle: ${fromEverywhere}, from everywhere`,
    '',
  ].join('\n');
}

const COLOURS: Readonly<Record<string, string>> = {
  settled: '#e8f1e4',
  awaitingUser: '#fdeccb',
  busy: '#dfeaf7',
};

function writeDot(): string {
  const box = (node: AnyStateNode) => {
    const fill = COLOURS[tagOf(node) ?? ''] ?? '#eeeeee';
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
  return `digraph strongAuth {
  graph [compound=true rankdir=TB bgcolor="white" fontname="Helvetica" fontsize=11 nodesep=0.55 ranksep=0.7 pad=0.25
    labelloc=b label="from every state: ${fromEverywhere}"]
  node [shape=box style="rounded,filled" fontname="Helvetica" fontsize=12 margin="0.16,0.08" color="#5b6770" penwidth=1.1]
  edge [fontname="Helvetica" fontsize=9 color="#5b6770" fontcolor="#2c3439" arrowsize=0.7]
  start [shape=point width=0.12 color="#2c3439"]
  start -> idle
  ${states
    .filter((node) => node.path.length === 1 && isLeaf(node))
    .map(box)
    .join('\n  ')}
  ${parents
    .map(
      (parent) => `subgraph "cluster_${parent.key}" {
    label="${parent.key}" labelloc=t style="rounded,filled" fillcolor="#f4f8fc" color="#5b6770" fontsize=12
    ${Object.values(parent.states)
      .map((child) => box(child))
      .join('\n    ')}
  }`,
    )
    .join('\n  ')}
  ${arrows.map(arrow).join('\n  ')}
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
