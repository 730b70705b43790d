import { apis, describeError } from 'strong-auth-machine/pims';
import {
  createManualClock,
  createSimulator,
  type SdkVersion,
  type SimulatorOptions,
} from 'strong-auth-machine/simulator';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { apisOf, constantsOf, fieldsOf, shapes } from '../../scripts/pims/data.js';

interface Message {
  readonly status: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly label: string };
}

const OTP = 'pims.authentication.otp';
const PIN = '4821';

function start(options: SimulatorOptions = {}) {
  const clock = createManualClock(0);
  const simulator = createSimulator({ clock, pin: PIN, ...options });
  const ask = (verb: 'get' | 'set' | 'subscribe', api: string, parameters: Record<string, unknown> = {}) =>
    new Promise<Message>((resolve) =>
      simulator[verb](api, parameters, (message) => resolve(message as Message)),
    );
  return { simulator, clock, ask };
}

/** A value that the reference allows. */
function plausible(type: string): unknown {
  const member = type.replace(/\[\??\]$/, '');
  if (member !== type) return [plausible(member)];
  const [constant] = constantsOf(type) ?? [];
  if (constant === 'true' || constant === 'false') return constant === 'true';
  if (constant !== undefined) return constant;
  const shape = shapes[type];
  if (shape) return Object.fromEntries(fieldsOf(shape).map((field) => [field.name, plausible(field.type)]));
  const values: Record<string, unknown> = { number: 1, numeric: '1', boolean: true, flag: 'true', text: 7 };
  return values[type] ?? 'x';
}

const required = (api: ReturnType<typeof apisOf>[number]) =>
  fieldsOf(api.parameters).filter(({ isOptional }) => !isOptional);

/** What judges its parameters by more than their type. */
const judges = ({ api }: { api: string }) =>
  /^pims\.authentication\.(otp|session|smscode|enrollment|pincode)$/.test(api);

describe.each(['2.0', '2.1', '2.2', '2.3'] as const)('every API of SDK %s', (version: SdkVersion) => {
  const all = apisOf(version);

  test.each(all.map((api) => [`${api.verb} ${api.api} ${api.variant ?? ''}`, api] as const))(
    '%s answers',
    async (_, api) => {
      const { ask } = start({ version, strongSession: true });
      const parameters = Object.fromEntries(required(api).map(({ name, type }) => [name, plausible(type)]));
      const { status, error, result } = await ask(api.verb as 'get', api.api, parameters);
      if (judges(api) && error) return expect([2102, 2305, 2308]).toContain(error.code);
      if (api.call === 'set pims.vehicle.command' && error) return expect([2336, 2360]).toContain(error.code);
      expect(status, JSON.stringify(error)).toBe('SUCCEEDED');
      if (api.verb === 'get') expect(result).toBeDefined();
      if (api.verb === 'subscribe') expect(result).toBeUndefined();
    },
  );

  test('is challenged if it lists 2302, and only then', async () => {
    for (const api of all) {
      const { ask } = start({ version });
      const parameters = Object.fromEntries(required(api).map(({ name, type }) => [name, plausible(type)]));
      const { error } = await ask(api.verb as 'get', api.api, parameters);
      expect(error?.code === 2302, api.call).toBe(api.errors?.includes(2302) ?? false);
    }
  });

  test('misses what it requires', async () => {
    let missed = 0;
    for (const api of all) {
      if (all.filter(({ call }) => call === api.call).length > 1) continue; // another variant may be meant
      for (const { name } of required(api)) {
        if (name === 'actionType') continue; // it only names the component
        const { ask } = start({ version, strongSession: true });
        const parameters = Object.fromEntries(
          required(api).map((field) => [field.name, plausible(field.type)]),
        );
        delete parameters[name];
        const { error } = await ask(api.verb as 'get', api.api, parameters);
        expect(error, api.call).toEqual({ code: 2101, label: `Missing ${name} parameter` });
        missed += 1;
      }
    }
    expect(missed).toBeGreaterThan(15);
  });
});

test('removeProperty came with 2.1, and what 2.3 has dropped is not there any more', async () => {
  const removeProperty = { action: 'removeProperty', vin: 'V' };
  const codes = [];
  for (const version of ['2.0', '2.1'] as const) {
    const { ask } = start({ version });
    codes.push((await ask('set', 'pims.subscription.vehicle', removeProperty)).error?.code);
  }
  expect(codes).toEqual([2002, 2302]);
});

test('every documented error of every API can be provoked, with its label', async () => {
  for (const { verb, api, errors } of apis) {
    for (const code of errors) {
      const { simulator, ask } = start();
      simulator.script({ verb, api }, { kind: 'fail', code });
      const { status, error } = await ask(verb, api, {});
      expect({ status, error }).toEqual({
        status: 'FAILED',
        error: { code, label: describeError(code)?.label },
      });
    }
  }
});

test('what it answers has the type that the call has', async () => {
  const lines: string[] = [];
  for (const api of apisOf('2.3')) {
    if (api.verb === 'subscribe' || judges(api)) continue;
    const { ask } = start({ strongSession: true });
    const parameters = Object.fromEntries(required(api).map(({ name, type }) => [name, plausible(type)]));
    const { result } = await ask(api.verb as 'get', api.api, parameters);
    if (!result) continue;
    const name = api.verb === 'get' ? 'GetResult' : 'SetResult';
    lines.push(`export const result${lines.length}: ${name}<'${api.api}'> = ${JSON.stringify(result)};`);
  }
  expect(lines.length).toBeGreaterThan(45);
  expect(
    check(`import type { GetResult, SetResult } from 'strong-auth-machine/pims';\n${lines.join('\n')}\n`),
  ).toEqual([]);
});

function check(text: string): string[] {
  const root = new URL('../../', import.meta.url).pathname;
  const file = `${root}test/simulator/results.ts`;
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  host.fileExists = (name) => name === file || fileExists(name);
  const program = ts.createProgram([file], options, host);
  return program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ start = 0, messageText }) => {
    const line = text.slice(0, start).split('\n').length;
    return `${text.split('\n')[line - 1]}\n${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

describe('the account', () => {
  test.each([
    ['enum', 'NotBlocked', 'PinBlocked'],
    ['boolean', false, true],
    ['tutorial', 'NotBlocked', 'PINBlocked'],
  ] as const)('says that it is blocked in the way of the pages: %s', async (blockedAs, free, blocked) => {
    const { simulator, ask } = start({ blockedAs });
    const isAccountBlocked = async () =>
      (await ask('get', 'pims.authentication.account', { actionType: 'strong', type: 'isAccountBlocked' }))
        .result?.isAccountBlocked;
    expect(await isAccountBlocked()).toBe(free);
    simulator.block();
    expect(await isAccountBlocked()).toBe(blocked);
  });

  test('is enrolled again after a block: remove, SMS, enroll, and the OTP works', async () => {
    const { simulator, ask } = start({ blocked: true });
    const otp = () => ask('get', OTP, { action: 'withPIN', pinCode: PIN });
    expect((await otp()).error?.code).toBe(2310);
    expect(
      (await ask('set', 'pims.authentication.enrollment', { action: 'enroll', pinCode: PIN })).error?.code,
    ).toBe(2317);
    await ask('set', 'pims.authentication.enrollment', { action: 'remove' });
    expect((await otp()).error?.code).toBe(2312);
    await ask('get', 'pims.authentication.smscode', { type: 'enrollment' });
    const wrong = await ask('set', 'pims.authentication.smscode', { action: 'enrollment', smsCode: '000' });
    expect(wrong.error?.code).toBe(2305);
    const known = await ask('set', 'pims.authentication.smscode', {
      action: 'enrollment',
      smsCode: simulator.smsCode,
    });
    expect(known.result).toEqual({ status: 'AlreadyEnrolled' });
    expect(
      (await ask('set', 'pims.authentication.enrollment', { action: 'enroll', pinCode: PIN })).status,
    ).toBe('SUCCEEDED');
    expect((await otp()).status).toBe('SUCCEEDED');
  });

  test('changes its PIN: not to the same one, and only who knows the old one', async () => {
    const { simulator, ask } = start();
    const change = async (oldPIN: string, newPIN: string) =>
      (await ask('set', 'pims.authentication.pincode', { action: 'update', oldPIN, newPIN })).error?.code;
    expect(await change('0000', '1111')).toBe(2308);
    expect(await change(PIN, PIN)).toBe(2315);
    expect(simulator.pin).toBe(PIN);
    expect(await change(PIN, '0007')).toBeUndefined();
    expect(simulator.pin).toBe('0007');
    expect((await ask('get', OTP, { action: 'withPIN', pinCode: '0007' })).status).toBe('SUCCEEDED');
  });

  test('changes its phone number with the code of an SMS, which works once', async () => {
    const { simulator, ask } = start();
    await ask('get', 'pims.authentication.smscode', {
      type: 'phoneNumberCertification',
      phoneNumber: '+331',
    });
    const parameters = { type: 'modifyPhoneNumber', smsCode: simulator.smsCode, phoneNumber: '+331' };
    expect((await ask('set', 'pims.authentication.smscode', parameters)).status).toBe('SUCCEEDED');
    expect((await ask('set', 'pims.authentication.smscode', parameters)).error?.code).toBe(2305);
    expect((await ask('get', 'pims.authentication.trustedphonenumber')).result).toEqual({
      phoneNumber: '+331',
    });
  });
});

describe('brands', () => {
  test.each(['FCA', 'O2X'] as const)('%s have no OTP', async (brand) => {
    const { ask } = start({ brand });
    expect((await ask('get', OTP, { action: 'withPIN', pinCode: PIN })).error?.code).toBe(2002);
  });

  test('FCA opens a session with the PIN', async () => {
    const { ask } = start({ brand: 'FCA' });
    const open = (pinCode: string) => ask('set', 'pims.authentication.session', { action: 'open', pinCode });
    expect((await open('0000')).error?.code).toBe(2308);
    expect((await open(PIN)).status).toBe('SUCCEEDED');
  });

  test.each([{ brand: 'Tesla' }, { version: '3.0' }, { blockedAs: 'yes' }])('%o is refused', (options) => {
    expect(() => createSimulator(options as never)).toThrow(TypeError);
  });
});

test('a command reports its progress to whoever listens to the signal', async () => {
  const { simulator, clock, ask } = start({ strongSession: true });
  const codes: unknown[] = [];
  simulator.subscribe('pims.vehicle.signal', {}, (message) => {
    const { status, result } = message as Message;
    codes.push(status === 'RESULT' ? result?.code : status);
  });
  await ask('set', 'pims.vehicle.command', { action: 'doors', doorState: 'lock' });
  clock.advance(10_000);
  expect(codes).toEqual(['SUCCEEDED', 900, 901, 903, 200]);
});

test.each([2312, 2317] as const)(
  'the steps API with resetSteps cures a device that is refused with %d, as resetStep of the OTP does',
  async (refuses) => {
    const { ask } = start({ device: { refuses, until: 'reset' } });
    const otp = () => ask('get', OTP, { action: 'withPIN', pinCode: PIN });
    const steps = async (resetSteps: boolean) =>
      (await ask('get', 'pims.subscription.steps', { vin: 'V', resetSteps, stepsStatus: 'todo' })).result;
    expect((await otp()).error?.code).toBe(refuses);
    expect(await steps(false)).toMatchObject({ deviceActivation: { status: 'todo' } });
    expect((await otp()).error?.code).toBe(refuses);
    expect(await steps(true)).not.toHaveProperty('deviceActivation');
    expect((await otp()).status).toBe('SUCCEEDED');
  },
);
