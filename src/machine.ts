/**
 * The bare machine, for people who live in XState: `provide` its ports (`enterPin`, `otpLine`, `requestOtp`) and its effects
 * (`hold`, `refuse`, `replayStraggler`, `replayWaiting`, `rejectWaiting`, `rejectEverything`), and feed it the facts of your
 * calls. Unprovided, the ports fail closed and the effects do nothing. See docs/guides/bare-machine.md.
 */

/** The same of the recovery: ports `ask`, `request` and `sendSms`, effects `resolveFlow` and `rejectFlow`. */
export * from '../machines/recovery/index.js';
export * from '../machines/strong-auth/index.js';
export { defaultPolicy, type OtpBudget, type OtpBudgetStore, type Policy } from './host/policy.js';
