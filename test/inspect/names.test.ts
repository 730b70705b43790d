import { createSafeInspector, type SafeInspectionMessage } from 'strong-auth-machine/inspect';
import { describe, expect, test } from 'vitest';
import { createActor, createMachine, fromCallback, fromPromise, type InspectionEvent, setup } from 'xstate';

/** @returns What one inspector calls an event of this type, asked as often as one likes. */
function shortener() {
  const types: unknown[] = [];
  const inspect = createSafeInspector((message) => {
    if (message.type === '@xstate.event') types.push(message.event.type);
  });
  return (type: string): unknown => {
    inspect({
      type: '@xstate.event',
      rootId: 'x:0',
      actorRef: { sessionId: 'x:0' },
      event: { type },
    } as never);
    return types.at(-1);
  };
}

const VIN = 'VR1AB12C3D4567890';

describe('what looks like an identifier is shortened', () => {
  test.each([
    ['a VIN', `vehicle.${VIN}.locked`, 'vehicle.VR1….locked'],
    ['a VIN after a dash', `car-${VIN}`, 'car-VR1…'],
    ['a VIN after an underscore', `car_${VIN}_locked`, 'car_VR1…_locked'],
    ['a VIN within a word', `unlock${VIN}`, 'unl…'],
    ['a VIN in groups', 'car VR1-AB12-C3D4-567890', 'car VR1…'],
    ['a UUID', 'call.550e8400-e29b-41d4-a716-446655440000.done', 'call.550….done'],
    ['a UUID in capitals', 'call:550E8400-E29B-41D4-A716-446655440000', 'call:550…'],
    ['a phone number', 'sms.+33612345678', 'sms.+336…'],
    ['a phone number in groups', 'sms to +33 6 12 34 56 78', 'sms to +33…'],
    ['a phone number with dots', 'sms 06.12.34.56.78', 'sms 06.…'],
    ['a phone number in brackets', 'sms (555) 123-4567', 'sms (555…'],
    ['a card number', 'pay 4111-1111-1111-1111', 'pay 411…'],
    ['an e-mail address', 'invite:john.doe+car@example.com', 'invite:joh…'],
    ['an e-mail address among dots', 'user.john.doe@example.com.invited', 'use…'],
    ['an OTP of six digits', 'otp.123456', 'otp.123…'],
    ['a number in another script’s word', 'véhicule1234567', 'véh…'],
  ])('%s', (_, type, shown) => {
    expect(shortener()(type)).toBe(shown);
  });

  test.each([
    'call.challenged',
    'otp.pinRejected',
    'needStrongAuth',
    'api.2302',
    'step-1-of-2',
    'v1.2.3',
    'oauth2.granted',
    'vehicle.*',
    '*',
    '',
    'xstate.init',
    'xstate.stop',
    'xstate.after.pinEntryTimeout.strongAuth.wave.needStrongAuth',
    'xstate.after.120000.app.loading',
    'xstate.done.actor.0.app.loading',
    'xstate.error.actor.enterPin',
    'xstate.done.actor.x:1234567',
    'xstate.snapshot.strongAuth',
    'xstate.done.state.app.a-state-deep-inside.another-state-deep-inside.a-third-state-deep-inside.last',
  ])('%s stays as it is', (type) => {
    expect(shortener()(type)).toBe(type);
  });

  test('within the names that XState puts together too', () => {
    const shorten = shortener();
    expect(shorten(`xstate.done.actor.car-${VIN}`)).toBe('xstate.done.actor.car-VR1…');
    expect(shorten('xstate.done.actor.john@example.com')).toBe('xstate.done.actor.joh…');
    expect(shorten(`xstate.after.500.app.${VIN}.open`)).toBe('xstate.after.500.app.VR1….open');
  });

  test('a name of more than 64 characters is cut', () => {
    const shown = shortener()('a'.repeat(65));
    expect(shown).toBe(`${'a'.repeat(63)}…`);
    expect(shortener()('a'.repeat(64))).toBe('a'.repeat(64));
  });

  test('a long text is shortened at once', () => {
    const started = performance.now();
    for (const text of ['a', '1', 'a1-', '1.', '@', 'a@', ' ', '1 ', '\\.', 'ab12-']) {
      expect(String(shortener()(text.repeat(100_000))).length).toBeLessThan(70);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('what is no text is no type', () => {
    const shorten = shortener() as (type: unknown) => unknown;
    expect([shorten(70416253), shorten({ toString: () => VIN }), shorten(undefined)]).toEqual(['', '', '']);
  });
});

describe('one inspector shows the same name in the same way', () => {
  test('wherever it stands, however often', () => {
    const shorten = shortener();
    expect(shorten(`car.${VIN}`)).toBe('car.VR1…');
    expect(shorten('car.VR1AB12C3D4567891')).toBe('car.VR1…#2');
    expect(shorten(`open.${VIN}.door`)).toBe('open.VR1….door');
    expect(shorten('xstate.done.actor.VR1AB12C3D4567891')).toBe('xstate.done.actor.VR1…#2');
    expect(shorten(`car.${VIN}`)).toBe('car.VR1…');
  });

  test('and different names in different ways, long ones too', () => {
    const shorten = shortener();
    const [one, other] = ['a'.repeat(70), 'a'.repeat(71)];
    expect(shorten(one)).not.toBe(shorten(other));
    expect(shorten(one)).toBe(shorten(one));
  });

  test('another inspector counts for itself', () => {
    shortener()('VR1AB12C3D4567891');
    expect(shortener()(VIN)).toBe('VR1…');
  });

  test('after ten thousand identifiers further ones are no longer told apart', () => {
    const shorten = shortener();
    for (let number = 0; number < 10_000; number += 1) shorten(`call.${1_000_000 + number}`);
    expect(shorten('call.1000000')).toBe('call.100…');
    expect(shorten('call.2000000')).toBe('call.200…#?');
    expect(shorten('call.2000001')).toBe('call.200…#?');
  });
});

/** Cars by their VIN, as an app should not name them. */
const other = 'VR1AB12C3D4567891';
const cars = setup({
  actors: { [`fetch-${VIN}`]: fromPromise(async () => 1), [`fetch-${other}`]: fromCallback(() => {}) },
  delays: { [`wait-${VIN}`]: 1000 },
}).createMachine({
  id: `garage-${VIN}`,
  description: `The car ${VIN} of john@example.com.`,
  initial: VIN,
  states: {
    [VIN]: {
      description: 'x'.repeat(100),
      initial: 'john@example.com',
      invoke: [
        { id: `car-${VIN}`, src: `fetch-${VIN}`, onDone: `#owner-${other}.06\\.12\\.34\\.56\\.78` },
        { id: `car-${other}`, src: `fetch-${other}` },
      ],
      on: {
        [`vehicle.${other}.locked`]: other,
        'vehicle.*': `.john@example\\.com`,
        none: undefined,
      },
      after: { 120000: other, [`wait-${VIN}`]: other },
      states: { 'john@example.com': { tags: [`tag-${VIN}`], entry: [`note-${VIN}`, () => {}] } },
    },
    [other]: {
      id: `owner-${other}`,
      initial: '06.12.34.56.78',
      states: { '06.12.34.56.78': { type: 'final' } },
    },
  },
} as never);

describe('a chart with identifiers in its names', () => {
  const watch = () => {
    const messages: SafeInspectionMessage[] = [];
    const inspect = createSafeInspector((message) => messages.push(message));
    const actor = createActor(cars, { inspect, clock: { setTimeout: () => 0, clearTimeout() {} } }).start();
    actor.send({ type: `vehicle.${VIN}.opened` });
    actor.send({ type: `vehicle.${other}.locked` });
    return messages;
  };

  test('arrives as a chart of the same form, which XState can read', () => {
    const [first] = watch();
    if (first?.type !== '@xstate.actor') throw new Error('the first message registers the actor');
    const shown = createMachine(JSON.parse(first.definition));
    expect(shown.id).toBe(first.name);
    expect(first.name).toBe('garage-VR1…');
    expect(JSON.parse(first.definition)).toEqual({
      id: 'garage-VR1…',
      description: 'The car VR1… of joh….',
      initial: 'VR1…',
      states: {
        'VR1…': {
          description: 'x'.repeat(100),
          initial: 'joh…',
          invoke: [
            { id: 'car-VR1…', src: 'fetch-VR1…', onDone: '#owner-VR1…#2.06\\.…' },
            { id: 'car-VR1…#2', src: 'fetch-VR1…#2' },
          ],
          on: { 'vehicle.VR1…#2.locked': 'VR1…#2', 'vehicle.*': '.joh…' },
          after: { 120000: 'VR1…#2', 'wait-VR1…': 'VR1…#2' },
          states: { 'joh…': { tags: ['tag-VR1…'], entry: ['note-VR1…'] } },
        },
        'VR1…#2': { id: 'owner-VR1…#2', initial: '06.…', states: { '06.…': { type: 'final' } } },
      },
    });
  });

  test('is shown in states that the chart has, and with actors that the events name', () => {
    const messages = watch();
    const values = messages.flatMap((message) =>
      message.type === '@xstate.snapshot' && 'value' in message.snapshot ? [message.snapshot.value] : [],
    );
    expect(values.at(0)).toEqual({ 'VR1…': 'joh…' });
    expect(values.at(-1)).toEqual({ 'VR1…#2': '06.…' });
    const names = messages.flatMap((message) => (message.type === '@xstate.actor' ? [message.name] : []));
    expect(names).toEqual(['garage-VR1…', 'car-VR1…', 'car-VR1…#2']);
    const types = messages.flatMap((message) =>
      message.type === '@xstate.event' ? [message.event.type] : [],
    );
    expect(types).toEqual(
      expect.arrayContaining(['vehicle.VR1….opened', 'vehicle.VR1…#2.locked', 'xstate.init']),
    );
    expect(JSON.stringify(messages)).not.toMatch(/AB12|john|12\.34/);
  });

  test('its actors keep the ids by which an inspector connects them', () => {
    const messages = watch();
    const sessions = messages.map(({ sessionId }) => sessionId);
    const [root] = sessions;
    expect(root).toMatch(/^x:\d+$/);
    for (const message of messages) {
      expect(message.rootId).toBe(root);
      if (message.type === '@xstate.event' && message.sourceId !== undefined) {
        expect(sessions).toContain(message.sourceId);
      }
      if (message.type === '@xstate.actor' && message.sessionId !== root) expect(message.parentId).toBe(root);
    }
  });

  test('an actor without an id of its own keeps the one that XState gives it, however deep it is', () => {
    const names: string[] = [];
    const state = 'a-state-with-a-long-name-in-a-state';
    createActor(
      createMachine({
        id: 'app',
        initial: state,
        states: {
          [state]: {
            initial: { target: state } as never,
            states: { [state]: { invoke: { src: fromCallback(() => {}) } } },
          },
        },
      }),
      {
        inspect: createSafeInspector((message) => {
          if (message.type !== '@xstate.actor') return;
          names.push(message.name);
          if (names.length === 1) {
            expect(JSON.parse(message.definition).states[state]).toMatchObject({ initial: state });
          }
        }),
      },
    ).start();
    expect(names).toEqual(['app', `0.app.${state}.${state}`]);
  });

  test('an id of a session that is not of XState is shortened as well', () => {
    const messages: SafeInspectionMessage[] = [];
    const inspect = createSafeInspector((message) => messages.push(message));
    for (const sessionId of [`car-${VIN}`, `car-${other}`, `car-${VIN}`]) {
      const event = { type: 'open' };
      inspect({
        type: '@xstate.event',
        rootId: VIN,
        actorRef: { sessionId },
        sourceRef: { sessionId: `car-${VIN}` },
        event,
      } as unknown as InspectionEvent);
    }
    expect(messages.map((message) => message.sessionId)).toEqual(['car-VR1…', 'car-VR1…#2', 'car-VR1…']);
    expect(messages.at(1)).toMatchObject({ rootId: 'VR1…', sourceId: 'car-VR1…' });
  });
});
