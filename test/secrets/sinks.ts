import { inspect } from 'node:util';
import { configureStore } from '@reduxjs/toolkit';
import type { ExternalStore, StrongAuthOptions, StrongAuthView } from 'strong-auth-machine';
import { connectStrongAuth, strongAuthSlice } from 'strong-auth-machine/redux';
import { createScriptedDriver, type ScriptedDriver, type WorldOptions } from 'strong-auth-machine/testing';
import type { InspectionEvent } from 'xstate';
import { createDevtools } from '../support/devtools.js';

/** Where a secret could come out. */
export const sinkNames = [
  'machine event',
  'action params',
  'snapshot',
  'persisted snapshot',
  'fact',
  'error',
  'view',
  'explanation',
  'Redux action',
  'Redux state',
  'console',
] as const;
export type SinkName = (typeof sinkNames)[number];

/** Texts that must come out nowhere. Distinctive, so that no ordinary number or word contains them by chance. */
export const secrets = {
  pin: '70416253',
  otp: 'otp-83b1f0c2',
  parameter: 'VIN-5d27aa91',
  result: 'result-e94c6b08',
} as const;

/** Collects what comes out of a client, and finds secrets in it. */
export class Sinks {
  readonly leaks = new Set<string>();
  inspected = 0;
  /** Whether what comes out is looked at: it takes time. */
  isLooking = true;
  private readonly seenErrors = new WeakSet<object>();

  /** Looks through a value: every own property, hidden ones too, and every text in it. */
  look(sink: SinkName, value: unknown): void {
    if (!this.isLooking) return;
    this.inspected += 1;
    const text = textOf(value);
    for (const [name, secret] of Object.entries(secrets))
      if (text.includes(secret)) this.leaks.add(`${name} in ${sink}`);
  }

  /** An error, in every form in which it may be printed. */
  lookAtError(error: unknown): void {
    if (!this.isLooking) return;
    this.look('error', error);
    this.look('error', [
      String(error),
      JSON.stringify(error),
      inspect(error, { showHidden: true, depth: 12 }),
    ]);
    if (error instanceof Error) this.look('error', [error.message, error.stack, error.cause]);
  }

  readonly inspect = (event: InspectionEvent): void => {
    if ('event' in event) this.look('machine event', event.event);
    if (event.type === '@xstate.action') this.look('action params', event.action.params);
    if ('snapshot' in event) this.look('snapshot', event.snapshot);
  };

  /** The options that let everything a client says come here. */
  readonly options: Partial<StrongAuthOptions> = {
    inspect: this.inspect,
    onEvent: (fact) => this.look('fact', fact),
  };

  /** Connects a client to a Redux store whose devtools are read here. */
  watchInStore(strongAuth: { readonly view: ExternalStore<StrongAuthView> }): void {
    const devtools = createDevtools((action, state) => {
      this.look('Redux action', action);
      this.look('Redux state', state);
    });
    const reducer = { [strongAuthSlice.name]: strongAuthSlice.reducer };
    const store = configureStore({
      reducer,
      middleware: (getDefault) => getDefault({ immutableCheck: false, serializableCheck: false }),
      enhancers: devtools.enhancers,
    });
    connectStrongAuth(store, strongAuth);
  }

  /** Looks at what can be read of a client at any time. */
  lookAt({ strongAuth, errors }: Pick<ScriptedDriver, 'strongAuth' | 'errors'>): void {
    if (!this.isLooking) return;
    this.look('persisted snapshot', strongAuth.actor.getPersistedSnapshot());
    this.look('view', strongAuth.view.getSnapshot());
    this.look('explanation', [strongAuth.explain(), String(strongAuth.explain())]);
    for (const error of errors) {
      if (this.seenErrors.has(error as object)) continue;
      this.seenErrors.add(error as object);
      this.lookAtError(error);
    }
  }
}

/** What leads out of what was said into the library and the host, where there is nothing to find but much to walk. */
const SKIPPED = new Set([
  'machine',
  '_nodes',
  'logic',
  'actorRef',
  'rootId',
  'src',
  'self',
  'system',
  '_parent',
  'clock',
]);

/** @returns Every text and number in `value`, names of properties too, a line each. */
export function textOf(value: unknown): string {
  const seen = new Set<object>();
  let text = '';
  const walk = (inner: unknown, depth: number): void => {
    if (typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'bigint')
      text += `${inner}\n`;
    if (typeof inner !== 'object' || inner === null || seen.has(inner) || depth > 12) return;
    seen.add(inner);
    for (const key of Reflect.ownKeys(inner)) {
      if (typeof key === 'string') {
        if (SKIPPED.has(key)) continue;
        text += `${key}\n`;
      }
      walk((inner as Record<PropertyKey, unknown>)[key], depth + 1);
    }
  };
  walk(value, 0);
  return text;
}

/** A driver as {@link createDisguisedDriver} makes it, whose client is inspected and mirrored in a store from its start. */
export function createSecretDriver(
  world: WorldOptions,
  sinks: Sinks,
  options: Partial<StrongAuthOptions> = {},
): ScriptedDriver {
  const driver = createDisguisedDriver(world, { ...sinks.options, ...options });
  sinks.watchInStore(driver.strongAuth);
  return driver;
}

/** A driver whose calls carry secrets: parameters, results, PIN and OTP are the ones above. */
export function createDisguisedDriver(
  world: WorldOptions,
  options: Partial<StrongAuthOptions>,
): ScriptedDriver {
  const driver = createScriptedDriver(world, {
    pin: secrets.pin,
    parameters: { vin: secrets.parameter },
    options,
  });
  const disguise = (message: object) => ({
    ...message,
    ...('result' in message && { result: { value: secrets.result } }),
  });
  return {
    ...driver,
    answerCall: (call, message) => driver.answerCall(call, disguise(message) as never),
    answerOtp: (message) =>
      driver.answerOtp({ ...message, ...('result' in message && { result: { otp: secrets.otp } }) } as never),
  };
}
