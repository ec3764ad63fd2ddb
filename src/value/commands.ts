import type { Machine } from './run/machine.ts';
import { asSlice, Items } from './run/stores.ts';
import type { How, Site, Value } from './run/value.ts';
import { UNKNOWN } from './run/value.ts';

/** Functions that start a program: where its name stands, and where its arguments do. */
export const STARTERS: ReadonlyMap<string, number> = new Map([
  ['os/exec.Command', 0],
  ['os/exec.CommandContext', 1],
  ['os.StartProcess', 0],
  ['syscall.Exec', 0],
  ['syscall.ForkExec', 0],
  ['syscall.StartProcess', 0],
  ['golang.org/x/sys/unix.Exec', 0],
  ['golang.org/x/sys/execabs.Command', 0],
]);

/** A command line, as far as it is known. */
export interface Command {
  readonly function: string;
  readonly site: Site;
  /** Words; undefined for those that are not known. */
  readonly words: readonly (string | undefined)[];
  readonly how: How;
}

/** The values of a list of arguments, those of slices one by one. */
function* flatten(m: Machine, args: readonly Value[]): Generator<Value> {
  for (const arg of args) {
    const slice = asSlice(arg.v);
    const isList =
      slice !== null &&
      typeof slice === 'object' &&
      'items' in slice &&
      slice.items instanceof Items;
    if (!isList) yield arg;
    else
      for (let i = 0; i < slice.length; i++) yield m.get(slice.items, slice.offset + i) ?? UNKNOWN;
  }
}

const MOST_WORDS = 64;

/** The command that a call starts; undefined where it starts none, or nothing of it is known. */
export function commandOf(
  m: Machine,
  name: string,
  { args, site }: { readonly args: readonly Value[]; readonly site: Site },
): Command | undefined {
  const first = STARTERS.get(name);
  if (first === undefined) return undefined;
  const values: Value[] = [];
  for (const value of flatten(m, args.slice(first))) {
    values.push(value);
    if (values.length === MOST_WORDS) break;
  }
  const isList = name.endsWith('Exec') || name.endsWith('Process');
  // Of an argument list the first is the name once more.
  const words = (isList ? values.slice(1) : values).map(({ v }) =>
    typeof v === 'string' ? v : undefined,
  );
  if (!words.some((word) => word !== undefined && word !== '')) return undefined;
  const from = values.flatMap(({ how }) => (how === undefined ? [] : [how]));
  return { function: name, site, words, how: { operation: 'command', site, from } };
}

/** A command line as people read it: words with spaces in quotes, `…` for what is not known. */
export function showCommand(words: readonly (string | undefined)[]): string {
  return words
    .map((word) => {
      if (word === undefined) return '\xe2\x80\xa6';
      return word === '' || /[\s"']/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word;
    })
    .join(' ');
}
