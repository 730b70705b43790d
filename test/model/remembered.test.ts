import { createStrongAuth } from 'strong-auth-machine';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { worldPolicy } from 'strong-auth-machine/testing';
import { expect, test } from 'vitest';
import { assign, createActor, type InspectionEvent, initialTransition, transition } from 'xstate';
import { rememberTraffic } from '../../src/client/remember.js';
import { answerOf, asOf, type Snapshot, snapshots } from './answers.js';
import { changed, find } from './defective-charts.js';

const traffic = [{ type: 'calls.started' }, { type: 'calls.landed' }] as const;

test('what is remembered of the chart is what the chart says, from every state that any world reaches', () => {
  const machine = strongAuthMachine.provide({});
  const remembering = rememberTraffic(machine);
  let remembered = 0;
  for (const seen of snapshots) {
    const snapshot = asOf(machine, seen);
    for (const event of traffic) {
      const said = answerOf(strongAuthMachine, asOf(strongAuthMachine, seen), event);
      // The first answer is worked out, the second may be remembered.
      expect(answerOf(remembering, snapshot, event)).toStrictEqual(said);
      expect(answerOf(remembering, snapshot, event)).toStrictEqual(said);
      const [[next], [again]] = [
        transition(remembering, snapshot, event),
        transition(remembering, snapshot, event),
      ];
      if (next === again) remembered += 1;
    }
  }
  expect(remembered).toBeGreaterThan(0);
  // While a wave runs, the machine writes down whether calls are in flight.
  expect(remembered).toBeLessThan(snapshots.length * traffic.length);
});

test('a long day of calls that are never challenged makes three snapshots', () => {
  const actor = createActor(rememberTraffic(strongAuthMachine.provide({})), {
    input: { policy: worldPolicy },
  }).start();
  const seen = new Set<unknown>([actor.getSnapshot()]);
  for (let call = 0; call < 100; call += 1) {
    for (const event of traffic) {
      actor.send(event);
      seen.add(actor.getSnapshot());
    }
  }
  expect([...seen].map((snapshot) => (snapshot as Snapshot).value)).toEqual([
    { resting: 'idle' },
    { working: 'calling' },
    { resting: 'done' },
  ]);
});

test('a chart that is changed to act or to assign on the last landing does it on every one', () => {
  let assigned = 0;
  const count = assign(() => {
    assigned += 1;
    return {};
  });
  const acts = rememberTraffic(
    changed((root) => Object.assign(find(root, ['resting', 'done']), { entry: 'greet' })),
  );
  const assigns = rememberTraffic(
    changed((root) => Object.assign(find(root, ['resting', 'done']), { entry: count })),
  );
  const [leave, land] = traffic;
  for (const chart of [acts, assigns]) {
    const [idle] = initialTransition(chart, { policy: worldPolicy });
    const [calling] = transition(chart, idle, leave);
    for (let call = 1; call <= 5; call += 1) {
      const [, actions] = transition(chart, calling, land);
      if (chart === acts) expect(actions).toMatchObject([{ type: 'greet' }]);
      else expect(assigned).toBe(call);
    }
  }
});

test('an inspector is told every event and where it leads, remembered or not', async () => {
  const told: InspectionEvent[] = [];
  const strongAuth = createStrongAuth({
    transport: { send: () => Promise.resolve({ status: 'SUCCEEDED' }) },
    enterPin: () => Promise.resolve(null),
    inspect: (event) => {
      if (event.type === '@xstate.event' || event.type === '@xstate.snapshot') told.push(event);
    },
  });
  for (let call = 0; call < 5; call += 1) await strongAuth.send({ verb: 'get', api: 'x' });
  const ofCalls = told.filter(
    ({ type, event }: InspectionEvent & { event?: { type: string } }) =>
      /^@xstate\.(event|snapshot)$/.test(type) && /^calls\./.test(event?.type ?? ''),
  );
  expect(ofCalls).toHaveLength(2 * 2 * 5); // each call leaves and lands: an event and a snapshot each
  strongAuth.dispose();
});
