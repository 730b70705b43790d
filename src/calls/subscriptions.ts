import { abort, type Call, type Registration, Sending, type Subscriber } from './call.js';
import { type ApiError, StrongAuthError } from '../messages/errors.js';
import { type ApiMessage, type ApiRequest, parseMessage, type SucceededMessage } from '../messages/message.js';
import { surface, type Tell } from '../host/telemetry.js';
import type { Transport } from '../host/transport.js';

/** What subscriptions need of the calls that make them. */
interface Calls {
  readonly hear: (call: Call, raw: unknown) => void;
  readonly hearFailure: (call: Call, error: unknown) => void;
  readonly fail: (call: Call, error: ApiError | StrongAuthError) => void;
  /** Whether a call that subscribes to `api` is on its way. */
  readonly isSubscribing: (api: string) => boolean;
}

/**
 * Registrations with the SDK, and the events they bring. Only the newest registration of a call is heard, so that one which was
 * challenged, given up or ended brings nothing more.
 */
export class Subscriptions {
  /** Those that were acknowledged, by API: the SDK knows them by that name alone. */
  private readonly running = new Map<string, Set<Call>>();

  constructor(
    private readonly parts: { readonly transport: Transport; readonly tell: Tell },
    private readonly calls: Calls,
  ) {}

  /** Sends a subscribe. */
  register(call: Call, subscription: Subscriber, request: ApiRequest): void {
    const { transport } = this.parts;
    if (!transport.subscribe) {
      const cause = new TypeError('the transport has no subscribe');
      return this.calls.fail(call, new StrongAuthError('TRANSPORT_FAILED', { sent: false }, { cause }));
    }
    const registration: Registration = { acknowledged: false, early: [], seen: new WeakSet() };
    subscription.registration = registration;
    const onMessage = (raw: unknown) => this.hear(call, subscription, registration, raw);
    const onFailure = (error: unknown) => {
      if (subscription.registration === registration) this.calls.hearFailure(call, error);
    };
    try {
      Promise.resolve(transport.subscribe(request, onMessage, new Sending(call))).then(undefined, onFailure);
    } catch (error) {
      Promise.resolve().then(() => onFailure(error));
    }
  }

  /** The call has settled well: from now on its events are delivered, after those that were early. */
  acknowledge(call: Call, subscription: Subscriber, message: SucceededMessage): void {
    const { api } = call.request as ApiRequest;
    this.running.set(api, (this.running.get(api) ?? new Set()).add(call));
    const signal = call.options?.signal;
    if (signal) {
      call.onAbort = () => {
        if (this.end(call)) this.takeBack(api);
      };
      signal.addEventListener('abort', call.onAbort);
    }
    const registration = subscription.registration as Registration;
    deliver(subscription, message);
    for (const event of registration.early.splice(0)) {
      if (subscription.registration === registration) deliver(subscription, event);
    }
  }

  /** Whatever the call's registration still brings is not wanted. */
  discard({ subscription }: Call): void {
    if (subscription) subscription.registration = undefined;
  }

  /** Ends a running subscription. @returns Whether there was anything left to end. */
  end(call: Call): boolean {
    const { api } = call.request as ApiRequest;
    const ofApi = this.running.get(api);
    if (!ofApi?.delete(call)) return false;
    if (ofApi.size === 0) this.running.delete(api);
    this.discard(call);
    call.options?.signal?.removeEventListener('abort', call.onAbort as () => void);
    abort(call);
    this.parts.tell?.({ type: 'subscriptionEnded', api });
    return true;
  }

  /** Ends all of one API. */
  endAllOf(api: string): void {
    for (const call of [...(this.running.get(api) ?? [])]) this.end(call);
  }

  /** Ends all, and tells the SDK. */
  abandonAll(): void {
    for (const api of [...this.running.keys()]) {
      this.endAllOf(api);
      this.takeBack(api);
    }
  }

  private hear(call: Call, subscription: Subscriber, registration: Registration, raw: unknown): void {
    const message = parseMessage(raw);
    if (subscription.registration !== registration) {
      // Nobody waits for this registration any more; if the SDK has made it all the same, it must not stay.
      if (!registration.acknowledged && message?.status === 'SUCCEEDED') {
        registration.acknowledged = true;
        this.takeBack((call.request as ApiRequest).api);
      }
      return;
    }
    if (typeof raw === 'object' && raw !== null) {
      if (registration.seen.has(raw)) return;
      registration.seen.add(raw);
    }
    if (message?.status === 'RESULT') {
      if (registration.acknowledged) deliver(subscription, message);
      else registration.early.push(message);
    } else if (registration.acknowledged) {
      if (!message) this.parts.tell?.({ type: 'eventDropped', api: (call.request as ApiRequest).api });
    } else {
      registration.acknowledged = true;
      this.calls.hear(call, raw);
    }
  }

  /** Takes a registration nobody wants back from the SDK, unless somebody else has one of the same name. */
  private takeBack(api: string): void {
    if (this.running.has(api) || this.calls.isSubscribing(api)) return;
    const nobody = new Sending({ controller: undefined });
    try {
      Promise.resolve(this.parts.transport.send({ verb: 'unsubscribe', api }, nobody)).catch(() => {});
    } catch {
      // There is nobody left whom it could tell.
    }
  }
}

function deliver({ onMessage }: Subscriber, message: ApiMessage): void {
  try {
    onMessage(message);
  } catch (error) {
    surface(error);
  }
}
