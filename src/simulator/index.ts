/** The SDK in memory, faithful and deterministic: for development, demonstrations and tests. */
export type { AccountState, BlockedAs, DeviceRefusal, EnrolmentState, SmsCodeOnEnroll } from './account.js';
export type { BrandGroup, SdkVersion } from './apis.js';
export type { Effects, SeenOtpRequest, SeenRequest } from './effects.js';
export type { Fault, FaultKind, FaultMatch, FaultMix, RequestMatch } from './faults.js';
export type { Human, HumanPrompt } from './human.js';
export { createManualClock, type ManualClock } from './manual-clock.js';
export type { SimulatorOptions } from './options.js';
export { createSimulator, type HeldAnswers, type Simulator } from './simulator.js';
