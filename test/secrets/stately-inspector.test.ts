import { createInspector } from '@statelyai/inspect';
import { strongAuthPaths, walkPath } from 'strong-auth-machine/testing';
import { expect, test, vi } from 'vitest';
import { worlds } from '../model/worlds.js';
import { createSecretDriver, Sinks } from './sinks.js';

test('no PIN, OTP, parameter or result is in what the Stately inspector is sent', {
  timeout: 600_000,
}, async () => {
  const world = worlds['one call, every outcome'] ?? {};
  const paths = strongAuthPaths(world).filter((_, index) => index % 8 === 0);
  const sinks = new Sinks();
  const types = new Set<string>();
  let messages = 0;
  for (const path of paths) {
    const inspector = createInspector({
      send: (message: { type: string }) => {
        messages += 1;
        types.add(message.type);
        sinks.look('snapshot', message);
      },
    });
    inspector.start?.();
    await walkPath(path, createSecretDriver(path.world, sinks, { inspect: inspector.inspect }));
  }
  // The inspector sends when the host is idle.
  await vi.waitFor(() => expect(messages).toBeGreaterThan(paths.length * 10), 10_000);
  expect([...sinks.leaks]).toEqual([]);
  expect([...types].sort()).toEqual(['@xstate.actor', '@xstate.event', '@xstate.snapshot']);
});
