import { runesOf } from '../run/convert.ts';
import { asReference, Box, Items, type Slice, Table } from '../run/stores.ts';
import { defaultType, INT, INT32, type Type, under } from '../run/types.ts';
import { UNKNOWN, Value } from '../run/value.ts';
import { BREAK, CONTINUE, type Ending, ON } from '../run/writes.ts';
import { truth } from './access.ts';
import { blockOf, declare, listOf } from './blocks.ts';
import type { Compiler } from './compiler.ts';
import type { Context, Expression, Frame, Statement } from './model.ts';
import { prepareTarget, putInto } from './places.ts';

/** Turns that are followed one by one although code runs in them that is not followed. */
const MOST_OPAQUE_TURNS = 64;
/** A loop computes what is known where so many operations are for one that is not. */
const MOSTLY = 16;
/** Turns that are followed whatever they compute. */
const FEW_TURNS = 40;
/** The part of a budget that one loop may take. */
const MOST_OF_BUDGET = 0.6;
/** Ways out of a loop, of which it is not known whether they are taken, before its turns are skimmed. */
const MOST_UNSURE_TURNS = 12;

type Out = { readonly ending: Ending; readonly label: string };

interface Loop {
  readonly isBreak: (out: Out) => boolean;
  readonly isContinue: (out: Out) => boolean;
}

function loopOf(label: string): Loop {
  const isMine = (out: Out) => out.label === '' || (label !== '' && out.label === label);
  return {
    isBreak: (out) => out.ending === BREAK && isMine(out),
    isContinue: (out) => out.ending === CONTINUE && isMine(out),
  };
}

/** How one turn of a loop's body ended: ON to go on, BREAK to leave the loop, or what it is for others. */
function turn(frame: Frame, loop: Loop, body: Statement): Ending {
  const { m } = frame;
  const opened = m.open();
  const ending = body(frame);
  const out = { ending, label: m.label };
  const { isReached } = m.close(opened, loop.isContinue, ending === ON || loop.isContinue(out));
  if (isReached) return ON;
  if (!loop.isBreak(out)) m.label = out.label;
  return ending;
}

/** Joins the ways out of a loop. */
function leave(frame: Frame, loop: Loop, [opened, ending]: readonly [number, Ending]): Ending {
  const { m } = frame;
  const out = { ending, label: m.label };
  const isReached = ending === ON || loop.isBreak(out);
  return m.close(opened, loop.isBreak, isReached).isReached ? ON : ending;
}

/** What a loop consists of. */
interface Parts {
  /** True while there is another turn. */
  readonly more: () => boolean | undefined;
  readonly body: Statement;
  readonly after: () => void;
  /** A turn of which nothing is known. */
  readonly any: () => Ending;
  readonly hasCondition: boolean;
}

/** Follows a loop turn by turn while it is known that there is another one; then as one that may run any time. */
function run(frame: Frame, loop: Loop, parts: Parts): Ending {
  return frame.m.within(true, () => takeTurns(frame, loop, parts));
}

/** Turns of a loop, inside of it. */
function takeTurns(frame: Frame, loop: Loop, parts: Parts): Ending {
  const { m } = frame;
  const opened = m.open();
  const start: Start = { opened, opaque: m.opaque, vague: m.vague, exact: m.exact, steps: m.steps };
  for (let turns = 0; ; turns++) {
    const more = parts.more();
    if (more === false) return leave(frame, loop, [opened, ON]);
    if (more === undefined || isUnsure(frame, [start, turns], parts.hasCondition)) break;
    m.step(2);
    const ending = turn(frame, loop, parts.body);
    if (ending !== ON) return leave(frame, loop, [opened, ending]);
    parts.after();
  }
  m.repeat(() => {
    const ending = parts.any();
    // The way of this turn is one of many: it ends like the others.
    if (ending !== ON) m.fork([() => ending, () => ON]);
  });
  return leave(frame, loop, [opened, ON]);
}

/** Where a loop began. */
interface Start {
  readonly opened: number;
  readonly opaque: number;
  readonly vague: number;
  readonly exact: number;
  readonly steps: number;
}

function isUnsure(
  { m }: Frame,
  [{ opened, opaque, vague, exact, steps }, turns]: readonly [Start, number],
  hasCondition: boolean,
): boolean {
  if (m.isTired || steps - m.steps > m.budget * MOST_OF_BUDGET) {
    // Nothing is lost where what it computes is not known anyway.
    if (m.exact - exact > MOSTLY * (m.vague - vague)) m.cut();
    return true;
  }
  if (turns === 0) return false;
  // What it computes is not known, whatever the number of turns.
  if (turns > FEW_TURNS && m.vague - vague > m.exact - exact) return true;
  const isOpaque = m.opaque !== opaque;
  if (!hasCondition && (isOpaque || m.open() > opened)) return turns > 1;
  if (m.doubt > 0 && m.loose < 0) return true;
  return (
    (isOpaque && turns > MOST_OPAQUE_TURNS) || (m.open() > opened && turns > MOST_UNSURE_TURNS)
  );
}

/** A `for` statement of any form. */
export function forStatement(
  c: Compiler,
  at: Context,
  [node, label]: readonly [number, string],
): Statement {
  const { view } = at.file;
  const loop = loopOf(label);
  const [head = -1] = view.children(node).filter((part) => !view.is(part, 'comment'));
  const bodyNode = view.child(node, 'body');
  at.scope.open();
  let made: Statement;
  if (view.is(head, 'range_clause')) made = rangeStatement(c, at, [head, bodyNode, loop]);
  else if (view.is(head, 'for_clause')) made = clauseStatement(c, at, [head, bodyNode, loop]);
  else {
    const condition = head === bodyNode ? undefined : c.expression(at, head);
    made = plainLoop(c, [condition, blockOf(c, at, bodyNode), loop]);
  }
  at.scope.close();
  return made;
}

function plainLoop(
  _: Compiler,
  [condition, body, loop]: readonly [Expression | undefined, Statement, Loop],
): Statement {
  return (frame) =>
    run(frame, loop, {
      more: () => (condition === undefined ? true : truth(condition(frame))),
      body,
      after: () => undefined,
      any: () => {
        condition?.(frame);
        return turn(frame, loop, body);
      },
      hasCondition: condition !== undefined,
    });
}

function clauseStatement(
  c: Compiler,
  at: Context,
  [head, bodyNode, loop]: readonly [number, number, Loop],
): Statement {
  const { view } = at.file;
  const part = (field: 'initializer' | 'update') => {
    const node = view.child(head, field);
    return node < 0 ? undefined : c.statement(at, node);
  };
  const first = at.scope.slots;
  const initializer = part('initializer');
  const last = at.scope.slots;
  const conditionNode = view.child(head, 'condition');
  const condition = conditionNode < 0 ? undefined : c.expression(at, conditionNode);
  const update = part('update');
  const body = blockOf(c, at, bodyNode);
  const { hasOwnLoopVariables } = at.file;
  /** Since go 1.22 each turn has variables of its own. */
  const renew = (frame: Frame) => {
    for (let slot = first; hasOwnLoopVariables && slot < last; slot++) {
      const box = frame.boxes[slot];
      if (box !== undefined)
        frame.boxes[slot] = new Box(c.m.get(box, 0) ?? UNKNOWN, c.m.epoch, box.type);
    }
  };
  return (frame) => {
    initializer?.(frame);
    return run(frame, loop, {
      more: () => (condition === undefined ? true : truth(condition(frame))),
      body,
      after: () => {
        renew(frame);
        update?.(frame);
      },
      any: () => {
        condition?.(frame);
        const ending = turn(frame, loop, body);
        update?.(frame);
        return ending;
      },
      hasCondition: condition !== undefined,
    });
  };
}

/** Puts the key and the value of a turn where the clause says. */
type Bind = (frame: Frame, values: readonly Value[], isFirst: boolean) => void;

function bindOf(c: Compiler, at: Context, head: number): Bind {
  const { view } = at.file;
  const left = view.child(head, 'left');
  if (left < 0) return () => undefined;
  const between = view.text.slice(view.tree.end[left], view.tree.start[view.child(head, 'right')]);
  const nodes = listOf(at, left);
  if (!between.includes(':=')) {
    const prepares = nodes.map((node) => prepareTarget(c, at, node));
    return (frame, values) => {
      const assigns = prepares.map((prepare) => prepare(frame));
      for (const [i, assign] of assigns.entries()) assign(values[i] ?? UNKNOWN);
    };
  }
  const slots = nodes.map((node) => at.scope.variable(view.textOf(node)));
  const { hasOwnLoopVariables } = at.file;
  return (frame, values, isFirst) => {
    for (const [i, slot] of slots.entries()) {
      const box = hasOwnLoopVariables || isFirst ? undefined : frame.boxes[slot];
      const value = values[i] ?? UNKNOWN;
      // Before go 1.22 all turns share their variables.
      if (box !== undefined) putInto(frame, { store: box, key: 0, type: box.type }, value);
      else declare(frame, slot, [undefined, value]);
    }
  };
}

function rangeStatement(
  c: Compiler,
  at: Context,
  [head, bodyNode, loop]: readonly [number, number, Loop],
): Statement {
  const { view } = at.file;
  const over = c.expression(at, view.child(head, 'right'));
  const bind = bindOf(c, at, head);
  const body = blockOf(c, at, bodyNode);
  return (frame) => {
    const value = over(frame);
    const items = itemsOf(frame, value);
    let next: readonly Value[] | undefined;
    let isFirst = true;
    if (items === undefined)
      return frame.m.within(true, () => anyOrder(c, frame, { value, bind, body, loop }));
    return run(frame, loop, {
      more: () => {
        next = items.next().value ?? undefined;
        return next !== undefined;
      },
      body: (inner) => {
        bind(inner, next ?? [], isFirst);
        isFirst = false;
        return body(inner);
      },
      after: () => undefined,
      any: () => {
        bind(frame, [], isFirst);
        return turn(frame, loop, body);
      },
      hasCondition: true,
    });
  };
}

/** Entries of a map come in any order; of what is not known, anything may come. */
function anyOrder(
  c: Compiler,
  frame: Frame,
  {
    value,
    bind,
    body,
    loop,
  }: {
    readonly value: Value;
    readonly bind: Bind;
    readonly body: Statement;
    readonly loop: Loop;
  },
): Ending {
  const { m } = c;
  const opened = m.open();
  const entries =
    value.v instanceof Table && !value.v.isEscaped && value.v.entries.size <= MOST_OPAQUE_TURNS
      ? [...value.v.entries.values()]
      : [[UNKNOWN, UNKNOWN]];
  m.repeat(() => {
    m.fork([
      () => ON,
      ...entries.map((pair) => () => {
        bind(frame, pair, true);
        return turn(frame, loop, body);
      }),
    ]);
  });
  return leave(frame, loop, [opened, ON]);
}

/** What a range gives turn by turn; undefined where its order or number is not known. */
function itemsOf(frame: Frame, value: Value): Generator<readonly Value[], undefined> | undefined {
  if (value === UNKNOWN || value.v === undefined) return undefined;
  const below = under(value.t);
  if (below.kind === 'basic') return basicItems(value);
  if (value.v instanceof Table) {
    const { entries } = value.v;
    if (value.v.isEscaped || frame.m.spoiled.has(value.v) || entries.size > 1) return undefined;
    return listed([...entries.values()]);
  }
  if (value.v === null && (below.kind === 'slice' || below.kind === 'map')) return listed([]);
  return sequenceItems(frame, value, below);
}

function* listed(pairs: readonly (readonly Value[])[]): Generator<readonly Value[], undefined> {
  yield* pairs;
  return undefined;
}

function basicItems(value: Value): Generator<readonly Value[], undefined> | undefined {
  if (typeof value.v === 'string') return runeItems(value.v, value);
  if (typeof value.v !== 'number') return undefined;
  return countItems(value.v, defaultType(value.t));
}

function* runeItems(text: string, { how }: Value): Generator<readonly Value[], undefined> {
  for (const [offset, rune] of runesOf(text))
    yield [new Value(INT, offset), new Value(INT32, rune, how)];
  return undefined;
}

function* countItems(count: number, type: Type): Generator<readonly Value[], undefined> {
  for (let i = 0; i < count; i++) yield [new Value(type, i)];
  return undefined;
}

function sequenceItems(
  { m }: Frame,
  value: Value,
  below: Exclude<Type, { kind: 'named' }>,
): Generator<readonly Value[], undefined> | undefined {
  let base = value;
  if (below.kind === 'pointer' && value.v !== null) {
    const target = asReference(value.v);
    base = target ? (m.get(target.store, target.key) ?? UNKNOWN) : UNKNOWN;
  }
  const found = base.v;
  // Of an array the copy counts that was made before the first turn.
  if (found instanceof Items) {
    const values = Array.from({ length: found.length }, (_, i) => m.get(found, i) ?? UNKNOWN);
    return below.kind === 'pointer' ? liveItems(m, found, [0, found.length]) : indexedItems(values);
  }
  if (found === null || typeof found !== 'object' || !('items' in found)) return undefined;
  const { items, offset, length } = found as Slice;
  return liveItems(m, items, [offset, length]);
}

function* indexedItems(values: readonly Value[]): Generator<readonly Value[], undefined> {
  for (const [i, value] of values.entries()) yield [new Value(INT, i), value];
  return undefined;
}

function* liveItems(
  m: Frame['m'],
  items: Items,
  [offset, length]: readonly [number, number],
): Generator<readonly Value[], undefined> {
  for (let i = 0; i < length; i++) yield [new Value(INT, i), m.get(items, offset + i) ?? UNKNOWN];
  return undefined;
}
