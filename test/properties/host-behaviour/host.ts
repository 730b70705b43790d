import {
  type ApiRequest,
  fromPims,
  type PinPrompt,
  type Secret,
  type SendOptions,
  type StrongAuthOptions,
  type Transport,
} from 'strong-auth-machine';
import type { ManualClock, Simulator } from 'strong-auth-machine/simulator';
import { budgetOf } from './budget.js';
import { HostsClock } from './clock.js';
import type { Answers, Manners, Place } from './manners.js';
import { read } from './reading.js';
import { type CallRecord, type Record, secrets, wrongPin } from './record.js';
import {
  failed,
  isMessage,
  nothing,
  OTP_API,
  otpRequest,
  spoil,
  succeeded,
  withOtp,
  withSecret,
} from './requests.js';

const OTP_CODES = [2308, 2308, 2310, 2312, 2317, 2101, 2102, 2201, 2202, 2301, 2302, 2316, 9999];

/** What the user does. Most know their PIN. */
const HABITS = [...Array(8).fill('right'), 'wrong', 'malformed', 'declines', 'ignores'] as readonly string[];

/** The host: everything that is given to `createStrongAuth`, each call of which may be answered in any manner. */
export class Host {
  readonly options: StrongAuthOptions;
  readonly clock: HostsClock;
  private readonly sdk: Transport;
  private typed = 0;

  constructor(
    private readonly manners: Manners,
    private readonly record: Record,
    private readonly simulator: Simulator,
    private readonly time: ManualClock,
    policy: StrongAuthOptions['policy'],
  ) {
    this.sdk = fromPims(simulator);
    this.clock = new HostsClock(manners, record, time);
    const { chance } = manners;
    const has = <T>(probability: number, value: T) => (chance.maybe(probability) ? value : undefined);
    const inspect = (event: object) => this.inspect(event);
    const ofCalls = chance.maybe(0.7);
    this.options = {
      transport: this.transport(),
      enterPin: (prompt) => this.enterPin(prompt) as Promise<string>,
      policy: { ...policy, otpBudget: has(0.3, budgetOf(this, manners, time)) },
      clock: this.clock.asOption(),
      onEvent: has(0.7, (fact) => {
        this.record.lookAtFact(fact);
        this.listen('onEvent');
      }),
      inspect: has(0.35, chance.maybe(0.5) ? inspect : { next: inspect }),
      classify: has(0.4, {
        ...(ofCalls && { call: this.classifyCall }),
        ...((!ofCalls || chance.maybe(0.6)) && { otp: this.classifyOtp }),
      }),
      prepareReplay: has(0.4, this.prepareReplay),
      grant: has(0.4, { read: this.readGrant, apply: this.applyGrant }),
      requestOtp: has(0.2, (pin, { resetStep, signal }) => {
        this.hearAbort('transport.signal', () => signal);
        return this.answerOtp('requestOtp', pin, resetStep, () =>
          this.sdk.send(otpRequest(pin, resetStep), { signal }),
        ) as Promise<unknown>;
      }),
    };
  }

  /** A listener of the host's is called. */
  listen(place: Place): unknown {
    switch (this.manners.enter(place)) {
      case 'throws':
        throw this.manners.error(place);
      case 'rejects':
        return Promise.reject(this.manners.error(place)); // of which nobody hears
      default:
        return undefined;
    }
  }

  /** Listens for the end of something, in a host's way. */
  hearAbort(place: Place, signalOf: () => AbortSignal): void {
    if (!this.manners.chance.maybe(0.3)) return;
    signalOf().addEventListener('abort', () => this.listen(place));
  }

  /** Answers a call-out that may be answered later. */
  answer({ place, well, atOnce = well, hostile, again, error, onAnswered = () => {} }: Answers): unknown {
    const { manners, time } = this;
    const { chance, values } = manners;
    const spoilt = hostile ?? (() => manners.hostile(place));
    const failure = error ?? (() => manners.error(place));
    const manner = manners.enter(place);
    switch (manner) {
      case 'throws':
        onAnswered();
        throw failure();
      case 'throwsAfter': {
        const thrown = failure();
        const done = well();
        if (done instanceof Promise) done.then(nothing, nothing);
        onAnswered();
        throw thrown;
      }
      case 'rejects':
        onAnswered();
        return Promise.reject(failure());
      case 'never':
        return new Promise(() => {});
      case 'late': {
        const delay = chance.pick([0, 1, 1500, 4000, 31_000, 125_000]);
        return new Promise((resolve) => time.setTimeout(() => resolve(Promise.resolve().then(well)), delay));
      }
      case 'twice':
        return values.thenable((resolve, reject) => {
          const answerTwice = (answer: unknown) => {
            resolve(answer);
            if (chance.maybe(0.3)) manners.meddle();
            resolve(again && chance.maybe(0.5) ? again() : spoilt());
            reject(failure());
          };
          const done = well();
          if (done instanceof Promise) done.then(answerTwice, reject);
          else answerTwice(done);
        });
      case 'sync':
        onAnswered();
        return atOnce();
      case 'hostile':
        onAnswered();
        return spoilt();
      default:
        return well();
    }
  }

  /** Answers a call-out that must be answered at once. */
  private answerAtOnce(
    place: Place,
    well: () => unknown,
    hostile = () => this.manners.hostile(place),
  ): unknown {
    const { manners } = this;
    switch (manners.enter(place)) {
      case 'throws':
        throw manners.error(place);
      case 'rejects':
        // It rejects at nobody, if the client does not look: then the error is the host's to see.
        return Promise.reject(manners.error('callback'));
      case 'hostile':
        return hostile();
      default:
        return well();
    }
  }

  // ---- The transport.

  private transport(): Transport {
    return {
      send: (request, options) => this.send(request, options) as Promise<unknown>,
      subscribe: (request, onMessage, options) => this.subscribe(request, onMessage, options),
    };
  }

  private send(request: ApiRequest, options: SendOptions): unknown {
    this.hearAbort('transport.signal', () => options.signal);
    const { verb, api, parameters } = request;
    if (api === OTP_API)
      return this.answerOtp('transport.send', parameters?.pinCode, parameters?.resetStep === true, () =>
        this.sdk.send(request, options),
      );
    const call = this.record.send(verb, parameters);
    const { chance } = this.manners;
    const answer = this.answer({
      place: 'transport.send',
      well: async () => this.answered(call, await this.passOn(call, request, options)),
      atOnce: () => this.answered(call, this.invented()),
      hostile: () => this.spoilt('transport.send', call),
      error: () => this.thrown('transport.send', request, call),
    });
    // What was sent is the transport's: it may do with it what it likes.
    if (parameters && chance.maybe(0.3)) spoil(parameters);
    return answer;
  }

  /** Hands a request to the SDK, and counts what it does. */
  private passOn(call: CallRecord | undefined, request: ApiRequest, options: SendOptions): Promise<unknown> {
    const before = this.simulator.effects.executions;
    const answer = this.sdk.send(request, options);
    if (call && this.simulator.effects.executions > before) this.record.executed(call);
    return answer;
  }

  /** A success that is handed to the client, in whatever shape; nothing else may be taken as one. */
  private answered(call: CallRecord | undefined, message: unknown): unknown {
    const { chance, values } = this.manners;
    if (!isMessage(message)) return message; // a fault of the simulator
    let own: object = message;
    if (call && message.status === 'SUCCEEDED') {
      call.hasSucceeded = true;
      own = { ...message, result: { n: call.n } };
    }
    return chance.maybe(0.3) ? values.dress(own) : own;
  }

  /** An answer that the SDK never gave. */
  private invented(): { readonly status: string; readonly [field: string]: unknown } {
    const { chance } = this.manners;
    const code = chance.pick([2302, 2302, 2000, 2201]);
    return chance.maybe(0.5) ? { transactionId: 'invented', status: 'SUCCEEDED' } : failed(code);
  }

  private spoilt(place: Place, call: CallRecord | undefined): unknown {
    const { manners } = this;
    if (manners.chance.maybe(0.5)) return manners.hostile(place);
    const message = this.invented();
    if (call && message.status === 'SUCCEEDED') call.hasSucceeded = true; // it may be whole enough
    return manners.values.broken({ ...message }, manners.meddling(place));
  }

  /** Transports reject with envelopes, and with errors that hold the request. */
  private thrown(place: Place, request: ApiRequest, call: CallRecord | undefined): unknown {
    const { manners } = this;
    const { chance, values } = manners;
    if (!chance.maybe(0.3)) return manners.error(place, { request: { ...request } });
    const code = chance.pick([2302, 2202]);
    // It may have executed it all the same.
    if (call && code === 2302) call.mayRepeat = true;
    const envelope = { error: { code, label: 'thrown' } };
    return manners.mark(values.dress(envelope), place);
  }

  private subscribe(
    request: ApiRequest,
    onMessage: (message: unknown) => void,
    options: SendOptions,
  ): unknown {
    const place = 'transport.subscribe';
    const { manners, record } = this;
    const { chance, values } = manners;
    this.hearAbort('transport.signal', () => options.signal);
    const call = record.send(request.verb, request.parameters);
    const give = (message: unknown) => manners.perform(() => onMessage(message));
    const hand = (message: unknown) => {
      if (chance.maybe(0.1)) manners.meddle();
      give(message);
      if (chance.maybe(0.2)) give(message); // one message twice
      if (chance.maybe(0.05)) give(manners.hostile(place));
    };
    const take = (message: unknown) => {
      if (!isMessage(message)) return hand(message);
      if (call && message.status === 'SUCCEEDED') call.hasSucceeded = true;
      hand(chance.maybe(0.2) ? values.dress(message) : message);
    };
    const register = () => {
      this.sdk.subscribe?.(request, take, options);
    };
    const acknowledge = () => {
      if (call) call.hasSucceeded = true;
      if (chance.maybe(0.3)) hand({ status: 'RESULT', result: {} });
      hand({ transactionId: 'invented', status: 'SUCCEEDED' });
      if (chance.maybe(0.3)) hand({ status: 'RESULT', result: {} });
    };
    return this.answer({
      place,
      well: register,
      atOnce: chance.maybe(0.5) ? acknowledge : () => hand(failed(2302)),
      hostile: () => {
        hand(this.spoilt(place, call));
        return manners.hostile(place);
      },
      error: () => this.thrown(place, request, call),
    });
  }

  // ---- The OTP.

  private answerOtp(place: Place, pin: unknown, resetStep: boolean, send: () => Promise<unknown>): unknown {
    const { chance, values } = this.manners;
    const onAnswered = this.record.requestOtp(pin, resetStep);
    // Each account has its own OTPs and tokens.
    const otp = `${secrets.otp}-${this.record.epoch}`;
    const dressed = (message: unknown) =>
      isMessage(message) && chance.maybe(0.3) ? values.dress(message) : message;
    const refused = () => {
      const code = chance.pick([...OTP_CODES, Number(pin)]);
      const more = chance.maybe(0.3) ? { attemptsLeft: chance.between(0, 2) } : {};
      return dressed({ status: 'FAILED', error: { code, label: `refused ${code}`, ...more } });
    };
    const throttled = () => ({
      status: 'FAILED',
      error: { code: 429, label: 'throttled', retryAfter: chance.pick([0, 5, '60', 'soon']) },
    });
    return this.answer({
      place,
      well: () => {
        const answer = new Promise((resolve) => resolve(send()));
        answer.then(onAnswered, onAnswered);
        return answer.then((message) => dressed(withOtp(message, chance.maybe(0.9) ? otp : undefined)));
      },
      atOnce: () => (chance.maybe(0.3) ? dressed(succeeded({ otp })) : refused()),
      hostile: () =>
        chance.maybe(0.3) ? throttled() : chance.maybe(0.5) ? refused() : this.spoilt(place, undefined),
      error: () => this.manners.error(place, { pinCode: pin }),
      onAnswered,
    });
  }

  private readonly classifyOtp = (): never =>
    this.answerAtOnce(
      'classify.otp',
      () => 'no verdict of mine',
      () =>
        this.manners.chance.pick<() => unknown>([
          () => 'granted',
          () => 'pinRejected',
          () => 'pinMalformed',
          () => 'resetNeeded',
          () => ({ pinRejected: { attemptsLeft: 1 } }),
          () => ({ denied: 'THROTTLED', retryAt: this.time.now() + 10_000 }),
          () => ({ denied: 'ACCOUNT_BLOCKED' }),
          () => ({ denied: 'no code' }),
          () => this.manners.hostile('classify.otp'),
        ])(),
    ) as never;

  private readonly classifyCall = (_: unknown, { parameters }: ApiRequest): never => {
    const place = 'classify.call';
    const call = this.record.calls.get(parameters?.n as number);
    const challenge = (verdict: unknown) => {
      if (call) call.mayRepeat = true;
      return verdict;
    };
    return this.answerAtOnce(
      place,
      () => undefined,
      () =>
        this.manners.chance.pick<() => unknown>([
          () => 'pass',
          () => challenge('challenge'),
          () => challenge({ challenge: { needs: 'more', nonce: 1 } }),
          () => challenge({ challenge: this.manners.hostile(place) }),
          () => this.manners.hostile(place),
        ])(),
    ) as never;
  };

  // ---- The grant and the replay.

  /** The option `replay` of one call. */
  readonly replay = (request: ApiRequest): boolean => {
    spoil(request.parameters); // a copy: nobody is to send it
    const { chance } = this.manners;
    return this.answer({
      place: 'replay',
      well: () => chance.maybe(0.8),
      atOnce: () => true,
      again: () => true,
    }) as boolean;
  };

  private readonly prepareReplay = (request: ApiRequest, otp: Secret): ApiRequest =>
    this.answer({
      place: 'prepareReplay',
      well: () => withSecret(request, 'otp', otp),
      again: () => withSecret(request, 'otp', otp),
      hostile: () => this.spoiltRequest('prepareReplay', request),
      error: () => this.manners.error('prepareReplay', { otp: secrets.otp }),
    }) as ApiRequest;

  private readonly readGrant = (message: unknown): never =>
    this.answerAtOnce('grant.read', () => {
      const [, epoch = ''] = /-(\d+)$/.exec(String(read(read(message, 'result'), 'otp'))) ?? [];
      const secret = `${secrets.token}-${epoch}`;
      const { chance } = this.manners;
      const expiresAt = chance.pick([undefined, this.time.now() + 5000, this.time.now() + 3_600_000]);
      return chance.maybe(0.3) ? secret : { secret, expiresAt };
    }) as never;

  private readonly applyGrant = (request: ApiRequest, token: Secret): ApiRequest =>
    this.answer({
      place: 'grant.apply',
      well: () => withSecret(request, 'token', token),
      again: () => withSecret(request, 'token', token),
      hostile: () => this.spoiltRequest('grant.apply', request),
      error: () => this.manners.error('grant.apply', { token: secrets.token }),
    }) as ApiRequest;

  private spoiltRequest(place: Place, request: ApiRequest): unknown {
    const { chance } = this.manners;
    if (chance.maybe(0.5)) return this.manners.hostile(place);
    const copy: { [name: string]: unknown } = { ...request };
    copy[chance.pick(['verb', 'api', 'parameters'])] = this.manners.hostile(place);
    this.record.hasUnnamed = true;
    return copy;
  }

  // ---- The user.

  private enterPin(prompt: PinPrompt): unknown {
    const place = 'enterPin';
    const { manners, record } = this;
    const { chance } = manners;
    const answered = record.openPrompt(prompt.signal);
    record.owe('the judgement of a prompt', prompt.judged);
    this.hearAbort('prompt.signal', () => prompt.signal);
    if (chance.maybe(0.2)) record.lookAt('a prompt', prompt.calls);
    const habit = chance.pick(HABITS);
    const answer = () => {
      const pin = this.typedBy(habit);
      answered(pin);
      return pin;
    };
    const dismissed = Object.assign(new Error('dismissed'), {
      name: chance.pick(['AbortError', 'NotAllowedError']),
    });
    return this.answer({
      place,
      well: () => {
        if (habit === 'ignores') return new Promise(() => {});
        const { time } = this;
        const delay = chance.pick([...Array(8).fill(0), 500, 500, 8000, 70_000]);
        return new Promise((resolve) => {
          if (delay === 0) resolve(answer());
          else time.setTimeout(() => resolve(answer()), delay);
        });
      },
      atOnce: answer,
      hostile: () => {
        answered();
        return manners.hostile(place);
      },
      error: () => {
        answered();
        return chance.maybe(0.3) ? dismissed : manners.error(place);
      },
      onAnswered: () => {},
    });
  }

  private typedBy(habit: string): unknown {
    const { chance } = this.manners;
    this.typed += 1;
    switch (habit) {
      case 'right':
        return secrets.pin;
      case 'wrong':
        return wrongPin(this.typed);
      case 'malformed':
        return 'abc';
      default:
        return chance.pick([null, undefined, '']);
    }
  }

  // ---- Those who watch.

  private inspect(event: object): void {
    const {
      type,
      event: told,
      action,
    } = event as {
      type: string;
      event?: object;
      action?: { params?: unknown };
    };
    if (type === '@xstate.event') this.record.lookAt('an event', told);
    if (type === '@xstate.action') this.record.lookAt('the parameters of an action', action?.params);
    this.listen('inspect');
  }
}
