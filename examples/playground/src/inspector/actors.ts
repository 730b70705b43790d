import { chart } from 'virtual:strong-auth-chart';
import { type AnyStateMachine, createMachine } from 'xstate';
import { type Chart, chartOf } from '../../../../scripts/chart.js';
import type { DrawnArrow } from '../../build/drawn-chart.js';
import { leavesOf, nameOfEvent, takenArrows } from '../view/chart-model.js';
import type { Received } from './receive.js';

/** How many events of an actor are kept. */
const KEPT = 200;

/** One event that an actor got. */
export interface SeenEvent {
  readonly number: number;
  readonly at: number;
  readonly type: string;
  /** What else was sent of it, in words. */
  readonly facts: string;
}

/** An actor of an app, as far as it was told. */
export interface SeenActor {
  readonly name: string;
  /** Its chart; nothing if it is no machine, or its definition makes none. */
  readonly machine: AnyStateMachine | undefined;
  /** Whether its chart is the one that this page has a picture of. */
  readonly isKnown: boolean;
  active: readonly string[];
  taken: readonly DrawnArrow[];
  /** The event that took them. */
  takenBy: string;
  status: string;
  context: Readonly<Record<string, unknown>>;
  events: readonly SeenEvent[];
}

/** @returns The actor that a message registers. */
export function register({ name, definition, sessionId, snapshot }: Received): SeenActor {
  const machine = machineOf(definition);
  const actor: SeenActor = {
    name: typeof name === 'string' ? name : sessionId,
    machine,
    isKnown: machine !== undefined && signatureOf(chartOf(machine)) === KNOWN,
    active: [],
    taken: [],
    takenBy: '',
    status: 'active',
    context: {},
    events: [],
  };
  look(actor, snapshot);
  return actor;
}

/** Takes what a message tells about its actor. */
export function update(actor: SeenActor, { type, event, snapshot, createdAt }: Received): void {
  const name = String(fieldsOf(event).type ?? '');
  if (type === '@xstate.event') {
    const { type: _, ...facts } = fieldsOf(event);
    const number = (actor.events[0]?.number ?? 0) + 1;
    const seen = { number, at: Number(createdAt), type: name, facts: inWords(facts) };
    actor.events = [seen, ...actor.events].slice(0, KEPT);
  }
  if (type !== '@xstate.snapshot') return;
  const [before = ''] = actor.active;
  look(actor, snapshot);
  const [after = ''] = actor.active;
  const arrows = actor.isKnown ? takenArrows(chart, before, name, after) : [];
  if (arrows.length === 0 && before === after) return;
  actor.taken = arrows;
  actor.takenBy = nameOfEvent(name);
}

function look(actor: SeenActor, snapshot: unknown): void {
  const { value, status, context } = fieldsOf(snapshot);
  if (value !== undefined) actor.active = leavesOf(value);
  if (typeof status === 'string') actor.status = status;
  actor.context = fieldsOf(context);
}

/** @returns The chart that a definition describes. It runs nothing: it is only looked at. */
function machineOf(definition: unknown): AnyStateMachine | undefined {
  if (typeof definition !== 'string') return undefined;
  try {
    const config: unknown = JSON.parse(definition);
    if (Object.keys(fieldsOf(fieldsOf(config).states)).length === 0) return undefined;
    const machine = createMachine(config as Parameters<typeof createMachine>[0]) as AnyStateMachine;
    chartOf(machine); // what makes no chart says so now
    return machine;
  } catch {
    return undefined;
  }
}

/** @returns What two charts have in common if they are drawn alike. */
const signatureOf = ({ states, arrows }: Chart): string =>
  signature(
    states.map(({ path }) => path.join('.')),
    arrows.map(({ from, to, labels }) => ({ from: from.path.join('.'), to: to.path.join('.'), labels })),
  );

const signature = (
  states: readonly string[],
  arrows: readonly Pick<DrawnArrow, 'from' | 'to' | 'labels'>[],
): string => JSON.stringify([states, arrows.map(({ from, to, labels }) => [from, to, labels])]);

const KNOWN = signature(
  chart.states.map(({ path }) => path),
  chart.arrows,
);

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** @returns Fields as `name value`, flat. */
export function inWords(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
