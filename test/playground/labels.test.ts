import { strongAuthMachine } from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import { labellingOf } from '../../examples/playground/build/draw-chart.js';
import { recoveryLabelling } from '../../examples/playground/build/draw-recovery.js';
import { areSeenTogether, overlap, placeLabels } from '../../examples/playground/build/place-labels.js';

describe.each([
  ['the client', labellingOf(strongAuthMachine)],
  ['the recovery', await recoveryLabelling()],
])('the names of events in the chart of %s', (_, labelling) => {
  const { arrows, states, width, height } = labelling;
  const labels = placeLabels(labelling);
  const named = arrows.map(({ from, to }, index) => ({ name: `${from} → ${to[0]}`, label: labels[index] }));

  test('each arrow that an event takes has one', () => {
    expect(labels.length).toBeGreaterThan(15);
    const needed = named.filter((_, index) => arrows[index]?.events.length);
    expect(needed.filter(({ label }) => !label || label.box.left === label.box.right)).toEqual([]);
  });

  test('none covers a state, or leaves the picture', () => {
    const wrong = named.flatMap(({ name, label }) => {
      if (!label) return [`${name} has none`];
      const { box } = label;
      const isOutside = box.left < 0 || box.top < 0 || box.right > width || box.bottom > height;
      const covered = [...states].filter(([, state]) => overlap(box, state, 0) > 0);
      return [
        ...(isOutside ? [`${name} is outside`] : []),
        ...covered.map(([path]) => `${name} covers ${path}`),
      ];
    });
    expect(wrong).toEqual([]);
  });

  test('none covers another that is shown at the same time', () => {
    const wrong = arrows.flatMap((one, index) =>
      arrows.slice(index + 1).flatMap((other, offset) => {
        const [first, second] = [labels[index], labels[index + 1 + offset]];
        if (!first || !second || !areSeenTogether(one, other, [...states.keys()])) return [];
        if (overlap(first.box, second.box, 0) === 0) return [];
        return [
          `${one.from} → ${one.to[0]}: ${one.lines} and ${other.from} → ${other.to[0]}: ${other.lines}`,
        ];
      }),
    );
    expect(wrong).toEqual([]);
  });
});
