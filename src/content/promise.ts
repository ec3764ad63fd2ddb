import { baseName, extensionOf } from '#base';
import type { Format } from './format-class.ts';

/** Formats that stand behind an extension; the first is what it is called for. */
const PROMISES: Readonly<Record<string, readonly string[]>> = {
  '.png': ['png'],
  '.jpg': ['jpeg'],
  '.jpeg': ['jpeg'],
  '.gif': ['gif'],
  '.webp': ['webp'],
  '.bmp': ['bmp'],
  '.ico': ['ico', 'png', 'bmp'],
  '.tif': ['tiff'],
  '.tiff': ['tiff'],
  '.psd': ['psd'],
  '.svg': ['svg', 'xml', 'html', 'gzip'],
  '.pdf': ['pdf'],
  '.zip': ['zip'],
  '.jar': ['zip'],
  '.docx': ['zip'],
  '.xlsx': ['zip'],
  '.gz': ['gzip'],
  '.tgz': ['gzip'],
  '.bz2': ['bzip2'],
  '.xz': ['xz'],
  '.zst': ['zstd'],
  '.7z': ['7z'],
  '.rar': ['rar'],
  '.tar': ['tar'],
  '.wasm': ['wasm'],
  '.class': ['java-class'],
  '.exe': ['pe', 'dos'],
  '.dll': ['pe', 'dos'],
  '.sqlite': ['sqlite'],
  '.sqlite3': ['sqlite'],
  '.woff': ['woff'],
  '.woff2': ['woff'],
  '.ttf': ['truetype', 'opentype'],
  '.otf': ['opentype', 'truetype'],
  '.mp3': ['mp3'],
  '.mp4': ['mp4'],
  '.ogg': ['ogg'],
  '.flac': ['flac'],
  '.wav': ['riff'],
};
/** Extensions of what people read in an editor. */
const TEXTS = new Set(
  '.go .md .txt .rst .adoc .json .yaml .yml .toml .ini .cfg .conf .xml .html .htm .css .scss .js .mjs .ts .tsx .jsx .sql .csv .tsv .proto .tmpl .tpl .mod .sum .work .c .h .cc .cpp .hpp .s .py .rb .pl .sh .bash .bat .cmd .ps1 .lua .php .java .rs .graphql .lock .env .gitignore .license .po .tf .hcl .rego .cue .cert .crt .pub .log'.split(
    ' ',
  ),
);
/** Those that hold no programs and no other bytes than letters. */
const PLAIN = new Set('.md .txt .rst .adoc .json .yaml .yml .toml .csv .tsv .html .css'.split(' '));
/** Classes of content that no text is. */
const NO_TEXT = new Set(['executable', 'archive', 'database', 'media', 'font', 'image']);

/**
 * What the name promises where the content is another thing: a format such as `png`, or `text`;
 * undefined where they agree or the name promises nothing.
 */
export function brokenPromise(path: string, { format, kind }: Format): string | undefined {
  const extension = extensionOf(baseName(path)).toLowerCase();
  const promised = PROMISES[extension];
  if (promised !== undefined) {
    // An empty file is nothing yet.
    return promised.includes(format) ? undefined : promised[0];
  }
  const isText = TEXTS.has(extension) && format !== 'svg';
  const isOther = PLAIN.has(extension) && (kind === 'script' || format === 'data');
  return (isText && NO_TEXT.has(kind)) || isOther ? 'text' : undefined;
}
