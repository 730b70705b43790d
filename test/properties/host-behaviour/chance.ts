import { createRandom } from '../../../src/simulator/random.js';

/** What a lifecycle leaves to chance. The same seed gives the same lifecycle. */
export class Chance {
  private readonly random: ReturnType<typeof createRandom>;

  constructor(readonly seed: number) {
    this.random = createRandom(Math.imul(seed, 0x9e3779b1) ^ 0x5eed);
  }

  /** @returns Whether it happens. */
  maybe(probability: number): boolean {
    return this.random.next() < probability;
  }

  /** @returns A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return this.random.between(min, max);
  }

  /** @returns One of them. One that is listed twice is twice as likely. */
  pick<const Item>(items: readonly Item[]): Item {
    return items[this.random.between(0, items.length - 1)] as Item;
  }
}
