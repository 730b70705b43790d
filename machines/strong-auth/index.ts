export * from './strong-auth.failures.js';
export { strongAuthMachine } from './strong-auth.machine.js';
export * from './strong-auth.types.js';
export * from './strong-auth.view.js';
