import type { ExecutableActionObject } from 'xstate';

/** How often each delay of a chart was started, by name: a delay that is started again has not passed. */
export type ArmedDelays = Readonly<Record<string, number>>;

/** @returns `armed`, with the delay that `action` starts, if it starts one. */
export function armedBy(
  action: Pick<ExecutableActionObject, 'type' | 'params'>,
  armed: ArmedDelays,
): ArmedDelays {
  const { event } = (action.params ?? {}) as { readonly event?: { readonly type: string } };
  const [, delay] =
    (action.type === 'xstate.raise' && /^xstate\.after\.(\w+)\./.exec(event?.type ?? '')) || [];
  return delay === undefined ? armed : { ...armed, [delay]: (armed[delay] ?? 0) + 1 };
}

/** @returns The names of the delays that were started between `before` and `after`. */
export const armedBetween = (before: ArmedDelays, after: ArmedDelays): string[] =>
  before === after ? [] : Object.keys(after).filter((delay) => after[delay] !== before[delay]);
