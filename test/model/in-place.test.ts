import { type StrongAuthEvent, strongAuthMachine } from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import { assign, raise, transition } from 'xstate';
import { answerInPlace } from '../../src/in-place.js';
import { answerOf, asOf, type Snapshot, snapshots } from './answers.js';
import { type Chart, changed, find } from './defective-charts.js';

type Events = { [Type in StrongAuthEvent['type']]: (snapshot: Snapshot) => readonly object[] };
const alone = () => [{}];
const refusals = () => [{}, { otpCode: 2310 }];

/** Every event, with everything in it that the chart could tell apart. */
const events: Events = {
  'calls.started': alone,
  'calls.landed': alone,
  'call.challenged': ({ context: { waves } }) =>
    [waves - 1, waves].flatMap((wave) =>
      [0, 1, 2].flatMap((rounds) =>
        [true, false].map((interactive) => ({ id: 7, wave, rounds, interactive })),
      ),
    ),
  'ensure.requested': () => [{ id: 7 }],
  'waiter.left': alone,
  'pin.given': alone,
  'pin.malformed': alone,
  'pin.declined': alone,
  'pin.failed': alone,
  'pin.unaffordable': () => [{ retryAt: 9 }],
  'otp.lineFree': alone,
  'otp.granted': () => [{ at: 9 }],
  'otp.pinRejected': refusals,
  'otp.pinMalformed': alone,
  'otp.resetNeeded': refusals,
  'otp.denied': () => [{ code: 'OFFLINE' }, { code: 'ACCOUNT_BLOCKED', otpCode: 2310 }],
  cancelled: alone,
  reset: alone,
  disposed: alone,
};

const eventsFor = (snapshot: Snapshot): StrongAuthEvent[] =>
  Object.entries(events).flatMap(([type, payloads]) =>
    payloads(snapshot).map((payload) => ({ type, ...payload }) as StrongAuthEvent),
  );

/**
 * Puts the chart and its quick copy to every event from these states.
 *
 * @returns The events, once for each answer that XState did not have to work out.
 */
function compare(chart: Chart, states: readonly Snapshot[]): string[] {
  const copy = chart.provide({});
  let walks = 0;
  const walk = copy.transition;
  copy.transition = (...args) => {
    walks += 1;
    return walk(...args);
  };
  const quick = answerInPlace(copy);
  const inPlace: string[] = [];
  for (const seen of states) {
    const [said, before] = [asOf(chart, seen), asOf(quick, seen)];
    for (const event of eventsFor(seen)) {
      const walksBefore = walks;
      expect(answerOf(quick, before, event)).toStrictEqual(answerOf(chart, said, event));
      if (walks === walksBefore) inPlace.push(event.type);
    }
  }
  return inPlace;
}

test('what is answered in place is what the chart says, to every event from every state that any world reaches', () => {
  // What happens for each call that waits or is refused, and what a wave notes of the others.
  expect(new Set(compare(strongAuthMachine, snapshots))).toEqual(
    new Set(['call.challenged', 'ensure.requested', 'waiter.left', 'calls.started', 'calls.landed']),
  );
});

test('where nothing has changed, the snapshot is the same object, as XState has it', () => {
  const quick = answerInPlace(strongAuthMachine.provide({}));
  const straggler = { type: 'call.challenged', id: 7, wave: 0, rounds: 0, interactive: true } as const;
  const replaying = snapshots.find(({ value }) => value === 'replaying') as Snapshot;
  for (const chart of [strongAuthMachine, quick]) {
    const before = asOf(chart, replaying);
    const [next, actions] = transition(chart, before, straggler);
    expect(next).toBe(before);
    expect(actions).toMatchObject([{ type: 'replayStraggler', params: { id: 7 } }]);
  }
});

/** Whoever joins a wave, in the config of the chart. */
const joining = (root: Record<string, unknown>): Record<string, unknown> => {
  const { on } = find(root, ['needStrongAuth']) as { on: Record<string, Record<string, unknown>[]> };
  return on['call.challenged']?.at(-1) as Record<string, unknown>;
};
const declines = { type: 'pin.declined' } as const;

describe('a chart that is changed to do more where it stays', () => {
  const changes: Record<string, (root: Record<string, unknown>) => void> = {
    'leads on without an event': (root) => {
      const crowded = ({ context }: Snapshot) => context.waiting > 1;
      find(root, ['needStrongAuth']).always = { guard: crowded, target: 'denied' };
    },
    'raises an event': (root) => {
      joining(root).actions = ['countWaiter', raise(declines)];
    },
    'assigns without a name': (root) => {
      joining(root).actions = [assign({ attempt: 2 })];
    },
    'acts without a name': (root) => {
      joining(root).actions = [() => {}];
    },
    'names what nobody does': (root) => {
      joining(root).actions = ['greet'];
    },
    'begins again': (root) => {
      Object.assign(joining(root), { target: 'needStrongAuth', reenter: true });
    },
  };
  const waves = snapshots.filter(({ value }) => value === 'needStrongAuth');
  const usual = compare(strongAuthMachine, waves).length;

  test.each(Object.entries(changes))('%s', (_, change) => {
    expect(compare(changed(change), waves).length).toBeLessThan(usual);
  });

  test('names what only XState can do', () => {
    const raising = strongAuthMachine.provide({ actions: { countWaiter: raise(declines) } });
    expect(compare(raising, waves).length).toBeLessThan(usual);
  });

  test("listens to everything, except to XState's own events", () => {
    const listening = changed((root) => {
      find(root, ['needStrongAuth']).on = { '*': { actions: 'noteTraffic' } };
    });
    expect(compare(listening, waves).length).toBeGreaterThan(usual);
    const quick = answerInPlace(listening);
    const wave = asOf(quick, waves[0] as Snapshot);
    const stopped = answerOf(quick, wave, { type: 'xstate.stop' } as never);
    expect([stopped.status, stopped.context]).toEqual(['stopped', wave.context]);
  });
});
