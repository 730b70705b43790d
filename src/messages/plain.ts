import { isObject, read } from '../host/ask.js';

/** How deep a foreign value is read, and how many fields or members in all. The rest is left out. */
const MAX_DEPTH = 6;
const MAX_PARTS = 1000;

/**
 * Reads a foreign value once into plain data of our own, which JSON can carry and which is safe to read
 * again. A date becomes its text, as in JSON. Functions, symbols, circular references and fields that throw
 * when they are read are left out.
 */
export function toPlain(value: unknown): unknown {
  return readPlain(value, 0, { left: MAX_PARTS });
}

/** @returns The fields of `from` that are not in `known`, read into plain data. */
export function otherFields(
  from: Record<string, unknown>,
  known: ReadonlySet<string>,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const budget = { left: MAX_PARTS };
  for (const name of fieldsOf(from)) {
    if (known.has(name)) continue;
    const value = readPlain(read(from, name), 1, budget);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

/**
 * @returns The text, number or Boolean that is boxed in an object, of this realm or
 *   another; any other value unchanged.
 */
export function unbox(value: unknown): unknown {
  if (!isObject(value)) return value;
  try {
    const inner = (value as { valueOf?: unknown }).valueOf;
    const unboxed: unknown = typeof inner === 'function' ? inner.call(value) : value;
    return isObject(unboxed) ? value : unboxed;
  } catch {
    return value;
  }
}

function readPlain(foreign: unknown, depth: number, budget: { left: number }): unknown {
  const value = textOfDate(foreign) ?? unbox(foreign);
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object': {
      if (value === null) return null;
      budget.left -= 1;
      if (depth >= MAX_DEPTH || budget.left < 0) return undefined;
      return isList(value) ? readList(value, depth, budget) : readFields(value, depth, budget);
    }
    default:
      return undefined;
  }
}

function readFields(value: object, depth: number, budget: { left: number }): unknown {
  const fields: Record<string, unknown> = {};
  for (const name of fieldsOf(value)) {
    if (name === '__proto__' || budget.left <= 0) continue;
    budget.left -= 1;
    const inner = readPlain(read(value, name), depth + 1, budget);
    if (inner !== undefined) fields[name] = inner;
  }
  return fields;
}

function readList(list: object, depth: number, budget: { left: number }): unknown {
  const given = read(list, 'length');
  const length = typeof given === 'number' ? given : 0;
  const members: unknown[] = [];
  for (let index = 0; index < length && budget.left > 0; index += 1) {
    budget.left -= 1;
    members.push(readPlain(read(list, String(index)), depth + 1, budget) ?? null);
  }
  return members;
}

/**
 * Bytes are read as a list: read by name, like the fields of a class, a million of them would take seconds.
 */
function isList(value: object): boolean {
  try {
    return Array.isArray(value) || ArrayBuffer.isView(value);
  } catch {
    return false; // a revoked proxy
  }
}

/** @returns The text of a date, as in JSON; `undefined` for any other value. */
function textOfDate(value: unknown): string | undefined {
  try {
    const isDate = Object.prototype.toString.call(value) === '[object Date]';
    return isDate ? Date.prototype.toISOString.call(value) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @returns The field names: own and inherited ones, and the getters of a class or a host
 *   object, which are not enumerable.
 */
function fieldsOf(value: object): Iterable<string> {
  const names = new Set<string>();
  try {
    if (Object.getPrototypeOf(value) === Object.prototype) return Object.keys(value);
    let isInherited = false;
    for (let from: object | null = value; from && !isRoot(from); from = Object.getPrototypeOf(from)) {
      for (const [name, { enumerable, get }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
        if (enumerable || (isInherited && get)) names.add(name);
      }
      if (names.size > MAX_PARTS) break;
      isInherited = true;
    }
  } catch {
    // A proxy that refuses: the names found so far are used.
  }
  return names;
}

/** Whether `value` is the root of all objects, `Object.prototype`, in any realm. */
const isRoot = (value: object): boolean => Object.getPrototypeOf(value) === null && 'hasOwnProperty' in value;
