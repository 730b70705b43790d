import {
  createWorld,
  type World,
  type WorldCall,
  type WorldEvent,
  type WorldLogic,
  type WorldOptions,
} from 'strong-auth-machine/testing';
import { changed, find } from '../model/defective-charts.js';

type Config = Record<string, unknown>;
type Candidate = Record<string, unknown> & { readonly guard?: unknown };
type Candidates = Record<string, Candidate | Candidate[]>;

/** A change of the machine or of the ledger after which some call may wait for ever. */
export interface Livelock {
  readonly name: string;
  /** A world in which it shows. */
  readonly world: WorldOptions;
  /** What is changed in the config of the chart. */
  readonly chart?: (root: Config) => void;
  /** What is changed in what the ledger keeps, after each event. */
  readonly ledger?: (after: World, before: World, event: WorldEvent) => World;
  /** The shortest lasso of the first call that may wait for ever. */
  readonly lasso: string;
  /** The numbers of the laws that see it too, looking at one edge at a time. */
  readonly seenBy: readonly number[];
}

/** @returns A world with the livelock in it. */
export function worldWith({ chart, ledger }: Livelock, options: WorldOptions): WorldLogic {
  const logic = createWorld(options, changed(chart ?? (() => {})));
  if (!ledger) return logic;
  return {
    ...logic,
    transition: (world, event, scope) => ledger(logic.transition(world, event, scope), world, event),
  };
}

const prompt = (root: Config) => find(root, ['wave', 'needStrongAuth']);
const request = (root: Config) => find(root, ['wave', 'requestingOtp']);
const inRequest = (name: string) => (root: Config) => find(root, ['wave', 'requestingOtp', name]);
const on = (state: Config) => state.on as Candidates;
const list = (candidates: Candidate | Candidate[] | undefined): Candidate[] => [candidates ?? []].flat();

/** The state has no time-out any more. */
const withoutTimer = (stateOf: (root: Config) => Config) => (root: Config) => {
  delete stateOf(root).after;
};

/** An event that ended the wave or took it on asks for the PIN again. */
const asksAgain = (stateOf: (root: Config) => Config, type: string) => (root: Config) => {
  on(stateOf(root))[type] = { target: '#strongAuth.wave.needStrongAuth', reenter: true };
};

/** What is counted no longer is. */
const without =
  (stateOf: (root: Config) => Config, type: string, candidate: number, action: string) => (root: Config) => {
    const changed = list(on(stateOf(root))[type])[candidate] as Candidate;
    changed.actions = [changed.actions].flat().filter((one) => nameOf(one) !== action);
  };

const nameOf = (action: unknown): unknown =>
  typeof action === 'string' ? action : (action as { type: string }).type;

/** The time-out stands in a state inside, which these events enter anew. */
const timerIsRestartedBy =
  (event: string, stateOf: (root: Config) => Config, actions: 'recordTraffic' | 'hold') => (root: Config) => {
    const state = stateOf(root);
    const joins = list(on(find(root, ['wave']))[event]);
    const patient = { after: state.after };
    delete state.after;
    Object.assign(state, { initial: 'patient', states: { patient }, on: state.on ?? {} });
    on(state)[event] =
      actions === 'hold'
        ? [...joins.slice(0, -1), { ...joins.at(-1), target: '.patient' }]
        : { actions, target: '.patient' };
  };

/** What the chart does with a call that waits. */
const HOLDS = {
  type: 'hold',
  params: ({ context, event }: { context: { pins: number }; event: { id: number } }) => ({
    id: event.id,
    pins: context.pins,
  }),
};

const eachCall = (world: World, change: (call: WorldCall, index: number) => Partial<WorldCall>): World => ({
  ...world,
  calls: world.calls.map((call, index) => ({ ...call, ...change(call, index) })),
});

const everything: WorldOptions = {};
const essential: WorldOptions = { alphabet: 'essential' };
const twoCalls: WorldOptions = { calls: ['call', 'call'], alphabet: 'essential' };

/** What it takes to be denied in one way, and to come back. */
const denialOf = (code: string) => (event: WorldEvent) =>
  ['call.made', 'call.challenged', 'call.succeeded', 'pin.given'].includes(event.type) ||
  (event.type === 'otp.denied' && event.code === code);

export const livelocks: readonly Livelock[] = [
  // A state without a time-out.
  {
    name: 'the prompt has no time-out',
    world: essential,
    chart: withoutTimer(prompt),
    lasso: 'call 0 made → call 0 challenged, then nothing happens any more',
    seenBy: [2],
  },
  {
    name: 'the OTP request has no time-out',
    world: essential,
    chart: withoutTimer(inRequest('withPin')),
    lasso: 'call 0 made → call 0 challenged → pin.given, then nothing happens any more',
    seenBy: [2],
  },
  {
    name: 'the reset step has no time-out',
    world: essential,
    chart: withoutTimer(inRequest('resetStep')),
    lasso:
      'call 0 made → call 0 challenged → pin.given → otp.resetNeeded (2312), then nothing happens any more',
    seenBy: [2],
  },
  {
    name: 'the OTP line has no time-out',
    world: twoCalls,
    chart: withoutTimer(inRequest('queued')),
    lasso:
      'call 0 made → call 0 challenged → pin.given → call 0 aborted → call 0 made → call 0 challenged → pin.given, then nothing happens any more',
    seenBy: [2],
  },

  // Something may be done again without a limit.
  {
    name: 'malformed PINs are not counted',
    world: everything,
    chart: without(prompt, 'pin.malformed', 0, 'recordMalformed'),
    lasso: 'call 0 made → call 0 challenged, then for ever: pin.malformed',
    seenBy: [],
  },
  {
    name: 'PINs that the SDK calls malformed are not counted',
    world: everything,
    chart: without(request, 'otp.pinMalformed', 0, 'recordMalformed'),
    lasso: 'call 0 made → call 0 challenged → pin.given, then for ever: otp.pinMalformed → pin.given',
    seenBy: [],
  },
  {
    name: 'wrong PINs are not counted',
    world: essential,
    chart: without(request, 'otp.pinRejected', 0, 'spendAttempt'),
    lasso: 'call 0 made → call 0 challenged → pin.given, then for ever: otp.pinRejected → pin.given',
    seenBy: [],
  },
  {
    name: 'the reset step is had again and again',
    world: essential,
    chart: (root) => {
      on(request(root))['otp.resetNeeded'] = {
        ...list(on(request(root))['otp.resetNeeded']).at(-1),
        reenter: true,
      };
    },
    lasso:
      'call 0 made → call 0 challenged → pin.given → otp.resetNeeded (2312), then for ever: otp.resetNeeded (2312)',
    seenBy: [1],
  },
  {
    name: 'who declines is asked again',
    world: essential,
    chart: asksAgain(prompt, 'pin.declined'),
    lasso: 'call 0 made → call 0 challenged, then for ever: pin.declined',
    seenBy: [],
  },
  {
    name: 'a PIN entry that breaks is opened again',
    world: everything,
    chart: asksAgain(prompt, 'pin.failed'),
    lasso: 'call 0 made → call 0 challenged, then for ever: pin.failed',
    seenBy: [],
  },
  {
    name: 'a cancel asks again',
    world: essential,
    chart: (root) => {
      on(find(root, ['wave'])).cancelled = { target: '.needStrongAuth', reenter: true };
    },
    lasso: 'call 0 made → call 0 challenged, then for ever: cancelled',
    seenBy: [5],
  },
  {
    name: 'who is too slow is asked again',
    world: essential,
    chart: (root) => {
      prompt(root).after = { pinEntryTimeout: { target: 'needStrongAuth', reenter: true } };
    },
    lasso: 'call 0 made → call 0 challenged, then for ever: pinEntryTimeout passes',
    seenBy: [],
  },
  {
    name: 'an OTP request that timed out is sent again',
    world: essential,
    chart: (root) => {
      inRequest('withPin')(root).after = { otpTimeout: { target: 'withPin', reenter: true } };
    },
    lasso: 'call 0 made → call 0 challenged → pin.given, then for ever: otpTimeout passes',
    seenBy: [1],
  },
  {
    name: 'an OTP request that timed out asks for the PIN again',
    world: essential,
    chart: (root) => {
      inRequest('withPin')(root).after = { otpTimeout: '#strongAuth.wave.needStrongAuth' };
    },
    lasso: 'call 0 made → call 0 challenged → pin.given, then for ever: otpTimeout passes → pin.given',
    seenBy: [],
  },
  {
    name: 'an OTP request while offline is sent again',
    world: essential,
    chart: (root) => {
      on(request(root))['otp.denied'] = [
        {
          guard: ({ event }: { event: { code: string } }) => event.code === 'OFFLINE',
          target: '.withPin',
          reenter: true,
        },
        ...list(on(request(root))['otp.denied']),
      ];
    },
    lasso: 'call 0 made → call 0 challenged → pin.given, then for ever: otp.denied (2202)',
    seenBy: [1],
  },
  {
    name: 'a throttled OTP request asks for the PIN again',
    world: { alphabet: denialOf('THROTTLED') },
    chart: asksAgain(request, 'otp.denied'),
    lasso: 'call 0 made → call 0 challenged → pin.given, then for ever: otp.denied (429) → pin.given',
    seenBy: [],
  },

  // Others put off what ends the wait.
  {
    name: 'a joiner restarts the time-out of the prompt',
    world: twoCalls,
    chart: timerIsRestartedBy('call.challenged', prompt, 'hold'),
    lasso:
      'call 0 made → call 0 challenged → call 1 made, then for ever: call 1 challenged → call 1 aborted → call 1 made',
    seenBy: [],
  },
  {
    name: 'a joiner restarts the time-out of the OTP request',
    world: twoCalls,
    chart: timerIsRestartedBy('call.challenged', inRequest('withPin'), 'hold'),
    lasso:
      'call 0 made → call 0 challenged → call 1 made → pin.given, then for ever: call 1 challenged → call 1 aborted → call 1 made',
    seenBy: [],
  },
  {
    name: 'an ensure restarts the time-out of the prompt',
    world: { calls: ['call', 'ensure'], alphabet: 'essential' },
    chart: timerIsRestartedBy('ensure.requested', prompt, 'hold'),
    lasso: 'call 0 made → call 0 challenged → call 1 made, then for ever: call 1 aborted → call 1 made',
    seenBy: [],
  },
  {
    name: 'a joiner opens the prompt anew',
    world: twoCalls,
    chart: (root) => {
      const joins = list(on(find(root, ['wave']))['call.challenged']).at(-1) as Candidate;
      Object.assign(joins, { target: '.needStrongAuth', reenter: true });
    },
    lasso:
      'call 0 made → call 0 challenged → call 1 made, then for ever: call 1 challenged → call 1 aborted → call 1 made',
    seenBy: [4],
  },
  {
    name: 'a call that is sent beside the wave restarts the time-out of the prompt',
    world: twoCalls,
    chart: timerIsRestartedBy('calls.started', prompt, 'recordTraffic'),
    lasso: 'call 0 made → call 0 challenged → call 1 made, then for ever: call 1 succeeded → call 1 made',
    seenBy: [],
  },

  // The answer of the wave does not reach those who wait.
  {
    name: 'a grant forgets those who wait',
    world: essential,
    chart: without(request, 'otp.granted', 0, 'replayWaiting'),
    lasso: 'call 0 made → call 0 challenged → pin.given → otp.granted, then nothing happens any more',
    seenBy: [2, 5, 7, 9],
  },
  {
    name: 'a denial forgets those who wait',
    world: essential,
    chart: (root) => {
      find(root, ['denied']).entry = ['endWave'];
    },
    lasso: 'call 0 made → call 0 challenged → pin.declined, then nothing happens any more',
    seenBy: [5, 7, 9],
  },
  {
    name: 'a grant opens the next wave',
    world: essential,
    chart: (root) => {
      on(request(root))['otp.granted'] = { target: 'needStrongAuth', actions: 'endWave' };
    },
    lasso: 'call 0 made → call 0 challenged → pin.given, then for ever: otp.granted → pin.given',
    seenBy: [],
  },
  {
    name: 'a call that joins is not told',
    world: twoCalls,
    chart: (root) => {
      on(find(root, ['wave']))['call.challenged'] = list(on(find(root, ['wave']))['call.challenged']).slice(
        0,
        -1,
      );
    },
    lasso:
      'call 0 made → call 1 made → call 1 challenged → call 0 challenged → call 1 aborted, then nothing happens any more',
    seenBy: [2, 4, 9],
  },
  {
    name: 'a background call is kept, and nobody is asked',
    world: { calls: ['background'], alphabet: 'essential' },
    chart: (root) => {
      const challenged = list(on(find(root, ['working']))['call.challenged']);
      (challenged[4] as Candidate).actions = HOLDS;
    },
    lasso: 'call 0 made → call 0 challenged, then nothing happens any more',
    seenBy: [5, 7, 9],
  },
  {
    name: 'a call on a blocked account is kept',
    world: { calls: ['call', 'call'], alphabet: denialOf('ACCOUNT_BLOCKED') },
    chart: (root) => {
      const challenged = list(on(find(root, ['working']))['call.challenged']);
      (challenged[1] as Candidate).actions = HOLDS;
    },
    lasso:
      'call 0 made → call 0 challenged → pin.given → otp.denied (2310) → call 0 made → call 0 challenged, then nothing happens any more',
    seenBy: [3, 8, 9],
  },

  // The ledger loses count, or loses somebody.
  {
    name: 'rounds are not counted',
    world: essential,
    ledger: (after) => eachCall(after, () => ({ rounds: 0 })),
    lasso: 'call 0 made → call 0 challenged, then for ever: pin.given → otp.granted → call 0 challenged',
    seenBy: [3, 6],
  },
  {
    name: 'a straggler spends no round, and stays a straggler',
    world: twoCalls,
    ledger: (after, before, event) =>
      event.type !== 'call.challenged'
        ? after
        : eachCall(after, ({ sent }, index) => {
            const earlier = before.calls[index] as WorldCall;
            return index === event.call && sent > earlier.sent
              ? { rounds: earlier.rounds, wave: earlier.wave }
              : {};
          }),
    lasso:
      'call 0 made → call 1 made → call 1 challenged → pin.given → otp.granted → call 1 succeeded, then for ever: call 0 challenged',
    seenBy: [3],
  },
  {
    name: 'replays that are free are not counted',
    world: twoCalls,
    ledger: (after) => eachCall(after, () => ({ freeRounds: 0 })),
    lasso:
      'call 0 made → call 1 made → call 1 challenged → pin.given → call 0 challenged, then for ever: call 1 aborted → otp.granted → call 1 made → call 1 challenged → pin.given → call 0 challenged',
    seenBy: [],
  },
  {
    name: 'the queue of serial replays stands still',
    world: { calls: ['call', 'call'], replays: 'serial', alphabet: 'essential' },
    ledger: (after, before, event) =>
      !event.type.startsWith('call.')
        ? after
        : eachCall(after, ({ phase }, index) =>
            before.calls[index]?.phase === 'queued' && phase === 'inFlight'
              ? { phase: 'queued', sent: before.calls[index].sent }
              : {},
          ),
    lasso:
      'call 1 made → call 0 made → call 0 challenged → call 1 challenged → pin.given → otp.granted → call 1 succeeded, then nothing happens any more',
    seenBy: [2, 6],
  },
  {
    name: 'a free OTP line asks for the PIN again',
    world: essential,
    chart: (root) => {
      inRequest('queued')(root).after = { otpLineTimeout: '#strongAuth.wave.needStrongAuth' };
      on(inRequest('queued')(root))['otp.lineFree'] = { target: '#strongAuth.wave.needStrongAuth' };
    },
    lasso: 'call 0 made → call 0 challenged → pin.given, then for ever: pin.given',
    seenBy: [],
  },
  {
    name: 'a call on a throttled account is sent again and again, and the time of the throttle never comes',
    world: { calls: ['call', 'call'], alphabet: denialOf('THROTTLED') },
    chart: (root) => {
      const challenged = list(on(find(root, ['working']))['call.challenged']);
      (challenged[1] as Candidate).actions = challenged[3]?.actions;
    },
    ledger: (after, _, event) => ({
      ...eachCall(after, () => ({ rounds: 0 })),
      ...(event.type === 'retryTime.came' && { retryDue: false }),
    }),
    lasso:
      'call 1 made → call 1 challenged → pin.given → otp.denied (429) → call 0 made, then for ever: call 0 challenged → retryTime.came',
    seenBy: [3, 6, 8],
  },
];
