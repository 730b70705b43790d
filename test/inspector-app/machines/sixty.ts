import { setup } from 'xstate';

const COUNT = 60;

/** A machine of sixty states in a ring, with short cuts. */
export const sixty = setup({
  types: {} as { events: { type: 'next' | 'jump' } },
}).createMachine({
  id: 'sixty',
  initial: 's0',
  states: Object.fromEntries(
    Array.from({ length: COUNT }, (_, index) => [
      `s${index}`,
      { on: { next: `s${(index + 1) % COUNT}`, jump: `s${(index * 7) % COUNT}` } },
    ]),
  ),
});
