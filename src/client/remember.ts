import type { SnapshotFrom } from 'xstate';
import type { StrongAuthContext, strongAuthMachine } from '../../machines/strong-auth/index.js';

type Machine = typeof strongAuthMachine;
type Snapshot = SnapshotFrom<Machine>;

/** What every call brings, and what is nothing but a name: one answer of the chart holds for all of them. */
type Traffic = 'calls.started' | 'calls.landed';

const isTraffic = (type: string): type is Traffic => type === 'calls.started' || type === 'calls.landed';

/**
 * Composes a logic over the machine that remembers where the first call leads and where the last landing leads, instead of
 * working it out for each: most of what a call costs is XState's walk through the chart, and from one snapshot the same event
 * always leads to the same.
 *
 * The chart is asked once for each snapshot. An answer that does something, as an action, an assignment or a child, is never
 * remembered, so a chart that is changed to do something there does it each time.
 */
export function rememberTraffic(machine: Machine): Machine {
  const answers = new WeakMap<Snapshot, { [Type in Traffic]?: Snapshot }>();
  /** One snapshot for each state a context was seen in: without it each rest would be a new place to come from. */
  const places = new WeakMap<StrongAuthContext, Map<string, Snapshot>>();

  const placeOf = (snapshot: Snapshot): Snapshot => {
    const { context, value } = snapshot;
    const name = JSON.stringify(value);
    const ofContext = places.get(context) ?? new Map<string, Snapshot>();
    places.set(context, ofContext);
    const seen = ofContext.get(name);
    if (seen && isSameButState(seen, snapshot)) return seen;
    ofContext.set(name, snapshot);
    return snapshot;
  };

  // What an actor calls of its logic is the machine's own, bound to it; only the transition is another.
  return {
    ...machine,
    transition(...[snapshot, event, scope]: Parameters<Machine['transition']>): Snapshot {
      const { type } = event;
      if (!isTraffic(type)) return machine.transition(snapshot, event, scope);
      const known = answers.get(snapshot)?.[type];
      if (known) return known;

      let hasActed = false;
      const next = machine.transition(snapshot, event, {
        ...scope,
        actionExecutor(action) {
          hasActed = true;
          scope.actionExecutor(action);
        },
      });
      if (hasActed || !isSameButState(snapshot, next)) return next;
      const place = placeOf(next);
      answers.set(snapshot, { ...answers.get(snapshot), [type]: place });
      return place;
    },
  } as Machine;
}

function isSameButState(a: Snapshot, b: Snapshot): boolean {
  return (
    a.status === b.status &&
    a.context === b.context &&
    a.children === b.children &&
    a.historyValue === b.historyValue
  );
}
