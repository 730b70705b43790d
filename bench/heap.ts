import type { Client, Contender, Scene } from './contender.js';
import { slow } from './contenders.js';
import { heapInUse, sequential } from './measure.js';
import { API, PARAMETERS, ready, silent, unattended } from './scripted.js';

/** How many calls are made to see what they leave behind. */
export const callsThatSettle = (contender: Contender): number =>
  slow.includes(contender) ? 100_000 : 1_000_000;

/** A call that the transport never answers; one that waits for a PIN which nobody enters; what calls leave behind that have settled. */
export type HeapPart = 'pending' | 'waiting' | 'grown';

/** How to measure each, in a process in which nothing was done before. */
export const heapParts: Readonly<Record<HeapPart, (contender: Contender) => Promise<number>>> = {
  pending: (contender) => heapPerCall(contender, silent, 20_000),
  waiting: (contender) => heapPerCall(contender, unattended, 20_000),
  grown: (contender) => heapGrowth(contender, callsThatSettle(contender)),
};

const call = (client: Client) => () => client.get(API, PARAMETERS);

/** Bytes of each call that is kept pending. */
async function heapPerCall(contender: Contender, scene: Scene, calls: number): Promise<number> {
  const client = contender.create(scene);
  call(client)().catch(() => {}); // what is made once is not part of it
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = heapInUse();
  const kept = Array.from({ length: calls }, () => call(client)().catch(() => {}));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const bytes = (heapInUse() - before) / kept.length;
  client.dispose();
  return bytes;
}

/** Bytes that the heap has grown by after many calls that were never challenged. */
async function heapGrowth(contender: Contender, calls: number): Promise<number> {
  const client = contender.create(ready);
  await sequential(10_000, call(client));
  const before = heapInUse();
  await sequential(calls, call(client));
  const grown = heapInUse() - before;
  client.dispose();
  return grown;
}
