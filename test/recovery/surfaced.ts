import { vi } from 'vitest';

/** The errors of host code that surface. */
export function surfaced(): unknown[] {
  const errors: unknown[] = [];
  vi.stubGlobal('queueMicrotask', (callback: () => void) => {
    void Promise.resolve()
      .then(callback)
      .catch((error: unknown) => errors.push(error));
  });
  return errors;
}
