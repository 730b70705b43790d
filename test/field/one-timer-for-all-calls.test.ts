import { type Clock, createStrongAuth } from 'strong-auth-machine';
import { createManualClock, type ManualClock } from 'strong-auth-machine/simulator';
import { createScriptedTransport } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, immediate } from './support.js';

/* The time limit of a sending is the same for all calls, so one timer is enough: neighbours of the field cases 8 to 14. */

collectSurfaced();

/** A client on a clock that tells when a timer is set. */
function timed(onSet: (set: number) => void = () => {}) {
  const time = createManualClock(1_700_000_000_000);
  const counts = { set: 0 };
  const clock: ManualClock = Object.defineProperties(
    {} as ManualClock,
    Object.getOwnPropertyDescriptors({
      ...time,
      setTimeout(callback: () => void, ms: number) {
        counts.set += 1;
        const id = time.setTimeout(callback, ms);
        onSet(counts.set);
        return id;
      },
    } as Clock),
  );
  const transport = createScriptedTransport();
  const strongAuth = createStrongAuth({ transport, enterPin: () => new Promise(() => {}), clock });
  return { strongAuth, transport, time, counts };
}

describe('one timer for all calls that are on their way', () => {
  test('a hundred calls set it once', async () => {
    const { strongAuth, time, counts } = timed();
    for (let call = 0; call < 100; call += 1) void strongAuth.get('x').catch(() => {});
    await immediate();
    expect([counts.set, time.pending]).toEqual([1, 1]);
    strongAuth.dispose();
    expect(time.pending).toBe(0);
  });

  test('the next call after all were answered sets it again, and it is cleared each time', async () => {
    const { strongAuth, transport, time, counts } = timed();
    for (let call = 1; call <= 3; call += 1) {
      const answered = strongAuth.get('x');
      expect([counts.set, time.pending]).toEqual([call, 1]);
      transport.requests.at(-1)?.resolve(succeeded());
      await answered;
      expect(time.pending).toBe(0);
    }
  });

  test('a clock that disposes of the client while the timer is set leaves none', async () => {
    const { strongAuth, time } = timed(() => strongAuth.dispose());
    const call = watched(strongAuth.get('x'));
    await immediate();
    expect([call.fate, time.pending]).toEqual(['DISPOSED', 0]);
  });

  test('a clock that signs out while the timer is set leaves none, and the next call has its own', async () => {
    const { strongAuth, transport, time } = timed((set) => set === 1 && strongAuth.reset('signed out'));
    const call = watched(strongAuth.get('x'));
    await immediate();
    expect([call.fate, time.pending, transport.requests.length]).toEqual(['SIGNED_OUT', 0, 0]);
    const next = watched(strongAuth.get('y'));
    expect(time.pending).toBe(1);
    time.advance(60_000);
    await immediate();
    expect([next.fate, time.pending]).toEqual(['TIMED_OUT', 0]);
  });

  test('a clock that makes a call while the timer is set ends with one timer, which expires both', async () => {
    const inner: ReturnType<typeof watched>[] = [];
    const { strongAuth, time } = timed((set) => set === 1 && inner.push(watched(strongAuth.get('inner'))));
    const outer = watched(strongAuth.get('outer'));
    await immediate();
    expect(time.pending).toBe(1);
    time.advance(60_000);
    await immediate();
    expect([outer.fate, inner[0]?.fate, time.pending]).toEqual(['TIMED_OUT', 'TIMED_OUT', 0]);
  });
});

test('details of DISPOSED do not name the sign-out before it', async () => {
  const { strongAuth } = timed();
  const first = watched(strongAuth.get('x'));
  strongAuth.reset('first user left');
  const second = watched(strongAuth.get('y'));
  strongAuth.dispose();
  await immediate();
  expect([first.error, second.error]).toMatchObject([
    { code: 'SIGNED_OUT', details: { reason: 'first user left' } },
    { code: 'DISPOSED', details: {} },
  ]);
  expect(Object.keys((second.error as { details: object }).details)).toEqual([]);
});
