import type { Client, Contender, Scene } from './contender.js';
import { heapInUse, sequential } from './measure.js';
import { API, PARAMETERS, ready } from './scripted.js';

const call = (client: Client) => () => client.get(API, PARAMETERS);

/** Bytes of each call that is kept pending. */
export async function heapPerCall(contender: Contender, scene: Scene, calls: number): Promise<number> {
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
export async function heapGrowth(contender: Contender, calls: number): Promise<number> {
  const client = contender.create(ready);
  await sequential(10_000, call(client));
  const before = heapInUse();
  await sequential(calls, call(client));
  const grown = heapInUse() - before;
  client.dispose();
  return grown;
}
