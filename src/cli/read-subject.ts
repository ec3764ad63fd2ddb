import { compareUtf8, type Disk, HostError, type PathKind } from '#base';
import {
  createZip,
  isVendored,
  MAX_ZIP_SIZE,
  type ModuleVersion,
  parseGoMod,
  placeholderVersion,
  type SourceFile,
  selectFiles,
} from '#module';
import { CliError } from './errors.ts';

/** The zip to examine and what the user says it is. */
export interface Subject {
  readonly zip: Uint8Array;
  readonly stated: ModuleVersion | undefined;
  /** What packing a folder left out or refused, for people. */
  readonly notes: readonly string[];
}

const VERSION_CONTROL = new Set(['.bzr', '.git', '.hg', '.svn']);

interface Listing {
  readonly files: SourceFile[];
  readonly notes: string[];
  size: number;
}

/** x/mod's walk of a folder: no version control, no other modules, no links. */
function walk(disk: Disk, root: string, [relative, listing]: readonly [string, Listing]): void {
  const names = disk.list(relative === '' ? root : `${root}/${relative}`);
  const sorted = [...names].sort((a, b) => compareUtf8(a.name, b.name));
  for (const { name, kind, validName } of sorted) {
    const path = relative === '' ? name : `${relative}/${name}`;
    const omission = omissionOf(disk, `${root}/${path}`, { name, kind, validName });
    if (omission !== undefined) listing.notes.push(`${path}: ${omission}`);
    else if (kind === 'directory') walk(disk, root, [path, listing]);
    else addFile(disk, `${root}/${path}`, [path, listing]);
  }
}

function omissionOf(
  disk: Disk,
  path: string,
  {
    name,
    kind,
    validName,
  }: { readonly name: string; readonly kind: PathKind; readonly validName: boolean },
): string | undefined {
  if (!validName) return 'its name is not UTF-8';
  if (kind === 'link') return 'file is a symbolic link';
  if (kind === 'other') return 'not a regular file';
  if (kind === 'file') return undefined;
  if (VERSION_CONTROL.has(name)) return 'directory is a version control repository';
  const goMod = disk.kindOf(`${path}/go.mod`);
  return goMod !== undefined && goMod !== 'directory'
    ? 'directory is in another module'
    : undefined;
}

function addFile(disk: Disk, file: string, [path, listing]: readonly [string, Listing]): void {
  if (isVendored(path, true) && isVendored(path, false)) return;
  const content = disk.read(file, MAX_ZIP_SIZE - listing.size);
  listing.size += content.length;
  listing.files.push({ path, content });
}

function packDirectory(disk: Disk, directory: string, stated: ModuleVersion | undefined): Subject {
  const listing: Listing = { files: [], notes: [], size: 0 };
  const root = directory.replace(/(?<=.)\/+$/, '');
  walk(disk, root, ['', listing]);
  const subject = stated ?? nameDirectory(directory, listing.files);
  const { files, omitted, invalid } = selectFiles(listing.files);
  const notes = [
    ...listing.notes,
    ...[...omitted, ...invalid].map(({ path, reason }) => `${path}: ${reason}`),
  ];
  // Names that Go would refuse to pack are what an examiner wants to see: they go in, and are judged.
  const packed = [
    ...files,
    ...listing.files.filter(({ path }) => invalid.some((fault) => fault.path === path)),
  ];
  return { zip: createZip(subject, packed), stated: subject, notes };
}

function nameDirectory(directory: string, files: readonly SourceFile[]): ModuleVersion {
  const goMod = files.find(({ path }) => path === 'go.mod');
  const module = goMod === undefined ? null : parseGoMod(goMod.content).module;
  if (module === null) {
    const reason = goMod === undefined ? 'it has no go.mod' : 'its go.mod has no module line';
    throw new CliError(
      'INPUT',
      `Cannot tell which module ${directory} is: ${reason}; say it with --as path@version`,
    );
  }
  return placeholderVersion(module);
}

/**
 * Reads what the command line names: a zip, or a folder that is packed in memory.
 *
 * @throws CliError `INPUT` when there is nothing to read.
 */
export function readSubject(
  disk: Disk,
  path: string,
  { stated, zipBytes }: { readonly stated: ModuleVersion | undefined; readonly zipBytes: number },
): Subject {
  try {
    return { zip: disk.read(path, zipBytes), stated, notes: [] };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.code === 'NOT_A_FILE' && disk.kindOf(path) === 'directory')
      return packDirectory(disk, path, stated);
    const isMissing = error.code === 'NOT_FOUND';
    const message = `Cannot open ${path}: there is no such file or folder`;
    throw new CliError('INPUT', isMissing ? message : error.message, { cause: error });
  }
}
