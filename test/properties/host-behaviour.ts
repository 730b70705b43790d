import { createStrongAuth } from 'strong-auth-machine';
import { createManualClock, createSimulator, type FaultKind } from 'strong-auth-machine/simulator';
import { App } from './host-behaviour/app.js';
import { Chance } from './host-behaviour/chance.js';
import { Host } from './host-behaviour/host.js';
import { Manners } from './host-behaviour/manners.js';
import { describe } from './host-behaviour/reading.js';
import { Record, secrets } from './host-behaviour/record.js';
import { Stage } from './host-behaviour/stage.js';

/*
 * Random host behaviour: one client lives through a few calls, and whatever it asks of its host (transport, user, clock, store,
 * listeners, signals) is answered in any manner: well, late, twice, never, with a throw, with a value that throws when it is
 * looked at, or by calling back into the client. The same seed gives the same lifecycle.
 */

/** What a lifecycle came to. Everything that must not happen is in `breaches`. */
export interface Lifecycle {
  readonly seed: number;
  readonly breaches: readonly string[];
  readonly counts: Record['counts'];
  /** How often each place showed each manner. */
  readonly met: ReadonlyMap<string, number>;
}

const FAULTS: readonly FaultKind[] = [
  'fail',
  'challenge',
  'drop',
  'lose',
  'duplicate',
  'malformed',
  'throw',
  'noResult',
  'slow',
];
const DAY = 86_400_000;
/** Rounds of two minutes after which nothing may be left. */
const MAX_ROUNDS = 60;

/** Plays the lifecycle of one seed. */
export async function playLifecycle(seed: number, stage: Stage): Promise<Lifecycle> {
  const chance = new Chance(seed);
  const time = createManualClock(1_700_000_000_000);
  const policy = {
    maxPinAttempts: chance.between(1, 3),
    maxRounds: chance.between(1, 2),
    maxWaiting: chance.pick([1, 2, 1000, 1000]),
    pinEntryTimeoutMs: chance.pick([120_000, 120_000, 5000]),
    otpTimeoutMs: chance.pick([30_000, 3000]),
    callTimeoutMs: chance.pick([60_000, 60_000, 60_000, 4000]),
    maxAgeMs: chance.pick([300_000, 300_000, 20_000]),
    replays: chance.pick(['parallel', 'serial']),
  };
  const record = new Record(time, policy);
  const manners = new Manners(chance, record);
  stage.begin(seed, time, (how, error) => manners.surfaced(how, error));
  const mix = chance.pick([0, 0, 0.05, 0.2]);
  const simulator = createSimulator({
    pin: secrets.pin,
    clock: time,
    seed,
    faults: Object.fromEntries(FAULTS.map((kind) => [kind, chance.maybe(0.3) ? mix : 0])),
    latencyMs: chance.pick<number | [number, number]>([0, 0, 5, [0, 1500], [0, 1500], [0, 40_000]]),
    pinTries: 5,
    sessionTtlMs: chance.pick([900_000, 900_000, 2000, 1]),
    strongSession: chance.maybe(0.1),
    device: chance.maybe(0.1) ? { refuses: 2312, until: chance.pick(['reset', 'never']) } : 'known',
    codes: chance.pick(['number', 'string']),
  });
  const host = new Host(manners, record, simulator, time, policy);
  const strongAuth = createStrongAuth(host.options);
  record.strongAuth = strongAuth;
  const app = new App(strongAuth, host, manners, record, simulator);

  const pass = (ms: number) => {
    time.advance(ms);
    stage.timers.advance(time.monotonic() - stage.timers.monotonic());
  };
  const rest = async () => {
    await stage.settle();
    stage.timers.advance(0);
    await stage.settle();
  };
  const ofTheServer = [
    () => simulator.expireSession(),
    () => simulator.forgetDevice({ refuses: 2317, until: 'reset' }),
    () => simulator.block(),
    () => simulator.unblock(),
    () => simulator.goOffline(),
    () => simulator.goOnline(),
  ];
  const ofTime = [
    () => time.setWallClock(time.now() + chance.between(-3 * DAY, 3 * DAY)),
    () => time.setWallClock(time.now() + chance.pick([-1000, 5000, -400_000, 400_000])),
    () => time.sleep(chance.pick([1000, 60_000, DAY])),
    () => pass(chance.pick([8000, 31_000, 61_000, 121_000])),
  ];
  const deeds: readonly (() => void)[] = [
    ...Array.from({ length: 6 }, () => () => app.call()),
    ...Array.from({ length: 6 }, () => () => pass(chance.pick([1, 500, 2000]))),
    () => app.abort(),
    () => app.cancel(),
    () => app.reset(),
    () => strongAuth.recovered(),
    () => app.unsubscribe(),
    () => app.emit(),
    () => app.emit(),
    () => app.look(),
    () => simulator.expireSession(),
    () => chance.pick(ofTheServer)(),
    () => chance.pick(ofTime)(),
    () => chance.pick(ofTime)(),
    () => chance.maybe(0.05) && app.stop(),
  ];

  const steps = chance.between(5, 18);
  const calls = chance.between(2, 5);
  for (let step = 0; step < steps; step += 1) {
    manners.perform(step < calls ? () => app.call() : chance.pick(deeds));
    if (chance.maybe(0.4)) continue; // and the next deed in the same turn
    await stage.settle();
    record.check();
    if (chance.maybe(0.3)) continue; // and the turn is not over
    await rest();
    record.checkQuiet(host.clock.live.size + stage.timers.pending);
  }
  if (chance.maybe(0.2)) manners.perform(() => app.dispose());

  // Whatever is left comes to rest by itself: answers arrive, and what was lost times out.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    await rest();
    if (record.isAtRest && time.pending === 0 && stage.timers.pending === 0) break;
    pass(round % 2 === 0 ? 7000 : 121_000);
  }
  record.checkEnd(host.clock.live.size + stage.timers.pending);
  app.checkListeners();

  manners.perform(() => app.dispose());
  await rest();
  record.checkEnd(host.clock.live.size + stage.timers.pending);
  if (strongAuth.actor.getSnapshot().status === 'active') record.breach('the actor goes on after dispose()');
  const { counts, breaches } = record;
  return { seed, breaches: [...breaches], counts, met: manners.met };
}

/** What many lifecycles came to. */
export interface Lifecycles {
  readonly played: number;
  /** A line for each breach: the seed, and what must not be. */
  readonly failures: readonly string[];
  readonly counts: { readonly [Name in keyof Record['counts']]: number };
  readonly met: ReadonlyMap<string, number>;
}

/** Plays the lifecycles of the seeds from `first`, `runs` of them. */
export async function playLifecycles(first: number, runs: number): Promise<Lifecycles> {
  const failures: string[] = [];
  const met = new Map<string, number>();
  const counts = { calls: 0, executions: 0, prompts: 0, otps: 0, callOuts: 0, surfaced: 0 };
  const stage = new Stage();
  try {
    for (let seed = first; seed < first + runs; seed += 1) {
      const lifecycle = await playLifecycle(seed, stage).catch((error) => describe(error));
      if (typeof lifecycle === 'string') {
        failures.push(`SEED=${seed}: it threw ${lifecycle}`);
        continue;
      }
      for (const breach of lifecycle.breaches) failures.push(`SEED=${seed}: ${breach}`);
      for (const [key, times] of lifecycle.met) met.set(key, (met.get(key) ?? 0) + times);
      for (const name of Object.keys(counts) as (keyof typeof counts)[])
        counts[name] += lifecycle.counts[name];
    }
  } finally {
    stage.end();
  }
  return { played: runs, failures, counts, met };
}
