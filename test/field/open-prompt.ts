import { GRANT, succeeded } from '../lifecycle/support.js';
import { type App, immediate } from './support.js';

export const isOneOpen = ({ user }: App) =>
  user.prompts.length === 1 && user.prompts[0]?.prompt.signal.aborted === false;

/** The user gives the PIN, and whatever is replayed succeeds. */
export async function finish(app: App, result: unknown = 'done') {
  await app.type('1234');
  await app.answer(GRANT);
  for (const { isAnswered, resolve } of [...app.transport.requests])
    if (!isAnswered) resolve(succeeded(result));
  await immediate();
}
