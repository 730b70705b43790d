import type { ApiParameters, StrongAuthOptions } from 'strong-auth-machine';
import { CHALLENGE, stage, succeeded, watched } from '../lifecycle/support.js';

/** Makes a call, has it challenged `times` times, changes its parameters meanwhile, and gives what was sent each time. */
export async function sent(
  parameters: object,
  change: () => unknown = () => {},
  options: Partial<StrongAuthOptions> = {},
  times = 1,
) {
  const app = stage({ policy: { maxRounds: times }, ...options });
  const call = watched(app.strongAuth.set('x', parameters as ApiParameters));
  change();
  for (let round = 0; round < times; round += 1) {
    await app.answer(CHALLENGE);
    change();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
  }
  const last = app.requestsOf('x').at(-1);
  if (!last?.isAnswered) await app.answer(succeeded());
  return {
    app,
    call,
    sendings: app.requestsOf('x').map(({ request }) => request.parameters as Record<string, unknown>),
  };
}
