import type { SnapshotFrom } from 'xstate';
import type { StrongAuthContext, strongAuthMachine } from '../../machines/strong-auth/index.js';

type Machine = typeof strongAuthMachine;
type Snapshot = SnapshotFrom<Machine>;

/** The events of every call. They carry no data, so the chart's result is the same for all calls. */
type Traffic = 'calls.started' | 'calls.landed';

const isTraffic = (type: string): type is Traffic => type === 'calls.started' || type === 'calls.landed';

/**
 * Wraps the machine's logic to remember where the first call and the last landing lead from each snapshot.
 * Most of the cost of a call is XState's evaluation of the chart, and from one snapshot the same event
 * always leads to the same state.
 *
 * The chart is evaluated once for each snapshot. A transition with an effect (an action, an assignment, a
 * child) is never remembered, so a chart that gets such an effect runs it each time.
 */
export function rememberTraffic(machine: Machine): Machine {
  const answers = new WeakMap<Snapshot, { [Type in Traffic]?: Snapshot }>();
  /**
   * One snapshot per context and state. Otherwise each return to rest would be a new
   * snapshot without a remembered result.
   */
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

  // The actor uses the machine's own bound functions; only `transition` is replaced.
  return {
    ...machine,
    transition(snapshot, event, scope): Snapshot {
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
