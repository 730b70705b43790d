import { abort } from '../host/signals.js';
import type { SendOptions } from './transport.js';

/**
 * One sending of a request, as the transport sees it: its signal, and nothing else. It also tells which answer is heard: a
 * sending has one, and an earlier sending of the same call has none any more.
 */
export class Sending implements SendOptions {
  /** Made when a transport reads the signal, since most never do; `aborted` if that was over before. */
  private controller: AbortController | 'aborted' | undefined;

  /** @param holdsSecret Whether the request may hold an OTP or a token, and so may what the transport throws. */
  constructor(readonly holdsSecret = false) {}

  get signal(): AbortSignal {
    const { controller } = this;
    if (typeof controller === 'object') return controller.signal;
    const made = new AbortController();
    if (controller === 'aborted') made.abort();
    this.controller = made;
    return made.signal;
  }

  /** Nobody waits for the answer any more; said also to a transport that reads the signal later. */
  static abandon(sending: Sending): void {
    const { controller } = sending;
    if (typeof controller === 'object') abort(controller);
    else sending.controller = 'aborted';
  }
}
