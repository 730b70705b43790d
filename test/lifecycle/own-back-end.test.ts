import { describe, expect, test } from 'vitest';
import { CHALLENGE, DOORS, failed, settleDown, stage, succeeded, watched } from './support.js';

describe('a back end that says it otherwise', () => {
  test('classify decides what is a challenge and what an OTP answer means', async () => {
    const { answer, strongAuth, type, user } = stage({
      classify: {
        call: (message) =>
          message.status === 'SUCCEEDED' && message.result === 'step up' ? 'challenge' : 'pass',
        otp: (message) => (message.status === 'FAILED' ? { denied: 'OFFLINE' } : 'granted'),
      },
    });
    const passed = watched(strongAuth.get('x'));
    await answer(CHALLENGE);
    expect(passed.fate).toBe('2302');
    const call = watched(strongAuth.get('x'));
    await answer(succeeded('step up'));
    await type('1234');
    await answer(failed(2310));
    expect([call.fate, user.prompts.length]).toEqual(['OFFLINE', 1]);
  });

  test('a classifier that throws leaves the call its own error and the OTP its usual meaning', async () => {
    const boom = () => {
      throw new Error('classifier');
    };
    const { answer, strongAuth, user } = stage({ classify: { call: boom, otp: boom } });
    const call = watched(strongAuth.get('x'));
    await answer(CHALLENGE);
    expect([call.fate, strongAuth.view.getSnapshot().status, user.prompts.length]).toEqual([
      '2302',
      'done',
      0,
    ]);
    const wished = watched(strongAuth.ensure());
    await settleDown();
    user.prompts[0]?.resolve('1234');
    await settleDown();
    await answer(failed(2310));
    expect(wished.fate).toBe('ACCOUNT_BLOCKED');
  });

  test('prepareReplay gets the OTP as a secret that is forgotten when the calls have settled', async () => {
    let kept: { reveal(): string } | undefined;
    const { answer, challenged, transport, type } = stage({
      prepareReplay: (request, otp) => {
        kept = otp;
        expect([JSON.stringify(otp), String(otp)]).toEqual(['"[secret]"', '[secret]']);
        return { ...request, parameters: { ...request.parameters, otp: otp.reveal() } };
      },
    });
    const call = await challenged();
    await type('1234');
    await answer(succeeded({ otp: 'the-otp' }));
    expect(transport.requests.at(-1)?.request.parameters).toEqual({ ...DOORS, otp: 'the-otp' });
    await answer(succeeded());
    expect(call.fate).toBe('resolved');
    expect(() => kept?.reveal()).toThrow(TypeError);
  });
});
