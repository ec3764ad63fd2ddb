import { receive, select, switchStatement, typeSwitch } from './branches.ts';
import { update } from './builtins.ts';
import { ifStatement } from './conditions.ts';
import { evaluate, evaluateAll } from './expressions.ts';
import { EDGE, ELEMENT } from './graph.ts';
import { readerTable } from './kinds.ts';
import { forStatement } from './loops.ts';
import { NONE, type Value } from './model.ts';
import { assign } from './places.ts';
import type { Walk } from './walk.ts';

type Reader = (w: Walk, node: number) => void;

const DEEPEST = 300;

const each: Reader = (w, node) => {
  for (const part of w.view.children(node)) readStatement(w, part);
};

const block: Reader = (w, node) => {
  const before = w.blockEnd;
  w.blockEnd = w.view.tree.end[node] ?? 0;
  w.open();
  each(w, node);
  w.close();
  w.blockEnd = before;
};

function bind(w: Walk, node: number, isNew: boolean): void {
  const { view } = w;
  const targets = w.listOf(view.child(node, 'left'));
  const values = evaluateAll(w, w.listOf(view.child(node, 'right')), targets.length);
  for (const [i, target] of targets.entries()) {
    const value = values[i] ?? NONE;
    const name = view.textOf(target);
    if (isNew && w.scopes.at(-1)?.has(name) !== true)
      w.declare(name, w.copied(value, target), target);
    else if (name !== '_') assign(w, target, value);
  }
}

const assignment: Reader = (w, node) => {
  const sign = w.view.textOf(w.view.child(node, 'operator'));
  if (sign === '=') bind(w, node, false);
  else
    update(
      w,
      node,
      [w.view.child(node, 'left'), w.view.child(node, 'right')].map(
        (one) => w.listOf(one)[0] ?? -1,
      ) as [number, number],
    );
};

const variables: Reader = (w, node) => {
  const { view } = w;
  for (const part of view.children(node)) {
    if (view.is(part, 'var_spec_list')) variables(w, part);
    if (!view.is(part, 'var_spec') && !view.is(part, 'const_spec')) continue;
    const names = view.children(part, 'name').map(view.textOf);
    const value = view.child(part, 'value');
    const given = value < 0 ? undefined : evaluateAll(w, w.listOf(value), names.length);
    for (const [i, name] of names.entries()) {
      const zero: Value = { node: -1, obj: w.object(-1), isCopied: true };
      w.declare(name, given === undefined ? zero : w.copied(given[i] ?? NONE, part), part);
    }
  }
};

const send: Reader = (w, node) => {
  const channel = evaluate(w, w.view.child(node, 'channel'));
  const value = evaluate(w, w.view.child(node, 'value'));
  if (channel.obj !== undefined) w.store(channel.obj, [ELEMENT, value, node]);
  else w.edge(w.nodeOf(value), w.nodeOf(channel), EDGE.store, ELEMENT);
};

/** Notes what parameters and results come to where the function ends. */
function leave(w: Walk, node: number): void {
  const { fn, model } = w;
  for (const [i, obj] of w.given.entries()) {
    if (obj === undefined) continue;
    const now = w.here.nodeOf(obj);
    if (now < 0 || now === fn.parameters[i]) continue;
    if ((fn.outs[i] ?? -1) < 0)
      fn.outs[i] = model.graph.node(fn.index, w.view.tree.start[node] ?? 0);
    w.edge(now, fn.outs[i] ?? -1);
  }
}

function give(w: Walk, values: readonly Value[]): void {
  for (const [i, result] of w.fn.results.entries()) w.edge(w.nodeOf(values[i] ?? NONE), result);
}

const returnStatement: Reader = (w, node) => {
  const list = w.view.children(node).filter((part) => !w.view.is(part, 'comment'))[0] ?? -1;
  if (list >= 0) give(w, evaluateAll(w, w.listOf(list), w.fn.results.length));
  else giveNamed(w);
  leave(w, node);
  w.env = undefined;
};

function giveNamed(w: Walk): void {
  give(
    w,
    w.named.map((name) => {
      const variable = w.lookup(name);
      return variable === undefined ? NONE : w.read(variable);
    }),
  );
}

const jump =
  (isContinue: boolean): Reader =>
  (w, node) => {
    const label = w.view.textOf(w.view.children(node)[0] ?? -1);
    const target = w.targets.findLast((one) =>
      label === '' ? one.isLoop || !isContinue : one.label === label,
    );
    const { env } = w;
    if (target !== undefined && env !== undefined)
      (isContinue ? target.continues : target.breaks).push(env);
    w.env = undefined;
  };

const labeled: Reader = (w, node) => {
  const [name = -1, ...parts] = w.view.children(node);
  w.label = w.view.textOf(name);
  for (const part of parts) readStatement(w, part);
  w.label = '';
};

const readersOf = readerTable<Reader>({
  block,
  statement_list: each,
  short_var_declaration: (w, node) => bind(w, node, true),
  assignment_statement: assignment,
  var_declaration: variables,
  const_declaration: variables,
  expression_statement: (w, node) => {
    for (const part of w.view.children(node)) evaluate(w, part);
  },
  if_statement: ifStatement,
  for_statement: forStatement,
  expression_switch_statement: switchStatement,
  type_switch_statement: typeSwitch,
  select_statement: select,
  receive_statement: receive,
  send_statement: send,
  return_statement: returnStatement,
  break_statement: jump(false),
  continue_statement: jump(true),
  labeled_statement: labeled,
  defer_statement: (w, node) => started(w, node),
  go_statement: (w, node) => started(w, node),
  call_expression: (w, node) => void w.readers.call(w, node, 1),
});

/** A call that runs beside or later: what it writes is seen from here on. */
function started(w: Walk, node: number): void {
  const env = w.env;
  for (const part of w.view.children(node)) evaluate(w, part);
  // What does not come back does not end this function.
  w.env ??= env;
}

/** Reads a statement, or an expression that stands as one. */
export function readStatement(w: Walk, node: number): void {
  if (w.model.left <= 0) {
    w.model.isWhole = false;
    return;
  }
  if (w.env === undefined || w.depth >= DEEPEST) return;
  w.depth++;
  const reader = readersOf(w.view.grammar)[w.view.tree.kind[node] as number];
  if (reader === undefined) evaluate(w, node);
  else reader(w, node);
  w.depth--;
}

/** Reads the body of a function, and what it comes to at its end. */
export function readBody(w: Walk, body: number, named: readonly string[]): void {
  if (body < 0) return;
  w.named = named;
  readStatement(w, body);
  if (w.env === undefined) return;
  if (named.some((name) => name !== '')) giveNamed(w);
  leave(w, body);
}

/** Reads initialisers of package variables. */
export function readDeclaration(w: Walk, node: number): void {
  const { view } = w;
  const spec = (part: number): void => {
    if (view.is(part, 'var_spec_list')) for (const one of view.children(part)) spec(one);
    const value = view.child(part, 'value');
    if (!view.is(part, 'var_spec') || value < 0) return;
    const names = view.children(part, 'name');
    const given = evaluateAll(w, w.listOf(value), names.length);
    for (const [i, name] of names.entries()) assign(w, name, given[i] ?? NONE);
  };
  for (const part of view.children(node)) spec(part);
}
