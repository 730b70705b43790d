import { HEADER, isDispensable } from './api-map.js';
import {
  type Api,
  apisOf,
  constantsOf,
  type Field,
  fieldsOf,
  groupBy,
  shapes,
  type Version,
} from './data.js';

/*
 * Writes what the simulator knows of the reference: every variant that some version of the SDK has, with what it takes, what it
 * may refuse with, and a result that looks like one.
 */

const VERSIONS: readonly Version[] = ['2.0', '2.1', '2.2', '2.3'];
const SAMPLE_VIN = 'VR1AB12C3D4567890';

/** @returns The module's text, not yet formatted. */
export function writeSimulatedApis(): string {
  const variants = VERSIONS.flatMap((version) => {
    const apis = apisOf(version);
    return apis
      .flatMap((api) => [api, ...(api.orParameters ? [{ ...api, parameters: api.orParameters }] : [])])
      .map((api) => ({ version, row: rowOf(api, apis) }));
  });
  const merged = [...groupBy(variants, ({ row }) => JSON.stringify(row))].map(([, alike]) => {
    const versions = alike.map(({ version }) => version);
    return [[versions[0], versions.at(-1)], ...(alike[0] as (typeof alike)[number]).row];
  });
  return [
    HEADER,
    `/** First and last version, verb, name, variant, brands, parameters, errors, and a sample of the result. */
export type SimulatedApiRow = readonly [
  versions: readonly [string, string], verb: string, api: string, variant: string, brands: string,
  parameters: string, errors: readonly number[], result?: unknown,
];`,
    `export const simulatedApiRows: readonly SimulatedApiRow[] = ${JSON.stringify(merged)};`,
  ].join('\n\n');
}

function rowOf(api: Api, all: readonly Api[]): unknown[] {
  const siblings = all.filter(
    (other) => other.call === api.call && JSON.stringify(other.parameters) !== JSON.stringify(api.parameters),
  );
  const result = api.result && sampleOfFields(fieldsOf(api.result));
  return [
    api.verb,
    api.api,
    api.variant ?? '',
    api.brands.join(' '),
    [
      ...fieldsOf(api.parameters).map((field) =>
        writeParameter(field, isDispensable(field, { ...api, siblings })),
      ),
      ...(api.not ?? []).map((name) => `!${name}`),
    ].join(' '),
    api.errors ?? [],
    ...(result ? [result] : []),
  ];
}

/** `name`, a `?` if it may be left out, then `=one|another` or `:kind`; `[]` for a list, `[?]` for a list or its only value. */
function writeParameter({ name, isOptional, type }: Field, isDispensable: boolean): string {
  const list = /\[\??\]$/.exec(type)?.[0] ?? '';
  const constants = constantsOf(type);
  const kind = constants ? `=${constants.join('|')}` : `:${kindOf(type.replace(/\[\??\]$/, ''))}`;
  return `${name}${isOptional || isDispensable ? '?' : ''}${kind}${list}`;
}

function kindOf(type: string): string {
  if (shapes[type]) return 'object';
  const kinds = ['string', 'number', 'numeric', 'boolean', 'flag', 'text'];
  return kinds.includes(type) ? type : 'unknown';
}

function sampleOfFields(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, sampleOf(field)]));
}

function sampleOf({ name, type, remark }: Pick<Field, 'name' | 'type' | 'remark'>): unknown {
  const member = type.replace(/\[\??\]$/, '').replace(/^\((.*)\)$/, '$1');
  if (member !== type && /\[\??\]$/.test(type)) return [sampleOf({ name, type: member, remark })];
  const [first = member] = member.split(' | ').filter((choice) => !choice.startsWith('`'));
  const constant = /^'(.*)'$/.exec(first)?.[1];
  if (constant !== undefined) return constant;
  if (/^\d+$/.test(first)) return Number(first);
  const shape = shapes[first];
  if (shape) return sampleOfFields(fieldsOf(shape));
  switch (first) {
    case 'number':
    case 'numeric':
      return 1;
    case 'boolean':
    case 'flag':
    case 'true':
      return true;
    case 'false':
      return false;
    case 'string':
    case 'text':
      return sampleText(name, remark ?? '');
    default:
      return {};
  }
}

function sampleText(name: string, remark: string): string {
  if (/vin/i.test(name)) return SAMPLE_VIN;
  if (remark.includes('e-mail')) return 'driver@example.com';
  if (remark.includes('date')) return '2026-01-01T08:00:00Z';
  if (remark.includes('duration')) return 'PT1H';
  if (/phone/i.test(name)) return '+33600000000';
  return `${name}-1`;
}
