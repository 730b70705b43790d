import { readFileSync } from 'node:fs';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { expect, test } from 'vitest';
import { type AnyStateMachine, type AnyStateNode, createMachine } from 'xstate';
import { chartOf, HAPPY_PATH, isOnHappyPath, pathOf } from '../../scripts/chart.js';
import { layOut } from '../../scripts/chart-layout.js';
import { staleDiagrams } from '../../scripts/diagrams.js';
import { madeUp, stalePictures } from '../../scripts/docs/pictures.js';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const { states, arrows } = chartOf(strongAuthMachine);
const layout = layOut({
  width: () => 100,
  height: 40,
  pad: 10,
  title: 20,
  mark: 20,
  below: 30,
  steps: { started: 20, challenged: 20, given: 20, granted: 20, landed: 20 },
  besideOtp: 20,
  falls: [40, 40],
});

test('the pictures are what `npm run docs:diagrams` draws', () => {
  expect(staleDiagrams()).toEqual([]);
});

test('the exported definition makes the same chart', () => {
  const imported = createMachine(JSON.parse(read('strong-auth.json')));
  const partsOf = (node: AnyStateNode): object => ({
    name: node.key,
    description: node.description,
    events: Object.keys(node.on),
    invoked: node.invoke.map(({ id, src }) => [id, src]),
    inside: Object.values(node.states).map(partsOf),
  });
  const arrowsOf = (machine: AnyStateMachine) =>
    chartOf(machine).arrows.map(({ from, to, labels }) => [pathOf(from), pathOf(to), labels]);
  expect(partsOf(imported.root)).toEqual(partsOf(strongAuthMachine.root));
  expect(arrowsOf(imported)).toEqual(arrowsOf(strongAuthMachine));
});

test.each(['statechart.svg', 'statechart.mmd'])('%s shows every state and every event', (name) => {
  const picture = read(name);
  for (const { key } of states) expect(picture).toContain(key);
  for (const { labels } of arrows)
    for (const label of labels) expect(picture).toContain(label.replace(/ \[.*$/, ''));
});

test('the happy path is one straight line, and denials lead downwards', () => {
  const middles = HAPPY_PATH.map((path) => layout.placeOf(path)).map(({ top, bottom }) => (top + bottom) / 2);
  const [line] = middles;
  expect(new Set(middles)).toEqual(new Set([line]));
  const ways = arrows.map((arrow) => ({
    ...arrow,
    points: layout.routeOf(pathOf(arrow.from), pathOf(arrow.to)).points,
  }));
  const steps = ways.filter(isOnHappyPath);
  expect(steps).toHaveLength(HAPPY_PATH.length - 1);
  for (const { points } of steps) for (const [, y] of points) expect(y).toBe(line);
  const denials = ways.filter(
    ({ from, to }) => to.key === 'denied' || (from.key === 'denied' && to.key !== 'working'),
  );
  expect(denials).toHaveLength(8);
  for (const { points } of denials) expect(points.at(-1)?.[1]).toBeGreaterThan(points.at(0)?.[1] as number);
});

test('a state or an arrow without a place is named', () => {
  expect(() => layout.placeOf('wave.sleeping')).toThrow('has no place for wave.sleeping');
  expect(() => layout.routeOf('closed', 'resting')).toThrow('has no place for closed → resting');
});

test('the pictures for newcomers are what their script draws, and show only what the machine does', async () => {
  expect(await stalePictures()).toEqual([]);
  expect(madeUp()).toEqual([]);
  expect(
    madeUp([{ from: 'resting.idle', to: 'resting.done', events: ['calls.started'], words: ['at once'] }]),
  ).toEqual(['resting.idle · calls.started → resting.done']);
});
