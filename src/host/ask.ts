/**
 * Calls host code that may answer at once, later, never or twice, with a promise of any make, or with something that throws
 * when it is looked at. The first answer counts.
 */
export function ask<T>(
  call: () => T | PromiseLike<T>,
  onAnswer: (answer: T) => void,
  onError: (error: unknown) => void,
): void {
  let isOpen = true;
  const first =
    <A>(next: (value: A) => void) =>
    (value: A) => {
      if (!isOpen) return;
      isOpen = false;
      next(value);
    };
  const [answer, fail] = [first(onAnswer), first(onError)];
  let given: T | PromiseLike<T>;
  try {
    given = call();
    if (isThenable(given)) {
      Promise.resolve(given).then(answer, fail);
      return;
    }
  } catch (error) {
    return fail(error);
  }
  answer(given);
}

/** @returns Whether a promise that resolves with `value` would wait for it. Throws what its `then` throws when it is read. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof value.then === 'function';
}

/** @returns Whether `value` can have fields: an object, or a function, as which some hosts show theirs. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** @returns A field of something that may refuse to be read; then `undefined`. */
export function read(from: unknown, key: string): unknown {
  try {
    return isObject(from) ? from[key] : undefined;
  } catch {
    return undefined;
  }
}
