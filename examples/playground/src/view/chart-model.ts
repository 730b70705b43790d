import type { DrawnArrow, DrawnChart } from '../../build/drawn-chart.js';

/** @returns The leaves of a state value as paths: `wave.requestingOtp.withPin`. */
export function leavesOf(value: unknown, parents: readonly string[] = []): string[] {
  if (typeof value === 'string') return [[...parents, value].join('.')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...parents, name]));
}

/** @returns A path and those of the states around it, innermost first. */
export function withParents(path: string): string[] {
  const names = path.split('.');
  return names.map((_, index) => names.slice(0, names.length - index).join('.'));
}

/** @returns A state as the client names it, without the group it stands in: `requestingOtp.withPin`, `idle`. */
export const withoutGroup = (path: string): string => path.replace(/^\w+\./, '');

/** @returns The status that a state is reported as: without the group it stands in, and without what is inside it. */
export const statusOfPath = (path: string): string => {
  const [group = '', state = group] = path.split('.');
  return state;
};

/** @returns `after pinEntryTimeout`, not the name that XState gives such an event. */
export const nameOfEvent = (type: string): string => type.replace(/^xstate\.after\.(\w+)\..*$/, 'after $1');

/** What of a moment can be put in words. */
interface Seen {
  readonly active: readonly string[];
  readonly taken: readonly DrawnArrow[];
  readonly event: string;
}

/** @returns What the picture says by colours and lines: the active states, the arrow taken last, and those that are possible now. */
export function inWords(chart: DrawnChart, { active, taken, event }: Seen): string {
  const names = active.map((path) => path.split('.').reverse().join(' in '));
  const [first] = taken;
  const last = first && ` Taken last: ${event}, ${first.from} to ${taken.at(-1)?.to}.`;
  const around = new Set(active.flatMap(withParents));
  const ways = chart.arrows
    .filter(({ from }) => around.has(from))
    .flatMap(({ labels, to }) => labels.map((label) => `${eventOf(label)} to ${to}`));
  const possible = ways.length > 0 ? ` Possible now: ${[...new Set(ways)].join('; ')}.` : '';
  return `Active: ${names.join(' and ') || 'nothing'}.${last ?? ''}${possible}`;
}

const eventOf = (label: string): string => label.replace(/ \[.*$/, '');
const isInside = (path: string, state: string): boolean => path === state || path.startsWith(`${state}.`);

/**
 * @returns The arrows that were taken from one leaf to another by an event, through states that are only passed through too.
 *   None, if the event was answered without leaving the state, or on the machine as a whole.
 */
export function takenArrows(chart: DrawnChart, before: string, event: string, after: string): DrawnArrow[] {
  const name = nameOfEvent(event);
  const starting = withParents(before).flatMap((state) =>
    chart.arrows.filter(
      (arrow) => arrow.from === state && arrow.labels.some((label) => eventOf(label) === name),
    ),
  );
  const direct = starting.find(({ to }) => isInside(after, to));
  if (direct) return [direct];
  for (const first of starting) {
    const next = chart.arrows.find(
      ({ from, to, labels }) =>
        from === first.to && isInside(after, to) && labels.some((label) => eventOf(label) === 'always'),
    );
    if (next) return [first, next];
  }
  return [];
}
