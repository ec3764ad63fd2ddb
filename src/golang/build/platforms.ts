import { type Expression, holds, parseExpression, tagsOf } from './expression.ts';

// `go tool dist list` of Go 1.26.
const PLATFORMS =
  `aix/ppc64 android/386 android/amd64 android/arm android/arm64 darwin/amd64 darwin/arm64
dragonfly/amd64 freebsd/386 freebsd/amd64 freebsd/arm freebsd/arm64 illumos/amd64 ios/amd64 ios/arm64 js/wasm
linux/386 linux/amd64 linux/arm linux/arm64 linux/loong64 linux/mips linux/mips64 linux/mips64le linux/mipsle
linux/ppc64 linux/ppc64le linux/riscv64 linux/s390x netbsd/386 netbsd/amd64 netbsd/arm netbsd/arm64 openbsd/386
openbsd/amd64 openbsd/arm openbsd/arm64 openbsd/ppc64 openbsd/riscv64 plan9/386 plan9/amd64 plan9/arm
solaris/amd64 wasip1/wasm windows/386 windows/amd64 windows/arm64`.split(/\s+/);

/** GOOS values that Go knows, also old and coming ones (internal/syslist). */
export const SYSTEMS: ReadonlySet<string> = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' ',
  ),
);
/** GOARCH values that Go knows. */
export const ARCHITECTURES: ReadonlySet<string> = new Set(
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
);
const UNIX = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris'.split(' '),
);
/** Systems that are also built as another one. */
const ALSO: Readonly<Record<string, string>> = {
  android: 'linux',
  illumos: 'solaris',
  ios: 'darwin',
};

/** What a tag says of a platform: undefined when it does not depend on the platform. */
export function platformTag(system: string, arch: string, tag: string): boolean | undefined {
  if (tag === system || tag === arch || ALSO[system] === tag) return true;
  if (tag === 'unix') return UNIX.has(system);
  return SYSTEMS.has(tag) || ARCHITECTURES.has(tag) ? false : undefined;
}

/** What the go command builds for. */
export interface BuildTarget {
  /** GOOS and GOARCH. */
  readonly system: string;
  readonly arch: string;
  /** Every other tag that is set: `cgo`, `gc`, release tags, those of `-tags`. */
  readonly tags: ReadonlySet<string>;
}

/** True where a file with this constraint is built (go/build.Context.MatchFile). */
export function isBuiltFor(constraint: string | null, target: BuildTarget): boolean {
  if (constraint === null) return true;
  const expression = parseExpression(constraint);
  if (expression === undefined) return false;
  const { system, arch, tags } = target;
  return holds(expression, (tag) => platformTag(system, arch, tag) ?? tags.has(tag));
}

/** A set of build constraints that all have to hold; one object for each set in an analysis. */
export interface Condition {
  readonly text: string | null;
}

/** The conditions of a module: joins them, and knows which contradict each other. */
export interface Conditions {
  of(constraint: string | null): Condition;
  /** Both; undefined when no build fulfils them together. */
  both(a: Condition, b: Condition): Condition | undefined;
}

/** Free tags that are tried in all combinations; more of them are taken to be independent. */
const MOST_FREE = 6;

interface Known extends Condition {
  readonly parts: ReadonlyMap<string, Expression>;
  readonly joined: Map<Condition, Condition | undefined>;
}

function canHold(parts: readonly Expression[]): boolean {
  const tags = new Set(parts.flatMap((part) => [...tagsOf(part)]));
  const free = [...tags].filter((tag) => platformTag('linux', 'amd64', tag) === undefined);
  // More than anyone combines by hand: not said to contradict.
  if (free.length > MOST_FREE) return true;
  for (const platform of PLATFORMS) {
    const [system = '', arch = ''] = platform.split('/');
    for (let choice = 0; choice < 2 ** free.length; choice++) {
      const isSet = (tag: string) =>
        platformTag(system, arch, tag) ?? Math.floor(choice / 2 ** free.indexOf(tag)) % 2 === 1;
      if (parts.every((part) => holds(part, isSet))) return true;
    }
  }
  return false;
}

/** No conditions yet. */
export function createConditions(): Conditions {
  const known = new Map<string, Known>();

  function intern(parts: ReadonlyMap<string, Expression>): Known {
    const texts = [...parts.keys()].sort();
    const key = texts.join('\0');
    let found = known.get(key);
    if (found === undefined) {
      const text = texts.length < 2 ? texts[0] : texts.map((part) => `(${part})`).join(' && ');
      found = { text: text ?? null, parts, joined: new Map() };
      known.set(key, found);
    }
    return found;
  }

  return {
    of(constraint) {
      const parsed = constraint === null ? undefined : parseExpression(constraint);
      // What Go would refuse to read is not said to contradict anything.
      return intern(
        constraint === null || parsed === undefined ? new Map() : new Map([[constraint, parsed]]),
      );
    },
    both(a, b) {
      const one = a as Known;
      const two = b as Known;
      if (one === two || two.parts.size === 0) return one;
      if (one.parts.size === 0) return two;
      if (one.joined.has(two)) return one.joined.get(two);
      const parts = new Map([...one.parts, ...two.parts]);
      const found = canHold([...parts.values()]) ? intern(parts) : undefined;
      one.joined.set(two, found);
      return found;
    },
  };
}
