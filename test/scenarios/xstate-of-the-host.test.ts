import { readdirSync, readFileSync } from 'node:fs';
import type { CallId, strongAuthMachine } from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import type { Actor } from 'xstate';
import { settleDown, stage, watch } from './support.js';

describe('50. A host on another XState 5 minor of the peer range: works, one copy', () => {
  const root = new URL('../../', import.meta.url);
  const read = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

  test('the peer range contains the installed version', () => {
    const { peerDependencies, dependencies } = read('package.json');
    const [, major, minor, patch] = /^\^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(peerDependencies.xstate) ?? [];
    const installed = read('node_modules/xstate/package.json').version.split('.').map(Number);
    expect(installed[0]).toBe(Number(major));
    expect(
      [installed[1], installed[2]] >= [Number(minor), Number(patch ?? 0)] || installed[1] > Number(minor),
    ).toBe(true);
    expect(dependencies?.xstate).toBeUndefined();
  });

  test('it is a peer, and there is one copy', () => {
    const nested = readdirSync(new URL('node_modules', root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .flatMap((entry) => {
        try {
          return readdirSync(new URL(`node_modules/${entry.name}/node_modules`, root)).map(
            (name) => `${entry.name}/${name}`,
          );
        } catch {
          return [];
        }
      });
    expect(nested.filter((path) => path.endsWith('/xstate'))).toEqual([]);
  });

  test("the actor is one of the host's own XState: it can be subscribed to, inspected and waited for", async () => {
    const { waitFor } = await import('xstate');
    const app = stage();
    const reached = watch(
      waitFor(app.strongAuth.actor, (snapshot) => snapshot.matches({ wave: 'needStrongAuth' })),
    );
    await app.challenged();
    await settleDown();
    expect(reached.fate).toBe('resolved');
    expect(app.strongAuth.actor.getSnapshot().hasTag('awaitingUser')).toBe(true);
  });

  test("an actor that the host starts of the client's logic asks nobody and settles nothing", async () => {
    const { createActor } = await import('xstate');
    const app = stage();
    const call = await app.challenged();
    const actor = app.strongAuth.actor as Actor<typeof strongAuthMachine>;
    const own = createActor(actor.logic, { input: { policy: actor.getSnapshot().context.policy } }).start();
    own.send({ type: 'ensure.requested', id: 99 as CallId, waiting: 0, retryDue: false, ofPrompt: false });
    await settleDown();
    // Its own port denies, and its denial rejects no call of the client.
    expect(own.getSnapshot().context.failure?.code).toBe('PIN_ENTRY_FAILED');
    expect(app.prompts).toHaveLength(1);
    expect(app.strongAuth.view.getSnapshot().status).toBe('needStrongAuth');
    expect(call.fate).toBe('pending');
  });
});
