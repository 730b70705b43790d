import ts from 'typescript';
import { expect, test } from 'vitest';

/** Each call, what the compiler's only error of it stands at, and a word that the error says. */
const wrongCalls: readonly [call: string, at: string, word: string][] = [
  ["set('pims.vehicle.command', { action: 'doors', doorState: 'open' })", 'doorState', '"lock"'],
  ["set('pims.vehicle.command', { action: 'windows' })", 'action', '"windows"'],
  ["get('pims.authentication.otp', { action: 'withPIN', pinCode: 1234 })", 'pinCode', 'string'],
  ["set('pims.vehicle.vin', { vim: 'x' })", 'vim', 'vim'],
  ["set('pims.vehicle.command')", "'pims.vehicle.command'", 'NeedsParameters'],
  ["set('pims.vehicle.comand', { action: 'horn' })", "'pims.vehicle.comand'", 'keyof SetApis'],
  ["get('pims.sdk.versoin')", "'pims.sdk.versoin'", '"pims.sdk.version"'],
  ["subscribe('pims.vehicle.evnt', {}, () => {})", "'pims.vehicle.evnt'", 'keyof SubscribeApis'],
  ["send({ verb: 'set', api: 'pims.vehicle.comand', parameters: { action: 'horn' } })", 'api', 'UnknownApi'],
  ["send({ verb: 'get', api: 'pims.vehicle.command', parameters: {} })", 'api', 'UnknownApi'],
  [
    "send({ verb: 'set', api: 'pims.vehicle.command', parameters: { action: 'windows' } })",
    'action',
    '"windows"',
  ],
  [
    "send({ verb: 'set', api: 'pims.vehicle.command', parameters: { action: 'horn', doorState: 'lock' } })",
    'doorState',
    'UnknownParameter<"doorState">',
  ],
];

/** Where and how the compiler complains of each call, all in one file, a call a line. */
function complaints(calls: readonly string[]): { at: string; message: string }[][] {
  const root = new URL('../../', import.meta.url).pathname;
  const file = `${root}test/types/snippet.ts`;
  const lines = [
    "import type { StrongAuth } from 'strong-auth-machine';",
    'declare const { get, set, subscribe, send }: StrongAuth;',
    ...calls,
  ];
  const text = lines.join(';\n');
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  const snippet = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  host.getSourceFile = (name, ...rest) => (name === file ? snippet : getSourceFile(name, ...rest));
  host.fileExists = (name) => name === file || fileExists(name);
  const program = ts.createProgram([file], options, host);
  const found = lines.map((): { at: string; message: string }[] => []);
  for (const { start = 0, length = 0, messageText } of program.getSemanticDiagnostics(snippet))
    found[snippet.getLineAndCharacterOfPosition(start).line]?.push({
      at: text.slice(start, start + length),
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    });
  return found.slice(lines.length - calls.length);
}

test('a wrong call is one error, at what is wrong', () => {
  const found = complaints(wrongCalls.map(([call]) => call));
  for (const [index, [call, at, word]] of wrongCalls.entries()) {
    expect(found[index], call).toEqual([{ at, message: expect.stringContaining(word) }]);
    expect(found[index]?.[0]?.message, call).not.toContain('No overload matches');
  }
});
