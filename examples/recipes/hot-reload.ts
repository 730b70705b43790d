/** What `import.meta.hot` is, in Vite; `module.hot` of webpack has the same `data`. */
export interface Hot {
  /** What the module before this one has left. */
  readonly data: Record<string, unknown>;
}

/**
 * Keeps the client over a hot reload of the module that makes it: `export const car = keep(import.meta.hot, 'car', createCar)`. Made anew,
 * it would leave the calls and the prompt of the one before to nobody.
 *
 * After a change of `make` itself, reload the page.
 */
export function keep<Kept>(hot: Hot | undefined, name: string, make: () => Kept): Kept {
  if (!hot) return make(); // in production
  hot.data[name] ??= make();
  return hot.data[name] as Kept;
}
