import { type AnyStateMachine, type EventFromLogic, type SnapshotFrom, transition } from 'xstate';

/** Where an event leads, and what the chart asks for on the way. */
export type ChartAnswer<Chart extends AnyStateMachine> = ReturnType<typeof transition<Chart>>;

/**
 * XState's pure `transition`, for exploring graphs. XState's own begins the chart each time, without input: for a chart that takes
 * one that is an exception, which takes as long as the rest.
 *
 * @returns The state after `event`, and the effects that the chart asks for.
 */
export function askChart<Chart extends AnyStateMachine>(
  snapshot: SnapshotFrom<Chart>,
  event: EventFromLogic<Chart>,
): ChartAnswer<Chart> {
  const begun = Object.create((snapshot as { machine: Chart }).machine, {
    getInitialSnapshot: { value: () => snapshot },
  });
  return transition(begun as Chart, snapshot, event);
}
