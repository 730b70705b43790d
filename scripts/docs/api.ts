import {
  Application,
  Converter,
  type DeclarationReflection,
  LogLevel,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  type SomeType,
} from 'typedoc';
import { entries } from '../../tsup.config.js';
import { root } from './markdown.js';

/*
 * The API reference: one page for each entry of the package, from the docstrings. Generated when the site is built and when the
 * package is packed, and not committed: whoever reads the repository reads the docstrings themselves.
 */

/** The reference as data, with what was wrong with it. */
export interface Api {
  readonly app: Application;
  readonly project: ProjectReflection;
}

/** @returns What the docstrings of every entry say. @throws Error if TypeDoc cannot read them. */
export async function readApi(out: string): Promise<Api> {
  const app = await Application.bootstrapWithPlugins(
    {
      name: 'API reference',
      entryPoints: Object.values(entries).map((path) => root + path),
      tsconfig: `${root}tsconfig.json`,
      plugin: ['typedoc-plugin-markdown'],
      outputs: [{ name: 'markdown', path: out }],
      readme: 'none',
      logLevel: LogLevel.Warn,
      disableGit: true,
      disableSources: true,
      excludeInternal: true,
      excludePrivate: true,
      excludeExternals: true,
      skipErrorChecking: true, // `npm run typecheck` checks the same files
      validation: { notExported: false, invalidLink: true, notDocumented: false },
      ...markdown,
    },
    [],
  );
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => nameEntries(project));
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the entries');
  return { app, project };
}

/** Writes the reference as Markdown. */
export async function writeApi(out: string): Promise<void> {
  const { app, project } = await readApi(out);
  await app.generateOutputs(project);
}

const PACKAGE = 'strong-auth-machine';

/** How the pages look: those of the plugin, which TypeDoc's own types do not know. */
const markdown: Record<string, unknown> = {
  outputFileStrategy: 'modules', // one page for each entry: a reader searches in it
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: 'table',
  propertiesFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  indexFormat: 'table',
  pageTitleTemplates: {
    module: ({ name }: { name: string }) => (name === PACKAGE ? name : `${PACKAGE}/${name}`),
  },
  tableColumnSettings: { hideSources: true, hideInherited: true, hideOverrides: true },
};

/** TypeDoc names an entry by its path under src; readers know it by the last part of what they import. */
function nameEntries(project: ProjectReflection): void {
  for (const entry of project.getChildrenByKind(ReflectionKind.Module)) {
    const name = entry.name.replace(/^adapters\//, '');
    entry.name = name === 'index' ? PACKAGE : name;
  }
}

/** What a reader looks up. */
const LOOKED_UP =
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Variable |
  ReflectionKind.Property |
  ReflectionKind.Accessor |
  ReflectionKind.CallSignature;

/**
 * @returns The exported symbols, and named members of exported symbols, that have no docstring.
 *
 * Not asked for: members of what is generated from the SDK's reference, which has no words for them; the parts of the chart,
 * which have descriptions of their own; the insides of a parameter or of a function's type, which belong to what has them; and
 * a further signature of a function of which one has a docstring.
 */
export function undocumented(project: ProjectReflection): string[] {
  return Object.values(project.reflections)
    .filter((each) => each.kindOf(LOOKED_UP) && !isDocumented(each) && !isExempt(each, project))
    .map((each) => each.getFullName())
    .sort();
}

function isDocumented(reflection: Reflection): boolean {
  const { type } = reflection as DeclarationReflection;
  const { signatures, getSignature } = reflection.parent as DeclarationReflection;
  return (
    reflection.flags.isExternal ||
    [reflection, ...(signatures ?? []), getSignature].some((each) => each?.hasComment()) ||
    (type?.type === 'reflection' && (type.declaration.signatures ?? []).some((each) => each.hasComment())) ||
    isNamedByUnion(reflection)
  );
}

/** `type: 'reset'` says what a member of a union is, and the sentence before that member says what that means. */
function isNamedByUnion(reflection: Reflection): boolean {
  const { parent, type } = reflection as DeclarationReflection;
  if (type?.type !== 'literal') return false;
  const { type: union } = (parent?.parent ?? {}) as DeclarationReflection;
  if (union?.type !== 'union') return false;
  const isParent = (each: SomeType): boolean =>
    (each.type === 'reflection' && each.declaration === parent) ||
    (each.type === 'intersection' && each.types.some(isParent));
  const place = union.types.findIndex(isParent);
  return (union.elementSummaries?.[place]?.length ?? 0) > 0;
}

const EXEMPT_FILES = /\.generated\.ts$|strong-auth\.(machine|setup)\.ts$/;
const EXEMPT_PLACES = ReflectionKind.Parameter | ReflectionKind.ConstructorSignature;

function isExempt(reflection: Reflection, project: ProjectReflection): boolean {
  const isFunctionType =
    reflection.kindOf(ReflectionKind.CallSignature) && reflection.parent?.kindOf(ReflectionKind.TypeLiteral);
  if (isFunctionType) return true;
  for (let each = reflection; each.parent && !each.parent.kindOf(ReflectionKind.Module); each = each.parent) {
    if (each.kindOf(EXEMPT_PLACES)) return true;
    if ((each.parent as DeclarationReflection).type?.type === 'reference') return true; // an argument of a type
    if (EXEMPT_FILES.test(project.getSymbolIdFromReflection(each)?.fileName ?? '')) return true;
  }
  return false;
}
