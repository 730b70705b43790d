import { createActor, createMachine } from 'xstate';
import type { StrongAuthOptions } from '../src/index.js';
import { createCallMachine } from './contenders/xstate-per-call.js';
import { sequential } from './measure.js';
import { createStrongAuth, strongAuthMachine } from './package.js';
import type { Round } from './rounds.js';
import { API, PARAMETERS, ready, silent } from './scripted.js';

/** Sets the stage for the rounds of one part. */
type Part = () => Round<number>;
const CALLS = 5_000;

/** One call after another with what an app may have set. */
const callsWith =
  (
    options: Omit<StrongAuthOptions, 'transport' | 'enterPin'>,
    prepare?: (strongAuth: ReturnType<typeof createStrongAuth>) => object | undefined,
  ): Part =>
  () => {
    const strongAuth = createStrongAuth({
      transport: ready as never,
      enterPin: ready.enterPin,
      ...options,
    });
    const callOptions = prepare?.(strongAuth);
    return () => sequential(CALLS, () => strongAuth.get(API, PARAMETERS, callOptions));
  };

/** What the host's timers cost, as the package uses them on a call: set when the first leaves, cleared when the last has landed. */
const timers: Part = () => () =>
  sequential(CALLS, () => Promise.resolve(clearTimeout(setTimeout(() => {}, 60_000))));

/** Two events, as each call brings them. */
const twoEvents =
  (start: () => { send(event: { type: string }): void }): Part =>
  () => {
    const actor = start();
    return () =>
      sequential(CALLS, () => {
        actor.send({ type: 'calls.started' });
        actor.send({ type: 'calls.landed' });
        return Promise.resolve();
      });
  };

/** What the package does not do: an actor for each call. */
const actors: Part = () => {
  const callMachine = createCallMachine(silent, async () => {});
  return () =>
    sequential(CALLS, () => {
      createActor(callMachine, { input: { verb: 'get', api: API, parameters: PARAMETERS } })
        .start()
        .stop();
      return Promise.resolve();
    });
};

const smallest = createMachine({
  initial: 'done',
  states: { done: { on: { 'calls.started': 'calling' } }, calling: { on: { 'calls.landed': 'done' } } },
});
const policy = {
  maxPinAttempts: 2,
  maxRounds: 1,
  maxWaiting: 1000,
  pinEntryTimeoutMs: 120_000,
  otpTimeoutMs: 30_000,
};

/** Where the time of a call that is never challenged goes. */
export const parts: Readonly<Record<string, Part>> = {
  'a call as it comes': callsWith({}),
  'without the time-out of each sending (`callTimeoutMs: Infinity`)': callsWith({
    policy: { callTimeoutMs: Number.POSITIVE_INFINITY },
  }),
  'with an `AbortSignal`': callsWith({}, () => ({ signal: new AbortController().signal })),
  'with a deadline of its own (`timeoutMs`)': callsWith({}, () => ({ timeoutMs: 60_000 })),
  'with a listener on the view': callsWith({}, ({ view }) => {
    view.subscribe(() => {});
    return undefined;
  }),
  'with telemetry (`onEvent`)': callsWith({ onEvent: () => {} }),
  'with an inspector, for which the chart is walked each time': callsWith({ inspect: () => {} }),
  'part: a timer set and cleared': timers,
  'part: the two transitions of the chart, walked by XState': twoEvents(
    () => createActor(strongAuthMachine, { input: { policy } }).start() as never,
  ),
  'part: two transitions of the smallest machine XState can run': twoEvents(
    () => createActor(smallest).start() as never,
  ),
  'for comparison: an XState actor for each call, made, started and stopped': actors,
};
