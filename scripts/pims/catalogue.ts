import { HEADER, NEED_STRONG_AUTH } from './api-map.js';
import { type Api, constantsOf, disagreements, errors, fieldsOf } from './data.js';

/*
 * Writes the catalogue that exists at run time. Rows instead of objects, and lists of errors by number, since it is shipped;
 * src/pims/catalogue.ts makes objects of them for whoever asks.
 */

/** @returns The module's text, not yet formatted. */
export function writeCatalogue(apis: readonly Api[]): string {
  const components = new Numbering<[string, string, string]>();
  const errorLists = new Numbering<readonly number[]>();
  const rows = apis.map((api) => [
    api.verb,
    api.api,
    api.variant ?? '',
    components.of([api.component, api.brands.join(' '), api.connectivity ?? '']),
    api.since,
    errorLists.of(api.errors ?? []),
    writeParameters(api),
  ]);
  const challenging = apis
    .filter((api) => api.errors?.includes(NEED_STRONG_AUTH))
    .map((api) => [api.verb, api.api, writeDiscriminators(api)]);

  return [
    HEADER,
    `/** Components: name, brands, connectivity. */
export const componentRows: readonly (readonly [string, string, string])[] = ${JSON.stringify(components.list)};`,
    `/** Every list of errors that some API has. */
export const errorLists: readonly (readonly number[])[] = ${JSON.stringify(errorLists.list)};`,
    `/** API variants: verb, name, variant, component, first version, list of errors, parameters. */
export const apiRows: readonly (readonly [string, string, string, number, string, number, string])[] = ${JSON.stringify(rows)};`,
    `/** The variants that can be challenged: verb, name, parameters by which they are told from the others. */
export const challengeRows: readonly (readonly [string, string, string])[] = ${JSON.stringify(challenging)};`,
    `/** Errors: code, category, label, remedy, role in strong authentication, first version if not 2.0. */
export const errorRows: readonly (readonly [number, string, string, string, string?, string?])[] = ${JSON.stringify(
      errors.map(({ code, category, label, remedy, strongAuth, since }) => [
        code,
        category,
        label,
        remedy,
        ...(strongAuth || since ? [strongAuth ?? ''] : []),
        ...(since ? [since] : []),
      ]),
    )};`,
    `/** What the SDK's pages contradict each other on: about what, who says what, what this package makes of it. */
export const disagreementRows: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = ${JSON.stringify(
      disagreements.map(({ about, found, here }) => [about, found, here]),
    )};`,
  ].join('\n\n');
}

/** `name`, `name?`, or `name=one|another` where there is a choice of constants. */
function writeParameters({ parameters }: Pick<Api, 'parameters'>): string {
  const words = fieldsOf(parameters).map(({ name, isOptional, type }) => {
    const constants = constantsOf(type);
    if (constants?.some((constant) => /[ |]/.test(constant)))
      throw new Error(`${name} has constants that cannot be told apart`);
    return `${name}${isOptional ? '?' : ''}${constants ? `=${constants.join('|')}` : ''}`;
  });
  return words.join(' ');
}

/** In the reference it is always one of these that tells a variant from its siblings. */
const discriminators = ['action', 'type', 'actionType'];

function writeDiscriminators({ parameters }: Api): string {
  const told = Object.entries(parameters ?? {}).filter(([name]) => discriminators.includes(name));
  return writeParameters({ parameters: Object.fromEntries(told) });
}

/** Gives equal rows the same number. */
class Numbering<Row> {
  readonly list: Row[] = [];
  private readonly keys: string[] = [];

  of(row: Row): number {
    const key = JSON.stringify(row);
    if (!this.keys.includes(key)) {
      this.keys.push(key);
      this.list.push(row);
    }
    return this.keys.indexOf(key);
  }
}
