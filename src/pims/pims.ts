import type { ApiParameters } from '../messages/message.js';

/** Takes the messages of a call: once for get, set and unsubscribe; for subscribe one acknowledgement, then one per event. */
export type PimsCallback = (message: unknown) => void;

/** The SDK's own surface as its pages show it (Get Started), minus the argument labels of Swift. */
export interface Pims {
  /** Reads. `callback` gets one message. */
  get(api: string, parameters: ApiParameters, callback: PimsCallback): void;
  /** Writes or commands. `callback` gets one message. */
  set(api: string, parameters: ApiParameters, callback: PimsCallback): void;
  /** Registers for events. `callback` gets the acknowledgement, then one message per event. */
  subscribe(api: string, parameters: ApiParameters, callback: PimsCallback): void;
  /** Ends the subscription of `api`. `callback` gets one message. */
  unsubscribe(api: string, parameters: ApiParameters, callback: PimsCallback): void;
  /** Starts the SDK. Never challenged. */
  initialize?(parameters: unknown, callback: PimsCallback): void;
  /** Ends it. */
  release?(callback: PimsCallback): void;
}
