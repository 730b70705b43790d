import { createStrongAuth, isApiError, isStrongAuthError } from 'strong-auth-machine';
import { apis, canChallenge, describeError, disagreements, errors } from 'strong-auth-machine/pims';
import { createManualClock } from 'strong-auth-machine/simulator';
import { createScriptedTransport, createScriptedUser, settleDown } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { stale } from '../../scripts/pims/generate.js';

const failed = (code: number) => ({ transactionId: 't', status: 'FAILED', error: { code, label: '' } });

function stage() {
  const transport = createScriptedTransport();
  const user = createScriptedUser();
  const subscriptions: ((message: unknown) => void)[] = [];
  const strongAuth = createStrongAuth({
    transport: { send: transport.send, subscribe: (_, onMessage) => void subscriptions.push(onMessage) },
    enterPin: user.enterPin,
    clock: createManualClock(0),
  });
  const answer = async (verb: string, message: unknown) => {
    if (verb === 'subscribe') subscriptions.at(-1)?.(message);
    else transport.requests.at(-1)?.resolve(message);
    await settleDown();
  };
  const grant = async () => {
    user.prompts.at(-1)?.resolve('4821');
    await settleDown();
    transport.requests.at(-1)?.resolve({ status: 'SUCCEEDED', result: { otp: 'x' } });
    await settleDown();
  };
  return { strongAuth, user, answer, grant };
}

/** Makes a call of the variant. @returns What it has settled with so far. */
function call({ strongAuth }: ReturnType<typeof stage>, verb: 'get' | 'set' | 'subscribe', api: string) {
  const made =
    verb === 'subscribe'
      ? strongAuth.subscribe<unknown>(api, {}, () => {})
      : verb === 'get'
        ? strongAuth.get<unknown>(api, {})
        : strongAuth.set<unknown>(api, {});
  const state: { error?: unknown } = {};
  made.catch((error: unknown) => {
    state.error = error;
  });
  return state;
}

test('the generated files are what the generator makes of its data', () => {
  expect(stale()).toEqual([]);
});

describe('the catalogue', () => {
  test('knows 128 variants of APIs and 100 codes, each once', () => {
    expect(apis).toHaveLength(128);
    expect(errors).toHaveLength(100);
    expect(new Set(errors.map(({ code }) => code)).size).toBe(100);
    const names = apis.map(({ component, verb, api, variant }) => `${component} ${verb} ${api} ${variant}`);
    expect(new Set(names).size).toBe(128);
  });

  test('names no code that it does not describe', () => {
    for (const api of apis) {
      for (const code of api.errors) expect(describeError(code), `${api.api} ${code}`).toBeDefined();
    }
  });

  test('describes a code as a number and as a string; others not', () => {
    expect(describeError(2302)).toMatchObject({ code: 2302, category: 'pims', strongAuth: 'core' });
    expect(describeError('2302')).toBe(describeError(2302));
    expect(describeError(2302)?.listedBy).toHaveLength(9);
    for (const code of [9999, 'E_CAR', '', Number.NaN, '__proto__'])
      expect(describeError(code)).toBeUndefined();
  });

  test('says of each contradiction who says what, and what is made of it', () => {
    expect(disagreements.length).toBeGreaterThan(10);
    for (const { about, found, here } of disagreements) {
      expect(about && here).toBeTruthy();
      expect(Object.keys(found).length).toBeGreaterThan(0);
    }
  });
});

describe('2302', () => {
  const marked = apis.filter(({ canBeChallenged }) => canBeChallenged);

  test('nine variants list it, and only those are marked', () => {
    expect(marked.map(({ verb, api, variant }) => `${verb} ${api} ${variant}`).sort()).toEqual([
      'get pims.vehicle.informations remote',
      'set pims.subscription.vehicle removeProperty',
      'set pims.vehicle.command charge',
      'set pims.vehicle.command chargeDeferredTime',
      'set pims.vehicle.command doors',
      'set pims.vehicle.command horn',
      'set pims.vehicle.command preconditioning',
      'set pims.vehicle.command warning',
      'subscribe pims.vehicle.event remote',
    ]);
    for (const api of apis) expect(api.canBeChallenged).toBe(api.errors.includes(2302));
  });

  test('canChallenge says so of a call, by the parameters that its variant requires', () => {
    for (const { verb, api, parameters, canBeChallenged, variant } of apis) {
      const values = parameters
        .filter(({ isOptional }) => !isOptional)
        .map(({ name, values }) => [name, values?.[0] ?? 'x']);
      expect(canChallenge(verb, api, Object.fromEntries(values)), `${verb} ${api} ${variant}`).toBe(
        canBeChallenged,
      );
    }
  });

  test('canChallenge, of calls as apps make them', () => {
    expect(canChallenge('set', 'pims.vehicle.command', { action: 'doors', doorState: 'lock' })).toBe(true);
    expect(canChallenge('get', 'pims.vehicle.informations', { action: 'refresh' })).toBe(true);
    expect(canChallenge('get', 'pims.vehicle.informations', { actionType: 'O2X' })).toBe(false);
    expect(canChallenge('subscribe', 'pims.vehicle.event', { type: ['remoteChargeFinished'] })).toBe(true);
    expect(canChallenge('get', 'pims.vehicle.command', { action: 'doors' })).toBe(false);
    expect(canChallenge('unsubscribe', 'pims.vehicle.event')).toBe(false);
    expect(canChallenge('set', 'pims.vehicle.command')).toBe(false);
    expect(canChallenge('get', 'pims.user')).toBe(false);
  });
});

describe('every documented error of every API', () => {
  test('on the call: 2302 is ours, any other passes through with its category', async () => {
    let judged = 0;
    for (const { verb, api, errors: listed } of apis) {
      if (api === 'pims.authentication.otp') continue;
      for (const code of listed) {
        const app = stage();
        const made = call(app, verb, api);
        await app.answer(verb, failed(code));
        const about = `${verb} ${api} ${code}`;
        if (code === 2302) {
          expect(made.error, about).toBeUndefined();
          expect(app.user.prompts, about).toHaveLength(1);
        } else {
          expect(isApiError(made.error), about).toBe(true);
          expect(made.error, about).toMatchObject({
            code,
            verb,
            api,
            category: describeError(code)?.category,
          });
          expect(app.user.prompts, about).toHaveLength(0);
        }
        app.strongAuth.dispose();
        judged += 1;
      }
    }
    expect(judged).toBe(
      apis
        .filter(({ api }) => api !== 'pims.authentication.otp')
        .reduce((sum, api) => sum + api.errors.length, 0),
    );
  });

  test('on the replay: 2302 is final, any other passes through', async () => {
    for (const { verb, api, errors: listed, canBeChallenged } of apis) {
      if (!canBeChallenged) continue;
      for (const code of listed) {
        const app = stage();
        const made = call(app, verb, api);
        await app.answer(verb, failed(2302));
        await app.grant();
        await app.answer(verb, failed(code));
        const about = `${verb} ${api} ${code}`;
        expect(made.error, about).toMatchObject({ code: code === 2302 ? 'STILL_CHALLENGED' : code });
        expect(app.user.prompts, about).toHaveLength(1);
      }
    }
  });

  const meanings: Readonly<Record<number, string>> = {
    2201: 'OUTCOME_UNKNOWN',
    2202: 'OFFLINE',
    2203: 'OUTCOME_UNKNOWN',
    2204: 'OUTCOME_UNKNOWN',
    2301: 'SIGN_IN_REQUIRED',
    2310: 'ACCOUNT_BLOCKED',
  };
  const ofThisWave: Readonly<Record<number, string>> = {
    2101: 'asks again',
    2102: 'asks again',
    2308: 'asks again',
    2312: 'resets',
    2317: 'resets',
    2316: 'grants',
  };

  test.each(errors.map(({ code }) => code))('on the OTP: %d', async (code) => {
    const app = stage();
    const made = call(app, 'get', 'pims.vehicle.informations');
    await app.answer('get', failed(2302));
    app.user.prompts[0]?.resolve('4821');
    await settleDown();
    await app.answer('get', failed(code));
    const { status } = app.strongAuth.view.getSnapshot();
    const outcome = ofThisWave[code];
    if (outcome === 'grants') expect(status).toBe('replaying');
    else if (outcome === 'asks again') expect(status).toBe('needStrongAuth');
    else if (outcome === 'resets') expect(status).toBe('requestingOtp');
    else {
      expect(isStrongAuthError(made.error)).toBe(true);
      expect(made.error).toMatchObject({
        code: meanings[code] ?? 'OTP_REFUSED',
        details: { otpCode: code },
      });
      expect(status).toBe('failed');
    }
  });
});
