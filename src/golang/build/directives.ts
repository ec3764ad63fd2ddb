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

function globToPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return /^$/; // A malformed pattern matches nothing, as in Go.
  }
}

/** The files below `dir` that an embed pattern takes: matching files, and whole matching folders. */
export function matchEmbed(
  pattern: string,
  dir: string,
  paths: readonly string[],
): readonly string[] {
  const withHidden = pattern.startsWith('all:');
  const matcher = globToPattern(pattern.replace(/^all:/, '').replace(/\/$/, ''));
  const prefix = dir === '' ? '' : `${dir}/`;
  return paths.filter((path) => {
    if (!path.startsWith(prefix)) return false;
    const elements = path.slice(prefix.length).split('/');
    for (let i = 1; i <= elements.length; i++) {
      if (!matcher.test(elements.slice(0, i).join('/'))) continue;
      // Inside a folder that matches, names with a leading dot or underscore are left out.
      return withHidden || elements.slice(i).every((element) => !/^[._]/.test(element));
    }
    return false;
  });
}
