import { compareUtf8, encodeUtf8 } from '#base';
import type { CallContext, EmbeddedFile, Native } from '../compile/model.ts';
import { sliceOf } from '../run/convert.ts';
import { asSlice, Items } from '../run/stores.ts';
import { type NamedType, STRING, structOf, type Type } from '../run/types.ts';
import { boolValue, type How, NIL, textValue, UNKNOWN, Value } from '../run/value.ts';
import { madeBytes } from './encodings.ts';
import type { LibraryPart } from './part.ts';
import { newReader } from './readers.ts';
import { failed, fine } from './strconv.ts';
import { receiver, text } from './support.ts';
import { byteText } from './text-kinds.ts';

const named = (path: string, name: string, fields: readonly string[]): NamedType => {
  const struct = structOf(
    fields.map((field) => ({ name: field, type: STRING, isEmbedded: false, tag: '' })),
  );
  return { kind: 'named', path, name, under: () => struct };
};

/** A filesystem: the directives that fill it, their file, and the folder that is its root. */
export const FS = named('embed', 'FS', ['directives', 'file', 'root']);
const SUB = named('io/fs', 'subFS', ['directives', 'file', 'root']);
const ENTRY = named('io/fs', 'DirEntry', ['name', 'isDir']);
const FILES = new Set([FS, SUB] as readonly Type[]);

/** The value of a variable that directives fill. */
export function embeddedFilesystem(file: string, directives: readonly string[], how: How): Value {
  const fields = [directives.join('\n'), file, '.'].map((field) => textValue(field, how));
  return new Value(FS, new Items(fields, STRING, 0), how);
}

/** The fields of a filesystem, or of one that is pointed to. */
function fieldsOf(context: CallContext, value: Value | undefined): Items | undefined {
  const type = value?.t.kind === 'pointer' ? value.t.element : value?.t;
  return type !== undefined && FILES.has(type) ? receiver(context, value) : undefined;
}

/** What a filesystem holds, by the names that it uses itself. */
interface Filesystem {
  readonly files: readonly EmbeddedFile[];
  readonly how: How | undefined;
}

function openFilesystem(context: CallContext, value: Value | undefined): Filesystem | undefined {
  const items = fieldsOf(context, value);
  const fields = items && [0, 1, 2].map((place) => context.m.get(items, place));
  if (fields === undefined) return undefined;
  const [directives, file, root] = fields.map(text);
  if (directives === undefined || file === undefined || root === undefined) return undefined;
  // A variable without a directive is empty.
  if (directives === '') return { files: [], how: undefined };
  const prefix = root === '.' ? '' : `${root}/`;
  const all = context.embedded(file, directives.split('\n'));
  context.m.step(all.length);
  return {
    files: all
      .map(({ name, read }) => ({ name: byteText(encodeUtf8(name)), read }))
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, read }) => ({ name: name.slice(prefix.length), read })),
    how: fields[0]?.how,
  };
}

/** fs.ValidPath. */
const isValid = (name: string): boolean =>
  name === '.' || name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** A filesystem and a name in it; undefined where one of them is not known. */
function argumentsOf(context: CallContext, [from, path]: readonly Value[]) {
  const filesystem = openFilesystem(context, from);
  const name = text(path);
  return filesystem === undefined || name === undefined ? undefined : { ...filesystem, name };
}

/** The content of a file, if there is room for it; null where there is no such file. */
function contentOf(
  { m }: CallContext,
  { files, name }: Filesystem & { readonly name: string },
): Uint8Array | null | undefined {
  const bytes = files.find((file) => file.name === name)?.read();
  if (bytes === undefined) return null;
  return bytes.length > m.limits.memory / 2 ? undefined : bytes;
}

const readFile: Native = (context, args) => {
  const found = argumentsOf(context, args);
  const bytes = found && contentOf(context, found);
  if (found === undefined || bytes === undefined) return UNKNOWN;
  if (bytes === null) return failed(context, NIL);
  const value = madeBytes(context, 'embed', [bytes.slice(), []]);
  const slice = asSlice(value.v);
  if (slice && found.how !== undefined) slice.items.how = found.how;
  return fine(value);
};

const open: Native = (context, args) => {
  const found = argumentsOf(context, args);
  const bytes = found && contentOf(context, found);
  if (found === undefined || bytes === undefined) return UNKNOWN;
  const isFolder =
    found.name === '.' || found.files.some(({ name }) => name.startsWith(`${found.name}/`));
  if (bytes === null) return isFolder && isValid(found.name) ? UNKNOWN : failed(context, NIL);
  return fine(newReader(context, 'io.Reader', [byteText(bytes), found.how, false]));
};

const ENTRIES: Type = { kind: 'slice', element: ENTRY };

const readFolder: Native = (context, args) => {
  const found = argumentsOf(context, args);
  if (found === undefined) return UNKNOWN;
  const prefix = found.name === '.' ? '' : `${found.name}/`;
  const names = new Map<string, boolean>();
  for (const { name } of found.files) {
    if (!name.startsWith(prefix)) continue;
    const [first = '', ...rest] = name.slice(prefix.length).split('/');
    names.set(first, rest.length > 0);
  }
  if (names.size === 0 && found.name !== '.') return failed(context, NIL);
  context.m.allocate(names.size * 8);
  const entries = [...names]
    // One character a byte: as the bytes are.
    .toSorted(([a], [b]) => compareUtf8(a, b))
    .map(([name, isFolder]) => {
      const fields = [textValue(name, found.how), boolValue(isFolder)];
      return new Value(ENTRY, new Items(fields, STRING, context.m.epoch));
    });
  return fine(sliceOf(ENTRIES, new Items(entries, ENTRY, context.m.epoch)));
};

const entryField =
  (place: number): Native =>
  (context, [entry]) => {
    const fields = receiver(context, entry);
    return (fields && context.m.get(fields, place)) ?? UNKNOWN;
  };

const sub: Native = (context, [from, folder]) => {
  const name = text(folder);
  const items = fieldsOf(context, from);
  if (items === undefined || name === undefined) return UNKNOWN;
  if (!isValid(name)) return failed(context, NIL);
  if (name === '.') return fine(from as Value);
  const [directives, file, root] = [0, 1, 2].map((at) => context.m.get(items, at) ?? UNKNOWN);
  if (typeof root?.v !== 'string') return UNKNOWN;
  const whole = root.v === '.' ? name : `${root.v}/${name}`;
  const fields = [directives, file, textValue(whole)] as readonly Value[];
  return fine(new Value(SUB, new Items([...fields], STRING, context.m.epoch)));
};

const METHODS = { ReadFile: readFile, Open: open, ReadDir: readFolder };

/** Package embed, and what package io/fs does with its filesystems. */
export const EMBEDDED_LIBRARY: LibraryPart = {
  functions: {
    ...Object.fromEntries(
      Object.entries(METHODS).flatMap(([name, run]) => [
        [`embed.FS.${name}`, run],
        [`io/fs.subFS.${name}`, run],
      ]),
    ),
    'io/fs.ReadFile': readFile,
    'io/fs.ReadDir': readFolder,
    'io/fs.Sub': sub,
    'io/fs.DirEntry.Name': entryField(0),
    'io/fs.DirEntry.IsDir': entryField(1),
  },
  types: { 'embed.FS': FS },
};
