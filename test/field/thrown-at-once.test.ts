import { createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, DOORS, settleDown, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, trap } from './support.js';

/* What a transport throws at once was not sent: neighbours of field case 7, which is in messages.test.ts. */

collectSurfaced();

describe('7. thrown at once, so it was not sent', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  test.each<[string, object]>([
    ['a toJSON that throws', { a: { toJSON: trap } }],
    ['an object that contains itself', cyclic],
    ['a BigInt deep inside', { a: [{ b: new Map([[1, 2]]), c: 3n }] }],
  ])('%s, over JSON', async (_, parameters) => {
    const strongAuth = createStrongAuth({
      transport: { send: (request) => Promise.resolve(JSON.parse(JSON.stringify(request))) },
      enterPin: async () => null,
    });
    const call = watched(strongAuth.set('x', parameters as never));
    await settleDown();
    expect(call.error).toMatchObject({
      ...{ code: 'TRANSPORT_FAILED', remedy: 'retry', details: { sent: false } },
      cause: expect.any(Error),
    });
  });

  test('an async transport may have sent it before it threw', async () => {
    const strongAuth = createStrongAuth({
      transport: { send: async (request) => JSON.stringify(request) },
      enterPin: async () => null,
    });
    await expect(strongAuth.set('x', { n: 1n })).rejects.toMatchObject({
      ...{ code: 'TRANSPORT_FAILED', remedy: 'checkState', details: { sent: true } },
    });
  });

  test('of a subscribe', async () => {
    const strongAuth = createStrongAuth({
      transport: { send: async () => succeeded(), subscribe: trap },
      enterPin: async () => null,
    });
    await expect(strongAuth.subscribe('x', {}, () => {})).rejects.toMatchObject({
      ...{ code: 'TRANSPORT_FAILED', details: { sent: false } },
    });
  });

  test('of a replay: it had been challenged, and so not executed', async () => {
    const sent: string[] = [];
    const strongAuth = createStrongAuth({
      transport: {
        send({ api }) {
          sent.push(api);
          if (sent.length === 1) return Promise.resolve(CHALLENGE);
          return api === COMMAND ? trap() : Promise.resolve(succeeded({ otp: 'o' }));
        },
      },
      enterPin: async () => '1234',
    });
    await expect(strongAuth.set(COMMAND, DOORS)).rejects.toMatchObject({
      ...{ code: 'TRANSPORT_FAILED', remedy: 'retry', details: { sent: false } },
    });
    expect(sent).toHaveLength(3);
  });

  test('of the OTP: the wave ends, and the PIN is in no error', async () => {
    let isFirst = true;
    const strongAuth = createStrongAuth({
      transport: {
        send(request) {
          if (!isFirst) throw new Error(JSON.stringify(request));
          isFirst = false;
          return Promise.resolve(CHALLENGE);
        },
      },
      enterPin: async () => '47114711',
    });
    const error = await strongAuth.set(COMMAND, DOORS).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(JSON.stringify(error) + (error as Error).stack + String((error as Error).cause)).not.toContain(
      '4711',
    );
  });
});
