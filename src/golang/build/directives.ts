import { directoryOf } from '#base';
import type { ScannedComment } from '../scope/file-scan.ts';

/** A comment that the go command or the compiler acts on. */
export interface ReadDirective {
  readonly kind: string;
  /** UTF-16 index of the line that holds it. */
  readonly start: number;
  readonly text: string;
}

const LONGEST = 500;

function readCgoLines({ start, text }: ScannedComment): readonly ReadDirective[] {
  const found: ReadDirective[] = [];
  for (const match of text.matchAll(/^[ \t/*]*(#cgo\b.*)$/gm)) {
    const line = (match[1] ?? '').trimEnd().slice(0, LONGEST);
    found.push({ kind: 'cgo-flags', start: start + match.index, text: line });
  }
  return found;
}

/** The directives in a comment: `//go:…`, `#cgo`, `//export`, `//line`, `// +build`. */
export function readDirectives(comment: ScannedComment): readonly ReadDirective[] {
  const { start, text } = comment;
  const named = /^\/\/go:([a-z_]+)/.exec(text)?.[1];
  const line = text.trimEnd().slice(0, LONGEST);
  if (named !== undefined) return [{ kind: named, start, text: line }];
  if (text.includes('#cgo')) return readCgoLines(comment);
  if (text.startsWith('//export ')) return [{ kind: 'export', start, text: line }];
  if (/^\/[/*]line /.test(text)) return [{ kind: 'line', start, text: line }];
  return /^\/\/[ \t]*\+build/.test(text) ? [{ kind: 'build', start, text: line }] : [];
}

/** The file patterns of a `//go:embed` line, unquoted. */
export function embedPatterns(text: string): readonly string[] {
  const rest = text.replace(/^\/\/go:embed\s*/, '');
  return [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

/** One element of a pattern as its parts: `*`, or a test of one character. */
type Part = '*' | ((character: string) => boolean);

/** The parts of a pattern (path.Match); undefined for a malformed one, which matches nothing. */
function readGlob(glob: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  const rest = [...glob];
  while (rest.length > 0) {
    const part = readPart(rest);
    if (part === undefined) return undefined;
    // Several stars are one.
    if (part !== '*' || parts.at(-1) !== '*') parts.push(part);
  }
  return parts;
}

/** Takes the first part off a pattern. */
function readPart(rest: string[]): Part | undefined {
  const first = rest.shift();
  if (first === '*') return '*';
  if (first === '?') return (character) => character !== '/';
  if (first === '[') return readSet(rest);
  const literal = first === '\\' ? rest.shift() : first;
  return literal === undefined ? undefined : (character) => character === literal;
}

/** Takes a set in brackets, behind the opening one. */
function readSet(rest: string[]): Part | undefined {
  const isNegated = rest[0] === '^';
  if (isNegated) rest.shift();
  const ranges: (readonly [string, string])[] = [];
  while (rest[0] !== ']' || ranges.length === 0) {
    const low = takeOfSet(rest);
    const isRange = rest[0] === '-';
    if (isRange) rest.shift();
    const high = isRange ? takeOfSet(rest) : low;
    if (low === undefined || high === undefined) return undefined;
    ranges.push([low, high]);
  }
  rest.shift();
  return (character) =>
    character !== '/' &&
    ranges.some(([low, high]) => low <= character && character <= high) !== isNegated;
}

/** One character of a set, which may stand behind a backslash. */
function takeOfSet(rest: string[]): string | undefined {
  if (rest[0] === '-' || rest[0] === ']') return undefined;
  if (rest[0] === '\\') rest.shift();
  return rest.shift();
}

/** Goes back to the last star alone: earlier ones have no say in it, so that it costs no more than the product. */
function matchGlob(parts: readonly Part[], name: string): boolean {
  const characters = [...name];
  let [part, at, star, taken] = [0, 0, -1, 0];
  while (at < characters.length) {
    const one = parts[part];
    if (one === '*') {
      star = part++;
      taken = at;
    } else if (one?.(characters[at] as string) === true) {
      part++;
      at++;
    } else if (star >= 0 && characters[taken] !== '/') {
      part = star + 1;
      at = ++taken;
    } else return false;
  }
  while (parts[part] === '*') part++;
  return part === parts.length;
}

/** The files below `dir` that an embed pattern takes: matching files, and whole matching folders. */
export function matchEmbed(
  pattern: string,
  dir: string,
  paths: readonly string[],
): readonly string[] {
  const withHidden = pattern.startsWith('all:');
  const glob = readGlob(pattern.replace(/^all:/, '').replace(/\/$/, ''));
  if (glob === undefined) return [];
  const prefix = dir === '' ? '' : `${dir}/`;
  return paths.filter((path) => {
    if (!path.startsWith(prefix)) return false;
    const elements = path.slice(prefix.length).split('/');
    for (let i = 1; i <= elements.length; i++) {
      if (!matchGlob(glob, elements.slice(0, i).join('/'))) continue;
      // Inside a folder that matches, names with a leading dot or underscore are left out.
      return withHidden || elements.slice(i).every((element) => !/^[._]/.test(element));
    }
    return false;
  });
}

/** The files that directives in a file name, each once, by their paths from the file's folder. */
export function embeddedFiles(
  tree: { list(): readonly string[]; read(path: string): Uint8Array },
  file: string,
  directives: readonly string[],
): readonly { readonly name: string; read(): Uint8Array }[] {
  const dir = directoryOf(file);
  const paths = tree.list();
  const found = new Set(
    directives.flatMap(embedPatterns).flatMap((pattern) => matchEmbed(pattern, dir, paths)),
  );
  return [...found].map((path) => ({
    name: dir === '' ? path : path.slice(dir.length + 1),
    read: () => tree.read(path),
  }));
}
