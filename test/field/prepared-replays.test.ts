import { type ApiRequest, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, OTP, stage, succeeded } from '../lifecycle/support.js';
import { collectSurfaced, expectRest } from './support.js';

/* What prepareReplay gets, and gives: neighbours of field case 53, which is in grants.test.ts. */

collectSurfaced();

describe('53. what prepareReplay gets, and gives', () => {
  async function prepared(result: unknown) {
    const given: string[] = [];
    const app = stage({
      prepareReplay(request, otp) {
        given.push(otp.reveal());
        return request;
      },
    });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer({ status: 'SUCCEEDED', result });
    if (given.length > 0) await app.answer(succeeded());
    return { app, call, given };
  }
  test.each<[string, unknown, string]>([
    ['leading zeros', { otp: '000042' }, '000042'],
    ['nought', { otp: 0 }, '0'],
    [
      'a class of getters',
      new (class {
        get otp() {
          return 'o';
        }
      })(),
      'o',
    ],
    ['a boxed text', { otp: new String('042') }, '042'],
    ['a BigInt', { otp: 42n }, '42'],
    ['a frozen object', Object.freeze({ otp: 'o' }), 'o'],
    ['a proxy', new Proxy({ otp: 'o' }, { ownKeys: () => [] }), 'o'],
    ['a function', Object.assign(() => {}, { otp: 'o' }), 'o'],
  ])('%s: given', async (_, result, expected) => {
    const { call, given } = await prepared(result);
    expect([call.fate, given]).toEqual(['resolved', [expected]]);
  });

  test.each<[string, unknown]>([
    ['the OTP itself', 'o'],
    ['a list', ['o']],
    ['a Map', new Map([['otp', 'o']])],
    ['true', { otp: true }],
    ['a number that is none', { otp: Number.NaN }],
    [
      'an OTP that throws',
      {
        get otp() {
          throw new Error('o');
        },
      },
    ],
    ['an OTP within', { data: { otp: 'o' } }],
    ['null', null],
  ])('%s: PROTOCOL, nothing is sent again', async (_, result) => {
    const { app, call } = await prepared(result);
    expect(call.error).toMatchObject({ code: 'PROTOCOL', remedy: 'retry', details: { sent: false } });
    expect(app.requestsOf(COMMAND)).toHaveLength(1);
    await expectRest(app);
  });

  test('2316 grants, but brings no OTP', async () => {
    const app = stage({ prepareReplay: (request) => request });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(failed(2316));
    expect(call.fate).toBe('PROTOCOL');
    await expectRest(app);
  });

  test('with a grant beside it: both are in the replay, the token alone in what follows', async () => {
    const sent: ApiRequest[] = [];
    let isStrong = false;
    const strongAuth = createStrongAuth({
      transport: {
        async send(request) {
          if (request.api === OTP) {
            isStrong = true;
            return succeeded({ otp: 'o', token: 't' });
          }
          sent.push(request);
          return isStrong ? succeeded() : CHALLENGE;
        },
      },
      enterPin: async () => '1234',
      prepareReplay: (request, otp) => ({
        ...request,
        parameters: { ...request.parameters, otp: otp.reveal() },
      }),
      grant: {
        read: (message) => (message as { result: { token: string } }).result.token,
        apply: (request, token) => ({
          ...request,
          parameters: { ...request.parameters, token: token.reveal() },
        }),
      },
    });
    await strongAuth.set('x', { n: 1 });
    await strongAuth.set('x', { n: 2 });
    expect(sent.map(({ parameters }) => parameters)).toEqual([
      { n: 1 },
      { n: 1, otp: 'o', token: 't' },
      { n: 2, token: 't' },
    ]);
  });
});
