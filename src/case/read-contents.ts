import { decodeUtf8 } from '#base';
import {
  classifyFile,
  type FileKind,
  findIndicators,
  findInvisible,
  type Indicator,
  type InvisibleCharacter,
} from '#content';
import { type GoMod, parseGoMod } from '#module';
import type { SourceFiles } from './source-files.ts';

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

/** What files hold, whatever language they are in. */
export interface Contents {
  readonly kinds: ReadonlyMap<string, FileKind>;
  readonly invisible: readonly InvisibleCharacter[];
  readonly indicators: readonly Indicator[];
  readonly goMod: GoMod | undefined;
}

/** Reads every file once: its kind, what it hides, which places it names. */
export async function readContents(
  files: SourceFiles,
  breathe: () => Promise<void>,
): Promise<Contents> {
  const kinds = new Map<string, FileKind>();
  const invisible: InvisibleCharacter[] = [];
  const indicators: Indicator[] = [];
  let goMod: GoMod | undefined;
  for (const path of files.list()) {
    await breathe();
    const bytes = files.read(path);
    const kind = classifyFile(path, bytes);
    kinds.set(path, kind);
    const text = CODE.has(kind) ? decodeUtf8(bytes) : undefined;
    if (text !== undefined) {
      invisible.push(...findInvisible(path, text));
      indicators.push(...findIndicators(path, text));
    }
    if (path === 'go.mod') goMod = parseGoMod(bytes);
  }
  return { kinds, invisible, indicators, goMod };
}
