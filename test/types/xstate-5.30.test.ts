import ts from 'typescript';
import { expect, test } from 'vitest';

test('the types hold with the lowest XState of the peer range', { timeout: 600_000 }, () => {
  const root = new URL('../../', import.meta.url).pathname;
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const lowest = {
    xstate: ['./node_modules/xstate-5.30'],
    'xstate/graph': ['./node_modules/xstate-5.30/graph'],
  };
  const { options } = ts.parseJsonConfigFileContent(
    {
      compilerOptions: { ...config.compilerOptions, paths: { ...config.compilerOptions.paths, ...lowest } },
      files: [],
    },
    ts.sys,
    root,
  );
  const program = ts.createProgram(
    [`${root}test/types/xstate-adapter.ts`, `${root}src/testing/index.ts`],
    options,
  );
  const files = program.getSourceFiles().map(({ fileName }) => fileName);
  expect(files.filter((name) => name.includes('/node_modules/xstate/'))).toEqual([]);
  expect(files.filter((name) => name.includes('/node_modules/xstate-5.30/')).length).toBeGreaterThan(10);
  const complaints = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  expect(complaints).toEqual([]);
});
