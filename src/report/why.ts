import { cutText, printable } from '#base';
import type { EvidenceBundle } from '#evidence';
import { defang } from './defang.ts';

type Step = EvidenceBundle['findings'][number]['callPath'][number];

interface Way {
  readonly constraint: string | null;
  readonly steps: readonly Step[];
}

/** The ways by which a function comes to a capability. */
export interface Ways {
  readonly function: string | null;
  readonly capability: string;
  readonly paths: readonly Way[];
  /** True when no call of all of it was seen. */
  readonly isAssumed: boolean;
  /** False when there may be more. */
  readonly isWhole: boolean;
}

const LONGEST_NAME = 100;

/** A name without the module's own path, which all of them would begin with. */
function shortName(name: string, modulePath: string | null): string {
  let short = name;
  if (modulePath !== null && name.startsWith(`${modulePath}/`))
    short = name.slice(modulePath.length + 1);
  else if (modulePath !== null && name.startsWith(`${modulePath}.`))
    short = name.slice(modulePath.lastIndexOf('/') + 1);
  return cutText(printable(short), LONGEST_NAME);
}

function placeOf({ file, line, column }: Step): string {
  return file === undefined ? '' : printable(`${file}:${line}:${column}`);
}

function renderPath(
  { constraint, steps }: Way,
  number: number,
  { modulePath, width }: WhyOptions,
): string {
  const names = steps.map((step) => shortName(step.function, modulePath));
  const column = Math.min(
    60,
    names.reduce((most, name) => Math.max(most, name.length), 0),
  );
  const when = constraint === null ? '' : `, when built for ${printable(constraint)}`;
  const calls = steps.length - 1;
  const lines = steps.flatMap((step, i) => {
    const head = `   ${(names[i] ?? '').padEnd(column)}  ${placeOf(step)}`.trimEnd();
    const code = step.excerpt?.trim() ?? '';
    return code === '' ? [head] : [head, cutText(`       ${defang(code)}`, width)];
  });
  return [`${number}. ${calls} ${calls === 1 ? 'call' : 'calls'}${when}`, ...lines, ''].join('\n');
}

/** How ways are laid out. */
export interface WhyOptions {
  readonly modulePath: string | null;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The ways by which a function comes to a capability, each step with its line of code. */
export function renderWhy(why: Ways, options: WhyOptions): string {
  const name = printable(why.function ?? '');
  const { paths, isWhole, isAssumed, capability } = why;
  if (paths.length === 0)
    return isWhole
      ? `${name} was not seen to reach ${capability}\n`
      : `${name}: no way to ${capability} was found that is short enough to show; report.md has the shortest of each function\n`;
  const ways = paths.length === 1 ? 'one way' : `${paths.length} ways, shortest first`;
  const assumed = isAssumed
    ? '; no call of all of it was seen: the library may make it, or what is kept may be called'
    : '';
  const more = isWhole ? '' : `There may be more ways: these are the first ${paths.length}.\n`;
  const shown = paths.map((path, i) => renderPath(path, i + 1, options)).join('\n');
  return `${name} can reach ${capability}: ${ways}${assumed}\n\n${shown}${more}`;
}
