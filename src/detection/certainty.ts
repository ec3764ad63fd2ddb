import type { ImportReach, PathStep } from '#golang';
import type { Facts } from './facts.ts';
import type { Confidence, Severity } from './finding.ts';

/** Tags that the go command sets by itself; any other has to be asked for. */
const ORDINARY =
  /^(aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|wasip1|windows|unix|386|amd64|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm|cgo|gc|gccgo|race|msan|asan|purego|go1\.\d+)$/;

/** True when a file is built only with a tag that somebody has to give. */
function needsTag(facts: Facts, path: string | undefined): boolean {
  const constraint = facts.files.find((file) => file.path === path)?.constraint ?? null;
  if (constraint === null) return false;
  // A tag that is only excluded does not have to be given.
  const wanted = constraint.replace(/!\s*(\w|[.])+/g, '').match(/[\w.]+/g) ?? [];
  return !constraint.includes('||') && wanted.some((tag) => !ORDINARY.test(tag));
}

/** Steps beyond which a way through a module says little about what importing it does. */
const LONG_WAY = 6;

/** How bad and how sure it is that something runs on import, from how surely it is reached. */
export function judgeReach(
  facts: Facts,
  reach: ImportReach,
  path: readonly PathStep[],
): { readonly severity: Severity; readonly confidence: Confidence } | undefined {
  if (reach === 'stored') return undefined;
  if (path.some((step) => needsTag(facts, step.file)))
    return { severity: 'medium', confidence: 'medium' };
  if (reach === 'called') {
    return path.length > LONG_WAY
      ? { severity: 'medium', confidence: 'medium' }
      : { severity: 'critical', confidence: 'high' };
  }
  return { severity: 'high', confidence: reach === 'passed' ? 'medium' : 'low' };
}

const WORDS: Readonly<Record<ImportReach, string>> = {
  called: 'Importing the package',
  passed: 'Importing the package hands over a function that',
  assumed: 'Importing the package may call a method of the same name that',
  stored: 'Importing the package keeps a function that',
};

/** The beginning of a sentence about what happens on import. */
export function onImportWords(reach: ImportReach): string {
  return WORDS[reach];
}
