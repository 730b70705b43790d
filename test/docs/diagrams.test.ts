import { readFileSync } from 'node:fs';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { staleDiagrams } from '../../scripts/diagrams.js';
import { madeUp, stalePictures } from '../../scripts/docs/pictures.js';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('the pictures are what `npm run docs:diagrams` draws', async () => {
  expect(await staleDiagrams()).toEqual([]);
});

test('the exported definition makes the same chart', () => {
  const imported = createMachine(JSON.parse(read('strong-auth.json')));
  const statesOf = (machine: { states: object; root: { states: object } }) =>
    Object.entries(machine.root.states).map(([name, { description, on, invoke }]) => ({
      name,
      description,
      events: Object.keys(on),
      invoked: invoke.map(({ id, src }: { id: string; src: string }) => [id, src]),
    }));
  expect(statesOf(imported)).toEqual(statesOf(strongAuthMachine));
});

test.each(['statechart.svg', 'statechart.mmd'])('%s shows every state', (name) => {
  const picture = read(name);
  const names = (node: { key: string; states: object }): string[] => [
    node.key,
    ...Object.values(node.states).flatMap(names),
  ];
  for (const state of Object.values(strongAuthMachine.root.states).flatMap(names))
    expect(picture).toContain(state);
});

test('the pictures for newcomers are what their script draws, and show only what the machine does', async () => {
  expect(await stalePictures()).toEqual([]);
  expect(madeUp()).toEqual([]);
  expect(madeUp([{ from: 'idle', to: 'done', events: ['calls.started'], words: 'at once' }])).toEqual([
    'idle · calls.started → done',
  ]);
});
