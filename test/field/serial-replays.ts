import type { StrongAuthOptions } from 'strong-auth-machine';
import {
  CHALLENGE,
  COMMAND,
  GRANT,
  OTP,
  settleDown,
  stage,
  type Watched,
  watched,
} from '../lifecycle/support.js';

/** `count` commands that wait for one PIN. */
export async function waiting(
  count: number,
  options: Partial<StrongAuthOptions> = {},
  optionsOf: (n: number) => object = () => ({}),
) {
  const app = stage({ ...options, policy: { replays: 'serial', ...options.policy } });
  const calls: Watched[] = [];
  for (let n = 0; n < count; n += 1) {
    calls.push(watched(app.strongAuth.set(COMMAND, { n } as never, optionsOf(n))));
    await settleDown();
    await app.answer(CHALLENGE);
  }
  const replays = () => app.requestsOf(COMMAND).slice(count);
  return {
    ...app,
    get status() {
      return app.status;
    },
    calls,
    async grant() {
      await app.type('1234');
      app.requestsOf(OTP).at(-1)?.resolve(GRANT);
      await settleDown();
    },
    /** Which have been sent again, in order. */
    replayed: () => replays().map(({ request }) => request.parameters?.n),
    async answerReplay(message: unknown, index = -1) {
      replays().at(index)?.resolve(message);
      await settleDown();
    },
    fates: () => calls.map(({ fate }) => fate),
  };
}
