import type { Arrow, Chart, ChartState } from './definition.js';

/** How many transitions on the same event are compared. */
const MOST_COMPARED = 50;

/**
 * @returns The arrows that led from one set of active leaves to another on an event. The message tells only where the machine came
 *   to rest, so states that it passed through are found in the chart.
 */
export function takenArrows(
  chart: Chart,
  before: readonly string[],
  event: string,
  after: readonly string[],
): Arrow[] {
  const wasActive = withParents(before);
  const isActive = withParents(after);
  const first = chart.arrows.filter(
    ({ from, labels }) => wasActive.has(from.path) && labels.some((label) => matches(label.event, event)),
  );
  const direct = first
    .filter(({ to }) => isActive.has(to.path) || to.type === 'history')
    .slice(0, MOST_COMPARED);
  // Of two that fit, the machine took that of the inner state.
  const taken = direct.filter(
    ({ from, to }) =>
      !direct.some((other) => other.from !== from && isWithin(other.from, from) && other.to === to),
  );
  if (taken.length > 0) return taken;
  for (const arrow of first) {
    const rest = follow(chart, arrow.to, isActive, new Set());
    if (rest) return [arrow, ...rest];
  }
  return [];
}

/**
 * @param seen The states that are not followed again.
 * @returns The arrows without an event from a state to one that is active; nothing if there are none.
 */
function follow(
  chart: Chart,
  from: ChartState,
  isActive: ReadonlySet<string>,
  seen: Set<ChartState>,
): Arrow[] | undefined {
  if (isActive.has(from.path)) return [];
  const entered = new Set<ChartState>();
  for (let state: ChartState | undefined = from; state && !seen.has(state); state = state.initial) {
    seen.add(state);
    entered.add(state);
  }
  for (const arrow of chart.arrows) {
    if (!entered.has(arrow.from) || !arrow.labels.some(isWithoutEvent)) continue;
    const rest = follow(chart, arrow.to, isActive, seen);
    if (rest) return [arrow, ...rest];
  }
  return undefined;
}

const isWithoutEvent = ({ event }: { readonly event: string | undefined }): boolean =>
  event === undefined || event.startsWith('xstate.done.state.');

function matches(descriptor: string | undefined, event: string): boolean {
  if (descriptor === undefined) return false;
  if (descriptor === event) return true;
  if (descriptor === '*') return !event.startsWith('xstate.');
  return descriptor.endsWith('.*') && event.startsWith(descriptor.slice(0, -1));
}

function isWithin(inner: ChartState, outer: ChartState): boolean {
  for (let state = inner.parent; state; state = state.parent) if (state === outer) return true;
  return false;
}

/** @returns The paths of the leaves and of all states around them. */
export function withParents(leaves: readonly string[]): Set<string> {
  const paths = new Set<string>();
  for (const leaf of leaves)
    for (let end = leaf.length; end > 0; end = leaf.lastIndexOf('.', end - 1)) paths.add(leaf.slice(0, end));
  return paths;
}
