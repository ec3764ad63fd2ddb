import { baseName, compareUtf8, createBudget, decodeUtf8, extensionOf } from '#base';
import {
  type FileContent,
  type FileKind,
  findInBytes,
  findIndicators,
  findInvisible,
  type Indicator,
  type InvisibleCharacter,
  inspectFile,
} from '#content';
import type { Gap, SourceTree } from '#golang';
import { type GoMod, parseGoMod } from '#module';

/** Kinds whose text a compiler or a shell reads. */
const CODE: ReadonlySet<FileKind> = new Set([
  'go',
  'test',
  'assembly',
  'c',
  'header',
  'script',
  'go.mod',
]);
/** Kinds that no text is in. */
const PICTURES: ReadonlySet<FileKind> = new Set(['image', 'media', 'font', 'archive']);
/** Members of archives, of all together. */
const MOST_MEMBERS = 100_000;
/** Indicators of a module: there is no room for more in its evidence. */
const MOST_INDICATORS = 300_000;
/** Names of files, as code writes them. */
const FILE_NAME = /[\w-][\w.-]*\.\w+/g;

/** What files hold, whatever language they are in. */
export interface Contents {
  readonly files: ReadonlyMap<string, FileContent>;
  readonly invisible: readonly InvisibleCharacter[];
  readonly indicators: readonly Indicator[];
  /** Names of files that code mentions, of those that are no code themselves; and whether more than tests do. */
  readonly named: ReadonlyMap<string, { readonly onlyByTests: boolean }>;
  readonly goMod: GoMod | undefined;
  readonly gaps: readonly Gap[];
}

/** A reading that goes on file by file. */
class Reading {
  readonly files = new Map<string, FileContent>();
  readonly invisible: InvisibleCharacter[] = [];
  readonly indicators: Indicator[] = [];
  readonly gaps: Gap[] = [];
  readonly named = new Map<string, { readonly onlyByTests: boolean }>();
  goMod: GoMod | undefined;
  /** Names of what is no code, which code may mention. */
  private readonly others = new Set<string>();
  private readonly budgets;

  constructor(unpackedBytes: number) {
    this.budgets = { bytes: createBudget(unpackedBytes), members: createBudget(MOST_MEMBERS) };
  }

  take(path: string, bytes: Uint8Array): void {
    const content = inspectFile(path, bytes, this.budgets);
    this.files.set(path, content);
    if (content.inside?.end === 'cut')
      this.gap(path, 'what is in it was not listed to its end: it unpacks to more than the budget');
    const isText = content.entropy === undefined;
    const text = isText ? decodeUtf8(bytes) : undefined;
    const isCode = CODE.has(content.kind);
    if (!isCode) this.others.add(baseName(path));
    else if (text !== undefined) {
      this.invisible.push(...findInvisible(path, text));
      this.note(text, content.kind === 'test');
    }
    this.search(path, bytes, { text, kind: content.kind });
    if (path === 'go.mod') this.goMod = parseGoMod(bytes);
  }

  private gap(file: string, detail: string): void {
    this.gaps.push({ code: 'over-budget', file, line: 0, detail });
  }

  private note(text: string, isTest: boolean): void {
    if (this.others.size === 0) return;
    for (const [name] of text.matchAll(FILE_NAME))
      if (this.others.has(name) && !(isTest && this.named.has(name)))
        this.named.set(name, { onlyByTests: isTest });
  }

  private search(
    path: string,
    bytes: Uint8Array,
    { text, kind }: { readonly text: string | undefined; readonly kind: FileKind },
  ): void {
    if (text === undefined && PICTURES.has(kind)) return;
    const found = text === undefined ? findInBytes(path, bytes) : findIndicators(path, text);
    const room = MOST_INDICATORS - this.indicators.length;
    // One by one: thousands of arguments are more than a call can take.
    for (const one of found.indicators.slice(0, room)) this.indicators.push(one);
    if (!found.isWhole || found.indicators.length > room)
      this.gap(path, 'it names more places than are listed');
  }
}

const isCodeName = (path: string): boolean =>
  /^\.(?:go|s|S|c|cc|cpp|cxx|m|mm|h|hh|hpp|hxx)$/.test(extensionOf(path));

const byPlace = (
  a: { readonly file: string; readonly line: number },
  b: { readonly file: string; readonly line: number },
): number => compareUtf8(a.file, b.file) || a.line - b.line;

/** Reads every file once: what it is, what it holds and hides, which places it names. */
export async function readContents(
  files: SourceTree,
  {
    unpackedBytes,
    breathe,
  }: { readonly unpackedBytes: number; readonly breathe: () => Promise<void> },
): Promise<Contents> {
  const reading = new Reading(unpackedBytes);
  const paths = files.list();
  // Code comes last: it may mention the others.
  for (const isCode of [false, true]) {
    for (const path of paths) {
      if (isCodeName(path) !== isCode) continue;
      await breathe();
      reading.take(path, files.read(path));
    }
  }
  reading.invisible.sort(byPlace);
  reading.indicators.sort(byPlace);
  return reading;
}
