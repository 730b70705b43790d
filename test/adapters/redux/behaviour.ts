import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { describeDevtools } from './devtools.js';
import { describeQueries } from './queries.js';
import { describeSlice } from './slice.js';

/** What the adapter promises, on the Redux Toolkit that the calling file has put under the name. */
export function describeRedux(name: string): void {
  describe(name, () => {
    const complaints: unknown[][] = [];
    beforeEach(() => {
      complaints.length = 0;
      // Redux Toolkit complains of what cannot be serialised, of mutations, and of errors it did not expect.
      for (const level of ['error', 'warn'] as const)
        vi.spyOn(console, level).mockImplementation((...said) => {
          if (!/took \d+ms/.test(String(said))) complaints.push(said); // a busy machine
        });
    });
    afterEach(() => expect(complaints).toEqual([]));

    describeSlice();
    describeQueries(complaints);
    describeDevtools();
  });
}
