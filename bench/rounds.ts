import type { Client, Contender } from './contender.js';
import { type HeapPart, heapParts } from './heap.js';
import { concurrent, figure, processorTime, sequential } from './measure.js';
import { parts } from './parts.js';
import { API, PARAMETERS, ready, stepUp } from './scripted.js';

/** What can be measured of a contender. */
export type Measurement =
  | { readonly of: 'oneByOne' | 'inFlight' | 'creation' | 'firstPrompt' }
  | { readonly of: 'wave'; readonly calls: number }
  | { readonly of: 'part'; readonly name: string }
  | { readonly of: 'heap'; readonly part: HeapPart };

/** Measures once more. What it gives back goes from process to process, as JSON. */
export type Round<Result = unknown> = () => Promise<Result>;

/** A wave: microseconds per call, and how many of its calls were not answered. */
export interface WaveRound {
  readonly time: number;
  readonly lost: number;
}

/** @returns A round of `measurement`: microseconds per call or per client, a `WaveRound`, or bytes. */
export function roundOf(measurement: Measurement, contender: Contender): Round {
  switch (measurement.of) {
    case 'oneByOne': {
      const call = callOf(contender.create(ready));
      return () => sequential(5_000, call);
    }
    case 'inFlight': {
      const call = callOf(contender.create(ready));
      return () => concurrent(10_000, call);
    }
    case 'wave':
      return waveOf(measurement.calls, contender);
    case 'creation':
      return async () => {
        const start = processorTime();
        const client = contender.create(ready);
        const time = processorTime() - start;
        client.dispose();
        return time;
      };
    case 'firstPrompt':
      return firstPromptOf(contender);
    case 'heap':
      return () => heapParts[measurement.part](contender);
    case 'part':
      return figure(parts, measurement.name)();
    default:
      return measurement satisfies never;
  }
}

const callOf = (client: Client) => () => client.get(API, PARAMETERS);

/** Small waves are repeated until they have made so many calls, or there would be nothing to measure. */
const LEAST_CALLS = 200;

/** All are challenged, one prompt and one OTP later all are sent again. The client lives on from wave to wave, as in an app. */
function waveOf(calls: number, contender: Contender): Round<WaveRound> {
  const repeats = Math.ceil(LEAST_CALLS / calls);
  const scene = stepUp();
  const call = callOf(contender.create(scene));
  return async () => {
    let [time, lost] = [0, 0];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      scene.expire();
      lost = 0;
      time += await concurrent(calls, () =>
        call().catch(() => {
          lost += 1;
        }),
      );
    }
    return { time: time / repeats, lost };
  };
}

/** From the first call of a new client until the user is asked. */
function firstPromptOf(contender: Contender): Round<number> {
  return async () => {
    let asked = () => {};
    const prompt = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const enterPin = async () => {
      asked();
      return null;
    };
    const client = contender.create({ ...stepUp(), enterPin });
    const start = processorTime();
    callOf(client)().catch(() => {});
    await prompt;
    const time = processorTime() - start;
    client.dispose();
    return time;
  };
}
