import type { ExecutableActionObject, SnapshotFrom } from 'xstate';
import type { StrongAuthContext, strongAuthMachine } from '../machines/strong-auth/index.js';

type Machine = typeof strongAuthMachine;
type Snapshot = SnapshotFrom<Machine>;
type Args = ExecutableActionObject['info'];

/** Something that the chart names. */
interface Step {
  readonly type: string;
  readonly params?: unknown;
}

/** What it stands for: something to do or, made by `assign`, a change of context. XState's other actions can only be resolved. */
type Implementation = NonNullable<ExecutableActionObject['exec']> & {
  readonly assignment?: Assignment;
  readonly resolve?: unknown;
};
type Assignment = ((args: Args, params: unknown) => object) | Readonly<Record<string, unknown>>;

/**
 * Lets the machine answer an event that leads to no other state, as the challenge of a call that joins a wave, without XState's
 * search for the states to leave and to enter: it costs several times as much as all that such an event brings about.
 *
 * The chart decides all the same: XState selects its transition, by its guards. Only if that does nothing but change the context
 * and act is it carried out here, in the chart's order. Everything else is left to XState, and so is an `assign` that holds its
 * changes otherwise than in `assignment`.
 *
 * @returns `machine` itself. Nobody else must hold it, and it tells an inspector no microstep of what it answers so.
 */
export function answerInPlace(machine: Machine): Machine {
  const implementationOf = ({ type }: Step) =>
    machine.implementations.actions?.[type] as Implementation | undefined;
  const isSimple = (step: Step): boolean => {
    const implementation = implementationOf(step);
    return (
      implementation !== undefined && (!implementation.resolve || implementation.assignment !== undefined)
    );
  };

  const walk = machine.transition;
  machine.transition = (snapshot, event, scope) => {
    // XState's own events are about starting, stopping and failing.
    const isOurs = !event.type.startsWith('xstate.');
    const [transition, ...others] = isOurs ? machine.getTransitionData(snapshot, event) : [];
    const steps = transition?.actions.map(stepOf);
    const staysHere = !transition?.target && !others.length && !snapshot._nodes.some(({ always }) => always);
    if (!steps || !staysHere || !steps.every(isSimple)) return walk(snapshot, event, scope);

    let context: StrongAuthContext = snapshot.context;
    for (const step of steps) {
      const info = { context, event, self: scope.self, system: scope.system } as unknown as Args;
      const params = given(step.params, info);
      const exec = implementationOf(step) as Implementation; // it is simple
      if (exec.assignment) context = { ...context, ...changesOf(exec.assignment, info, params) };
      else scope.actionExecutor({ type: step.type, info, params, exec });
    }
    return context === snapshot.context ? snapshot : ({ ...snapshot, context } as Snapshot);
  };
  return machine;
}

const stepOf = (action: unknown): Step => (typeof action === 'string' ? { type: action } : (action as Step));

const given = (value: unknown, args: Args, params?: unknown): unknown =>
  typeof value === 'function' ? value(args, params) : value;

function changesOf(assignment: Assignment, args: Args, params: unknown): object {
  if (typeof assignment === 'function') return assignment(args, params);
  const changes: Record<string, unknown> = {};
  for (const key of Object.keys(assignment)) changes[key] = given(assignment[key], args, params);
  return changes;
}
