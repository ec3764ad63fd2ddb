import {
  type Budget,
  baseName,
  CodedError,
  compareUtf8,
  createBudget,
  decodeUtf8,
  directoryOf,
  toByteString,
} from '#base';
import { type Gap, isStandardPackage, type OtherPackage, unquoteGo } from '#golang';
import {
  checkGoSum,
  compareVersions,
  type GoMod,
  type GoSumLine,
  inspectZip,
  type ModuleVersion,
  parseGoMod,
} from '#module';
import {
  createLayer,
  isStorablePath,
  type Layer,
  loadStored,
  type PathLimits,
  type Profile,
  putFile,
} from '#sandbox';
import { type Intake, packedLimit } from './stages/intake.ts';
import type { ExaminationRequest, ExaminationTools, FetchModule } from './tools.ts';

/** Where other modules come from. */
export interface ModuleSource {
  /** Zips that were given, whatever version was asked for. */
  readonly zips: readonly Uint8Array[];
  /** Of a module cache; undefined where none was given. */
  readonly fetch: FetchModule | undefined;
}

/** A module that calls are followed into. */
export interface UsedModule extends ModuleVersion {
  readonly h1: string | null;
}

/** The packages of other modules that a module's code comes to, as far as they were given. */
export interface OtherModules {
  readonly layer: Layer;
  readonly packages: readonly OtherPackage[];
  /** Where a file stands in the sandbox, by the path that facts name. */
  readonly sandboxPaths: ReadonlyMap<string, string>;
  readonly used: readonly UsedModule[];
  readonly gaps: readonly Gap[];
}

/** The module cache of the user whose machine the sandbox looks like. */
const CACHE = '/home/user/go/pkg/mod';
/** The build list is made of no more go.mod files than this. */
const MOST_GO_MODS = 5000;
const MOST_IMPORTS = 100_000;
const TOO_MANY: Gap = {
  code: 'over-budget',
  file: '',
  line: 0,
  detail: `imports of other modules: more than ${MOST_IMPORTS} are not followed`,
};

/** One piece of a file up to its first declaration. */
const PIECE =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[().;]|\p{L}[\p{L}\p{N}_]*|_[\p{L}\p{N}_]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`/uy;
const DECLARES = new Set(['func', 'type', 'var', 'const']);

/**
 * What a file may import: every string before its first declaration. Only says which packages are worth
 * looking for; what is imported is read from the tree.
 */
function stringsOfHead(bytes: Uint8Array): readonly string[] {
  const text = decodeUtf8(bytes) ?? toByteString(bytes);
  const found: string[] = [];
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(text); piece !== null; piece = PIECE.exec(text)) {
    const [token] = piece;
    if (DECLARES.has(token)) break;
    if (!/^["`]/.test(token)) continue;
    const path = unquoteGo(token);
    if (!isStandardPackage(path)) found.push(path);
  }
  return found;
}

/** A module that was read. */
interface OpenModule extends UsedModule {
  /** Its Go and object files by folder. */
  readonly folders: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;
  readonly goMod: GoMod | undefined;
}

const isSource = (path: string) => path.endsWith('.go') && !path.endsWith('_test.go');

interface Opening {
  readonly limits: PathLimits & Pick<Profile['limits'], 'entries' | 'ratio'>;
  /** What all zips together may inflate to. */
  readonly inflated: Budget;
  readonly goSum: readonly GoSumLine[] | undefined;
  readonly breathe: () => Promise<void>;
}

/** Reads the zip of another module; a text says why it cannot be used. */
async function openModule(
  zip: Uint8Array,
  stated: ModuleVersion | undefined,
  { limits, inflated, goSum, breathe }: Opening,
): Promise<OpenModule | string> {
  const folders = new Map<string, Map<string, Uint8Array>>();
  let goMod: GoMod | undefined;
  const allowed = Math.min(inflated.remaining(), packedLimit(zip, limits));
  const room = createBudget(allowed);
  const { subject, accepted, faults, gaps, h1, ...hashes } = await inspectZip(zip, {
    stated,
    entries: limits.entries,
    inflated: room,
    breathe,
    keep({ path, isDirectory }, content) {
      if (path === undefined || isDirectory) return;
      if (path === 'go.mod') goMod = parseGoMod(content, 'lax');
      if (!isSource(path) && !path.endsWith('.syso')) return;
      const folder = folders.get(directoryOf(path)) ?? new Map();
      folders.set(directoryOf(path), folder.set(baseName(path), Uint8Array.from(content)));
    },
  });
  inflated.spend(allowed - room.remaining());
  if (subject === null) return 'its entries do not say which module it is';
  if (gaps.length > 0) return gaps[0]?.detail ?? 'it could not be read to its end';
  if (!accepted) return `the go command refuses it: ${faults[0]?.detail ?? 'its entries'}`;
  if (checkGoSum(goSum, subject, { h1, ...hashes }).status === 'mismatch')
    return 'its hash is not the one in go.sum';
  return { ...subject, h1, folders, goMod };
}

/** Finds modules by the packages that are imported. */
interface Finder {
  find(importPath: string): Promise<OpenModule | undefined>;
  readonly gaps: () => readonly Gap[];
}

const nameOf = ({ path, version }: ModuleVersion) => `${path}@${version}`;

function toGap(file: string, detail: string): Gap {
  return { code: 'unreadable', file, line: 0, detail: `not followed into: ${detail}` };
}

/** The paths that a package's module may have, longest first. */
function* prefixesOf(importPath: string): Generator<string> {
  for (let path = importPath; path !== ''; path = directoryOf(path)) yield path;
}

/**
 * The versions that are chosen for a module: of each path the highest that any of them asks for
 * (go.dev/ref/mod#minimal-version-selection).
 */
async function chooseVersions(
  goMod: GoMod | undefined,
  fetch: FetchModule,
): Promise<ReadonlyMap<string, string>> {
  const chosen = new Map<string, string>();
  const work: ModuleVersion[] = [];
  const ask = ({ path, version }: ModuleVersion) => {
    const before = chosen.get(path);
    if (before !== undefined && compareVersions(before, version) >= 0) return;
    chosen.set(path, version);
    work.push({ path, version });
  };
  for (const required of goMod?.requires ?? []) ask(required);
  // Of a go.mod that should name all, too: that it does is its own word.
  for (let i = 0; i < Math.min(work.length, MOST_GO_MODS); i++) {
    const bytes = await fetch(work[i] as ModuleVersion, 'mod');
    for (const required of bytes === undefined ? [] : parseGoMod(bytes, 'lax').requires)
      ask(required);
  }
  return chosen;
}

async function createFinder(
  { zips, fetch }: ModuleSource,
  goMod: GoMod | undefined,
  opening: Opening,
): Promise<Finder> {
  const open = new Map<string, OpenModule | undefined>();
  const gaps: Gap[] = [];

  async function take(zip: Uint8Array, stated: ModuleVersion | undefined, name: string) {
    const read = await openModule(zip, stated, opening);
    if (typeof read === 'string') gaps.push(toGap(name, read));
    return typeof read === 'string' ? undefined : read;
  }

  for (const [i, zip] of zips.entries()) {
    const read = await take(zip, undefined, `--with ${i + 1}`);
    if (read !== undefined) open.set(read.path, read);
  }
  const refused = new Map<string, Gap>();
  /** What cannot be read is not there, and that is said. */
  const tryFetch: FetchModule = async (module, file) => {
    try {
      return await fetch?.(module, file);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      refused.set(nameOf(module), toGap(nameOf(module), error.message));
      return undefined;
    }
  };
  const chosen = fetch === undefined ? new Map() : await chooseVersions(goMod, tryFetch);

  /** The module of a path, read when it is first asked for. */
  async function moduleAt(path: string): Promise<OpenModule | undefined> {
    const version = chosen.get(path);
    if (open.has(path) || version === undefined) return open.get(path);
    const module = { path, version };
    const zip = await tryFetch(module, 'zip');
    const read = zip && (await take(zip, module, nameOf(module)));
    open.set(path, read);
    return read;
  }

  return {
    gaps: () => [...gaps, ...refused.values()],
    async find(importPath) {
      for (const path of prefixesOf(importPath)) {
        const module = await moduleAt(path);
        const folder = path === importPath ? '' : importPath.slice(path.length + 1);
        if (module?.folders.has(folder) === true) return module;
      }
      return undefined;
    },
  };
}

interface Found {
  readonly package: OtherPackage;
  readonly imports: readonly string[];
}

/** Each after those that it imports; where they import each other, in any order. */
function sortPackages(found: ReadonlyMap<string, Found>): readonly OtherPackage[] {
  const sorted: OtherPackage[] = [];
  const seen = new Set<string>();
  // Without recursion: a chain of imports may be of any length.
  const path: { readonly found: Found; next: number }[] = [];
  const enter = (name: string) => {
    const one = found.get(name);
    if (one === undefined || seen.has(name)) return;
    seen.add(name);
    path.push({ found: one, next: 0 });
  };
  for (const root of [...found.keys()].sort(compareUtf8)) {
    enter(root);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = at.found.imports[at.next++];
      if (to !== undefined) enter(to);
      else sorted.push((path.pop() ?? at).found.package);
    }
  }
  return sorted;
}

/** What is there to find other modules for. */
export interface Importer {
  /** The import paths of the module's own packages. */
  readonly own: ReadonlySet<string>;
  readonly goMod: GoMod | undefined;
  /** The module's Go files without tests. */
  readonly sources: Iterable<Uint8Array>;
}

/** Puts packages of other modules into a layer. */
function createStore(limits: PathLimits) {
  const layer = createLayer('modules');
  const sandboxPaths = new Map<string, string>();
  const gaps: Gap[] = [];

  /** A source file; its imports. */
  function put(path: string, content: Uint8Array): readonly string[] {
    const sandboxPath = `${CACHE}/${path}`;
    if (!isStorablePath(sandboxPath, limits)) {
      gaps.push(toGap(path, 'its path is longer than is stored'));
      return [];
    }
    putFile(layer, sandboxPath, content);
    sandboxPaths.set(path, sandboxPath);
    return stringsOfHead(content);
  }

  return {
    layer,
    sandboxPaths,
    gaps,
    add(module: OpenModule, importPath: string): Found {
      const folder = importPath === module.path ? '' : importPath.slice(module.path.length + 1);
      const root = folder === '' ? nameOf(module) : `${nameOf(module)}/${folder}`;
      const contents = [...(module.folders.get(folder) ?? [])];
      const sources = contents.filter(([name]) => isSource(name));
      const imports = new Set(sources.flatMap(([name, bytes]) => put(`${root}/${name}`, bytes)));
      const files = sources.map(([name]) => `${root}/${name}`).filter((p) => sandboxPaths.has(p));
      const objects = contents.filter(([name]) => !isSource(name));
      return {
        package: {
          path: importPath,
          files: files.sort(compareUtf8),
          objects: objects.map(([name]) => `${root}/${name}`),
        },
        imports: [...imports],
      };
    },
  };
}

/** Gathers the packages of other modules that a module's code comes to, by way of imports. */
export async function gatherModules(
  source: ModuleSource,
  { own, goMod, sources }: Importer,
  opening: Opening,
): Promise<OtherModules> {
  const store = createStore(opening.limits);
  const found = new Map<string, Found>();
  const used = new Map<string, UsedModule>();
  const finder = await createFinder(source, goMod, opening);
  const wanted = new Set<string>();
  let left = MOST_IMPORTS;
  for (const bytes of sources) for (const path of stringsOfHead(bytes)) wanted.add(path);
  // A set that grows.
  for (const path of wanted) {
    if (own.has(path)) continue;
    if (--left < 0) break;
    const module = await finder.find(path);
    if (module === undefined) continue;
    used.set(module.path, { path: module.path, version: module.version, h1: module.h1 });
    const one = store.add(module, path);
    found.set(path, one);
    for (const imported of one.imports) wanted.add(imported);
  }
  return {
    layer: store.layer,
    packages: sortPackages(found),
    sandboxPaths: store.sandboxPaths,
    used: [...used.values()].sort((a, b) => compareUtf8(a.path, b.path)),
    gaps: [...finder.gaps(), ...store.gaps, ...(left < 0 ? [TOO_MANY] : [])],
  };
}

/** True for a file whose imports are followed: no test, and folders that are left out may be imported. */
function isFollowed(path: string): boolean {
  return isSource(path) && !/^[._]/.test(baseName(path));
}

/** The packages of other modules that a module under examination comes to; none where none were given. */
export async function modulesFor(
  { with: zips = [], goSum, profile }: ExaminationRequest,
  { inspection, layer, placed }: Intake,
  { fetchModule: fetch, breathe }: Pick<ExaminationTools, 'fetchModule' | 'breathe'>,
): Promise<OtherModules> {
  if (zips.length === 0 && fetch === undefined) return noModules();
  const paths = [...placed.values()];
  const read = (path: string) => loadStored(layer, path);
  const goMod = paths.find(({ path }) => path === 'go.mod');
  const sources = paths.filter(({ path }) => isFollowed(path));
  const modulePath = inspection.subject?.path ?? 'unknown';
  const importer = {
    own: new Set(
      sources.map(({ path }) =>
        path.includes('/') ? `${modulePath}/${directoryOf(path)}` : modulePath,
      ),
    ),
    goMod: goMod && parseGoMod(read(goMod.sandboxPath), 'lax'),
    sources: (function* () {
      for (const { sandboxPath } of sources) yield read(sandboxPath);
    })(),
  };
  const { limits } = profile.profile;
  const inflated = createBudget(limits.inflatedBytes);
  return gatherModules({ zips, fetch }, importer, { limits, inflated, goSum, breathe });
}

function noModules(): OtherModules {
  const layer = createLayer('modules');
  return { layer, packages: [], sandboxPaths: new Map(), used: [], gaps: [] };
}
