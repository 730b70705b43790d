import { runInNewContext } from 'node:vm';
import type { Chance } from './chance.js';

/** What host code does while a value of its own is looked at. */
export interface Meddling {
  /** Throws an error of the host's own. */
  fail(): never;
  /** Calls back into the client, or not. */
  meddle(): void;
}

type Resolve = (value: unknown) => void;

const ofAnotherRealm = runInNewContext('(json) => JSON.parse(json)') as (json: string) => object;

/** Fields that anybody might look at. */
const LOOKED_AT = ['then', 'status', 'error', 'code', 'name', 'message', 'length', 'valueOf', 'toJSON'];

/** Values that no honest host would hand over. */
export class HostileValues {
  constructor(private readonly chance: Chance) {}

  /** @returns Anything but what was asked for. */
  any(meddling: Meddling): unknown {
    return this.chance.maybe(0.5) ? this.simple() : this.trap(meddling);
  }

  /** @returns Something that answers as a promise does, with a hand of its own. */
  thenable(run: (resolve: Resolve, reject: Resolve) => unknown): unknown {
    if (this.chance.maybe(0.5)) return withThen({}, run);
    // A real promise, with a `then` of its own in front of it.
    return withThen(Promise.resolve('of the promise itself'), run);
  }

  /**
   * @returns The same message in another shape: inherited, behind getters, in a proxy, of another realm, its code printed or boxed.
   */
  dress(message: object): object {
    const dressed = this.dressCode({ ...message });
    switch (this.chance.between(0, 7)) {
      case 0:
        return Object.create(dressed);
      case 1:
        return new (asClass(dressed))();
      case 2:
        return new Proxy(dressed, {});
      case 3:
        return new Proxy({}, { get: (_, name) => Reflect.get(dressed, name) }); // without keys of its own
      case 4:
        return isJson(dressed) ? ofAnotherRealm(JSON.stringify(dressed)) : dressed;
      case 5:
        return Object.assign(() => {}, dressed);
      default:
        return Object.freeze(dressed);
    }
  }

  /** @returns A message that is broken somewhere. */
  broken(message: Record<string, unknown>, meddling: Meddling): unknown {
    const name = this.chance.pick([...Object.keys(message), 'result', 'error', 'status', 'transactionId']);
    const copy = { ...message };
    delete copy[name];
    const read = () => {
      meddling.meddle();
      return meddling.fail();
    };
    switch (this.chance.between(0, 6)) {
      case 0:
        return copy;
      case 1:
        return { ...copy, [name]: this.any(meddling) };
      case 2:
        return Object.defineProperty(copy, name, { get: read, enumerable: true });
      case 3: {
        let reads = 0;
        return Object.defineProperty(copy, name, {
          enumerable: true,
          get: () => {
            reads += 1;
            return reads === 1 ? message[name] : meddling.fail(); // can be read once
          },
        });
      }
      case 4:
        return { ...message, error: { code: this.any(meddling), label: this.any(meddling) } };
      case 5:
        return { ...message, result: withThen({}, () => {}) };
      default:
        return { ...message, [name]: Symbol('a field') };
    }
  }

  private simple(): unknown {
    return this.chance.pick<() => unknown>([
      () => undefined,
      () => null,
      () => true,
      () => 0,
      () => Number.NaN,
      () => Number.POSITIVE_INFINITY,
      () => -1,
      () => 42n,
      () => '',
      () => 'OK',
      () => Symbol('hostile'),
      () => () => 'called',
      () => [],
      () => ({}),
      () => new Date(Number.NaN),
      () => new String('2302'),
      () => Object(2302n),
      () => Object.create(null),
      () => new Map([[1, 2]]),
      () => ofAnotherRealm('{"status":"PENDING"}'),
    ])();
  }

  private trap(meddling: Meddling): unknown {
    const { fail, meddle } = meddling;
    const failing = () => {
      meddle();
      return fail();
    };
    return this.chance.pick<() => unknown>([
      () => revoked({}),
      () => revoked(() => {}),
      () => Object.defineProperty({}, this.chance.pick(LOOKED_AT), { get: failing, enumerable: true }),
      () => Object.defineProperty({}, 'then', { get: failing }),
      () => new Proxy({}, allTraps(failing)),
      () => new Proxy(() => {}, { get: failing, getPrototypeOf: failing }),
      () => withThen({}, failing),
      () => withThen(Promise.resolve('of the promise itself'), failing),
      () => Object.defineProperty(Promise.resolve(), 'then', { get: failing }),
      () => Object.defineProperty(Promise.resolve(), 'constructor', { get: failing }),
      // Answers with another one that fails.
      () => withThen({}, (resolve) => resolve(withThen({}, failing))),
      () =>
        withThen({}, (resolve) => {
          meddle();
          resolve(this.simple());
          return fail();
        }),
      () => Object.defineProperty(() => {}, 'name', { get: failing }),
      () => Object.defineProperty([1, 2, 3], 1, { get: failing }),
    ])();
  }

  private dressCode(message: Record<string, unknown>): Record<string, unknown> {
    const { error } = message as { error?: { code?: unknown } };
    if (typeof error?.code !== 'number') return message;
    const { code } = error;
    const dressed = this.chance.pick<() => unknown>([
      () => code,
      () => String(code),
      () => `${code}.0`,
      () => BigInt(code),
      () => new Number(code),
      () => new String(code),
      () => Object(BigInt(code)),
    ])();
    const plain = { ...error, code: dressed };
    return { ...message, error: this.chance.maybe(0.3) ? Object.create(plain) : plain };
  }
}

/** @returns `target`, with a `then` that host code has written. */
function withThen(target: object, then: (resolve: Resolve, reject: Resolve) => unknown): object {
  return Object.defineProperties(target, { then: { value: then } });
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function allTraps(failing: () => never): ProxyHandler<object> {
  return Object.fromEntries(
    ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'isExtensible'].map((name) => [
      name,
      failing,
    ]),
  );
}

function isJson(message: object): boolean {
  try {
    return (
      JSON.parse(JSON.stringify(message)).error?.code ===
      (message as { error?: { code?: unknown } }).error?.code
    );
  } catch {
    return false; // a BigInt
  }
}

/** A class whose instances have the fields as getters. */
function asClass(fields: object): new () => object {
  const made = class {};
  for (const name of Object.keys(fields))
    Object.defineProperty(made.prototype, name, { get: () => Reflect.get(fields, name) });
  return made;
}
