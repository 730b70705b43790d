import { type CallOptions, isApiError, isStrongAuthError, type StrongAuth } from 'strong-auth-machine';
import type { Simulator } from 'strong-auth-machine/simulator';
import type { Host } from './host.js';
import type { Manners } from './manners.js';
import { describe, read } from './reading.js';
import type { CallRecord, Owed, Record, SubscriberRecord } from './record.js';
import { hostsSignal, ownSignal, type Signal } from './signals.js';

/** More calls than this are not made, also not by host code that calls back. */
const MAX_CALLS = 14;

interface Subscribed {
  readonly record: SubscriberRecord;
  unsubscribe?: () => Promise<void>;
}

/** The app: what it asks of the client, from outside and from within its own call-outs. */
export class App {
  private readonly signals: Signal[] = [];
  private readonly subscribed: Subscribed[] = [];
  private readonly listeners: { last: string; isOn: boolean; stop: () => void }[] = [];
  private events = 0;
  /** Commands compete for one prompt, and with `replays: 'serial'` for their turn. */
  private readonly onlyCommands: boolean;

  constructor(
    private readonly strongAuth: StrongAuth,
    private readonly host: Host,
    private readonly manners: Manners,
    private readonly record: Record,
    private readonly simulator: Simulator,
  ) {
    manners.meddleWith = () => this.callBack();
    const { chance } = manners;
    if (chance.maybe(0.7)) this.listenToView();
    if (chance.maybe(0.4)) this.listenToView();
    this.onlyCommands = chance.maybe(0.25);
    if (chance.maybe(0.4)) strongAuth.actor.subscribe(() => void this.host.listen('actor listener'));
  }

  /** Something that host code may do in the middle of anything. */
  callBack(): void {
    const { chance } = this.manners;
    chance.pick<() => void>([
      () => this.cancel(),
      () => chance.maybe(0.5) && this.reset(),
      () => chance.maybe(0.3) && this.dispose(),
      () => this.call(),
      () => this.call(),
      () => this.ensure(),
      () => this.abort(),
      () => this.abort(),
      () => this.strongAuth.recovered(),
      () => this.unsubscribe(),
      () => this.emit(),
      () => this.look(),
      () => this.listenToView(),
      () => this.stopListening(),
    ])();
  }

  // ---- What the app asks for.

  /** Any call, of any kind. */
  call(): void {
    const { chance } = this.manners;
    if (this.record.counts.calls >= MAX_CALLS) return;
    if (this.onlyCommands) return this.send('set');
    chance.pick([
      () => this.send('set'),
      () => this.send('set'),
      () => this.send('get'),
      () => this.subscribe(),
      () => this.ensure(),
      () => this.sendBySdk('set'),
      () => this.sendBySdk('get'),
      () => this.subscribeBySdk(),
    ])();
  }

  ensure(): void {
    const { chance } = this.manners;
    if (this.record.counts.calls >= MAX_CALLS) return;
    this.record.counts.calls += 1;
    const signal = this.signal();
    const timeoutMs = chance.maybe(0.2) ? chance.pick([1000, 20_000]) : undefined;
    if (signal || timeoutMs !== undefined) this.record.wasDeclined = true;
    const options = {
      ...(signal && { signal: signal.signal }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(chance.maybe(0.2) && { maxAgeMs: chance.pick([1, 60_000]) }),
    };
    this.owe('an ensure', this.strongAuth.ensure(options), signal);
  }

  cancel(): void {
    const { record, strongAuth } = this;
    record.endWave();
    const isCalm = this.manners.depth === 0;
    const waiting = isCalm ? record.explain().calls.filter(({ phase }) => phase === 'waiting') : [];
    strongAuth.cancel();
    if (!isCalm) return;
    const { calls } = record.explain();
    const goesOn = calls.some((call) =>
      waiting.some(({ label }) => label !== undefined && label === call.label),
    );
    if (goesOn && !record.isDisposed) record.breach('a call went on after cancel()');
  }

  reset(): void {
    this.record.endAccount();
    this.strongAuth.reset(this.manners.chance.pick([undefined, 'signed out']));
  }

  dispose(): void {
    this.record.endAccount();
    this.record.isDisposed = true;
    this.strongAuth.dispose();
    this.record.wasDisposedCalmly ||= this.manners.depth === 0;
  }

  /** Hosts may also stop the machine itself. */
  stop(): void {
    this.record.endAccount();
    this.record.isDisposed = true;
    this.strongAuth.actor.stop();
    this.record.wasDisposedCalmly = true;
  }

  abort(): void {
    const { chance } = this.manners;
    if (this.signals.length > 0) chance.pick(this.signals).abort();
  }

  unsubscribe(): void {
    const running = this.subscribed.filter(({ unsubscribe }) => unsubscribe);
    if (running.length === 0) return;
    const { record, unsubscribe } = this.manners.chance.pick(running);
    record.isOver = true;
    if (!unsubscribe) return;
    const ended = unsubscribe();
    this.owe('an unsubscribe', ended, undefined);
  }

  emit(): void {
    this.events += 1;
    this.simulator.emit(EVENT, { result: { event: this.events } });
  }

  /** What an app may read at any time. */
  look(): void {
    const { strongAuth, record } = this;
    const { prompt } = strongAuth.view.getSnapshot();
    record.lookAt('the view', [strongAuth.view.getSnapshot(), prompt?.calls]);
    record.lookAt('an explanation', [strongAuth.explain(), String(strongAuth.explain())]);
  }

  listenToView(): void {
    const { view } = this.strongAuth;
    if (this.listeners.length >= 4) return;
    const listener = { last: view.getSnapshot().status as string, isOn: true, stop: () => {} };
    this.listeners.push(listener);
    listener.stop = view.subscribe((told) => {
      listener.last = told.status;
      if (!listener.isOn) this.record.breach('a listener was called after it was taken back');
      this.host.listen('view listener');
    });
  }

  stopListening(): void {
    const { chance } = this.manners;
    if (this.listeners.length === 0) return;
    const listener = chance.pick(this.listeners);
    listener.isOn = false;
    listener.stop();
  }

  /** At rest every listener has heard the last word. */
  checkListeners(): void {
    const { status } = this.strongAuth.view.getSnapshot();
    for (const { isOn, last } of this.listeners)
      if (isOn && last !== status)
        this.record.breach(`a listener of the view was left with ${last} in ${status}`);
  }

  // ---- Calls.

  private send(verb: 'get' | 'set'): void {
    const { call, own, options, signal } = this.prepare(`a ${verb}`, actionOf[verb]);
    const { strongAuth, manners } = this;
    const api = apiOf[verb];
    const wantsMessage = manners.chance.maybe(0.2);
    const promise: Promise<unknown> = wantsMessage
      ? strongAuth.send<unknown>({ verb, api, parameters: own }, options).then(({ result }) => result)
      : (strongAuth[verb] as (...args: unknown[]) => Promise<unknown>)(api, own, options);
    this.owe(call.what, promise, signal, call);
    promise.then(
      (result) => this.checkSuccess(call, result),
      () => {},
    );
    this.made(call, own);
  }

  private subscribe(): void {
    const { call, own, options, signal } = this.prepare('a subscribe', EVENTS);
    const subscriber = this.record.subscribe(call);
    const subscribed: Subscribed = { record: subscriber };
    const promise = (
      this.strongAuth.subscribe as (...args: unknown[]) => Promise<{ unsubscribe(): Promise<void> }>
    )(
      EVENT,
      own,
      (event: { result?: { event?: number } }) => {
        this.record.hear(subscriber, event.result?.event);
        return this.host.listen('onResult');
      },
      options,
    );
    this.owe(call.what, promise, signal, call);
    promise.then(
      ({ unsubscribe }) => {
        this.checkSuccess(call, undefined);
        subscribed.unsubscribe = unsubscribe;
        this.subscribed.push(subscribed);
      },
      () => {},
    );
    this.made(call, own);
  }

  /** By the SDK's own surface: the callback is called exactly once. */
  private sendBySdk(verb: 'get' | 'set'): void {
    const { call, own } = this.prepare(`a ${verb} by asPims()`, actionOf[verb], false);
    this.strongAuth.asPims()[verb](apiOf[verb], own, (message) => {
      this.record.settle(call);
      const { status, result } = message as { status: string; result?: unknown };
      if (status === 'SUCCEEDED') this.checkSuccess(call, result);
      this.host.listen('callback');
    });
    this.made(call, own);
  }

  private subscribeBySdk(): void {
    const { call, own } = this.prepare('a subscribe by asPims()', EVENTS, false);
    const subscriber = this.record.subscribe(call);
    this.strongAuth.asPims().subscribe(EVENT, own, (message) => {
      const { status, result } = message as { status: string; result?: { event?: number } };
      if (status === 'RESULT') this.record.hear(subscriber, result?.event);
      else this.record.settle(call);
      this.host.listen('callback');
    });
    this.made(call, own);
  }

  private prepare(what: string, more: object, hasOptions = true) {
    const { chance } = this.manners;
    const kind = hasOptions
      ? chance.pick(['auto', 'auto', 'auto', 'never', 'replay', 'replay', 'background'])
      : 'auto';
    const timeoutMs = hasOptions && chance.maybe(0.2) ? chance.pick([1, 2000, 40_000]) : undefined;
    const maxAgeMs = hasOptions && chance.maybe(0.2) ? chance.pick([0, 1000, 60_000]) : undefined;
    const signal = hasOptions ? this.signal() : undefined;
    if (signal || timeoutMs !== undefined) this.record.wasDeclined = true;
    const vin = `VIN-${this.record.counts.calls}`;
    const call = this.record.makeCall({
      what: `${what} (${kind})`,
      vin,
      isNeverReplayed: kind === 'never',
      timeoutMs: timeoutMs ?? Number.POSITIVE_INFINITY,
      maxAgeMs: maxAgeMs ?? Number.POSITIVE_INFINITY,
    });
    signal?.calls.push(call);
    const options: CallOptions | undefined = hasOptions
      ? {
          label: `call ${call.n}`,
          ...(signal && { signal: signal.signal }),
          ...(timeoutMs !== undefined && { timeoutMs }),
          ...(maxAgeMs !== undefined && { maxAgeMs }),
          ...(kind === 'never' && { replay: 'never' }),
          ...(kind === 'replay' && { replay: this.host.replay }),
          ...(kind === 'background' && { interactive: false }),
        }
      : undefined;
    return { call, options, signal, own: this.parameters(call, more) };
  }

  private parameters({ n, vin }: CallRecord, more: object): { [name: string]: unknown } {
    const { manners } = this;
    const own = { ...more, n, vin, list: [n] };
    const extra = (get: () => unknown) => Object.defineProperty(own, 'extra', { enumerable: true, get });
    switch (manners.enter('parameters')) {
      case 'throws':
        return extra(manners.meddling('parameters').fail);
      case 'reenters':
        return extra(() => manners.meddle());
      default:
        return own;
    }
  }

  /** The call was made, and the app goes on using its own object. */
  private made(call: CallRecord, own: { [name: string]: unknown }): void {
    this.record.making.delete(call);
    own.vin = 'changed by the app';
    (own.list as unknown[])[0] = 'changed by the app';
  }

  private checkSuccess(call: CallRecord, result: unknown): void {
    if (!call.hasSucceeded && !this.record.hasUnnamed)
      this.record.breach(`${call.what} succeeded without a success`);
    const n = read(result, 'n');
    if (n !== undefined && n !== call.n) this.record.breach(`${call.what} got the answer of another`);
  }

  private owe(what: string, promise: Promise<unknown>, signal: Signal | undefined, owed?: Owed): void {
    this.record.owe(what, promise, owed);
    promise.catch((error) => {
      const isKnown =
        isApiError(error) ||
        isStrongAuthError(error) ||
        this.manners.isMarked(error) ||
        (error instanceof TypeError && /options\.signal|the parameters/.test(error.message)) ||
        (signal?.reasons.has(error) ?? false) ||
        (signal !== undefined && read(error, 'name') === 'AbortError');
      if (!isKnown) this.record.breach(`${what} rejected with ${describe(error)}`);
    });
  }

  private signal(): Signal | undefined {
    const { chance } = this.manners;
    if (!chance.maybe(0.5)) return undefined;
    if (this.signals.length > 0 && chance.maybe(0.3)) return chance.pick(this.signals); // one for several
    const made = chance.maybe(0.6) ? ownSignal(this.manners, this.host) : hostsSignal(this.manners);
    this.signals.push(made);
    return made;
  }
}

const EVENT = 'pims.vehicle.event';
const EVENTS = { type: ['remoteChargeFinished'] };
const apiOf = { get: 'pims.vehicle.informations', set: 'pims.vehicle.command' } as const;
const actionOf = { get: { action: 'get' }, set: { action: 'horn' } } as const;
