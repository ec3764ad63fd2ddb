import { quoteGo } from '../quote.ts';
import type { Statement } from './statements.ts';
import { hasMajor, majorFault, type Reading, readQuoted, readVersion, toText } from './values.ts';

/** A module and its version, as a directive names them. */
export interface NamedVersion {
  readonly path: string;
  readonly version: string;
}

/** A module that a go.mod requires. */
export interface Requirement extends NamedVersion {
  /** False behind `// indirect`. */
  readonly direct: boolean;
  readonly line: number;
}

/** `replace path [version] => target [version]`; the target may be a folder. */
export interface Replacement {
  readonly path: string;
  readonly version: string | null;
  readonly target: string;
  readonly targetVersion: string | null;
  readonly line: number;
}

/** A closed interval of versions that their author takes back; both ends equal for a single one. */
export interface Retraction {
  readonly low: string;
  readonly high: string;
  readonly rationale: string;
  readonly line: number;
}

const GO_VERSION = /^([1-9][0-9]*)\.(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?([a-z]+[0-9]+)?$/;
const LAX_GO_VERSION = /^v?(([1-9][0-9]*)\.(0|[1-9][0-9]*))([^0-9][^\n]*)$/;
const TOOLCHAIN = /^default$|^go1($|\.)/;

/** The version of a go directive; what is behind the minor number is cut off for dependencies. */
export function readGo({ words }: Statement, isStrict: boolean): Reading<string> {
  const [version = ''] = words;
  if (words.length !== 1) return { fault: 'go directive expects exactly one argument' };
  if (GO_VERSION.test(version)) return { value: version };
  const cut = isStrict ? undefined : LAX_GO_VERSION.exec(version)?.[1];
  return cut === undefined
    ? { fault: `invalid go version '${toText(version)}': must match format 1.23.0` }
    : { value: cut };
}

/** The name of a toolchain directive. */
export function readToolchain({ words }: Statement): Reading<string> {
  const [name = ''] = words;
  if (words.length !== 1) return { fault: 'toolchain directive expects exactly one argument' };
  return TOOLCHAIN.test(name)
    ? { value: name }
    : {
        fault: `invalid toolchain version '${toText(name)}': must match format go1.23.0 or default`,
      };
}

/** `key=value`. */
export function readGodebug({ words }: Statement): Reading<readonly [string, string]> {
  const [word = ''] = words;
  const equals = word.indexOf('=');
  if (words.length !== 1 || /["`',]/.test(word) || equals < 0)
    return { fault: 'usage: godebug key=value' };
  return { value: [toText(word.slice(0, equals)), toText(word.slice(equals + 1))] };
}

/** The one value of a tool, ignore, use or module directive; `usage` where there are more or fewer. */
export function readOne({ words }: Statement, usage: string): Reading<string> {
  const [word] = words;
  if (words.length !== 1 || word === undefined) return { fault: usage };
  const read = readQuoted(word);
  return read.fault === undefined ? { value: toText(read.value) } : read;
}

/** `path version` of a require or exclude directive. */
export function readPair({ verb, words }: Statement): Reading<NamedVersion> {
  const [first, second] = words;
  if (words.length !== 2 || first === undefined || second === undefined)
    return { fault: `usage: ${verb} module/path v1.2.3` };
  const path = readQuoted(first);
  if (path.fault !== undefined) return path;
  const version = readVersion(verb, path.value, second);
  if (version.fault !== undefined) return version;
  if (!hasMajor(path.value)) return { fault: 'invalid module path' };
  const fault = majorFault(verb, path.value, version.value);
  if (fault !== undefined) return { fault };
  return { value: { path: toText(path.value), version: version.value } };
}

/** modfile's IsDirectoryPath. */
function isDirectoryPath(path: string): boolean {
  return /^(?:\.\.?$|\.\.?[/\\]|[/\\]|[A-Za-z]:)/.test(path);
}

function directoryFault(target: string): string | undefined {
  if (!isDirectoryPath(target)) {
    return target.includes('@')
      ? "replacement module must match format 'path version', not 'path@version'"
      : 'replacement module without version must be directory path (rooted or starting with . or ..)';
  }
  return target.includes('\\')
    ? 'replacement directory appears to be Windows path (on a non-windows system)'
    : undefined;
}

interface Replaced {
  readonly path: string;
  readonly version: string | null;
}

function readReplaced({ verb, words }: Statement, arrow: number): Reading<Replaced> {
  const path = readQuoted(words[0] ?? '');
  if (path.fault !== undefined) return path;
  if (!hasMajor(path.value)) return { fault: `${verb} ${toText(path.value)}: invalid module path` };
  if (arrow === 1) return { value: { path: path.value, version: null } };
  const version = readVersion(verb, path.value, words[1] ?? '');
  if (version.fault !== undefined) return version;
  const fault = majorFault(verb, path.value, version.value);
  return fault === undefined ? { value: { path: path.value, version: version.value } } : { fault };
}

function readTarget({ verb, words }: Statement, arrow: number): Reading<Replaced> {
  const target = readQuoted(words[arrow + 1] ?? '');
  if (target.fault !== undefined) return target;
  const word = words[arrow + 2];
  if (word === undefined) {
    const fault = directoryFault(target.value);
    return fault === undefined ? { value: { path: target.value, version: null } } : { fault };
  }
  const version = readVersion(verb, target.value, word);
  if (version.fault !== undefined) return version;
  return isDirectoryPath(target.value)
    ? {
        fault: `replacement module directory path ${quoteGo(target.value)} cannot have version`,
      }
    : { value: { path: target.value, version: version.value } };
}

/** `path [version] => target [version]`. */
export function readReplace(statement: Statement): Reading<Replacement> {
  const { verb, words, line } = statement;
  const arrow = words.length >= 2 && words[1] === '=>' ? 1 : 2;
  if (words.length < arrow + 2 || words.length > arrow + 3 || words[arrow] !== '=>') {
    const fault = `usage: ${verb} module/path [v1.2.3] => other/module v1.4\n\t or ${verb} module/path [v1.2.3] => ../local/directory`;
    return { fault };
  }
  const old = readReplaced(statement, arrow);
  if (old.fault !== undefined) return old;
  const target = readTarget(statement, arrow);
  if (target.fault !== undefined) return target;
  return {
    value: {
      path: toText(old.value.path),
      version: old.value.version,
      target: toText(target.value.path),
      targetVersion: target.value.version,
      line,
    },
  };
}

interface Interval {
  readonly low: string;
  readonly high: string;
  readonly rest: readonly string[];
}

function readInterval(words: readonly string[]): Reading<Interval> {
  const [first, ...rest] = words;
  if (first === undefined || first === '(') return { fault: "expected '[' or version" };
  if (first !== '[') {
    const version = readVersion('retract', '', first);
    if (version.fault !== undefined) return version;
    return { value: { low: version.value, high: version.value, rest } };
  }
  const [lowWord, comma, highWord, close] = rest;
  if (lowWord === undefined) return { fault: "expected version after '['" };
  const low = readVersion('retract', '', lowWord);
  if (low.fault !== undefined) return low;
  if (comma !== ',') return { fault: "expected ',' after version" };
  if (highWord === undefined) return { fault: "expected version after ','" };
  const high = readVersion('retract', '', highWord);
  if (high.fault !== undefined) return high;
  if (close !== ']') return { fault: "expected ']' after version" };
  return { value: { low: low.value, high: high.value, rest: rest.slice(4) } };
}

/** `version` or `[low, high]`; for dependencies, what cannot be read is passed over. */
export function readRetract(
  { words, comment, line }: Statement,
  isStrict: boolean,
): Reading<Retraction | undefined> {
  const interval = readInterval(words);
  if (interval.fault !== undefined) return isStrict ? interval : { value: undefined };
  const { low, high, rest } = interval.value;
  if (rest[0] !== undefined && isStrict)
    return { fault: `unexpected token after version: ${quoteGo(rest[0])}` };
  return { value: { low: toText(low), high: toText(high), rationale: comment.text, line } };
}

/** True behind `// indirect` and `// indirect; more`. */
export function isIndirect({ suffix }: Statement): boolean {
  const fields = (suffix ?? '').split(/[\t\n\v\f\r ]+/).filter((field) => field !== '');
  return fields.length > 1 ? fields[0] === 'indirect;' : fields[0] === 'indirect';
}

/** The message behind `Deprecated:` in the comment of a module directive; empty where there is none. */
export function readDeprecation({ comment }: Statement): string {
  const match = /(?:^|\n\n)Deprecated: *([\s\S]*?)(?:$|\n\n)/.exec(comment.raw);
  return toText(match?.[1] ?? '');
}
