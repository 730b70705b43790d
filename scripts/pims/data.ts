import { readFileSync } from 'node:fs';

/*
 * The facts of the SDK's reference, as the generator reads them.
 *
 * A type is written as in TypeScript, with a few words of its own:
 *   text      a string that samples also print as a number
 *   numeric   a number that samples also print as a string
 *   flag      a Boolean that samples also print as a string
 *   T[?]      a list that samples also show as a single bare value
 *   Name      an object of shapes.json
 * `number` and `boolean` mean `numeric` and `flag` in results. What follows ` # ` is a remark.
 */

/** Types by field name; `?` after the name means that it may be left out. */
export type Fields = Readonly<Record<string, string>>;

/** What one variant of an API takes and gives. */
export interface ApiFacts {
  /** Verb and name. */
  readonly call: string;
  readonly variant?: string;
  readonly since: string;
  /** The version that last changed it, if not the first one. */
  readonly changed?: string;
  readonly parameters?: Fields;
  /** Another spelling of the parameters that some page shows. */
  readonly orParameters?: Fields;
  /** Parameters that it must not have, since they belong to a variant that looks the same otherwise. */
  readonly not?: readonly string[];
  readonly result?: Fields;
  readonly resultMayBeNull?: boolean;
  readonly errors?: readonly number[];
  /** What was different before 2.3. An empty value means that there was none. */
  readonly 'until2.2'?: {
    readonly parameters?: Fields;
    readonly result?: Fields;
    readonly brands?: readonly string[];
  };
}

/** The APIs of one component. */
export interface ComponentFacts {
  readonly component: string;
  readonly brands: readonly string[];
  readonly connectivity?: string;
  readonly apis: readonly ApiFacts[];
  readonly 'removedIn2.3'?: readonly ApiFacts[];
}

/** One code of the SDK's error catalogue. */
export interface ErrorFacts {
  readonly code: number;
  readonly category: string;
  readonly label: string;
  readonly strongAuth?: string;
  readonly remedy: string;
  readonly since?: string;
}

/** Something on which the SDK's pages contradict each other. */
export interface DisagreementFacts {
  readonly about: string;
  readonly found: Readonly<Record<string, string>>;
  readonly here: string;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));

export const components: readonly ComponentFacts[] = read('apis');
export const shapes: Readonly<Record<string, Fields>> = read('shapes');
export const errors: readonly ErrorFacts[] = read('errors');
export const disagreements: readonly DisagreementFacts[] = read('disagreements');

/** One variant of an API with the facts of its component. */
export interface Api extends ApiFacts {
  readonly verb: string;
  readonly api: string;
  readonly component: string;
  readonly brands: readonly string[];
  readonly connectivity: string | undefined;
}

/** The documented versions; 2.2 changed nothing here. */
export type Version = '2.0' | '2.1' | '2.2' | '2.3';

/** @returns The API variants of a version of the SDK, as they were then. */
export function apisOf(version: Version): Api[] {
  const is23 = version === '2.3';
  return components.flatMap((component) =>
    [...component.apis, ...(is23 ? [] : (component['removedIn2.3'] ?? []))]
      .filter(({ since }) => since <= version)
      .map((facts) => ({ ...facts, ...(is23 ? {} : before23(facts)) }))
      .map((facts) => {
        const [verb = '', api = ''] = facts.call.split(' ');
        const { component: name, brands, connectivity } = component;
        return { brands, ...facts, verb, api, component: name, connectivity };
      }),
  );
}

/** What was different before 2.3. What an orParameters or a `not` says was taken from pages of every version. */
function before23(facts: ApiFacts): Partial<ApiFacts> & { brands?: readonly string[] } {
  return facts['until2.2'] ?? {};
}

/** A field, taken apart. */
export interface Field {
  readonly name: string;
  readonly isOptional: boolean;
  /** The type in the notation above, without its remark. */
  readonly type: string;
  readonly remark: string | undefined;
}

/** @returns The fields, taken apart. */
export function fieldsOf(fields: Fields | undefined): Field[] {
  return Object.entries(fields ?? {}).map(([key, notation]) => {
    const [type = '', remark] = notation.split(' # ');
    return { name: key.replace(/\?$/, ''), isOptional: key.endsWith('?'), type, remark };
  });
}

/** @returns The constants that a type consists of, if it consists of constants. */
export function constantsOf(type: string): string[] | undefined {
  const members = type
    .replace(/\[\??\]$/, '')
    .replace(/^\(|\)$/g, '')
    .split(' | ');
  const constants = members.flatMap((member) => {
    const quoted = /^'([^']*)'$/.exec(member)?.[1];
    return quoted ?? (/^(true|false|\d+)$/.test(member) ? member : []);
  });
  return constants.length === members.length ? constants : undefined;
}

/** `Map.groupBy`, which Node 20 has not. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
