import { computeBinary, operatorAt } from '../run/operators.ts';
import { NIL_TYPE, type Type } from '../run/types.ts';
import { TRUE, UNKNOWN, type Value } from '../run/value.ts';
import { BREAK, type Ending, ON } from '../run/writes.ts';
import { isOfType, truth } from './access.ts';
import { declare, listOf, sequence, statementsIn } from './blocks.ts';
import type { Compiler } from './compiler.ts';
import type { Context, Expression, Frame, Statement } from './model.ts';

interface Clause {
  readonly values: readonly Expression[];
  readonly isDefault: boolean;
  readonly body: Statement;
  readonly fallsThrough: boolean;
}

const isOwnBreak = ({ ending, label }: { readonly ending: Ending; readonly label: string }) =>
  ending === BREAK && label === '';

/** Runs what may run of several ways, and takes a break as the end. */
function choose(frame: Frame, ways: readonly (() => Ending)[]): Ending {
  const { m } = frame;
  const opened = m.open();
  const [only] = ways;
  const ending = m.within(false, (): Ending => {
    if (only === undefined) return ON;
    return ways.length === 1 ? only() : m.fork(ways);
  });
  const isReached = ending === ON || isOwnBreak({ ending, label: m.label });
  return m.close(opened, isOwnBreak, isReached).isReached ? ON : ending;
}

/** The nodes of a clause's body, which end with what says to go on to the next. */
function bodyOf(c: Compiler, at: Context, [clause, heads]: readonly [number, readonly number[]]) {
  const { view } = at.file;
  const statements: Statement[] = [];
  let fallsThrough = false;
  for (const part of view.children(clause)) {
    if (heads.includes(part) || view.is(part, 'comment')) continue;
    if (view.is(part, 'statement_list')) {
      fallsThrough ||= view.children(part).some((one) => view.is(one, 'fallthrough_statement'));
      statements.push(...statementsIn(c, at, part));
    } else if (!view.is(part, 'fallthrough_statement')) statements.push(c.statement(at, part));
    else fallsThrough = true;
  }
  return { body: sequence(statements), fallsThrough };
}

/** `switch x { case … }`. */
export function switchStatement(c: Compiler, at: Context, node: number): Statement {
  const { view } = at.file;
  at.scope.open();
  const initializer = view.child(node, 'initializer');
  const start = initializer < 0 ? undefined : c.statement(at, initializer);
  const valueNode = view.child(node, 'value');
  const tag: Expression = valueNode < 0 ? () => TRUE : c.expression(at, valueNode);
  const equal = operatorAt('==', c.siteOf(at, node));
  const clauses: readonly Clause[] = view
    .children(node)
    .filter((part) => view.is(part, 'expression_case') || view.is(part, 'default_case'))
    .map((part) => {
      at.scope.open();
      const list = view.child(part, 'value');
      const values = listOf(at, list).map((one) => c.expression(at, one));
      const made = bodyOf(c, at, [part, [list]]);
      at.scope.close();
      return { ...made, values, isDefault: view.is(part, 'default_case') };
    });
  at.scope.close();

  const runFrom = (frame: Frame, first: number): Ending => {
    for (let i = first; i < clauses.length; i++) {
      const clause = clauses[i];
      const ending = clause?.body(frame) ?? ON;
      if (ending !== ON || clause?.fallsThrough !== true) return ending;
    }
    return ON;
  };

  return (frame) => {
    start?.(frame);
    const value = tag(frame);
    const { ways, isSure } = candidates(clauses, (one) =>
      truth(computeBinary(c.m, equal, value, one(frame))),
    );
    const runs = ways.map((i) => () => runFrom(frame, i));
    if (!isSure) {
      const other = clauses.findIndex((clause) => clause.isDefault);
      runs.push(() => (other < 0 ? ON : runFrom(frame, other)));
    }
    return choose(frame, runs);
  };
}

/** The clauses that may be meant; sure where the last of them is, if no other is. */
function candidates(
  clauses: readonly Clause[],
  test: (value: Expression) => boolean | undefined,
): { readonly ways: readonly number[]; readonly isSure: boolean } {
  const ways: number[] = [];
  for (const [i, clause] of clauses.entries()) {
    let isPossible = false;
    for (const value of clause.values) {
      const is = test(value);
      if (is === true) return { ways: [...ways, i], isSure: true };
      isPossible ||= is === undefined;
    }
    if (isPossible) ways.push(i);
  }
  return { ways, isSure: false };
}

/** `switch x := y.(type) { case … }`. */
export function typeSwitch(c: Compiler, at: Context, node: number): Statement {
  const { view } = at.file;
  at.scope.open();
  const initializer = view.child(node, 'initializer');
  const start = initializer < 0 ? undefined : c.statement(at, initializer);
  const operand = c.expression(at, view.child(node, 'value'));
  const alias = view.child(node, 'alias');
  const name = alias < 0 ? '' : view.textOf(view.children(alias)[0] ?? alias);
  const clauses = view
    .children(node)
    .filter((part) => view.is(part, 'type_case') || view.is(part, 'default_case'))
    .map((part) => {
      at.scope.open();
      const slot = at.scope.variable(name);
      const heads = view.children(part, 'type');
      const types = heads
        .filter((head) => view.textOf(head) !== ',')
        .map((head): Type => (view.textOf(head) === 'nil' ? NIL_TYPE : c.typeOf(at, head)));
      const { body } = bodyOf(c, at, [part, heads]);
      at.scope.close();
      return { slot, types, body, isDefault: view.is(part, 'default_case') };
    });
  at.scope.close();

  return (frame) => {
    start?.(frame);
    const value = operand(frame);
    const ways: (() => Ending)[] = [];
    let isSure = false;
    for (const clause of clauses) {
      const answers = clause.types.map((type) => isMeant(c, value, type));
      if (isSure || !answers.some((is) => is !== false)) continue;
      isSure = answers.includes(true);
      ways.push(() => enter(frame, clause, value));
    }
    const other = clauses.find((clause) => clause.isDefault);
    if (!isSure) ways.push(() => (other === undefined ? ON : enter(frame, other, value)));
    return choose(frame, ways);
  };
}

function isMeant(c: Compiler, value: Value, type: Type): boolean | undefined {
  if (value === UNKNOWN) return undefined;
  if (type === NIL_TYPE) return value.t === NIL_TYPE;
  return isOfType(c, value, type);
}

function enter(
  frame: Frame,
  clause: { readonly slot: number; readonly body: Statement },
  value: Value,
): Ending {
  declare(frame, clause.slot, [undefined, value]);
  return clause.body(frame);
}

/** `select`: any of its cases may be the one. */
export function selectStatement(c: Compiler, at: Context, node: number): Statement {
  const { view } = at.file;
  const ways = view
    .children(node)
    .filter((part) => view.is(part, 'communication_case') || view.is(part, 'default_case'))
    .map((part) => {
      at.scope.open();
      const communication = view.child(part, 'communication');
      const start = communication < 0 ? undefined : c.statement(at, communication);
      const { body } = bodyOf(c, at, [part, [communication]]);
      at.scope.close();
      return (frame: Frame): Ending => {
        start?.(frame);
        return body(frame);
      };
    });
  return (frame) => {
    c.m.opaque++;
    return choose(
      frame,
      ways.map((way) => () => way(frame)),
    );
  };
}
