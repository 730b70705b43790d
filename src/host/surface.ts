/**
 * Throws an error of the host's own callback asynchronously, so that the host sees it
 * and the caller is not disturbed.
 */
export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
