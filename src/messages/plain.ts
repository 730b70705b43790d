import { isObject, read } from '../host/ask.js';

/** How deep a foreign value is read, and how many fields and members in all. The rest is left out. */
const MAX_DEPTH = 6;
const MAX_PARTS = 1000;

/** A proxy may be its own prototype. */
const MAX_PROTOTYPES = 100;

/** How many fields and members may still be read. */
interface Budget {
  left: number;
}

/**
 * Reads a foreign value once into plain data of our own, which JSON can carry and which is safe to read
 * again. A date becomes its text, as in JSON. Functions, symbols, circular references and fields that throw
 * when they are read are left out.
 */
export function toPlain(value: unknown): unknown {
  return readPlain(value, 0, { left: MAX_PARTS });
}

/**
 * @returns The fields of `from` that are not in `known`, read into plain data. All of them are read, also
 *   those behind one that holds too much.
 */
export function otherFields(from: object, known: ReadonlySet<string>): Record<string, unknown> {
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
    const unboxed: unknown = value.valueOf();
    return isObject(unboxed) ? value : unboxed;
  } catch {
    return value; // it has no such method, or a wrong one
  }
}

function readPlain(foreign: unknown, depth: number, budget: Budget): unknown {
  const value = textOfDate(foreign) ?? unbox(foreign);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return undefined;
  return isList(value) ? readList(value, depth + 1, budget) : readFields(value, depth + 1, budget);
}

/** @param depth That of the fields. */
function readFields(value: object, depth: number, budget: Budget): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of fieldsOf(value)) {
    if (name === '__proto__') continue;
    budget.left -= 1;
    if (budget.left < 0) break;
    const inner = readPlain(read(value, name), depth, budget);
    if (inner !== undefined) fields[name] = inner;
  }
  return fields;
}

/** @param depth That of the members. */
function readList(list: object, depth: number, budget: Budget): unknown[] {
  const given = read(list, 'length');
  const length = typeof given === 'number' ? given : 0;
  const members: unknown[] = [];
  for (let index = 0; index < length; index += 1) {
    budget.left -= 1;
    if (budget.left < 0) break;
    members.push(readPlain(read(list, String(index)), depth, budget) ?? null);
  }
  return members;
}

/**
 * Bytes are read as a list: read by name, like the fields of a class, a million of them would take seconds.
 */
function isList(value: object): boolean | undefined {
  try {
    return Array.isArray(value) || ArrayBuffer.isView(value);
  } catch {
    return undefined; // a revoked proxy
  }
}

/** @returns The text of a date, as in JSON; `undefined` for any other value. */
function textOfDate(value: unknown): string | undefined {
  try {
    const isDate = Object.prototype.toString.call(value) === '[object Date]';
    return isDate ? Date.prototype.toISOString.call(value) : undefined;
  } catch {
    return undefined; // a date that is none, or a revoked proxy
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
    let from: object | null = value;
    for (let level = 0; from && !isRoot(from) && level < MAX_PROTOTYPES; level += 1) {
      for (const [name, { enumerable, get }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
        if (enumerable || (level > 0 && get)) names.add(name);
      }
      from = Object.getPrototypeOf(from);
    }
  } catch {
    // A proxy that refuses: the names found so far are used.
  }
  return names;
}

/** Whether `value` is the root of all objects, `Object.prototype`, in any realm. */
const isRoot = (value: object): boolean => Object.getPrototypeOf(value) === null && 'hasOwnProperty' in value;
