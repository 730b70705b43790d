import ts from 'typescript';
import { expect, test } from 'vitest';

/** @returns Where and how the compiler complains of a call. */
function complaints(call: string): { at: string; message: string }[] {
  const file = new URL('./snippet.ts', import.meta.url).pathname;
  const text = `import type { StrongAuth } from 'strong-auth-machine';\ndeclare const strongAuth: StrongAuth;\n${call};\n`;
  const root = new URL('../../', import.meta.url).pathname;
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  host.fileExists = (name) => name === file || fileExists(name);
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ start = 0, length = 0, messageText }) => ({
      at: text.slice(start, start + length),
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
}

test.each([
  ["strongAuth.set('pims.vehicle.command', { action: 'doors', doorState: 'open' })", 'doorState', '"lock"'],
  ["strongAuth.set('pims.vehicle.command', { action: 'windows' })", 'action', '"windows"'],
  ["strongAuth.get('pims.authentication.otp', { action: 'withPIN', pinCode: 1234 })", 'pinCode', 'string'],
  ["strongAuth.set('pims.vehicle.vin', { vim: 'x' })", 'vim', 'vim'],
  ["strongAuth.set('pims.vehicle.command')", "'pims.vehicle.command'", 'NeedsParameters'],
])('%s is one error, at %s', (call, where, word) => {
  const [complaint, ...more] = complaints(call);
  expect(more).toEqual([]);
  expect(complaint?.at).toBe(where);
  expect(complaint?.message).toContain(word);
  expect(complaint?.message).not.toContain('No overload matches');
});
