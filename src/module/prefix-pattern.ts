// Go's path.Match, by chunks between stars: no pattern takes more than pattern times name.

interface Chunk {
  readonly hasStar: boolean;
  readonly chunk: readonly string[];
  readonly rest: readonly string[];
}

function scanChunk(pattern: readonly string[]): Chunk {
  let start = 0;
  while (pattern[start] === '*') start++;
  let isInClass = false;
  let at = start;
  for (; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (char === '[') isInClass = true;
    else if (char === ']') isInClass = false;
    else if (char === '*' && !isInClass) break;
  }
  const end = Math.min(at, pattern.length);
  return { hasStar: start > 0, chunk: pattern.slice(start, end), rest: pattern.slice(end) };
}

class BadPattern extends Error {}

/** One character of a class; throws for what cannot stand there. */
function readClassChar(chunk: readonly string[], at: number): readonly [string, number] {
  let next = at;
  if (next >= chunk.length || chunk[next] === '-' || chunk[next] === ']') throw new BadPattern();
  if (chunk[next] === '\\') next++;
  const char = chunk[next];
  if (char === undefined || next + 1 >= chunk.length) throw new BadPattern();
  return [char, next + 1];
}

/** A class from behind its bracket: whether it takes `char`, and where it ends. */
function matchClass(chunk: readonly string[], start: number, char: string | undefined) {
  const isNegated = chunk[start] === '^';
  let at = isNegated ? start + 1 : start;
  let isIn = false;
  const point = char?.codePointAt(0) ?? 0;
  for (let ranges = 0; !(chunk[at] === ']' && ranges > 0); ranges++) {
    let low: string;
    [low, at] = readClassChar(chunk, at);
    let high = low;
    if (chunk[at] === '-') [high, at] = readClassChar(chunk, at + 1);
    isIn ||= (low.codePointAt(0) ?? 0) <= point && point <= (high.codePointAt(0) ?? 0);
  }
  return { isMatch: isIn !== isNegated, end: at + 1 };
}

/** Matches one chunk at the start of `name`: how much of it was taken, or undefined. */
function matchChunk(chunk: readonly string[], name: readonly string[]): number | undefined {
  let taken = 0;
  let hasFailed = false;
  for (let at = 0; at < chunk.length; ) {
    hasFailed ||= taken >= name.length;
    const char: string | undefined = hasFailed ? undefined : name[taken];
    if (chunk[at] === '[') {
      const { isMatch, end } = matchClass(chunk, at + 1, char);
      hasFailed ||= !isMatch;
      at = end;
    } else if (chunk[at] === '?') {
      hasFailed ||= char === '/';
      at++;
    } else {
      if (chunk[at] === '\\') at++;
      if (at >= chunk.length) throw new BadPattern();
      hasFailed ||= chunk[at] !== char;
      at++;
    }
    taken++;
  }
  return hasFailed ? undefined : taken;
}

/** Where a chunk behind a star matches; undefined where it does not. */
function findChunk({ chunk, rest }: Chunk, name: readonly string[]): number | undefined {
  for (let skipped = 0; skipped < name.length && name[skipped] !== '/'; skipped++) {
    const taken = matchChunk(chunk, name.slice(skipped + 1));
    if (taken === undefined) continue;
    const end = skipped + 1 + taken;
    if (rest.length > 0 || end === name.length) return end;
  }
  return undefined;
}

function checkRest(pattern: readonly string[]): void {
  for (let left = pattern; left.length > 0; ) {
    const { chunk, rest } = scanChunk(left);
    matchChunk(chunk, []);
    left = rest;
  }
}

function match(pattern: readonly string[], whole: readonly string[]): boolean {
  let name = whole;
  for (let left = pattern; left.length > 0; ) {
    const scanned = scanChunk(left);
    const { hasStar, chunk, rest } = scanned;
    if (hasStar && chunk.length === 0) return !name.includes('/');
    let taken = matchChunk(chunk, name);
    if (taken !== undefined && taken < name.length && rest.length === 0) taken = undefined;
    if (taken === undefined && hasStar) taken = findChunk(scanned, name);
    if (taken === undefined) {
      checkRest(rest);
      return false;
    }
    name = name.slice(taken);
    left = rest;
  }
  return name.length === 0;
}

/** Go's path.Match; false for a malformed pattern. */
function matchPath(pattern: string, name: string): boolean {
  try {
    return match([...pattern], [...name]);
  } catch (error) {
    if (error instanceof BadPattern) return false; // Go ignores a malformed pattern of the list.
    throw error;
  }
}

/**
 * Go's module.MatchPrefixPatterns: true when a leading part of `path` matches one of the globs of a
 * comma-separated list, as in GOPRIVATE and GONOSUMDB.
 */
export function matchesPrefixPattern(globs: string, path: string): boolean {
  const elements = path.split('/');
  return globs.split(',').some((item) => {
    const glob = item.replace(/\/$/, '');
    const count = glob.split('/').length;
    if (glob === '' || elements.length < count) return false;
    return matchPath(glob, elements.slice(0, count).join('/'));
  });
}
