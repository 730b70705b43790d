import type { ApiParameters } from '../protocol.js';

/** Takes the messages of a call: once for get, set and unsubscribe; for subscribe one acknowledgement, then one per event. */
export type PimsCallback = (message: unknown) => void;

/** The SDK's own surface as its pages show it (Get Started), minus the argument labels of Swift. */
export interface Pims {
  get(api: string, parameters: ApiParameters, callback: PimsCallback): void;
  set(api: string, parameters: ApiParameters, callback: PimsCallback): void;
  subscribe(api: string, parameters: ApiParameters, callback: PimsCallback): void;
  unsubscribe(api: string, parameters: ApiParameters, callback: PimsCallback): void;
  initialize?(parameters: unknown, callback: PimsCallback): void;
  release?(callback: PimsCallback): void;
}
