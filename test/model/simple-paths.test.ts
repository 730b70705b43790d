import {
  createScriptedDriver,
  createWorld,
  describeEvent,
  toPath,
  type WorldEvent,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';
import { expect, test } from 'vitest';
import { getSimplePaths } from 'xstate/graph';

/** Simple paths explode; in this world they stay bounded: one call, no malformed PINs, and one way to decline, to fail and to end. */
const kept: readonly WorldEvent['type'][] = [
  'call.made',
  'call.succeeded',
  'call.challenged',
  'pin.given',
  'call.aborted',
  'pin.declined',
  'otp.granted',
  'otp.pinRejected',
  'otp.resetNeeded',
  'otp.denied',
  'otp.answeredLate',
  'cancelled',
  'timeout',
];
const world: WorldOptions = {
  alphabet: (event) =>
    kept.includes(event.type) && (!('otpCode' in event) || [2308, 2312, 2202].includes(event.otpCode)),
};

test('every simple path of a world of one call', { timeout: 3_600_000 }, async () => {
  const logic = createWorld(world);
  const paths = getSimplePaths(logic, {
    events: logic.eventsOf as never,
    serializeState: logic.keyOf as never,
    serializeEvent: describeEvent as never,
  });
  for (const { steps } of paths) {
    const events = steps
      .map(({ event }) => event as WorldEvent)
      .filter(({ type }) => (type as string) !== 'xstate.init');
    await walkPath(toPath(events, logic, world), createScriptedDriver(world));
  }
  console.info(`${paths.length} simple paths`);
  expect(paths.length).toBeGreaterThan(50);
});
