import type { KindName } from '#golang';
import { assignTo, zeroOf } from '../run/convert.ts';
import { computeBinary, computeShift, operatorAt } from '../run/operators.ts';
import { ANY, OPEN, type Type, UNTYPED_INT, under } from '../run/types.ts';
import { UNKNOWN, Value } from '../run/value.ts';
import { BREAK, CONTINUE, type Ending, ON, RETURN } from '../run/writes.ts';
import { truth } from './access.ts';
import { blockOf, declare, eachConstant, listOf, sequence, valuesFor } from './blocks.ts';
import { argumentNodes, laterCall } from './calls.ts';
import type { Compiler } from './compiler.ts';
import { forStatement } from './loops.ts';
import type { Context, Deferred, Expression, Statement } from './model.ts';
import { assignTarget, type PrepareTarget, prepareTarget, putInto } from './places.ts';
import { fieldsOnceOf, noteField } from './set-once.ts';
import { selectStatement, switchStatement, typeSwitch } from './switches.ts';
import { declaredType } from './types.ts';

type Reader = (at: Context, node: number, label: string) => Statement;

/** The readers of statements, by the number of their kind. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of small readers.
export function createStatements(c: Compiler): readonly (Reader | undefined)[] {
  const readers: (Reader | undefined)[] = [];
  const on = (kind: KindName, reader: Reader) => {
    readers[c.grammar.kind[kind]] = reader;
  };
  const { m } = c;

  const shortVariable: Reader = (at, node) => {
    const { view } = at.file;
    const names = listOf(at, view.child(node, 'left')).map(view.textOf);
    const right = view.child(node, 'right');
    const values = valuesFor(c, at, [right, names.length]);
    nameSightings(at, right, names);
    const before = names.map((name) => at.scope.inBlock(name));
    const slots = names.map((name, i) => before[i] ?? at.scope.variable(name));
    return (frame) => {
      const given = values(frame);
      for (const [i, slot] of slots.entries()) {
        const value = given[i] ?? UNKNOWN;
        const box = before[i] === undefined ? undefined : frame.boxes[slot];
        if (box === undefined) declare(frame, slot, [undefined, value]);
        else putInto(frame, { store: box, key: 0, type: box.type }, value);
      }
      return ON;
    };
  };

  function nameSightings(at: Context, right: number, names: readonly string[]): void {
    listOf(at, right).forEach((node, i) => {
      c.sight(at, node).variable ??= names[i];
    });
  }

  const assignment: Reader = (at, node) => {
    const { view } = at.file;
    const targets = listOf(at, view.child(node, 'left'));
    const right = view.child(node, 'right');
    const sign = view.textOf(view.child(node, 'operator'));
    if (sign !== '=')
      return updateStatement(at, [node, targets[0] ?? -1, right, sign.slice(0, -1)]);
    const values = valuesFor(c, at, [right, targets.length]);
    nameSightings(at, right, targets.map(view.textOf));
    const prepares: readonly PrepareTarget[] = targets.map((target) => noting(at, target));
    return (frame) => {
      const given = values(frame);
      // i, a[i] = 2, i: places and values are all found before one is written.
      const assigns = prepares.map((prepare) => prepare(frame));
      for (const [i, assign] of assigns.entries()) assign(given[i] ?? UNKNOWN);
      return ON;
    };
  };

  /** Puts a value somewhere; what a field gets that is set nowhere else is noted. */
  function noting(at: Context, target: number): PrepareTarget {
    const { view, home } = at.file;
    const prepare = prepareTarget(c, at, target);
    if (!view.is(target, 'selector_expression')) return prepare;
    const once = fieldsOnceOf(c, home).get(view.textOf(view.child(target, 'field')));
    if (once === undefined) return prepare;
    const type = under(once.owner);
    const field = type.kind === 'struct' ? type.fields[once.place] : undefined;
    return (frame) => {
      const assign = prepare(frame);
      return (value) => {
        noteField(once, assignTo(m, field?.type ?? ANY, value));
        assign(value);
      };
    };
  }

  /** `x op= y`. */
  function updateStatement(
    at: Context,
    [node, target, right, sign]: readonly [number, number, number, string],
  ): Statement {
    const value = c.expression(at, listOf(at, right)[0] ?? -1);
    return update(at, [node, target, sign], value);
  }

  function update(
    at: Context,
    [node, target, sign]: readonly [number, number, string],
    value: Expression,
  ): Statement {
    const before = c.expression(at, target);
    const assign = assignTarget(c, at, target);
    const operator = operatorAt(sign, c.siteOf(at, node));
    const sighting = c.sight(at, node);
    sighting.variable = at.file.view.textOf(target);
    const isShift = sign === '<<' || sign === '>>';
    return (frame) => {
      const old = before(frame);
      const by = value(frame);
      const made = isShift ? computeShift(sign, old, by) : computeBinary(m, operator, old, by);
      assign(frame, made);
      if (typeof made.v === 'string' || made === UNKNOWN) c.sightLast(frame, sighting, made);
      return ON;
    };
  }

  const one = new Value(UNTYPED_INT, 1);
  const step =
    (sign: string): Reader =>
    (at, node) =>
      update(at, [node, at.file.view.children(node)[0] ?? -1, sign], () => one);

  const variables: Reader = (at, node) => {
    const { view } = at.file;
    const specs = view
      .children(node)
      .flatMap((part) => (view.is(part, 'var_spec_list') ? view.children(part) : [part]))
      .filter((part) => view.is(part, 'var_spec'));
    return sequence(specs.map((spec) => variableSpec(at, spec)));
  };

  function variableSpec(at: Context, spec: number): Statement {
    const { view } = at.file;
    const names = view.children(spec, 'name').map(view.textOf);
    const typeNode = view.child(spec, 'type');
    const type = typeNode < 0 ? undefined : c.typeOf(at, typeNode);
    const value = view.child(spec, 'value');
    const values = value < 0 ? undefined : valuesFor(c, at, [value, names.length]);
    if (value >= 0) nameSightings(at, value, names);
    const slots = names.map((name) => at.scope.variable(name));
    return (frame) => {
      const given = values?.(frame);
      for (const [i, slot] of slots.entries()) {
        const first = given?.[i] ?? (given === undefined && type ? zeroOf(m, type) : UNKNOWN);
        declare(frame, slot, [type, first]);
      }
      return ON;
    };
  }

  const constants: Reader = (at, node) => {
    eachConstant(at, node, (name, read) => {
      at.scope.declare(name, { kind: 'constant', value: read(c, at) });
    });
    return () => ON;
  };

  const types: Reader = (at, node) => {
    const { view } = at.file;
    for (const spec of view.children(node)) {
      if (!view.is(spec, 'type_spec') && !view.is(spec, 'type_alias')) continue;
      const name = view.textOf(view.child(spec, 'name'));
      const holder = { kind: 'type' as const, type: ANY as Type };
      at.scope.declare(name, holder);
      const type = declaredType(c, at, spec);
      holder.type = type;
      // Now: later its names may mean something else.
      if (type.kind === 'named') type.under();
    }
    return () => ON;
  };

  const ifStatement: Reader = (at, node) => {
    const { view } = at.file;
    at.scope.open();
    const initializer = view.child(node, 'initializer');
    const start = initializer < 0 ? undefined : c.statement(at, initializer);
    const condition = c.expression(at, view.child(node, 'condition'));
    const then = blockOf(c, at, view.child(node, 'consequence'));
    const alternative = view.child(node, 'alternative');
    const otherwise: Statement = alternative < 0 ? () => ON : c.statement(at, alternative);
    at.scope.close();
    return (frame) => {
      start?.(frame);
      const is = truth(condition(frame));
      if (is === undefined) return m.fork([() => then(frame), () => otherwise(frame)]);
      return is ? then(frame) : otherwise(frame);
    };
  };

  const returns: Reader = (at, node) => {
    const { view } = at.file;
    const list = view.children(node).find((part) => !view.is(part, 'comment')) ?? -1;
    const { results } = at.code.type;
    const values = list < 0 ? undefined : valuesFor(c, at, [list, Math.max(1, results.length)]);
    return (frame) => {
      m.results = values?.(frame).map((value, i) => assignTo(m, openType(results[i]), value));
      return RETURN;
    };
  };

  const jump =
    (ending: Ending): Reader =>
    (at, node) => {
      const { view } = at.file;
      const label = view.textOf(view.children(node)[0] ?? -1);
      return () => {
        m.label = label;
        return ending;
      };
    };

  const goStatement: Reader = (at, node) => {
    const call = c.expression(at, at.file.view.children(node)[0] ?? -1);
    // It runs at some time: what it writes is not known from here on.
    return (frame) => {
      m.repeat(() => void call(frame));
      return ON;
    };
  };

  const deferStatement: Reader = (at, node) => {
    const { view } = at.file;
    const call = view.children(node)[0] ?? -1;
    const prepared = laterCall(c, at, call);
    // A predeclared function: its arguments are evaluated now, and the call may see others later.
    const run = prepared === undefined ? c.expression(at, call) : undefined;
    const isPlain =
      view.is(call, 'call_expression') &&
      argumentNodes(at, call).every((arg) => view.is(arg, 'interpreted_string_literal'));
    return (frame) => {
      m.step();
      const later = prepared?.(frame) ?? (() => run?.(frame));
      const before = frame.deferred.value.v as Deferred | null | undefined;
      const list: Deferred | undefined =
        before !== undefined && (prepared !== undefined || isPlain)
          ? { call: () => void later(), before }
          : undefined;
      frame.everDeferred.push(() => void later());
      m.put(frame.deferred, 0, list === undefined ? UNKNOWN : new Value(ANY, list));
      return ON;
    };
  };

  const labeled: Reader = (at, node) => {
    const { view } = at.file;
    const label = view.textOf(view.child(node, 'label'));
    const inner = view.children(node).filter((part) => !view.is(part, 'comment'))[1] ?? -1;
    if (inner < 0) return () => ON;
    const run = c.statement(at, inner, label);
    return (frame) => {
      const opened = m.open();
      const ending = run(frame);
      const isMine = (one: { readonly ending: Ending; readonly label: string }) =>
        one.ending === BREAK && one.label === label;
      const isReached = ending === ON || isMine({ ending, label: m.label });
      return m.close(opened, isMine, isReached).isReached ? ON : ending;
    };
  };

  on('short_var_declaration', shortVariable);
  on('assignment_statement', assignment);
  on('inc_statement', step('+'));
  on('dec_statement', step('-'));
  on('var_declaration', variables);
  on('const_declaration', constants);
  on('type_declaration', types);
  on('if_statement', ifStatement);
  on('return_statement', returns);
  on('break_statement', jump(BREAK));
  on('continue_statement', jump(CONTINUE));
  on('go_statement', goStatement);
  on('defer_statement', deferStatement);
  on('labeled_statement', labeled);
  on('block', (at, node) => blockOf(c, at, node));
  on('for_statement', (at, node, label) => forStatement(c, at, [node, label]));
  on('expression_switch_statement', (at, node) => switchStatement(c, at, node));
  on('type_switch_statement', (at, node) => typeSwitch(c, at, node));
  on('select_statement', (at, node) => selectStatement(c, at, node));
  on('send_statement', (at, node) => {
    const { view } = at.file;
    const value = c.expression(at, view.child(node, 'value'));
    return (frame) => {
      c.opaque(frame, [value(frame)]);
      return ON;
    };
  });
  on('receive_statement', (at, node) => receiveStatement(at, node));

  function receiveStatement(at: Context, node: number): Statement {
    const { view } = at.file;
    const left = view.child(node, 'left');
    const right = c.expression(at, view.child(node, 'right'));
    const isNew =
      left >= 0 &&
      view.text
        .slice(view.tree.end[left], view.tree.start[view.child(node, 'right')])
        .includes(':=');
    const targets = listOf(at, left).map((one) =>
      isNew ? at.scope.variable(view.textOf(one)) : assignTarget(c, at, one),
    );
    return (frame) => {
      right(frame);
      for (const target of targets) {
        if (typeof target === 'number') declare(frame, target, [ANY, UNKNOWN]);
        else target(frame, UNKNOWN);
      }
      return ON;
    };
  }

  on('expression_statement', (at, node) => {
    const value = c.expression(at, at.file.view.children(node)[0] ?? -1);
    return (frame) => {
      value(frame);
      return ON;
    };
  });
  return readers;
}

/** Of a result without a type that is known, constants get the one that they have by default. */
function openType(type: Type | undefined): Type {
  return type ?? OPEN;
}
