import { type BoundCallOptions, bindCalls, type StrongAuth } from 'strong-auth-machine';
import { expect, test } from 'vitest';
import { CHALLENGE, COMMAND, DOORS, settleDown, stage } from '../lifecycle/support.js';

const { signal } = new AbortController();

/** Options in a getter of a class, which a spread would lose. */
class Background {
  static reads = 0;
  get interactive() {
    Background.reads += 1;
    return false;
  }
}

test.each<[string, (strongAuth: StrongAuth, options: BoundCallOptions) => Promise<unknown>]>([
  ['of a call', (strongAuth, options) => bindCalls(strongAuth, signal).set(COMMAND, DOORS, options)],
  [
    'of a request',
    (strongAuth, options) =>
      bindCalls(strongAuth, signal).send({ verb: 'set', api: COMMAND, parameters: DOORS }, options),
  ],
  [
    'that are defaults',
    (strongAuth, options) => bindCalls(strongAuth, signal, options).set(COMMAND, DOORS, { maxAgeMs: 1000 }),
  ],
])('inherited options %s are read once by bound calls, and heeded', async (_, make) => {
  const app = stage();
  Background.reads = 0;
  const call = make(app.strongAuth, new Background()).catch(({ code }) => code);
  await settleDown();
  await app.answer(CHALLENGE);
  expect([await call, Background.reads]).toEqual(['INTERACTION_REQUIRED', 1]);
});

test('an option that makes no sense rejects the bound call, and nothing is sent', async () => {
  const app = stage();
  const { get, ensure } = bindCalls(app.strongAuth, signal);
  await expect(get('x', {}, { maxAgeMs: -1 })).rejects.toThrow(/maxAgeMs/);
  await expect(ensure({ timeoutMs: Number.NaN })).rejects.toThrow(/timeoutMs/);
  const asDefault = bindCalls(app.strongAuth, signal, { maxAgeMs: -1 });
  await expect(asDefault.set(COMMAND, DOORS)).rejects.toThrow(/maxAgeMs/);
  expect(app.requests).toHaveLength(0);
});
