import { type AnyStateNode, getStateNodes } from 'xstate';
import { causes, type WorldEvent } from './events.js';
import type { World, WorldCall, WorldOptions } from './world-state.js';

/** Whether a call that has settled may be made again. */
type Renewable = Required<Pick<WorldOptions, 'renewable'>>;

/** The port that sends the events with a name prefix. */
const PORTS: Readonly<Record<string, string>> = { pin: 'enterPin', otp: 'requestOtp', recovery: 'recover' };

/** @returns The possible events, derived from the machine's active nodes and the phases of the calls. */
export function possibleEvents(world: World, rules: Renewable): WorldEvent[] {
  if (world.ended) return [];
  const events: WorldEvent[] = [];
  world.calls.forEach(({ phase, kind }, call) => {
    if (canBeMade(phase, rules) && !kind.endsWith('OfPrompt')) events.push({ type: 'call.made', call });
    if (phase === 'inFlight') {
      events.push(
        { type: 'call.succeeded', call },
        { type: 'call.failed', call },
        { type: 'call.challenged', call },
      );
    }
    if (phase === 'inFlight' || phase === 'waiting' || phase === 'queued')
      events.push({ type: 'call.aborted', call });
  });
  const ports = activePorts(world.machine);
  for (const [type, cause] of Object.entries(causes)) {
    if (typeof cause === 'string') continue;
    const port = PORTS[type.split('.')[0] as string];
    if (port === 'requestOtp' && world.heldOtp !== undefined) continue;
    if (port === undefined || ports.includes(port)) events.push(...cause);
  }
  if (world.line === 'abandoned') events.push({ type: 'otp.answeredLate' });
  if (world.emptyWave === 'turn') return [...events, { type: 'turn.ended' }]; // time passes only between turns
  for (const delay of activeDelays(world.machine)) events.push({ type: 'timeout', delay });
  if (!world.retryDue) events.push({ type: 'retryTime.came' });
  return events;
}

/** Whether the call may be made now. */
export const canBeMade = (phase: WorldCall['phase'], { renewable }: Renewable): boolean =>
  phase === 'unmade' || (renewable && phase === 'settled');

/** The active nodes of the chart. */
export const activeNodes = ({ machine, value }: World['machine']): AnyStateNode[] =>
  getStateNodes(machine.root, value);

/** The ports that the chart has open. */
export const activePorts = (machine: World['machine']): string[] =>
  activeNodes(machine).flatMap((node) => node.invoke.map(({ src }) => String(src)));

const activeDelays = (machine: World['machine']): string[] =>
  activeNodes(machine).flatMap((node) => node.after.map(({ delay }) => String(delay)));
