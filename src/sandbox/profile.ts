import * as v from 'valibot';
import {
  decodeUtf8,
  decodeYaml,
  encodeCanonicalJson,
  hasHalfCharacter,
  nearestName,
  sha256Hex,
  type TextFault,
  type YamlReading,
} from '#base';
import { SandboxError } from './filesystem.ts';
import {
  type ExtendingProfile,
  extendingSchema,
  type Profile,
  profileSchema,
} from './profile-schema.ts';

/** A profile and the digest under which evidence names it. */
export interface LoadedProfile {
  readonly profile: Profile;
  /**
   * SHA-256, in hex, of the whole profile as canonical JSON: comments, layout and what it extends do not
   * count, only what holds.
   */
  readonly sha256: string;
}

/** What a profile is read against. */
export interface ProfileContext {
  /** The names that `extends` can have, and the file behind one. */
  readonly shipped: readonly string[];
  readonly read: (name: string) => Uint8Array;
  /** The ids that `rules` can have. */
  readonly rules: readonly string[];
}

/** What a profile says, or every fault in it with its place. */
export type ProfileReading =
  | { readonly loaded: LoadedProfile; readonly faults: readonly [] }
  | { readonly loaded: undefined; readonly faults: readonly TextFault[] };

type Schema = typeof profileSchema | typeof extendingSchema;
type Issue = v.InferIssue<Schema>;

interface SchemaNode {
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly item?: SchemaNode;
  readonly wrapped?: SchemaNode;
  readonly pipe?: readonly SchemaNode[];
}

/** The part of a schema that has names or items. */
function unwrap(schema: SchemaNode | undefined): SchemaNode | undefined {
  if (schema?.wrapped !== undefined) return unwrap(schema.wrapped);
  return schema?.pipe === undefined
    ? schema
    : unwrap(schema.pipe.find((part) => part !== schema && 'entries' in part));
}

/** The names that an object at a path of the schema can have. */
function namesAt(schema: Schema, path: readonly (string | number)[]): readonly string[] {
  let at = unwrap(schema as SchemaNode);
  for (const key of path) at = unwrap(typeof key === 'number' ? at?.item : at?.entries?.[key]);
  return Object.keys(at?.entries ?? {});
}

function suggest(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
}

function describe(issue: Issue, schema: Schema, path: readonly (string | number)[]): string {
  const place = path.join('.');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const name = String(path.at(-1));
    return `${place}: there is no such name; ${suggest(name, namesAt(schema, path.slice(0, -1)))}`;
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined')
    return `${place}: it is missing`;
  if (issue.type === 'picklist') {
    const options = (issue.requirement ?? optionsOf(issue.expected ?? '')) as readonly string[];
    const given = typeof issue.input === 'string' ? issue.input : '';
    return `${place}: ${issue.received} is none of its values; ${suggest(given, options)}`;
  }
  return `${place === '' ? 'a profile' : `${place}:`} ${issue.message}`;
}

function optionsOf(expected: string): readonly string[] {
  return [...expected.matchAll(/"([^"]*)"/g)].map(([, option]) => option ?? '');
}

function faultsOf(issues: readonly Issue[], schema: Schema, reading: YamlReading): TextFault[] {
  return issues.map((issue) => {
    const path = (issue.path ?? []).map(({ key }) => key as string | number);
    const isKey = issue.type === 'strict_object' && issue.expected === 'never';
    return {
      ...reading.locate(path, isKey ? 'key' : 'value'),
      detail: describe(issue, schema, path),
    };
  });
}

/** Rules that do not exist, which would be turned off without anybody noticing the slip. */
function ruleFaults(
  rules: Profile['rules'] | undefined,
  known: readonly string[],
  reading: YamlReading,
): TextFault[] {
  return Object.keys(rules ?? {}).flatMap((id) => {
    if (known.includes(id)) return [];
    const near = nearestName(id, known);
    const help = near === undefined ? 'see glovebox rules list' : `did you mean ${near}?`;
    const detail = `rules.${id}: there is no such rule; ${help}`;
    return [{ ...reading.locate(['rules', id], 'key'), detail }];
  });
}

/** The profile that one means that says only what differs: its own path rules come first. */
function extend(base: Profile, own: ExtendingProfile): Profile {
  return {
    name: own.name,
    description: own.description,
    isolation: own.isolation ?? base.isolation,
    limits: { ...base.limits, ...own.limits } as Profile['limits'],
    stops: { ...base.stops, ...own.stops } as Profile['stops'],
    paths: [...(own.paths ?? []), ...base.paths],
    decoys: own.decoys ?? base.decoys,
    formats: own.formats ?? base.formats,
    verdict: { ...base.verdict, ...own.verdict } as Profile['verdict'],
    rules: { ...base.rules, ...own.rules },
  };
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byPlace(a: TextFault, b: TextFault): number {
  return a.line - b.line || a.column - b.column;
}

/** Reads a profile and says all that is wrong with it. Throws for no content. */
export async function readProfile(
  bytes: Uint8Array,
  context: ProfileContext,
): Promise<ProfileReading> {
  const refuse = (faults: readonly TextFault[]) => ({
    loaded: undefined,
    faults: [...faults].sort(byPlace),
  });
  const text = decodeUtf8(bytes);
  if (text === undefined) return refuse([{ line: 1, column: 1, detail: 'it is not UTF-8 text' }]);
  const reading = await decodeYaml(text);
  if (reading.faults.length > 0) return refuse(reading.faults);
  const { value } = reading;
  if (hasHalfCharacter(JSON.stringify(value) ?? ''))
    return refuse([{ line: 1, column: 1, detail: 'a text in it holds half a character' }]);
  const isExtending = typeof value === 'object' && value !== null && 'extends' in value;
  const schema: Schema = isExtending ? extendingSchema : profileSchema;
  const result = v.safeParse(schema, value);
  const given = value as { rules?: Profile['rules'] } | null;
  const faults = [
    ...faultsOf(result.issues ?? [], schema, reading),
    ...(isMap(given?.rules) ? ruleFaults(given?.rules, context.rules, reading) : []),
  ];
  if (!isExtending || !result.success) {
    if (faults.length > 0 || !result.success) return refuse(faults);
    return { loaded: load(result.output as Profile), faults: [] };
  }
  const own = result.output as ExtendingProfile;
  if (!context.shipped.includes(own.extends)) {
    const detail = `extends: ${JSON.stringify(own.extends)} is not shipped; ${suggest(own.extends, context.shipped)}`;
    return refuse([...faults, { ...reading.locate(['extends'], 'value'), detail }]);
  }
  if (faults.length > 0) return refuse(faults);
  const base = await parseProfile(context.read(own.extends), own.extends, context);
  return { loaded: load(extend(base.profile, own)), faults: [] };
}

function load(profile: Profile): LoadedProfile {
  return { profile, sha256: sha256Hex(encodeCanonicalJson(profile)) };
}

/** A fault on one line, as compilers write it. */
export function formatFault({ line, column, detail }: TextFault): string {
  return `${line}:${column}: ${detail}`;
}

/**
 * Reads a profile.
 *
 * @throws SandboxError `PROFILE` naming every fault with its line and column.
 */
export async function parseProfile(
  bytes: Uint8Array,
  source: string,
  context: ProfileContext,
): Promise<LoadedProfile> {
  const { loaded, faults } = await readProfile(bytes, context);
  if (loaded !== undefined) return loaded;
  throw new SandboxError(
    'PROFILE',
    `Cannot use the profile ${source}: ${faults.map(formatFault).join('; ')}`,
  );
}
