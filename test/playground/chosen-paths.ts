import type { WorldEvent } from 'strong-auth-machine/testing';
import {
  type Coverage,
  createCoverage,
  createScriptedDriver,
  type StrongAuthPath,
  strongAuthPaths,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';

const only =
  (...types: WorldEvent['type'][]) =>
  (event: WorldEvent): boolean =>
    types.includes(event.type) &&
    (event.type !== 'otp.denied' || event.code === 'ACCOUNT_BLOCKED' || event.code === 'OFFLINE');

/** All outcomes but a refusal that says when to come back: the page has no button for it. */
const withoutThrottle = (event: WorldEvent): boolean =>
  event.type !== 'retryTime.came' && (event.type !== 'otp.denied' || event.code !== 'THROTTLED');

/** The worlds of the page: with the limits that it has, and with calls that it has buttons for. */
const worlds: readonly WorldOptions[] = [
  { alphabet: withoutThrottle },
  { calls: ['ensure'], alphabet: withoutThrottle },
  { calls: ['background'], alphabet: withoutThrottle },
  {
    calls: ['call', 'call'],
    recovers: true,
    alphabet: only('call.made', 'call.challenged', 'call.succeeded', 'pin.given', 'otp.denied', 'recovered'),
  },
  {
    calls: ['call', 'call'],
    alphabet: only(
      'call.made',
      'call.challenged',
      'call.succeeded',
      'pin.given',
      'pin.declined',
      'otp.granted',
      'otp.denied',
      'timeout',
      'cancelled',
    ),
  },
  {
    calls: ['call', 'ensure'],
    alphabet: only(
      'call.made',
      'call.challenged',
      'call.succeeded',
      'call.aborted',
      'pin.given',
      'otp.granted',
      'otp.denied',
    ),
  },
  {
    calls: ['call', 'background'],
    alphabet: only('call.made', 'call.challenged', 'call.succeeded', 'pin.given', 'otp.granted'),
  },
  {
    calls: ['call', 'call', 'ensure'],
    alphabet: only('call.made', 'call.challenged', 'call.succeeded', 'pin.given', 'otp.denied'),
  },
];

/**
 * Chooses generated paths so that each takes an edge of the chart that no other before it has taken: a page takes its time for
 * every step, so that all paths are for the faster drivers.
 */
export async function choosePaths(): Promise<{ paths: StrongAuthPath[]; coverage: Coverage }> {
  const coverage = createCoverage();
  const walked = () => [...coverage.edges.values()].filter((times) => times > 0).length;
  const paths: StrongAuthPath[] = [];
  for (const world of worlds) {
    const all = strongAuthPaths(world).sort((one, other) => other.steps.length - one.steps.length);
    for (const path of all) {
      const before = walked();
      await walkPath(path, createScriptedDriver(world, { options: { inspect: coverage.inspect } }));
      if (walked() > before) paths.push(path);
    }
  }
  return { paths, coverage };
}
