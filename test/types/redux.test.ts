import ts from 'typescript';
import { expect, test } from 'vitest';

test('the types of ./redux hold with Redux Toolkit 1.9, too', { timeout: 600_000 }, () => {
  const root = new URL('../../', import.meta.url).pathname;
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const program = ts.createProgram([`${root}test/types/redux.ts`], {
    ...options,
    paths: {
      ...options.paths,
      '@reduxjs/toolkit': ['./node_modules/reduxjs-toolkit-1'],
      '@reduxjs/toolkit/*': ['./node_modules/reduxjs-toolkit-1/*'],
    },
  });
  const files = program.getSourceFiles().map(({ fileName }) => fileName);
  expect(files.some((name) => name.includes('/reduxjs-toolkit-1/dist/query/'))).toBe(true);
  expect(files.some((name) => name.includes('/@reduxjs/toolkit/'))).toBe(false);
  expect(
    ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      ),
  ).toEqual([]);
});
