import { crc32 } from 'node:zlib';
import { cleanPath, compareUtf8, concatBytes, encodeUtf8, toByteString } from '#base';
import { parseGoMod } from '../go-mod/parse.ts';
import type { ModuleVersion } from '../module-version.ts';
import { filePathFault } from '../path.ts';
import { type CollisionCheck, createCollisionCheck } from './check.ts';

/** A file that may go into a module zip; `path` is relative, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** A name that was left out of a zip, and why, in Go's words. */
export interface OmittedFile {
  readonly path: string;
  readonly reason: string;
}

/** The files that x/mod's zip.Create would pack, and what it leaves out or refuses. */
export interface PackedFiles {
  readonly files: readonly SourceFile[];
  readonly omitted: readonly OmittedFile[];
  readonly invalid: readonly OmittedFile[];
}

/** True for a go directive of 1.24 or newer; those modules leave out more of `vendor`. */
function isGo124(goMod: SourceFile | undefined): boolean {
  const { go, faults } = goMod === undefined ? { go: null, faults: [] } : parseGoMod(goMod.content);
  const [, major, minor] = /^([0-9]+)\.([0-9]+)/.exec(go ?? '') ?? [];
  return faults.length === 0 && (Number(major) > 1 || (major === '1' && Number(minor) >= 24));
}

/** x/mod's rule for vendored packages, kept bug (golang.org/issue/37397) included: hashes hang on it. */
export function isVendored(path: string, isNew: boolean): boolean {
  if (isNew && path === 'vendor/modules.txt') return true;
  if (path.startsWith('vendor/')) return path.indexOf('/', 'vendor/'.length) >= 0;
  const nested = path.indexOf('/vendor/');
  if (nested < 0) return false;
  return path.indexOf('/', (isNew ? nested : 0) + '/vendor/'.length) >= 0;
}

function isInSubmodule(path: string, roots: ReadonlySet<string>): boolean {
  for (let slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (roots.has(path.slice(0, slash))) return true;
    if (slash === 0) break;
  }
  return false;
}

/**
 * Sorts files into packed, omitted and invalid by the rules of x/mod's zip.CheckFiles. Of two that
 * collide the first one stays; the packed ones come out in byte order.
 */
export function selectFiles(files: readonly SourceFile[]): PackedFiles {
  const isNew = isGo124(files.find((file) => file.path === 'go.mod'));
  const roots = new Set(
    files
      .filter((file) => /(^|\/)go\.mod$/i.test(file.path) && file.path.includes('/'))
      .map((file) => file.path.slice(0, file.path.lastIndexOf('/'))),
  );
  const { claim } = createCollisionCheck();
  const kept: SourceFile[] = [];
  const omitted: OmittedFile[] = [];
  const invalid: OmittedFile[] = [];
  const named = new Set<string>();
  // One reason for each path, as x/mod gives it.
  const note = (list: OmittedFile[], path: string, reason: string) => {
    if (!named.has(path)) list.push({ path, reason });
    named.add(path);
  };
  for (const file of files) {
    const { path } = file;
    const omission = omissionOf(path, isInSubmodule(path, roots), isNew);
    const fault = omission === undefined ? faultOf(path, claim) : undefined;
    if (omission !== undefined) note(omitted, path, omission);
    else if (fault !== undefined) note(invalid, path, fault);
    else kept.push(file);
  }
  kept.sort((a, b) => compareUtf8(a.path, b.path));
  return { files: kept, omitted, invalid };
}

function omissionOf(path: string, inSubmodule: boolean, isNew: boolean): string | undefined {
  if (isVendored(path, isNew)) return 'file is in vendor directory';
  if (inSubmodule) return 'file is in another module';
  return path === '.hg_archival.txt'
    ? "file is inserted by 'hg archive' and is always omitted"
    : undefined;
}

function faultOf(path: string, claim: CollisionCheck['claim']): string | undefined {
  if (cleanPath(path) !== path) return 'file path is not clean';
  const malformed = filePathFault(toByteString(encodeUtf8(path)));
  if (malformed !== undefined) return malformed;
  if (path.toLowerCase() === 'go.mod' && path !== 'go.mod')
    return 'go.mod files must have lowercase names';
  return claim(path, false)?.detail;
}

function header(signature: number, fields: readonly (readonly [number, 2 | 4])[]): Uint8Array {
  const bytes = new Uint8Array(4 + fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

/**
 * Packs files as a module zip: stored, zero times, in byte order, so that the same files give the
 * same bytes anywhere.
 */
export function createZip(subject: ModuleVersion, files: readonly SourceFile[]): Uint8Array {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { path, content } of files) {
    const name = encodeUtf8(`${subject.path}@${subject.version}/${path}`);
    const utf8 = name.some((byte) => byte > 0x7f) ? 0x800 : 0;
    const common = [
      [20, 2],
      [utf8, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [crc32(content), 4],
      [content.length, 4],
      [content.length, 4],
      [name.length, 2],
      [0, 2],
    ] as const;
    const start = [header(0x04034b50, common), name, content];
    const tail = [
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [offset, 4],
    ] as const;
    central.push(header(0x02014b50, [[20, 2], ...common, ...tail]), name);
    local.push(...start);
    offset += start.reduce((sum, part) => sum + part.length, 0);
  }
  const size = central.reduce((sum, part) => sum + part.length, 0);
  const count = files.length % 65536;
  const end = header(0x06054b50, [
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [size, 4],
    [offset, 4],
    [0, 2],
  ]);
  return concatBytes(...local, ...central, end);
}
