/** Lets an error of the host's own callback surface where the host sees it, without disturbing whoever called it. */
export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
