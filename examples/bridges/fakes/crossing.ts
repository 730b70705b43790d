/** Lets something happen in a task of its own, after those that were asked for before: nothing crosses a bridge at once. */
export const cross = (arrive: () => void): void => void setTimeout(arrive, 0);

/** @returns What is left of a value on the other side: text crosses, and nothing else. */
export const toText = (value: unknown): string => JSON.stringify(value) ?? 'null';

/** @returns A function that calls `run` once: platforms end the app if one call is answered twice. */
export function atMostOnce<Value>(run: (value: Value) => void): (value: Value) => void {
  let isDone = false;
  return (value) => {
    if (isDone) return;
    isDone = true;
    run(value);
  };
}
