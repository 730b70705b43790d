import { type AnyStateMachine, type EventFromLogic, type SnapshotFrom, transition } from 'xstate';

/** The result of a transition: the next state, and the effects that the chart requests. */
export type ChartAnswer<Chart extends AnyStateMachine> = ReturnType<typeof transition<Chart>>;

/**
 * XState's pure `transition`, for exploring graphs. XState's own computes the initial state
 * each time, without input. For a chart that needs input, this throws and catches an error,
 * which takes as long as the rest.
 *
 * @returns The state after `event`, and the effects that the chart requests.
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
