import { expect, test } from 'vitest';
import { checkTypes } from './compiler.js';

test('the types of ./redux hold with Redux Toolkit 1.9, too', { timeout: 600_000 }, () => {
  const { files, complaints } = checkTypes(['test/types/redux.ts'], {
    '@reduxjs/toolkit': 'reduxjs-toolkit-1',
    '@reduxjs/toolkit/*': 'reduxjs-toolkit-1/*',
  });
  expect(complaints).toEqual([]);
  expect(files.some((name) => name.includes('/reduxjs-toolkit-1/dist/query/'))).toBe(true);
  expect(files.some((name) => name.includes('/@reduxjs/toolkit/'))).toBe(false);
});
