import { stable } from '../stable.js';

/** @returns Whether two values have the same JSON, in any order of keys. */
export function isSame(one: unknown, other: unknown): boolean {
  try {
    return stable(one) === stable(other);
  } catch {
    return false; // a circle, or a getter that throws: not what was sent
  }
}

const LONGEST = 200;

/** @returns The value in a few words, for a report. */
export function show(value: unknown): string {
  const text = spell(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function spell(value: unknown): string {
  if (value instanceof Error) {
    const { code } = value as { code?: unknown };
    return `${value.name}(${JSON.stringify(value.message)}${code === undefined ? '' : `, code ${spell(code)}`})`;
  }
  if (typeof value === 'function') return 'a function';
  try {
    return stable(value);
  } catch {
    return String(value);
  }
}

/**
 * Looks for a text in everything that a value holds: hidden properties, an error's message,
 * stack and causes, maps and sets.
 *
 * @returns The path to the text, such as `cause.message`; `undefined` if it is not found. Empty
 *   if the value itself holds it.
 */
export function whereIs(text: string, value: unknown): string | undefined {
  const seen = new Set<object>();
  const search = (current: unknown, path: string): string | undefined => {
    if (typeof current === 'string' || typeof current === 'number' || typeof current === 'bigint') {
      return String(current).includes(text) ? path : undefined;
    }
    if (typeof current !== 'object' || current === null || seen.has(current)) return undefined;
    seen.add(current);
    for (const [name, member] of membersOf(current)) {
      const inner = path === '' ? name : `${path}.${name}`;
      if (name.includes(text)) return inner;
      const found = search(member, inner);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(value, '');
}

function membersOf(holder: object): [name: string, value: unknown][] {
  const members = Reflect.ownKeys(holder).map((key): [string, unknown] => [
    String(key),
    valueAt(holder, key),
  ]);
  if (holder instanceof Map)
    members.push(...[...holder].map(([key, value]): [string, unknown] => ['entry', [key, value]]));
  if (holder instanceof Set) members.push(...[...holder].map((value): [string, unknown] => ['entry', value]));
  return members;
}

function valueAt(holder: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(holder, key);
  } catch {
    return undefined; // a getter that throws reveals nothing
  }
}
