import { abort } from '../host/signals.js';
import type { SendOptions } from './transport.js';

/**
 * One sending of a request. The transport sees only its signal. It also identifies the answer that counts:
 * each sending has one, and the answers to earlier sendings of the call are ignored.
 */
export class Sending implements SendOptions {
  /**
   * Created when a transport reads the signal, because most never do. `aborted` if the
   * sending was abandoned before that.
   */
  private controller: AbortController | 'aborted' | undefined;

  /** @param holdsSecret Whether the request, and so an error of the transport, may hold an OTP or a token. */
  constructor(readonly holdsSecret = false) {}

  get signal(): AbortSignal {
    const { controller } = this;
    if (typeof controller === 'object') return controller.signal;
    const made = new AbortController();
    if (controller === 'aborted') made.abort();
    this.controller = made;
    return made.signal;
  }

  /** The answer is no longer wanted. A transport that reads the signal later finds it aborted. */
  static abandon(sending: Sending): void {
    const { controller } = sending;
    if (typeof controller === 'object') abort(controller);
    else sending.controller = 'aborted';
  }
}
