import type { Grammar, KindName } from '../scope/tree-view.ts';
import type { Func, Result, Type } from '../types/model.ts';
import {
  BOOL,
  basicType,
  coreOf,
  INT,
  isCarrier,
  pointedTo,
  underlyingOf,
} from '../types/types.ts';
import { assertType } from './assertions.ts';
import { callKept } from './by-nature.ts';
import type { Checker, Scope } from './checker.ts';
import { declareType, eachConstant, specsOf } from './declare.ts';
import { callValues } from './dispatch.ts';
import { siteOf } from './edges.ts';
import { elementOf, functionValue, isForeign, NOTHING, plain } from './expressions.ts';
import { makeHub } from './hubs.ts';
import { hasReflectValue, storesReflection } from './reflection.ts';

type Reader = (scope: Scope, node: number) => void;

/** The nodes of an expression list, or the one expression. */
function listOf({ at: { file } }: Scope, node: number): readonly number[] {
  if (node < 0) return [];
  return file.view.is(node, 'expression_list') ? file.view.children(node) : [node];
}

/** Declares a variable with its first value. */
function declareVariable(
  c: Checker,
  scope: Scope,
  [name, type, value]: readonly [string, Type | undefined, Result | undefined],
): void {
  if (name === '_') return;
  // Thousands of functions that ask an error what it is would each hold all errors.
  const isKept = value?.isAsserted === true && value.type === type;
  const slot = isKept ? value.slot : c.flow.place(type);
  if (!isKept) c.give(slot, type, value);
  // Without a value it has the type that the parameter stands for.
  if (value === undefined && type?.kind === 'parameter') c.flow.edge(c.flow.element(type), slot);
  scope.names.declare(name, { kind: 'variable', type, slot });
}

function assign(c: Checker, scope: Scope, [node, value]: readonly [number, Result]): void {
  const { view } = scope.at.file;
  if (view.is(node, 'identifier') && view.textOf(node) === '_') return;
  const place = c.evaluate(scope, node);
  c.give(place.slot, place.type, value);
  if (place.slot !== undefined && c.memo.ofLibrary.has(place.slot))
    callKept(c, scope.fn, [place.type, value], siteOf(scope, node));
  if (!view.is(node, 'identifier') && hasReflectValue(place.type)) storesReflection(scope, node);
}

/** Evaluates expressions for `count` places, and shows what each gets. */
export function assignAll(
  c: Checker,
  scope: Scope,
  [node, count]: readonly [number, number],
  show: (i: number, value: Result) => void,
): void {
  const nodes = listOf(scope, node);
  const values = nodes.map((value) => c.evaluate(scope, value));
  const [only = NOTHING] = values;
  if (values.length === 1 && count > 1) {
    for (let i = 0; i < count; i++) show(i, only.tuple?.[i] ?? restOf(only, i));
    return;
  }
  for (let i = 0; i < count; i++) show(i, values[i] ?? NOTHING);
}

/** The later of several values that are no results of a known function. */
function restOf(only: Result, i: number): Result {
  if (i === 0 || isForeign(only.type)) return only;
  return i === 1 && only.tuple === undefined ? plain(BOOL) : NOTHING;
}

/** The readers of statements, by the number of their kind. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of small readers.
export function createStatements(c: Checker, grammar: Grammar): readonly (Reader | undefined)[] {
  const readers: (Reader | undefined)[] = [];
  const on = (kinds: readonly KindName[], reader: Reader) => {
    for (const kind of kinds) readers[grammar.kind[kind]] = reader;
  };

  const inScope =
    (reader: Reader): Reader =>
    (scope, node) => {
      const before = scope.names.open();
      reader(scope, node);
      scope.names.close(before);
    };

  const all: Reader = (scope, node) => {
    const { tree } = scope.at.file.view;
    const stop = tree.skip[node] as number;
    for (let i = node + 1; i < stop; i = tree.skip[i] as number) c.statement(scope, i);
  };

  const shortVariable: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const names = listOf(scope, view.child(node, 'left')).map(view.textOf);
    const values: Result[] = [];
    assignAll(c, scope, [view.child(node, 'right'), names.length], (_, value) => {
      values.push(value);
    });
    names.forEach((name, i) => {
      const value = values[i] ?? NOTHING;
      const before = scope.names.isInnermost(name) ? scope.names.get(name) : undefined;
      if (before?.kind === 'variable') c.give(before.slot, before.type, value);
      else declareVariable(c, scope, [name, value.type, value]);
    });
  };

  const assignment: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const places = listOf(scope, view.child(node, 'left'));
    assignAll(c, scope, [view.child(node, 'right'), places.length], (i, value) => {
      assign(c, scope, [places[i] ?? -1, value]);
    });
  };

  const variables: Reader = (scope, node) => {
    const { view } = scope.at.file;
    for (const spec of specsOf(scope.at, node)) {
      const names = view.children(spec, 'name').map(view.textOf);
      const typeNode = view.child(spec, 'type');
      const type = typeNode < 0 ? undefined : c.types.typeOf(scope, typeNode);
      const values: Result[] = [];
      assignAll(c, scope, [view.child(spec, 'value'), names.length], (_, value) => {
        values.push(value);
      });
      names.forEach((name, i) => {
        const value = view.child(spec, 'value') < 0 ? undefined : values[i];
        declareVariable(c, scope, [name, typeNode < 0 ? values[i]?.type : type, value]);
      });
    }
  };

  const constants: Reader = (scope, node) => {
    eachConstant(c, scope, node, (name, declared) => {
      // Now: later its names may mean something else.
      scope.names.declare(name, { kind: 'const', type: 'type' in declared ? declared.type : INT });
    });
  };

  const types: Reader = (scope, node) => {
    const { view } = scope.at.file;
    for (const spec of view.children(node)) {
      const holder: { kind: 'type'; type: Type | undefined } = { kind: 'type', type: undefined };
      const inner: Scope = { ...scope };
      scope.names.declare(view.textOf(view.child(spec, 'name')), holder);
      const before = scope.names.open();
      const declared = declareType(c, inner, spec);
      if (!view.is(spec, 'type_alias')) holder.type = declared.type;
      // Now: later its names may mean something else.
      underlyingOf(declared.type);
      holder.type = declared.type;
      scope.names.close(before);
    }
  };

  const returns: Reader = (scope, node) => {
    const { fn } = scope;
    const [list = -1] = scope.at.file.view.children(node);
    if (list < 0) return;
    assignAll(c, scope, [list, fn.results.length], (i, value) => {
      c.give(fn.results[i], fn.signature.results[i], value);
    });
  };

  /** Iterative along `else if`, which people and generators write by the thousand. */
  const ifStatement: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const opened: number[] = [];
    for (let at = node; at >= 0; ) {
      opened.push(scope.names.open());
      const initializer = view.child(at, 'initializer');
      if (initializer >= 0) c.statement(scope, initializer);
      c.evaluate(scope, view.child(at, 'condition'));
      c.statement(scope, view.child(at, 'consequence'));
      const alternative = view.child(at, 'alternative');
      if (!view.is(alternative, 'if_statement')) {
        if (alternative >= 0) c.statement(scope, alternative);
        break;
      }
      at = alternative;
    }
    for (const before of opened.reverse()) scope.names.close(before);
  };

  const rangeClause: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const right = view.child(node, 'right');
    const over = c.evaluate(scope, right);
    const left = view.child(node, 'left');
    const [key, value] = rangeTypes(over.type);
    if (coreOf(over.type)?.kind === 'func') {
      const args = [loopBody(c, scope, [over.type, right])];
      callValues(c, scope.fn, [over.slot, over.type], {
        args,
        results: [],
        site: siteOf(scope, right),
      });
    }
    if (left < 0) return;
    const isNew = view.text.slice(view.tree.end[left], view.tree.start[right]).includes(':=');
    const places = listOf(scope, left);
    [key, value].forEach((type, i) => {
      const place = places[i];
      if (place === undefined) return;
      const result = elementOf(c, type);
      if (isNew) declareVariable(c, scope, [view.textOf(place), type, result]);
      else assign(c, scope, [place, result]);
    });
  };

  const forStatement: Reader = (scope, node) => {
    const { view } = scope.at.file;
    for (const part of view.children(node)) {
      if (view.is(part, 'for_clause')) {
        for (const clause of view.children(part)) c.statement(scope, clause);
      } else c.statement(scope, part);
    }
  };

  const switchStatement: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const initializer = view.child(node, 'initializer');
    if (initializer >= 0) c.statement(scope, initializer);
    for (const part of view.children(node)) if (part !== initializer) c.statement(scope, part);
  };

  const switchCase: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const value = view.child(node, 'value');
    for (const one of listOf(scope, value)) c.evaluate(scope, one);
    for (const part of view.children(node)) if (part !== value) c.statement(scope, part);
  };

  const typeSwitch: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const initializer = view.child(node, 'initializer');
    if (initializer >= 0) c.statement(scope, initializer);
    const value = c.evaluate(scope, view.child(node, 'value'));
    const alias = view.child(node, 'alias');
    const name = alias < 0 ? '_' : view.textOf(view.children(alias)[0] ?? alias);
    for (const part of view.children(node)) {
      if (view.is(part, 'type_case') || view.is(part, 'default_case'))
        inScope((inner) => typeCase(inner, part, [name, value]))(scope, part);
    }
  };

  function typeCase(scope: Scope, node: number, [name, value]: readonly [string, Result]): void {
    const { view } = scope.at.file;
    const named = view.children(node, 'type');
    let result = value;
    const [only = -1] = named;
    if (named.length === 1 && view.textOf(only) !== 'nil')
      result = assertType(c, value, c.types.typeOf(scope, only));
    scope.names.declare(name, { kind: 'variable', type: result.type, slot: result.slot });
    for (const part of view.children(node)) if (!named.includes(part)) c.statement(scope, part);
  }

  const receive: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const left = view.child(node, 'left');
    const right = view.child(node, 'right');
    const value = c.evaluate(scope, right);
    if (left < 0) return;
    const isNew = view.text.slice(view.tree.end[left], view.tree.start[right]).includes(':=');
    listOf(scope, left).forEach((place, i) => {
      const got = i === 0 ? value : plain(BOOL);
      if (isNew) declareVariable(c, scope, [view.textOf(place), got.type, got]);
      else assign(c, scope, [place, got]);
    });
  };

  const send: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const channel = c.evaluate(scope, view.child(node, 'channel'));
    const under = coreOf(channel.type);
    const element = under?.kind === 'chan' ? under.element : undefined;
    c.give(c.flow.element(element), element, c.evaluate(scope, view.child(node, 'value')));
  };

  on(['block', 'communication_case'], inScope(all));
  on(['statement_list', 'source_file', 'go_statement', 'defer_statement'], all);
  on(['expression_statement', 'select_statement', 'inc_statement', 'dec_statement'], all);
  on(['labeled_statement', 'expression_list'], all);
  on(['label_name', 'comment'], () => undefined);
  on(['short_var_declaration'], shortVariable);
  on(['assignment_statement'], assignment);
  on(['var_declaration'], variables);
  on(['const_declaration'], constants);
  on(['type_declaration'], types);
  on(['return_statement'], returns);
  on(['if_statement'], ifStatement);
  on(['for_statement'], inScope(forStatement));
  on(['range_clause'], rangeClause);
  on(['expression_switch_statement'], inScope(switchStatement));
  on(['expression_case', 'default_case'], inScope(switchCase));
  on(['type_switch_statement'], inScope(typeSwitch));
  on(['receive_statement'], receive);
  on(['send_statement'], send);
  return readers;
}

/** The function that an iterator calls for each turn of the loop. */
function yieldOf(type: Type | undefined): Func | undefined {
  const yielded = type?.kind === 'func' ? underlyingOf(type.parameters[0]) : undefined;
  return yielded?.kind === 'func' ? yielded : undefined;
}

/** The loop as the function that an iterator calls: what it is given, the loop's variables have. */
function loopBody(
  c: Checker,
  scope: Scope,
  [type, node]: readonly [Type | undefined, number],
): Result {
  const yielded = yieldOf(coreOf(type));
  if (yielded === undefined) return NOTHING;
  const body = makeHub(c, yielded, siteOf(scope, node));
  yielded.parameters.forEach((one, i) => {
    if (isCarrier(one)) c.flow.edge(body.parameters[i], c.flow.element(one));
  });
  return functionValue(c, [body], yielded);
}

/** What a range gives first and second. */
function rangeTypes(type: Type | undefined): readonly [Type | undefined, Type | undefined] {
  const under = coreOf(pointedTo(type));
  switch (under?.kind) {
    case 'map':
      return [under.key, under.element];
    case 'chan':
      return [under.element, undefined];
    case 'slice':
    case 'array':
      return [INT, under.element];
    case 'basic':
      return under.name === 'string' ? [INT, basicType('rune')] : [type, undefined];
    case 'func': {
      const [first, second] = yieldOf(under)?.parameters ?? [];
      return [first, second];
    }
    default:
      return isForeign(type) ? [pointedTo(type), pointedTo(type)] : [undefined, undefined];
  }
}
