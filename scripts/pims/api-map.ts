import { type Api, constantsOf, type Field, type Fields, fieldsOf, groupBy, shapes } from './data.js';

/*
 * Writes the type map: an interface for each variant of an API, and for each verb an interface that lists the variants by
 * the name of the API. Interfaces and plain unions, since they are what the compiler is fast at.
 */

export const NEED_STRONG_AUTH = 2302;

type Side = 'parameters' | 'result';

/** @returns The module's text, not yet formatted. */
export function writeApiMap(apis: readonly Api[]): string {
  const variants = mergeAlike(apis);
  const verbs = ['get', 'set', 'subscribe'];
  return [
    HEADER,
    "import type { BareOrList, Flag, NoParameters, NoResult, Numeric, Text } from './wire.js';",
    ...Object.entries(shapes).map(([name, fields]) => writeShape(name, fields, apis)),
    ...variants.map(writeVariant),
    ...verbs.map((verb) =>
      writeVerb(
        verb,
        variants.filter((variant) => variant.verb === verb),
      ),
    ),
  ].join('\n\n');
}

export const HEADER =
  '// Written by scripts/pims/generate.ts from scripts/pims/*.json. Change those, not this.';

/** A variant, and who else offers just the same. */
interface Variant extends Api {
  readonly name: string;
  readonly offeredBy: readonly Api[];
  readonly siblings: readonly Api[];
}

/** Several components offer the same API in the same way: one type is enough for them. */
function mergeAlike(apis: readonly Api[]): Variant[] {
  const shapeOf = ({ call, parameters, orParameters, not, result, resultMayBeNull }: Api) =>
    JSON.stringify([call, parameters, orParameters, not, result, resultMayBeNull]);
  const groups = groupBy(apis, shapeOf);
  const taken = new Set<string>();
  return [...groups.values()].map((offeredBy) => {
    const [first] = offeredBy as [Api];
    const siblings = apis.filter((api) => api.call === first.call && shapeOf(api) !== shapeOf(first));
    let name = nameOf(first);
    if (taken.has(name)) name += first.component;
    taken.add(name);
    return { ...first, name, offeredBy, siblings };
  });
}

/** For example `SetVehicleCommandDoors`. */
function nameOf({ verb, api, variant = '' }: Api): string {
  const words = [verb, ...api.split('.').slice(1), ...variant.split('-')];
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

/** Who has a field of that shape, as `field of owner`, and on which side of a call. */
interface Use {
  readonly side: Side;
  readonly where: string;
}

function usesOf(shape: string, apis: readonly Api[]): Use[] {
  const has = (fields: Fields | undefined, owner: string, side: Side): Use[] =>
    fieldsOf(fields)
      .filter(({ type }) => type.replace(/\[\??\]$/, '') === shape)
      .map(({ name }) => ({ side, where: `\`${name}\` of ${owner}` }));
  const direct = apis.flatMap(({ call, parameters, result }) => [
    ...has(parameters, `\`${call}\``, 'parameters'),
    ...has(result, `\`${call}\``, 'result'),
  ]);
  const within = Object.entries(shapes).flatMap(([owner, fields]) => {
    if (has(fields, owner, 'result').length === 0) return [];
    return usesOf(owner, apis).flatMap(({ side }) => has(fields, `{@link ${owner}}`, side));
  });
  return [...direct, ...within];
}

function writeShape(name: string, fields: Fields, apis: readonly Api[]): string {
  const uses = usesOf(name, apis);
  const sides = new Set(uses.map(({ side }) => side));
  const [side] = sides;
  // Results are typed more loosely than parameters, so a shape belongs to one of them.
  if (!side || sides.size > 1) throw new Error(`${name} must be used either in parameters or in results`);
  const places = [...new Set(uses.map(({ where }) => where))];
  const more = places.length > 3 ? `, and ${places.length - 3} more` : '';
  return `/** ${places.slice(0, 3).join(', ')}${more}. */\nexport interface ${name} ${writeFields(fieldsOf(fields), side)}`;
}

function writeVariant(variant: Variant): string {
  const { name, result, resultMayBeNull } = variant;
  const resultType = result
    ? writeFields(fieldsOf(result), 'result') + (resultMayBeNull ? ' | null' : '')
    : 'NoResult';
  return `${writeDoc(variant)}
export interface ${name} {
  readonly parameters: ${writeParameters(variant)};
  readonly result: ${resultType};
}`;
}

function writeDoc({ call, variant, offeredBy, changed }: Variant): string {
  const offers = offeredBy.map(
    ({ component, brands, since }) => `${component} (${brands.join(', ')}) since ${since}`,
  );
  const { connectivity, errors } = offeredBy[0] as Api;
  return [
    '/**',
    ` * \`${call}\`${variant ? `, ${variant}` : ''}${connectivity ? `, over ${connectivity}` : ''}.`,
    ` * ${offers.join('; ')}${changed ? `; changed in ${changed}` : ''}.`,
    ...(errors?.includes(NEED_STRONG_AUTH) ? [' * Can be challenged.'] : []),
    ' */',
  ].join('\n');
}

function writeParameters(variant: Variant): string {
  const { parameters, orParameters, not = [] } = variant;
  if (!parameters) return 'NoParameters';
  const absent = not.map((name) => `/** of another variant */\nreadonly ${name}?: undefined;`);
  const fields = [parameters, ...(orParameters ? [orParameters] : [])].map((spelling) =>
    fieldsOf(spelling).map((field) =>
      isDispensable(field, variant)
        ? { ...field, isOptional: true, remark: 'may be left out: another parameter says as much' }
        : field,
    ),
  );
  const spellings = fields.map((spelling) => writeFields(spelling, 'parameters', absent));
  const mayBeLeftOut = fields.some((spelling) => spelling.every(({ isOptional }) => isOptional));
  return [...spellings, ...(mayBeLeftOut ? ['undefined'] : [])].join(' | ');
}

/**
 * `actionType` only names the component. Where another parameter tells the variant from its siblings, it says nothing new
 * and may be left out.
 */
export function isDispensable(
  { name }: Field,
  { parameters, siblings }: Pick<Variant, 'parameters' | 'siblings'>,
): boolean {
  if (name !== 'actionType') return false;
  const others = fieldsOf(parameters).filter((field) => field.name !== name && !field.isOptional);
  return others.length > 0 && siblings.every((sibling) => others.some((field) => tellsApart(field, sibling)));
}

function tellsApart({ name, type }: Field, sibling: Api): boolean {
  const theirs = fieldsOf(sibling.parameters).find((field) => field.name === name);
  if (!theirs) return true;
  const [ourConstants, theirConstants] = [constantsOf(type), constantsOf(theirs.type)];
  return (
    !!ourConstants && !!theirConstants && !ourConstants.some((constant) => theirConstants.includes(constant))
  );
}

function writeVerb(verb: string, variants: readonly Variant[]): string {
  const byApi = [...groupBy(variants, ({ api }) => api)].sort(([one], [other]) => (one < other ? -1 : 1));
  const title = verb.slice(0, 1).toUpperCase() + verb.slice(1);
  const callableAlone = byApi.filter(([, members]) =>
    members.some(({ parameters }) => fieldsOf(parameters).every(({ isOptional }) => isOptional)),
  );
  const lines = byApi.map(
    ([api, members]) => `readonly '${api}': ${members.map(({ name }) => name).join(' | ')};`,
  );
  return `/** Every API that \`${verb}\` knows (SDK 2.3), with its variants. */
export interface ${title}Apis {
  ${lines.join('\n')}
}

/** Those that can be called without parameters. */
export type ${title}ApiWithoutParameters = ${callableAlone.map(([api]) => `'${api}'`).join(' | ')};`;
}

function writeFields(fields: readonly Field[], side: Side, more: readonly string[] = []): string {
  const lines = fields.map(({ name, isOptional, type, remark }) => {
    const doc = remark ? `/** ${remark} */\n` : '';
    return `${doc}readonly ${name}${isOptional ? '?' : ''}: ${writeType(type, side)};`;
  });
  return `{\n${[...lines, ...more].join('\n')}\n}`;
}

/** Turns the notation of data.ts into TypeScript. */
function writeType(type: string, side: Side): string {
  const list = /^(.*)\[(\??)\]$/.exec(type);
  if (list) {
    const member = writeType(list[1] as string, side);
    if (list[2]) return `BareOrList<${member.replace(/^\((.*)\)$/, '$1')}>`;
    return `readonly ${member}[]`;
  }
  return type.replace(/'[^']*'|`[^`]*`|\w+/g, (word) => {
    if (side === 'result' && /^\d+$/.test(word)) return `${word} | '${word}'`;
    return (side === 'result' ? inResults[word] : undefined) ?? words[word] ?? word;
  });
}

const words: Readonly<Record<string, string>> = { text: 'Text', numeric: 'Numeric', flag: 'Flag' };
const inResults: Readonly<Record<string, string>> = { number: 'Numeric', boolean: 'Flag' };
