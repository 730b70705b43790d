import type { Grants } from '../authentication/grants.js';
import { ask } from '../host/ask.js';
import { surface } from '../host/surface.js';
import {
  type ApiMessage,
  type ApiRequest,
  readHostRequest,
  type SucceededMessage,
} from '../messages/message.js';
import { Sending } from '../messages/sending.js';
import type { Tell } from '../messages/telemetry.js';
import type { Transport } from '../messages/transport.js';
import type { Call, Registration, Subscriber } from './call.js';
import type { MachineLine } from './machine-line.js';

/**
 * The running subscriptions by API name, the only thing by which the SDK tells them apart.
 * Delivers their events and ends them.
 */
export class Subscriptions {
  private readonly running = new Map<string, Set<Call>>();
  /** How many subscribes of each API have not settled. */
  private readonly pending = new Map<string, number>();

  constructor(
    private readonly parts: {
      readonly transport: Transport;
      readonly grants: Pick<Grants, 'applier'>;
      readonly tell: Tell;
      readonly line: MachineLine;
    },
  ) {}

  /** A subscribe was made. */
  expect(call: Call): void {
    this.count(apiOf(call), 1);
  }

  /**
   * A subscribe has settled. Unless the subscription runs now, later messages
   * of its registration are ignored.
   */
  settled(call: Call): void {
    this.count(apiOf(call), -1);
    if (!this.isRunning(call)) discard(call);
  }

  /** The SDK has acknowledged the subscribe. From now on it can be ended, even before its caller is told. */
  start(call: Call): void {
    const api = apiOf(call);
    this.running.set(api, (this.running.get(api) ?? new Set()).add(call));
  }

  /** Delivers the acknowledgement, then the events that came before it. */
  open(call: Call, message: SucceededMessage): void {
    const subscription = call.subscription as Subscriber;
    const { registration } = subscription;
    deliver(subscription, message);
    for (const event of registration?.early.splice(0) ?? []) {
      // The listener of the event before may have ended this subscription, or everything.
      if (subscription.registration !== registration || this.parts.line.isOver(call)) return;
      deliver(subscription, event);
    }
  }

  /** An event came, before or after the acknowledgement. */
  take({ subscription }: Call, registration: Registration, event: ApiMessage): void {
    if (registration.isAcknowledged) deliver(subscription as Subscriber, event);
    else registration.early.push(event);
  }

  /** A running subscription received something that is no message. */
  drop(call: Call): void {
    this.parts.tell?.({ type: 'eventDropped', api: apiOf(call) });
  }

  /** Ends a running subscription. @returns Whether it was still running. */
  end(call: Call): boolean {
    const api = apiOf(call);
    const ofApi = this.running.get(api);
    if (!ofApi?.delete(call)) return false;
    if (ofApi.size === 0) this.running.delete(api);
    const { sending } = (call.subscription as Subscriber).registration as Registration;
    discard(call);
    call.unwatch?.();
    Sending.abandon(sending);
    this.parts.tell?.({ type: 'subscriptionEnded', api });
    return true;
  }

  /** The subscription's own signal has aborted: ends it, and unsubscribes at the SDK. */
  abort(call: Call): void {
    if (this.end(call)) this.takeBack(apiOf(call));
  }

  /** Ends all subscriptions of one API. */
  endAllOf(api: string): void {
    for (const call of [...(this.running.get(api) ?? [])]) this.end(call);
  }

  /** Ends all subscriptions, and unsubscribes at the SDK. */
  abandonAll(): void {
    for (const api of [...this.running.keys()]) {
      this.endAllOf(api);
      this.takeBack(api);
    }
  }

  /** Unsubscribes at the SDK, unless another subscription of the same name runs or is pending. */
  takeBack(api: string): void {
    if (this.running.has(api) || (this.pending.get(api) ?? 0) > 0) return;
    const { transport, grants } = this.parts;
    const request: ApiRequest = { verb: 'unsubscribe', api };
    const nothing = () => {};
    const send = (made: ApiRequest) => ask(() => transport.send(made, new Sending()), nothing, nothing);
    const apply = grants.applier();
    if (!apply) return send(request);
    ask(
      () => apply(request),
      (made) => {
        const applied = readHostRequest(made);
        if (applied) send(applied);
      },
      nothing,
    );
  }

  private isRunning(call: Call): boolean {
    return this.running.get(apiOf(call))?.has(call) ?? false;
  }

  private count(api: string, more: number): void {
    const left = (this.pending.get(api) ?? 0) + more;
    if (left > 0) this.pending.set(api, left);
    else this.pending.delete(api);
  }
}

const apiOf = ({ request }: Call): string => (request as ApiRequest).api;

function discard({ subscription }: Call): void {
  (subscription as Subscriber).registration = undefined;
}

function deliver({ onMessage }: Subscriber, message: ApiMessage): void {
  try {
    onMessage(message);
  } catch (error) {
    surface(error);
  }
}
