import { zeroOf } from '../run/convert.ts';
import { GoPanic, OutOfBudget } from '../run/errors.ts';
import { release } from '../run/reach.ts';
import { Box } from '../run/stores.ts';
import { ANY, isBytes, type Type, under } from '../run/types.ts';
import { Tuple, UNKNOWN, Value } from '../run/value.ts';
import { isAlike, RETURN } from '../run/writes.ts';
import { blockOf } from './blocks.ts';
import { asArgument } from './calls.ts';
import type { Compiler } from './compiler.ts';
import type {
  Body,
  Callable,
  Closure,
  Code,
  Context,
  Deferred,
  Expression,
  Frame,
  SourceFile,
} from './model.ts';
import { FunctionScope } from './scope.ts';

/** A function of which only the head was read. */
export function createCode(
  c: Compiler,
  file: SourceFile,
  made: {
    readonly name: string;
    readonly node: number;
    readonly top: Code | undefined;
    readonly scope: FunctionScope;
    readonly receiver: number;
  },
): Code {
  const { node, scope, receiver } = made;
  const code: Code = {
    name: made.name,
    file,
    node,
    top: made.top,
    type: undefined as never,
    hasReceiver: receiver >= 0,
    active: 0,
    activeDoubt: 0,
    unused: undefined,
    hasRun: false,
    body: undefined,
    literals: [],
    sightings: [],
    read: () => {
      const block = file.view.child(node, 'body');
      if (block < 0 || jumps(c, file, block)) return undefined;
      const at: Context = { file, scope, code, iota: undefined };
      return readBody(c, at, [node, receiver, block]);
    },
  };
  const at: Context = { file, scope, code, iota: undefined };
  code.type = c.signatureOf(at, node);
  return code;
}

/** Functions with `goto` are not followed. */
function jumps(c: Compiler, { view }: SourceFile, block: number): boolean {
  const { tree } = view;
  const kind = c.grammar.kind.goto_statement;
  for (let i = block; i < (tree.skip[block] ?? 0); i++) if (tree.kind[i] === kind) return true;
  return false;
}

function slotsOf(at: Context, list: number): readonly number[] {
  const { view } = at.file;
  if (list < 0) return [];
  return view.children(list).flatMap((part) => {
    if (view.is(part, 'comment')) return [];
    const names = view.children(part, 'name').map(view.textOf);
    return (names.length === 0 ? [''] : names).map((name) => at.scope.variable(name));
  });
}

function readBody(
  c: Compiler,
  at: Context,
  [node, receiverNode, block]: readonly [number, number, number],
): Body {
  const { view } = at.file;
  const { scope } = at;
  const receiver = receiverNode < 0 ? -1 : (slotsOf(at, receiverNode)[0] ?? -1);
  const parameters = slotsOf(at, view.child(node, 'parameters'));
  const result = view.child(node, 'result');
  const isList = view.is(result, 'parameter_list');
  const results = isList ? slotsOf(at, result) : [];
  const hasNamedResults =
    isList && view.children(result).some((part) => view.child(part, 'name') >= 0);
  const run = blockOf(c, at, block);
  const { slots, captures } = scope;
  const text = view.textOf(node);
  // A function that is deferred may recover as well.
  const recovers = text.includes('recover()') || (text.includes('defer ') && hasRecover(at.file));
  return { slots, receiver, parameters, results, hasNamedResults, recovers, captures, run };
}

/** Whether a function of the file's package recovers from panics. */
function hasRecover({ home }: SourceFile): boolean {
  home.recovers ??= home.files.some(({ view }) => view.text.includes('recover()'));
  return home.recovers;
}

/** The body, read at the first call. */
function bodyOf(code: Code): Body | undefined {
  if (code.hasRun) return code.body;
  code.hasRun = true;
  code.body = code.read();
  return code.body;
}

/** A function literal: it takes the variables around it along. */
export function functionLiteral(c: Compiler, at: Context, node: number): Expression {
  const scope = new FunctionScope(at.scope);
  const top = at.code.top ?? at.code;
  const code = createCode(c, at.file, { name: `${top.name}$`, node, top, scope, receiver: -1 });
  top.literals.push(code);
  // Read now: later the names around it mean something else.
  const body = bodyOf(code);
  const captures = body?.captures ?? [];
  return (frame) => {
    const captured = captures.map(({ outer }) => {
      frame.boxes[outer] ??= new Box(UNKNOWN, c.m.epoch, ANY);
      return frame.boxes[outer];
    });
    const closure: Closure = { kind: 'closure', code, captured };
    code.unused ??= closure;
    return new Value(code.type, closure);
  };
}

/** True for types whose values are text or bytes. */
export function isText(type: Type): boolean {
  const below = under(type);
  return isBytes(type) || (below.kind === 'basic' && below.class === 'string');
}

function isKnownText(value: Value): boolean {
  return typeof value.v === 'string' || (value.v !== null && isBytes(value.t));
}

/** Whether a call is followed: not where following it would have no end or was enough already. */
function isFollowed({ m }: Compiler, code: Code, args: readonly Value[]): boolean {
  if (m.depth >= m.limits.depth) {
    if (m.doubt === 0) throw new OutOfBudget('its calls are nested deeper than is followed');
    return false;
  }
  if (m.isTired) {
    // Nothing is lost where no text goes in.
    if (m.isClosed || args.some(isKnownText) || code.type.results.some(isText)) m.cut();
    return false;
  }
  if (code.active > 0 && m.doubt > code.activeDoubt) return false;
  return m.doubt === 0 || m.loose >= 0;
}

/** Calls a function of the module. */
export function callClosure(
  c: Compiler,
  closure: Closure,
  args: readonly Value[],
): Value | undefined {
  const { code } = closure;
  const { m } = c;
  m.step(4);
  if (!isFollowed(c, code, args)) return undefined;
  const body = bodyOf(code);
  if (body === undefined) return undefined;
  code.unused = undefined;
  const frame = frameOf(c, closure, [body, args]);
  const doubt = code.activeDoubt;
  if (code.active === 0) code.activeDoubt = m.doubt;
  code.active++;
  m.depth++;
  const { recovers } = body;
  if (recovers) m.recovering++;
  try {
    return runBody(frame, body);
  } finally {
    if (recovers) m.recovering--;
    m.depth--;
    code.active--;
    code.activeDoubt = doubt;
  }
}

function frameOf(
  c: Compiler,
  closure: Closure,
  [body, args]: readonly [Body, readonly Value[]],
): Frame {
  const { m } = c;
  const { code, captured, receiver } = closure;
  const boxes: Box[] = new Array(body.slots);
  if (body.receiver >= 0 && receiver !== undefined) {
    const own = receiver === UNKNOWN ? UNKNOWN : asArgument(c, receiver.t, receiver);
    boxes[body.receiver] = new Box(own, m.epoch, receiver.t);
  } else if (body.receiver >= 0) boxes[body.receiver] = new Box(UNKNOWN, m.epoch, ANY);
  for (const [i, slot] of body.parameters.entries()) {
    const type = code.type.parameters[i] ?? ANY;
    boxes[slot] = new Box(asArgument(c, type, args[i] ?? UNKNOWN, closure.instance), m.epoch, type);
  }
  for (const [i, slot] of body.results.entries()) {
    const type: Type = code.type.results[i] ?? ANY;
    boxes[slot] = new Box(zeroOf(m, type), m.epoch, type);
  }
  for (const [i, { inner }] of body.captures.entries()) {
    const box = captured[i];
    if (box !== undefined) boxes[inner] = box;
  }
  const deferred = new Box(new Value(ANY, null), m.epoch);
  return { m, code, boxes, deferred, everDeferred: [] };
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind.
function runBody(frame: Frame, body: Body): Value {
  const { m, code } = frame;
  const opened = m.open();
  const count = code.type.results.length;
  let isReached = true;
  let results: readonly Value[] = [];
  let isCaught = false;
  try {
    const ending = body.run(frame);
    results =
      ending === RETURN ? namedOr(frame, [body, m.results]) : namedOr(frame, [body, undefined]);
  } catch (error) {
    if (!(error instanceof GoPanic)) throw error;
    isCaught = body.recovers;
    if (isCaught) results = Array.from({ length: count }, () => UNKNOWN);
    else if (m.open() === opened) {
      runDeferred(frame);
      throw error;
    } else isReached = false;
  }
  const ways = m.close(opened, ({ ending }) => ending === RETURN, isReached);
  const all = isReached ? [results] : [];
  for (const one of ways.results)
    all.push(one ?? (body.hasNamedResults ? namedOf(frame, body) : []));
  const merged = isCaught ? Array.from({ length: count }, () => UNKNOWN) : joined(count, all);
  if (frame.everDeferred.length === 0) return resultsOf(merged);
  if (body.hasNamedResults) namedOr(frame, [body, merged]);
  runDeferred(frame);
  // A deferred call may change what has a name.
  return resultsOf(body.hasNamedResults && !isCaught ? namedOf(frame, body) : merged);
}

function namedOf(frame: Frame, body: Body): readonly Value[] {
  return body.results.map((slot) => {
    const box = frame.boxes[slot];
    return box === undefined ? UNKNOWN : (frame.m.get(box, 0) ?? UNKNOWN);
  });
}

/** The results that a return says, put under their names; of a bare one what is under the names. */
function namedOr(
  frame: Frame,
  [body, given]: readonly [Body, readonly Value[] | undefined],
): readonly Value[] {
  if (!body.hasNamedResults) return given ?? [];
  if (given === undefined) return namedOf(frame, body);
  for (const [i, slot] of body.results.entries()) {
    const box = frame.boxes[slot];
    if (box !== undefined) frame.m.put(box, 0, given[i] ?? UNKNOWN);
  }
  return given;
}

function joined(count: number, ways: readonly (readonly Value[])[]): readonly Value[] {
  return Array.from({ length: count }, (_, i) => {
    const [first, ...others] = ways.map((way) => way[i] ?? UNKNOWN);
    return first !== undefined && others.every((one) => isAlike(one, first)) ? first : UNKNOWN;
  });
}

function resultsOf(values: readonly Value[]): Value {
  return values.length === 1 ? (values[0] ?? UNKNOWN) : new Tuple(values);
}

function runDeferred(frame: Frame): void {
  const { m, deferred, everDeferred } = frame;
  if (everDeferred.length === 0) return;
  const known = m.get(deferred, 0)?.v as Deferred | null | undefined;
  if (known !== undefined) {
    for (let one = known; one !== null; one = one.before) one.call();
    return;
  }
  // Which of them run is not known.
  for (const call of everDeferred.toReversed()) m.repeat(call);
}

/** Code that is not followed may change whatever it is given, and call the functions among it. */
export function letGo(c: Compiler, values: readonly Value[]): void {
  const functions: Callable[] = [];
  release(c.m, values, (found) => functions.push(found));
  for (const found of functions) {
    if (found.kind !== 'closure' || found.code.active > 0 || found.code.unused === undefined)
      continue;
    callAnyhow(c, found);
  }
}

/** Follows a function that may be called at any time, with any arguments. */
export function callAnyhow(c: Compiler, closure: Closure): void {
  closure.code.unused = undefined;
  const args = closure.code.type.parameters.map(() => UNKNOWN);
  c.m.repeat(() => void callClosure(c, closure, args));
}
