import { expect, test } from 'vitest';
import { readArguments } from '../../inspector/server/arguments.js';

test.each([
  ['inspect', { command: 'inspect', port: 4646, isToOpen: false }],
  ['inspect --port 0', { command: 'inspect', port: 0, isToOpen: false }],
  ['inspect --port=65535 --open', { command: 'inspect', port: 65_535, isToOpen: true }],
  ['--open inspect', { command: 'inspect', port: 4646, isToOpen: true }],
  ['--help', { command: 'help' }],
  ['inspect -h', { command: 'help' }],
])('`%s` is understood', (line, asked) => {
  expect(readArguments(line.split(' '))).toEqual(asked);
});

test.each([
  ['', 'No command given.'],
  ['inspekt', "Unknown command 'inspekt'."],
  ['inspect 4646', "Unexpected argument '4646'."],
  ['inspect --port', "'--port <value>' argument missing"],
  ['inspect --port 65536', "'65536' is not a port"],
  ['inspect --port=-1', "'-1' is not a port"],
  ['inspect --port 1e3', "'1e3' is not a port"],
  ['inspect --host 0.0.0.0', "Unknown option '--host'"],
  ['inspect --open=yes', "'--open' does not take an argument"],
])('`%s` is refused with the reason', (line, reason) => {
  const asked = readArguments(line.split(' ').filter((part) => part !== ''));
  expect(asked).toEqual({ command: 'unknown', reason: expect.stringContaining(reason) });
});
