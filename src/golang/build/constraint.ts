import { ARCHITECTURES, SYSTEMS } from './platforms.ts';

/** The constraint that a file name carries (`_linux`, `_linux_amd64`, `_arm64`); null for none. */
export function nameConstraint(fileName: string): string | null {
  const stem = fileName.replace(/\.[^.]*$/, '').replace(/_test$/, '');
  // What stands before the first underscore is the name itself, as in Go since 1.4.
  const [, ...parts] = stem.split('_');
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2) ?? '';
  if (ARCHITECTURES.has(last)) return SYSTEMS.has(before) ? `${before} && ${last}` : last;
  return SYSTEMS.has(last) ? last : null;
}

/** A term of a `// +build` line; what Go cannot read there is never built. */
function legacyTerm(term: string): string {
  return /^!?[\p{L}\p{Nd}_.]+$/u.test(term) ? term : 'ignore';
}

function legacyLine(terms: string): string {
  const options = (terms.trim() || 'ignore')
    .split(/\s+/)
    .map((option) => option.split(',').map(legacyTerm).join(' && '));
  return options.length === 1
    ? (options[0] ?? '')
    : options.map((option) => (option.includes('&&') ? `(${option})` : option)).join(' || ');
}

function wrap(term: string, isAlone: boolean): string {
  return isAlone || !/\|\|/.test(term) ? term : `(${term})`;
}

/** The comment lines above the package clause that constrain a build. */
interface Header {
  readonly modern: readonly string[];
  /** `// +build` lines count only above a blank line. */
  readonly legacy: readonly string[];
}

const MODERN = /^\/\/go:build(?:[ \t]+(.*))?$/;
const LEGACY = /^\/\/[ \t]*\+build(?:[ \t]+(.*))?$/;

/** A line without what follows two slashes. */
function withoutComment(line: string): string {
  const at = line.indexOf('//');
  return at < 0 ? line : line.slice(0, at).trimEnd();
}

/** What is left of a line behind the comments in it, and whether one stays open. */
function skipComments(line: string, isOpen: boolean): { rest: string; isOpen: boolean } {
  let rest = line;
  let inside = isOpen;
  while (rest !== '') {
    if (inside) {
      const end = rest.indexOf('*/');
      if (end < 0) return { rest: '', isOpen: true };
      rest = rest.slice(end + 2).trim();
      inside = false;
    } else if (rest.startsWith('//')) return { rest: '', isOpen: false };
    else if (rest.startsWith('/*')) {
      rest = rest.slice(2).trim();
      inside = true;
    } else break;
  }
  return { rest, isOpen: inside };
}

/** The lines of a text, trimmed. */
function* linesOf(source: string): Generator<string> {
  for (let start = source.startsWith('\ufeff') ? 1 : 0; start < source.length; ) {
    const end = source.indexOf('\n', start);
    yield source.slice(start, end < 0 ? undefined : end).trim();
    start = end < 0 ? source.length : end + 1;
  }
}

/** Reads the header as go/build does (parseFileHeader): up to the first text that is no comment. */
function readHeader(source: string): Header {
  const modern: string[] = [];
  const legacy: string[] = [];
  const pending: string[] = [];
  let hasEnded = false;

  function directive(line: string): void {
    const found = MODERN.exec(line);
    if (found !== null) modern.push(withoutComment(found[1] ?? ''));
    const old = hasEnded ? null : LEGACY.exec(line);
    if (old !== null) pending.push(legacyLine(old[1] ?? ''));
  }

  let isOpen = false;
  for (const line of linesOf(source)) {
    if (line === '') {
      if (!hasEnded) for (const term of pending.splice(0)) legacy.push(term);
      continue;
    }
    hasEnded ||= !line.startsWith('//');
    if (!isOpen) directive(line);
    const skipped = skipComments(line, isOpen);
    if (skipped.rest !== '') break;
    isOpen = skipped.isOpen;
  }
  return { modern, legacy };
}

/**
 * The constraint under which a file is built: its `//go:build` line, or its `// +build` lines,
 * joined with that of its name. Null when it is always built.
 */
export function buildConstraint(fileName: string, source: string): string | null {
  const { modern, legacy } = readHeader(source);
  const named = nameConstraint(fileName);
  // Two lines are a fault: the go command builds the file nowhere.
  const written = modern.length > 1 ? ['ignore'] : modern.length === 1 ? modern : legacy;
  const terms = [...written, ...(named === null ? [] : [named])];
  if (terms.length === 0) return null;
  return terms
    .map((term) => wrap(term, terms.length === 1))
    .join(' && ')
    .slice(0, 1000);
}
