export * from './recovery.failures.js';
export { recoveryMachine } from './recovery.machine.js';
export * from './recovery.types.js';
export * from './recovery.view.js';
