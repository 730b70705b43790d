/**
 * Calls host code that may answer at once, later, never or twice, with any kind of thenable, or with a value
 * that throws when it is read. Only the first answer counts.
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

/**
 * @returns Whether a promise that resolves with `value` would wait for it. @throws What the
 *   getter of its `then` throws.
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof value.then === 'function';
}

/**
 * @returns Whether `value` can have fields: it is an object or a function. Some hosts
 *   expose their objects as functions.
 */
export function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** @returns A field of `from`; `undefined` if reading it throws. */
export function read(from: unknown, key: PropertyKey): unknown {
  try {
    return isObject(from) ? from[key] : undefined;
  } catch {
    return undefined;
  }
}
