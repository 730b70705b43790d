import { createStrongAuth } from '../../client/create-strong-auth.js';
import type { StrongAuth } from '../../client/strong-auth.js';
import type { ApiMessage, ApiParameters, ApiRequest, Verb } from '../../messages/message.js';
import { readMessage } from '../../messages/message.js';
import { Sending } from '../../messages/sending.js';
import type { Transport } from '../../messages/transport.js';
import { demand, Finding } from './finding.js';
import type { HostWatch } from './host.js';
import type { NativeCall, NativeSide } from './native-side.js';
import { type Outcome, observe, tell } from './outcome.js';
import { type Patience, pause, until } from './waiting.js';

/** The PIN of every check: it has a leading zero, and does not occur anywhere by chance. */
export const PIN = '07041625';
/** The PIN after a bridge has read it as a number. */
export const PIN_AS_NUMBER = '7041625';
/** The OTP that is granted. */
export const OTP = 'otp-83b1f0c2';
export const OTP_API = 'pims.authentication.otp';
export const COMMAND_API = 'pims.vehicle.command';
export const EVENT_API = 'pims.vehicle.event';

export const succeeded = (result?: unknown, transactionId = '953cfefb-bc72') => ({
  transactionId,
  status: 'SUCCEEDED',
  ...(result !== undefined && { result }),
});
export const failed = (code: number | string, label = `Label of ${code}`) => ({
  transactionId: '953cfefb-bc73',
  status: 'FAILED',
  error: { code, label },
});
export const event = (result: unknown) => ({ transactionId: '953cfefb-bc74', status: 'RESULT', result });
export const CHALLENGE = failed(2302, 'Need Strong Authentication');
/** An OTP request as the package makes it. */
export const OTP_REQUEST: ApiRequest = {
  verb: 'get',
  api: OTP_API,
  parameters: { action: 'withPIN', pinCode: PIN },
};

/** One request that the transport received. */
export interface Sent {
  readonly outcome: Outcome;
  /** Aborts the request as the package does: through the signal, if the transport has read it. */
  abort(): void;
}

/** One registration with the transport. */
export interface Listened extends Sent {
  /** The messages that came, in order. */
  readonly messages: readonly unknown[];
  /** The messages as the package reads them; `undefined` for one that it cannot read. */
  read(): (ApiMessage | undefined)[];
}

/** The package's own client on the transport, with a user who always types the same PIN. */
export interface Client {
  readonly strongAuth: StrongAuth;
  /** How often the user was asked. */
  readonly prompts: number;
}

/** What a check works with: a new transport, and ways to wait. */
export class LiveStage {
  private readonly clients: StrongAuth[] = [];

  constructor(
    readonly transport: Transport,
    readonly patience: Patience,
    readonly host: HostWatch,
  ) {}

  /** Sends a request as the package does. */
  send(verb: Verb, api: string, parameters?: ApiParameters): Sent {
    const sending = new Sending();
    const request: ApiRequest = parameters === undefined ? { verb, api } : { verb, api, parameters };
    const outcome = observe(() => this.transport.send(request, sending));
    return { outcome, abort: () => Sending.abandon(sending) };
  }

  /** Subscribes as the package does. */
  listen(api: string, parameters?: ApiParameters): Listened {
    const sending = new Sending();
    const messages: unknown[] = [];
    const request: ApiRequest =
      parameters === undefined ? { verb: 'subscribe', api } : { verb: 'subscribe', api, parameters };
    const outcome = observe(() =>
      this.transport.subscribe?.(request, (message) => void messages.push(message), sending),
    );
    return {
      outcome,
      messages,
      read: () => messages.map(readMessage),
      abort: () => Sending.abandon(sending),
    };
  }

  /** Starts the package's client on the transport. */
  client(pins: readonly string[] = [PIN]): Client {
    let prompts = 0;
    const strongAuth = createStrongAuth({
      transport: this.transport,
      enterPin: async () => {
        prompts += 1;
        return pins[prompts - 1] ?? null;
      },
    });
    this.clients.push(strongAuth);
    return {
      strongAuth,
      get prompts() {
        return prompts;
      },
    };
  }

  until(condition: () => boolean): Promise<boolean> {
    return until(condition, this.patience);
  }

  pause(): Promise<void> {
    return pause(this.patience);
  }

  /** Waits until the promise has settled. @throws Finding if it does not. */
  async settled({ outcome }: { outcome: Outcome }, after: string, fix: string): Promise<Outcome> {
    const settled = await this.until(() => outcome.state !== 'pending');
    demand(settled, `${after}, and the promise did not settle within ${this.patience.patienceMs} ms.`, fix);
    return outcome;
  }

  /** Disposes of the clients that the check has made. */
  close(): void {
    for (const strongAuth of this.clients) strongAuth.dispose();
  }
}

/** A stage on which the suite plays the SDK behind the bridge. */
export class Stage extends LiveStage {
  constructor(
    transport: Transport,
    readonly native: NativeSide,
    patience: Patience,
    host: HostWatch,
  ) {
    super(transport, patience, host);
  }

  /** Waits for the n-th call, from 1, that reaches the SDK. @throws Finding if it does not come. */
  async arrival(count: number, meant = 'The request', outcome?: Outcome): Promise<NativeCall> {
    const arrived = await this.until(() => this.native.calls.length >= count);
    const instead = outcome && outcome.state !== 'pending' ? `; instead ${tell(outcome)}` : '';
    demand(
      arrived,
      `${meant} did not reach the SDK within ${this.patience.patienceMs} ms${instead}.`,
      'Pass every request on to the SDK, at once and once: `sdk[verb](api, parameters, callback)`.',
    );
    return this.native.calls[count - 1] as NativeCall;
  }

  /** Sends a request, and waits until it has reached the SDK. */
  async sent(
    verb: Verb,
    api: string,
    parameters?: ApiParameters,
  ): Promise<Sent & { readonly call: NativeCall }> {
    const count = this.native.calls.length + 1;
    const sent = this.send(verb, api, parameters);
    return { ...sent, call: await this.arrival(count, `${verb} ${api}`, sent.outcome) };
  }

  /** Sends a request, lets the SDK answer, and waits for the outcome. */
  async exchange(
    verb: Verb,
    api: string,
    parameters: ApiParameters | undefined,
    message: unknown,
  ): Promise<Outcome> {
    const { outcome, call } = await this.sent(verb, api, parameters);
    call.answer(message);
    await this.until(() => outcome.state !== 'pending');
    return outcome;
  }

  /** Subscribes, and waits until the request has reached the SDK. */
  async listened(api = EVENT_API): Promise<Listened & { readonly call: NativeCall }> {
    const count = this.native.calls.length + 1;
    const listened = this.listen(api, {});
    return { ...listened, call: await this.arrival(count, `subscribe ${api}`, listened.outcome) };
  }

  /** Subscribes, lets the SDK acknowledge, and waits until the acknowledgement has come. */
  async subscribed(api = EVENT_API): Promise<Listened & { readonly call: NativeCall }> {
    const listened = await this.listened(api);
    listened.call.answer(succeeded());
    if (!(await this.until(() => listened.messages.length > 0))) {
      throw new Finding(
        `The SDK acknowledged the subscription to ${api}, and nothing reached onMessage.`,
        'Give onMessage every message of the subscription, the acknowledgement (SUCCEEDED or FAILED) first of all.',
      );
    }
    return listened;
  }
}
