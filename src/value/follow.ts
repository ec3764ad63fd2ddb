import type { Command } from './commands.ts';
import { callAnyhow, callClosure } from './compile/functions.ts';
import type { Code, PackageCode } from './compile/model.ts';
import type { Program } from './compile/program.ts';
import { fieldsGiven, type Given, writesField } from './given.ts';
import { GoPanic, OutOfBudget } from './run/errors.ts';
import type { Store } from './run/stores.ts';
import { UNKNOWN } from './run/value.ts';
import { share } from './share.ts';
import { hasTexts } from './worth.ts';

/** A function that was not followed to its end. */
export interface ValueGap {
  /** `evaluation` where it depends on arguments: what the method does not follow, and no gap. */
  readonly code: 'over-budget' | 'stage-failed' | 'evaluation';
  readonly file: string;
  readonly line: number;
  readonly detail: string;
}

/** What following a module has come to so far, and what is left for the rest of it. */
export interface Progress {
  readonly program: Program;
  /** By place: one for each function. */
  readonly gaps: Map<string, ValueGap>;
  /** Command lines that the function which is followed now was seen to start. */
  commands: Command[];
  /** Steps that are left for all functions together. */
  steps: number;
  /** Bytes that variables may still hold, all together. */
  room: number;
}

const MOST_ROUNDS = 8;
/** The part of the budget that a function with parameters gets. */
const OPEN_SHARE = 0.1;

/** Runs code with a budget of its own; false when it did not come to its end. */
export function attempt(progress: Progress, code: Code, run: () => void): boolean {
  const { c } = progress.program;
  const { m } = c;
  if (progress.steps <= 0) {
    addGap(progress, code, ['over-budget', 'the module takes more steps than are followed']);
    return false;
  }
  // Of what depends on its arguments, less can be known.
  const isClosed = code.type.parameters.length === 0 && !code.hasReceiver;
  m.start(isClosed ? 1 : OPEN_SHARE, Math.min(m.limits.memory, progress.room));
  const reason = isClosed ? 'over-budget' : 'evaluation';
  const gap = ending(progress, code, run);
  // One call can ask for far more than there is, and does not get it.
  progress.steps -= Math.min(m.budget, m.budget - m.steps);
  if (gap !== undefined) addGap(progress, code, gap);
  else if (m.wasCut) addGap(progress, code, [reason, 'it costs more than is followed']);
  return gap === undefined && !m.wasCut;
}

type Reason = readonly [code: ValueGap['code'], why: string];

/** Why a run did not come to its end. */
function ending({ program: { c } }: Progress, code: Code, run: () => void): Reason | undefined {
  const { m } = c;
  try {
    c.atRoot(code, run);
    return undefined;
  } catch (error) {
    if (error instanceof GoPanic) return undefined;
    if (error instanceof RangeError) return ['over-budget', 'it is nested deeper than is followed'];
    // A fault of ours is no reason to lose what the other functions say.
    if (!(error instanceof OutOfBudget)) return ['stage-failed', String(error)];
    if (!m.isClosed) return ['evaluation', error.message];
    return m.doubt === 0 ? ['over-budget', error.message] : undefined;
  }
}

function addGap({ gaps }: Progress, { file, node, name }: Code, [code, why]: Reason): void {
  const { line } = file.positionOf(file.view.tree.start[node] ?? 0);
  const key = `${file.path}\0${line}`;
  if (gaps.has(key)) return;
  const detail = `${name} was not evaluated to its end: ${why}`;
  gaps.set(key, { code, file: file.path, line, detail });
}

/** Runs the initialisers of variables, and init, as the program would at its start. */
export function initialise(progress: Progress, home: PackageCode): readonly Command[] {
  const { c } = progress.program;
  const { m } = c;
  const before = m.unfollowed;
  let isWhole = true;
  const run = (code: Code, start: () => void) => {
    isWhole = attempt(progress, code, start) && isWhole;
    progress.room -= Math.max(0, Math.min(m.limits.memory, progress.room) - m.memory);
    m.keep();
  };
  progress.commands = [];
  for (const { code, value } of home.constants) run(code, value);
  for (const { code, initialise: start } of home.variables) run(code, start);
  for (const code of home.inits)
    run(code, () => void callClosure(c, { kind: 'closure', code, captured: [] }, []));
  const boxes = home.variables.map(({ box }) => box);
  share(boxes);
  // What was not followed may have written any of them.
  if (!isWhole || m.unfollowed !== before) for (const box of boxes) m.spoiled.add(box);
  return progress.commands;
}

/** What following one function showed. */
interface Seen {
  readonly code: Code;
  /** Variables that all functions share, of which it knew something. */
  readonly stores: ReadonlySet<Store>;
  readonly commands: readonly Command[];
}

/** Follows every function as if anyone called it; again where others write what it read. */
export function followFunctions(progress: Progress, home: PackageCode): readonly Command[] {
  const { program } = progress;
  const known = new Map<Code, Seen>();
  const plain = new Set(
    home.functions.filter((code) => hasTexts(program, code) || writesField(program.c, home, code)),
  );
  const follow = (code: Code, given: Given | undefined): Seen => {
    // What was seen without is there still, if nothing made it stale.
    const seen =
      known.get(code) ?? (plain.has(code) ? followFunction(progress, code, undefined) : undefined);
    return given === undefined && seen !== undefined
      ? seen
      : joined(seen, followFunction(progress, code, given));
  };
  settle(progress, { open: [...plain], known, follow: (code) => follow(code, undefined) });
  const given = fieldsGiven(program.c, home);
  settle(progress, {
    open: [...given.keys()],
    known,
    follow: (code) => follow(code, given.get(code)),
  });
  return [...known.values()].flatMap(({ commands }) => commands);
}

function forgetSeen({ sightings }: Code): void {
  for (const one of sightings) one.values.length = 0;
}

/** Follows functions until nothing that any of them read is written by another. */
function settle(
  progress: Progress,
  {
    open: first,
    known,
    follow,
  }: {
    readonly open: readonly Code[];
    readonly known: Map<Code, Seen>;
    readonly follow: (code: Code) => Seen;
  },
): void {
  const { spoiled } = progress.program.c.m;
  let open = first;
  for (let round = 0; round < MOST_ROUNDS && open.length > 0; round++) {
    for (const code of open) known.set(code, follow(code));
    const isStale = ({ stores }: Seen) => [...stores].some((store) => spoiled.has(store));
    open = [...known.values()].filter(isStale).map(({ code }) => code);
    for (const code of open) {
      known.delete(code);
      forgetSeen(code);
    }
  }
  for (const code of open)
    addGap(progress, code, ['over-budget', 'what it reads is written again and again']);
}

/** What both runs showed; a command line that one of them knows more of is said once. */
function joined(plain: Seen | undefined, given: Seen): Seen {
  if (plain === undefined) return given;
  const isSame = (a: Command, b: Command) =>
    a.site.start === b.site.start && a.site.file === b.site.file;
  const rest = plain.commands.filter(
    (command) =>
      !command.words.includes(undefined) || !given.commands.some((one) => isSame(one, command)),
  );
  return {
    code: plain.code,
    stores: new Set([...plain.stores, ...given.stores]),
    commands: [...rest, ...given.commands],
  };
}

function followFunction(progress: Progress, code: Code, given: Given | undefined): Seen {
  const { c } = progress.program;
  const { m } = c;
  const mark = m.mark();
  const stores = new Set<Store>();
  const run = (start: () => void) => {
    attempt(progress, code, start);
    for (const store of m.seen) stores.add(store);
  };
  progress.commands = [];
  run(() => {
    const args = given?.args() ?? code.type.parameters.map(() => UNKNOWN);
    const receiver = given?.receiver() ?? UNKNOWN;
    callClosure(c, { kind: 'closure', code, captured: [], receiver }, args);
  });
  for (const { unused } of code.literals)
    if (unused !== undefined) run(() => callAnyhow(c, unused));
  m.undo(mark);
  return { code, stores, commands: progress.commands };
}
