import type { ManualClock } from 'strong-auth-machine/simulator';
import type { Answers, Manners } from './manners.js';

/** The host's budget of OTPs, whose store answers in any manner. */
export function budgetOf(host: { answer(answers: Answers): unknown }, manners: Manners, time: ManualClock) {
  const { chance } = manners;
  const store = {
    load: () =>
      host.answer({
        place: 'store.load',
        well: () => {
          const now = time.now();
          return chance.pick([[], [now - 1000], [now - 86_400_000, now + 86_400_000]]);
        },
        hostile: () =>
          chance.maybe(0.5) ? [manners.hostile('store.load'), 1] : manners.hostile('store.load'),
      }) as number[],
    save: () => host.answer({ place: 'store.save', well: () => undefined }) as undefined,
  };
  return {
    max: chance.between(1, 4),
    perMs: chance.pick([5000, 3_600_000]),
    ...(chance.maybe(0.8) && { store }),
  };
}
