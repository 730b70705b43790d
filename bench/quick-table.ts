import { LIMITS } from './budgets.js';
import { handWritten } from './contenders/hand-written.js';
import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { version01, withoutVersion01 } from './contenders/version-0.1.js';
import { bareTransport } from './contenders.js';
import { spreadIn, timesAsMuch } from './report.js';
import { byHand, ofVersion01, ours, overBare } from './results.js';
import { type Spreads, times, wave } from './times.js';

const those = [strongAuthMachine, ...(version01 ? [version01] : []), handWritten];

/** The figures as a row of the table, by the name of their column. */
function rowOf(spreads: Spreads): Record<string, string> {
  const before = ofVersion01(spreads)?.median;
  return {
    ...Object.fromEntries(Object.entries(spreads).map(([name, spread]) => [name, spreadIn('µs', spread)])),
    ...(before && { 'to version 0.1': timesAsMuch(ours(spreads), before) }),
    'to the hand-written one': timesAsMuch(ours(spreads), byHand(spreads)),
  };
}

/** Measures the calls that the budgets of the core are about, prints them, and writes no document. Takes some 15 seconds. */
export async function printQuickTable(): Promise<void> {
  if (withoutVersion01) console.error(withoutVersion01);
  const oneByOne = await times('oneByOne', { rounds: 31, warmUps: 15 }, [...those, bareTransport]);
  // Without the bare transport, which has nobody to enter the PIN.
  const inWave = (await wave(1_000, { rounds: 41, warmUps: 20 }, those)).times;
  console.table({ 'one after another': rowOf(oneByOne), 'a wave of 1,000': rowOf(inWave) });

  const own = overBare(oneByOne, ours(oneByOne));
  const before = ofVersion01(oneByOne)?.median;
  const ratio = before
    ? `, ${timesAsMuch(own, overBare(oneByOne, before))} version 0.1 (at most ${LIMITS.toVersion01}×)`
    : '';
  console.log(`A call over the bare transport: ${own.toFixed(2)} µs (at most ${LIMITS.call} µs)${ratio}.`);
  console.log(`A waiting call: ${ours(inWave).toFixed(2)} µs (at most ${LIMITS.waitingCall} µs).`);
}
