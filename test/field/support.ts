import { statusOf } from 'strong-auth-machine/machine';
import { afterEach, beforeEach, expect } from 'vitest';
import { type stage, turn } from '../lifecycle/support.js';

export type App = ReturnType<typeof stage>;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Stands where nothing should be called or read. */
export const trap = (): never => {
  throw new Error('trap');
};

/** Lets the event loop turn, and everything settle that waits for no timer. */
export const immediate = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Collects what the process is told of during each test of the file: errors that are thrown at nobody, rejections that nobody
 * handles, and warnings. A test that expects some takes them out of the list.
 */
export function collectSurfaced(): unknown[] {
  const collected: unknown[] = [];
  const kinds = ['uncaughtException', 'unhandledRejection', 'warning'] as const;
  const collect = (what: unknown) => void collected.push(what);
  let others: (readonly [string, readonly unknown[]])[] = [];
  beforeEach(() => {
    others = kinds.map((kind) => [kind, process.listeners(kind as 'warning')] as const);
    for (const kind of kinds) process.removeAllListeners(kind).on(kind, collect);
  });
  afterEach(async () => {
    await immediate();
    await immediate();
    for (const [kind, listeners] of others) {
      process.removeAllListeners(kind);
      for (const listener of listeners) process.on(kind, listener as () => void);
    }
    expect(collected.splice(0)).toEqual([]);
  });
  return collected;
}

/** The machine must be well, rest, and work; and nothing of it may be left when it is disposed of. */
export async function expectRest({ strongAuth, clock, transport }: App): Promise<void> {
  const { actor, view } = strongAuth;
  const status = statusOf(actor.getSnapshot());
  expect(status).toBe(view.getSnapshot().status);
  expect(actor.getSnapshot().status).toBe(status === 'closed' ? 'done' : 'active');
  expect(['idle', 'done', 'cancelled', 'failed', 'closed']).toContain(status);
  expect(clock.pending).toBe(0);
  if (status !== 'closed') {
    const next = strongAuth.get<unknown>('pims.next');
    await immediate();
    transport.requests.at(-1)?.resolve({ status: 'SUCCEEDED', result: 'next' });
    expect(await next).toBe('next');
  }
  strongAuth.dispose();
  await immediate();
  expect(clock.pending).toBe(0);
}

/** The machine must be well, at rest or not; and nothing of it may be left when it is disposed of. */
export async function expectWell({ strongAuth, clock }: App) {
  const { actor } = strongAuth;
  expect(['active', 'done']).toContain(actor.getSnapshot().status);
  expect(statusOf(actor.getSnapshot())).toBe(strongAuth.view.getSnapshot().status);
  strongAuth.dispose();
  await turn();
  expect(clock.pending).toBe(0);
}

/** The device sleeps for three hours. */
export const sleepLong = ({ clock }: App) => clock.sleep(3 * HOUR);
