import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { recoveryMachine, strongAuthMachine } from 'strong-auth-machine/machine';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { briefly, chartOf, HAPPY_PATH, idOf, isLeaf, isOnHappyPath, pathOf, tagOf } from './chart.js';
import { layOut } from './chart-layout.js';
import { writeSvg } from './chart-svg.js';

/*
 * `npm run docs:diagrams`: the chart as pictures and as data, from the machine itself.
 *
 *   docs/statechart.svg        the picture
 *   docs/statechart.mmd        the same as Mermaid
 *   docs/strong-auth.json      the definition, as Stately's editor imports it
 *   docs/recovery.mmd          the chart of the recovery as Mermaid
 *   docs/recovery.json         its definition
 */

const { states, arrows, everywhere } = chartOf(strongAuthMachine);
const fromEverywhere = everywhere.map(({ event, to }) => `${event} → ${to.key}`).join(', ');

function writeMermaid(machine: AnyStateMachine): string {
  const { states, arrows, everywhere } = chartOf(machine);
  const fromEverywhere = everywhere.map(({ event, to }) => `${event} → ${to.key}`).join(', ');
  const lines = (node: AnyStateNode, indent: string): string[] => {
    if (isLeaf(node)) return [`${indent}${idOf(node)}: ${node.key}`];
    const children = Object.values(node.states);
    return [
      `${indent}state "${node.key}" as ${idOf(node)} {`,
      `${indent}  [*] --> ${idOf(children[0] as AnyStateNode)}`,
      ...children.flatMap((child) => lines(child, `${indent}  `)),
      `${indent}}`,
    ];
  };
  const top = states.filter(({ path }) => path.length === 1);
  return [
    'stateDiagram-v2',
    '  direction TB',
    `  [*] --> ${idOf(top[0] as AnyStateNode)}`,
    ...top.flatMap((node) => lines(node, '  ')),
    ...arrows.map(
      ({ from, to, labels }) => `  ${idOf(from)} --> ${idOf(to)}: ${briefly(labels).join(' / ')}`,
    ),
    ...states.filter(({ type }) => type === 'final').map((node) => `  ${idOf(node)} --> [*]`),
    `  note right of ${idOf(top[0] as AnyStateNode)}: ${fromEverywhere}, from everywhere`,
    '',
  ].join('\n');
}

/** Roomy: every event and guard stands on its arrow. */
const layout = layOut({
  width: (name) => Math.max(64, name.length * 7.4 + 22),
  height: 38,
  pad: 12,
  title: 21,
  mark: 22,
  below: 44,
  steps: { started: 92, challenged: 106, given: 240, granted: 78, landed: 82 },
  besideOtp: 112,
  falls: [78, 58],
});

function writeStatechart(): string {
  return writeSvg({
    layout,
    states: states.map((state) => ({
      path: pathOf(state),
      name: state.key,
      tag: tagOf(state) ?? '',
      isGroup: !isLeaf(state),
      isFinal: state.type === 'final',
      isHappy: HAPPY_PATH.includes(pathOf(state)),
      isPassedThrough: (state.always ?? []).length > 0,
      ...(state.description !== undefined && { description: state.description }),
    })),
    arrows: arrows.map((arrow) => ({
      from: pathOf(arrow.from),
      to: pathOf(arrow.to),
      words: briefly(arrow.labels),
      isHappy: isOnHappyPath(arrow),
    })),
    title: 'The statechart of strong-auth-machine, with every event and guard',
    caption: `From every state: ${fromEverywhere}`,
    type: { name: 13, words: 11 },
    hasMarks: true,
  });
}

/** The chart's literal, without what only code can say: `params` and the first context are functions. */
function writeDefinition(machine: AnyStateMachine): string {
  const plain = (key: string, value: unknown) => (key === 'context' ? {} : value);
  return `${JSON.stringify(machine.config, plain, 2)}\n`;
}

/** @returns The generated files by their path in the repository. */
export function diagrams(): Map<string, string> {
  return new Map([
    ['docs/statechart.svg', writeStatechart()],
    ['docs/statechart.mmd', writeMermaid(strongAuthMachine)],
    ['docs/strong-auth.json', writeDefinition(strongAuthMachine)],
    ['docs/recovery.mmd', writeMermaid(recoveryMachine)],
    ['docs/recovery.json', writeDefinition(recoveryMachine)],
  ]);
}

const at = (path: string) => new URL(`../${path}`, import.meta.url);

/** @returns The paths of the generated files whose content is not up to date. */
export function staleDiagrams(): string[] {
  return [...diagrams()]
    .filter(([path, text]) => readFileSync(at(path), 'utf8') !== text)
    .map(([path]) => path);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, text] of diagrams()) writeFileSync(at(path), text);
}
