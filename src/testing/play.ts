import { causes, type WorldEvent } from './events.js';
import type { WorldCallKind, WorldOptions } from './world-state.js';

/** A path as the playground plays it. */
export interface PlayedPath {
  /** The kind of each call. */
  readonly calls: readonly WorldCallKind[];
  /** The events, in order. */
  readonly events: readonly WorldEvent[];
}

/** How often the cycle of a lasso is repeated: often enough to recognise it. */
const ROUNDS = 3;

const KINDS: readonly WorldCallKind[] = ['call', 'read', 'background', 'ensure'];
const OF_CALLS = ['made', 'succeeded', 'failed', 'challenged', 'aborted'] as const;
/**
 * The events that a visitor of the playground can cause: the answers of its desk,
 * and the buttons of its PIN pad.
 */
const OTHERS: readonly WorldEvent[] = [
  ...Object.values(causes).flatMap((events) => (typeof events === 'string' ? [] : events)),
  { type: 'otp.answeredLate' } as const,
  ...['pinEntryTimeout', 'otpTimeout', 'otpLineTimeout'].map(
    (delay) => ({ type: 'timeout', delay }) as const,
  ),
].filter(
  (event) =>
    !event.type.startsWith('recovery.') &&
    !('attemptsLeft' in event) &&
    !('code' in event && event.code === 'THROTTLED'),
);

/** An event as a short readable text, without characters that a URL would have to escape. */
function tokenOf(event: WorldEvent): string {
  if ('call' in event) return `${event.call}.${event.type.slice('call.'.length)}`;
  if (event.type === 'timeout') return `timeout.${event.delay}`;
  return 'otpCode' in event ? `${event.type}.${event.otpCode}` : event.type;
}

const others = new Map(OTHERS.map((event) => [tokenOf(event), event]));

/**
 * @param cycle For a lasso: the events that repeat after `events`.
 * @returns The URL hash with which the playground plays these events step by step, on the real machine with
 *   its default limits; `undefined` if the page cannot play them.
 */
export function playgroundHash(
  events: readonly WorldEvent[],
  world: WorldOptions = {},
  cycle: readonly WorldEvent[] = [],
): string | undefined {
  const { calls = ['call'], policy, otpBudget, turns, cures, replays = 'parallel' } = world;
  if (policy || otpBudget !== undefined || turns || cures || replays === 'serial') return undefined;
  const all = [...events, ...Array.from({ length: ROUNDS }, () => cycle).flat()];
  const hash = `#calls=${calls.join('~')}&path=${all.map(tokenOf).join('~')}`;
  return all.length > 0 && readPlaygroundHash(hash) ? hash : undefined;
}

/**
 * @returns The path in a URL hash; `undefined` unless all of the hash is valid,
 *   because a URL can hold anything.
 */
export function readPlaygroundHash(hash: string): PlayedPath | undefined {
  const [, kinds = '', tokens = ''] = /^#calls=([\w~]+)&path=([\w.~]+)$/.exec(hash) ?? [];
  const calls = kinds.split('~').map((kind) => KINDS.find((known) => known === kind));
  const events = tokens.split('~').map((token): WorldEvent | undefined => {
    const [, number, what] = /^(\d)\.(\w+)$/.exec(token) ?? [];
    if (number === undefined) return others.get(token);
    const type = OF_CALLS.find((known) => known === what);
    const call = Number(number);
    return type && call < calls.length ? { type: `call.${type}`, call } : undefined;
  });
  const isKnown = <Item>(item: Item | undefined): item is Item => item !== undefined;
  return calls.every(isKnown) && events.every(isKnown) ? { calls, events } : undefined;
}
