import { statusOf } from '../../machines/strong-auth/index.js';
import type { World, WorldOptions } from './world-state.js';

/**
 * Counts that only grow, and wave numbers, are left out or made relative: they do not change what can happen.
 */
export function keyOf(
  world: World,
  { replays, renewable }: Required<Pick<WorldOptions, 'replays' | 'renewable'>>,
): string {
  const { value, context } = world.machine;
  const { waves, lasting, failure, inFlight, attempt, pins, malformed, reason, hasReset, hasRecovered } =
    context;
  const status = statusOf(world.machine);
  const ofWave = status === 'needStrongAuth' || status === 'requestingOtp' || status === 'recovering';
  const calls = world.calls.map((call) => {
    const { kind, phase, rounds, freeRounds, isReplay, isFree, hasTurn, isAnew, madeBy, wave, outcome } =
      call;
    if (renewable && phase === 'settled') return [kind, 'unmade']; // the outcome does not matter
    if (phase === 'settled' || phase === 'unmade') return [kind, phase, outcome];
    const isLate = phase === 'inFlight' && wave < waves;
    const joinedLate = phase === 'waiting' && call.pins === pins && pins > 0;
    const isOfPrompt = madeBy !== undefined && status === 'needStrongAuth' && madeBy === world.prompts;
    const before = replays === 'serial' && world.calls.filter(({ made }) => made < call.made).length;
    const queued = phase === 'queued' && isFree;
    return [
      kind,
      phase,
      rounds,
      freeRounds,
      isReplay,
      queued,
      hasTurn,
      isAnew,
      isLate,
      joinedLate,
      isOfPrompt,
      before,
    ];
  });
  const wave = ofWave && [inFlight, attempt, Math.min(pins, 1), malformed, reason, hasReset, hasRecovered];
  const budget = Math.max(0, world.otpBudget - world.otpRequests.length);
  const { line, emptyWave, heldOtp, retryDue } = world;
  const remembered = [lasting?.code, failure?.code, context.serverAttemptsLeft];
  return JSON.stringify([value, remembered, wave, calls, line, budget, emptyWave, heldOtp, retryDue]);
}
