/**
 * The bare machine, for people who live in XState: `provide` its ports (`enterPin`, `otpLine`, `requestOtp`) and its effects
 * (`hold`, `refuse`, `replayStraggler`, `replayWaiting`, `rejectWaiting`, `rejectEverything`), and feed it the facts of your
 * calls. Unprovided, the ports fail closed and the effects do nothing.
 */
export * from '../machines/strong-auth/index.js';
