import { expect, test } from 'vitest';
import { handWritten } from '../../bench/contenders/hand-written.js';
import { strongAuthMachine } from '../../bench/contenders/strong-auth-machine.js';
import { probe, type Verdict } from '../../bench/probes.js';
import { fill } from '../../bench/report.js';

const wrongIn = (verdicts: readonly Verdict[], { name }: { name: string }) =>
  verdicts.flatMap(({ title, wrong }) => (wrong[name] ? [`${title}: ${wrong[name]}`] : []));

test('the package gives the right answer to everything that the bench asks, and the bench notices who does not', async () => {
  const verdicts = await probe([strongAuthMachine, handWritten]);
  expect(wrongIn(verdicts, strongAuthMachine)).toEqual([]);
  const slips = wrongIn(verdicts, handWritten);
  expect(slips).toContain('A wrong PIN (2308): asked again, while the calls wait: loses 2 of 2 calls');
  expect(slips).toContain('The user never answers: the call ends all the same: hangs');
  expect(slips.length).toBeLessThan(verdicts.length / 2); // it is a careful one
}, 30_000);

test('what people wrote around a measured table stays when the bench is run again', () => {
  const document = 'Before.\n\n<!-- bench:a -->\n\nold\n\n<!-- /bench:a -->\n\nAfter.\n';
  expect(fill(document, 'a', 'new')).toBe(document.replace('old', 'new'));
  expect(() => fill(document, 'b', 'new')).toThrow('no place for b');
});
