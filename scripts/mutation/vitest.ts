/*
 * What the tests of the core use of `vitest`, without its processes: the same runner, `expect` and spies, as modules that
 * are bundled with the tests and evaluated again for each mutant.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import { getCurrentTest } from '@vitest/runner';
import { fn, restoreAllMocks, spyOn } from '@vitest/spy';
import * as chai from 'chai';

export {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
  onTestFinished,
  startTests,
  test,
} from '@vitest/runner';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

type Expect = typeof import('vitest').expect;

const { expect: chaiExpect } = chai;
export const expect = Object.assign(
  (value: unknown, message?: string) => {
    const assertion = chaiExpect(value, message) as ReturnType<typeof chaiExpect> & {
      withTest(test: unknown): unknown;
    };
    return assertion.withTest(getCurrentTest());
  },
  chaiExpect,
  (globalThis as never)[ASYMMETRIC_MATCHERS_OBJECT],
  {
    getState: () => getState(expect),
    setState: (state: object) => setState(state, expect),
  },
) as unknown as Expect;
setState({ assertionCalls: 0 }, expect);

/** For what only vitest itself can do: a test that asks for it is skipped. */
const skipTest = (): void => getCurrentTest()?.context.skip();

const stubbed = new Map<string, PropertyDescriptor | undefined>();

export const vi = {
  fn,
  spyOn,
  resetModules: skipTest,
  useFakeTimers: skipTest,
  stubGlobal(name: string, value: unknown) {
    if (!stubbed.has(name)) stubbed.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
  },
  unstubAllGlobals() {
    for (const [name, descriptor] of stubbed) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
    stubbed.clear();
  },
  async waitFor<Result>(attempt: () => Result): Promise<Awaited<Result>> {
    const until = Date.now() + 1000;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  },
};

/** Undoes what a test has replaced, as the configuration of the tests says. */
export function restore(): void {
  restoreAllMocks();
  vi.unstubAllGlobals();
}
