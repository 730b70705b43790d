export type { HarmlessCall } from './checks/live.js';
export { type BridgeOptions, type BridgeUnderTest, checkTransport, transportChecks } from './conformance.js';
export { checkLiveTransport, type LiveBridge, liveTransportChecks } from './live.js';
export type { TransportCheckResult, TransportReport } from './report.js';
export { ConformanceError, type TransportCheck } from './transport-check.js';
