import type { ApiParameters, ApiRequest } from './message.js';

/**
 * Parameters nested deeper than this are rejected: no bridge carries them, and
 * reading them could end the process.
 */
const MAX_DEPTH = 2000;

/** Parameters as they were at one moment. */
export interface CapturedParameters {
  /** A copy of the parameters. */
  readonly parameters: ApiParameters;
  /**
   * Whether something in the parameters can be read only once (a stream, an iterator, a used
   * `Request`): they are sent at most once.
   */
  readonly isReadOnce: boolean;
  /** Whether the parameters hold no objects, so that a copy of their fields is a copy of everything. */
  readonly isFlat: boolean;
}

/**
 * Copies parameters as they are now: the app may change its object before it is serialised, or
 * before a replay. Plain objects, arrays, `Date`, `Map`, `Set` and bytes are copied; class
 * instances are passed on unchanged.
 *
 * @throws TypeError for parameters that are nested too deeply, and whatever reading them throws.
 */
export function captureParameters(parameters: ApiParameters): CapturedParameters {
  const capture = new Capture();
  // Most parameters are plain objects. `copy` would first look for everything else that they could be.
  const isFields = isOrdinary(parameters);
  const copied = isFields ? capture.copyFields(parameters, 0) : capture.copy(parameters, 0);
  return {
    parameters: copied as ApiParameters,
    isReadOnce: capture.isReadOnce,
    isFlat: isFields && capture.isFlat,
  };
}

/** @returns A copy of the request that nobody else holds. */
export function copyRequest({ verb, api, parameters }: ApiRequest): ApiRequest {
  return parameters === undefined
    ? { verb, api }
    : { verb, api, parameters: captureParameters(parameters).parameters };
}

/** Whether `value` is a plain object of this realm, and cannot be iterated. */
const isOrdinary = (value: object): boolean =>
  Object.getPrototypeOf(value) === Object.prototype &&
  !(Symbol.iterator in value || Symbol.asyncIterator in value);

class Capture {
  isReadOnce = false;
  /** The objects that were copied, so that a circular structure ends. Created at the first nested object. */
  private copies: Map<object, unknown> | undefined;

  /** Whether no field held an object. */
  get isFlat(): boolean {
    return this.copies === undefined;
  }

  copy(value: object, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new TypeError(`the parameters are nested deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) return isOfArray(value) ? this.copyList(value, depth) : value;
    const yields = iterationOf(value);
    if (yields === 'once') return this.passOnce(value);
    if (isPlain(value)) {
      return yields ? value : this.copyFields(value as Record<string, unknown>, depth);
    }
    if (ArrayBuffer.isView(value)) return copyBytes(value);
    if (isOf(value, 'getTime', () => Date.prototype.getTime.call(value))) return new Date(Number(value));
    if (isOf(value, 'entries', () => Map.prototype.has.call(value, undefined)) || value instanceof Map) {
      const entries = entriesOf(value as Map<unknown, unknown>);
      return entries ? this.copyMap(value, entries as [unknown, unknown][], depth) : value;
    }
    if (isOf(value, 'entries', () => Set.prototype.has.call(value, undefined)) || value instanceof Set) {
      const members = entriesOf(value as Set<unknown>);
      return members ? this.copySet(value, members, depth) : value;
    }
    if (isBuffer(value)) return value.slice(0);
    return isConsumable(value) ? this.passOnce(value) : value;
  }

  private copyPart(part: unknown, depth: number): unknown {
    if (!isNested(part)) return part;
    return this.copies?.get(part) ?? this.copy(part, depth + 1);
  }

  private copyList(list: readonly unknown[], depth: number): unknown[] {
    const copied = list.slice(); // keeps holes, and is fast for long lists of numbers
    for (let index = 0; index < copied.length; index += 1) {
      const part = copied[index];
      if (!isNested(part)) continue; // holes stay holes
      this.remember(list, copied);
      copied[index] = this.copyPart(part, depth);
    }
    return copied;
  }

  /** Reads each field once: a getter may answer otherwise the second time, or throw. */
  copyFields(value: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
    const copied = { ...value };
    for (const name in copied) {
      const part = copied[name];
      if (!isNested(part)) continue;
      this.remember(value, copied);
      copied[name] = this.copyPart(part, depth);
    }
    return copied;
  }

  private copyMap(
    value: object,
    entries: readonly [unknown, unknown][],
    depth: number,
  ): Map<unknown, unknown> {
    const copied = new Map<unknown, unknown>();
    this.remember(value, copied);
    for (const [key, part] of entries) copied.set(this.copyPart(key, depth), this.copyPart(part, depth));
    return copied;
  }

  private copySet(value: object, members: readonly unknown[], depth: number): Set<unknown> {
    const copied = new Set<unknown>();
    this.remember(value, copied);
    for (const part of members) copied.add(this.copyPart(part, depth));
    return copied;
  }

  private remember(value: object, copied: unknown): void {
    this.copies ??= new Map();
    this.copies.set(value, copied);
  }

  private passOnce(value: object): object {
    this.isReadOnce = true;
    return value;
  }
}

const isNested = (part: unknown): part is object => typeof part === 'object' && part !== null;

/**
 * Whether `value` is an instance of a built-in class, of this realm or another, and not of a derived class:
 * the intrinsic accepts it, and its prototype has the method itself.
 */
function isOf(value: object, method: string, intrinsic: () => unknown): boolean {
  const found = attempt(() => {
    intrinsic();
    return Object.getOwnPropertyDescriptor(Object.getPrototypeOf(value), method);
  });
  return found !== undefined;
}

/**
 * @returns The result of `look`; `undefined` if it throws. A full stack (RangeError) is
 *   thrown on, and ends the call.
 */
function attempt<Found>(look: () => Found): Found | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return undefined;
  }
}

function isOfArray(list: object): boolean {
  return Object.getPrototypeOf(list) === Array.prototype || isOf(list, 'slice', () => {});
}

function isBuffer(value: object): value is ArrayBuffer {
  const buffer = value as ArrayBuffer;
  return (
    isOf(value, 'slice', () => ArrayBuffer.prototype.slice.call(buffer, 0, 0)) ||
    isOf(value, 'slice', () => SharedArrayBuffer.prototype.slice.call(buffer, 0, 0)) // missing on some hosts
  );
}

/**
 * @returns The members of a collection; `undefined` for a collection that is passed on unchanged: a proxy
 *   that cannot be iterated, or a class with its own serialisation (`toJSON`).
 */
function entriesOf(collection: Iterable<unknown>): unknown[] | undefined {
  const isSerialised = attempt(() => (collection as { toJSON?: unknown }).toJSON) !== undefined;
  return isSerialised ? undefined : attempt(() => [...collection]);
}

function copyBytes(view: ArrayBufferView): unknown {
  const { buffer, byteOffset, byteLength } = view;
  if (Object.prototype.toString.call(view) === '[object DataView]') {
    return new DataView(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  }
  // The `slice` of typed arrays. A Node Buffer overrides it with one that shares its bytes.
  return Uint8Array.prototype.slice.call(view as Uint8Array);
}

/**
 * @returns How often the value can be iterated: a generator, another iterator and anything asynchronous once;
 *   `undefined` if it cannot be.
 */
function iterationOf(value: object): 'once' | 'again' | undefined {
  return attempt(() => {
    const { [Symbol.iterator]: iterate, [Symbol.asyncIterator]: iterateLater } = value as Iterated;
    if (iterateLater) return 'once';
    if (!iterate) return undefined; // a plain object may have a field `next`, which is then read once, when it is copied
    return typeof (value as Iterated).next === 'function' ? 'once' : 'again';
  });
}

type Iterated = Partial<Iterable<unknown> & AsyncIterable<unknown> & { readonly next: unknown }>;

/** Whether the value is a web stream (`getReader`), a Node stream (`pipe`) or a body that was used. */
function isConsumable(value: object): boolean {
  const field = (name: string) => attempt(() => (value as Record<string, unknown>)[name]);
  return (
    typeof field('getReader') === 'function' ||
    typeof field('pipe') === 'function' ||
    field('bodyUsed') === true
  );
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
