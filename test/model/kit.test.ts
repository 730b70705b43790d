import {
  createScriptedDriver,
  createScriptedTransport,
  createScriptedUser,
  createWorld,
  describeEvent,
  explore,
  PathError,
  pathsOf,
  pinEntries,
  playgroundHash,
  readPlaygroundHash,
  strongAuthPaths,
  type WorldEvent,
  walkPaths,
  worldEventTypes,
} from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { worlds } from './worlds.js';

describe('the parts of the kit that the guide uses', () => {
  test('pathsOf yields for a world what strongAuthPaths yields', () => {
    const world = { calls: ['call', 'ensure'], alphabet: 'essential' } as const;
    const titles = (paths: readonly { readonly title: string }[]) => paths.map(({ title }) => title).sort();
    expect(titles(pathsOf(createWorld(world), describeEvent))).toEqual(titles(strongAuthPaths(world)));
  });

  test('worldEventTypes are the events that happen in the worlds, and no others', () => {
    const seen = new Set<string>();
    for (const world of Object.values(worlds))
      explore(createWorld(world), ({ event }) => seen.add(event.type));
    expect([...worldEventTypes].sort()).toEqual([...seen].sort());
  });

  test('unanswered is the last request that is meant and has no answer', () => {
    const transport = createScriptedTransport();
    const { signal } = new AbortController();
    const send = (api: string) => void transport.send({ verb: 'get', api, parameters: {} }, { signal });
    for (const api of ['a', 'b', 'b', 'c']) send(api);
    expect(transport.unanswered()).toBe(transport.requests[3]);
    expect(transport.unanswered(({ api }) => api === 'b')).toBe(transport.requests[2]);
    transport.requests[2]?.resolve({});
    expect(transport.unanswered(({ api }) => api === 'b')).toBe(transport.requests[1]);
    expect(() => transport.unanswered(({ api }) => api === 'd')).toThrow('no such request');
  });

  test('a scripted user answers in each way of a path', async () => {
    const user = createScriptedUser();
    expect(() => user.answer('pin')).toThrow('nobody was asked');
    for (const [entry, value] of Object.entries(pinEntries)) {
      const answer = user.enterPin({} as never);
      user.answer(entry as keyof typeof pinEntries);
      expect(await answer).toBe(value);
    }
  });

  test('what a failing path links can be read back, and nothing else can', () => {
    const world = { calls: ['call', 'background'], alphabet: 'essential' } as const;
    for (const { steps } of strongAuthPaths(world)) {
      const events = steps.map(({ event }) => event);
      const hash = playgroundHash(events, world);
      expect(readPlaygroundHash(hash ?? '')).toEqual({ calls: world.calls, events });
      expect(encodeURI(hash ?? '')).toBe(hash);
    }
    const made: WorldEvent = { type: 'call.made', call: 0 };
    expect(playgroundHash([made], {}, [{ type: 'pin.malformed' }])).toBe(
      '#calls=call&path=0.made~pin.malformed~pin.malformed~pin.malformed',
    );
    // The page has other limits, no such call, and no way to say when to come back.
    expect(playgroundHash([made], { policy: { maxRounds: 2 } })).toBeUndefined();
    expect(playgroundHash([made], { calls: ['callOfPrompt'] })).toBeUndefined();
    expect(playgroundHash([made, { type: 'otp.denied', code: 'THROTTLED', otpCode: 429 }])).toBeUndefined();
    for (const hash of [
      '',
      '#',
      '#calls=call&path=',
      '#calls=call&path=1.made',
      '#calls=call&path=0.constructor',
    ])
      expect(readPlaygroundHash(hash)).toBeUndefined();
  });

  test('walkPaths reports the failure that took the fewest steps, named up to there and no further', async () => {
    const paths = strongAuthPaths({ alphabet: 'essential' });
    const walk = walkPaths([...paths].reverse(), (world) => {
      const driver = createScriptedDriver(world);
      const observe = () => {
        const { outcomes, ...rest } = driver.observe();
        return { ...rest, outcomes: outcomes.map((outcome) => outcome.replace('CANCELLED', 'failed')) };
      };
      return { ...driver, observe };
    });
    const error = await walk.catch((reason) => reason);
    expect(error).toBeInstanceOf(PathError);
    expect(error.steps).toBe(3);
    expect(error.message).toMatch(
      /^After 3 steps, “call 0 made → call 0 challenged → (pin\.declined|cancelled)”: outcomes should be \["CANCELLED"\], and is \["failed"\]\.\nIn the playground: #calls=call&path=0\.made~0\.challenged~\S+\n\d+ of 136 paths fail; this one first\.$/,
    );
    expect(await walkPaths(paths, createScriptedDriver)).toMatchObject({ paths: 136 });
  });
});
