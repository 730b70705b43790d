import { expect, test } from 'vitest';
import { checkTypes } from './compiler.js';

test('the types hold with the lowest XState of the peer range', { timeout: 600_000 }, () => {
  const { files, complaints } = checkTypes(['test/types/xstate-adapter.ts', 'src/testing/index.ts'], {
    xstate: 'xstate-5.30',
    'xstate/graph': 'xstate-5.30/graph',
  });
  expect(complaints).toEqual([]);
  expect(files.filter((name) => name.includes('/node_modules/xstate/'))).toEqual([]);
  expect(files.filter((name) => name.includes('/node_modules/xstate-5.30/')).length).toBeGreaterThan(10);
});
