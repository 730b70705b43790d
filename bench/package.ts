/*
 * The package that is measured: the built one in dist, as it is published, unless BENCH_PACKAGE names another folder. The processes
 * of the contenders inherit it.
 */
const folder = process.env.BENCH_PACKAGE ?? new URL('../dist', import.meta.url).href;

export const { createStrongAuth }: typeof import('../src/index.js') = await import(`${folder}/index.js`);
export const { strongAuthMachine }: typeof import('../src/machine.js') = await import(`${folder}/machine.js`);
