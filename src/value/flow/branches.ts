import { addCondition, regionOf } from './conditions.ts';
import { type Environment, join } from './environment.ts';
import { evaluate } from './expressions.ts';
import { NONE } from './model.ts';
import { assign } from './places.ts';
import type { Target, Walk } from './walk.ts';

type Reader = (w: Walk, node: number) => void;

interface Clause {
  readonly heads: readonly number[];
  readonly node: number;
  readonly isDefault: boolean;
}

/** The clauses of a switch or select, each from the same start. */
function choose(
  w: Walk,
  node: number,
  clauses: readonly Clause[],
  enter: (clause: Clause) => void,
): void {
  const { view } = w;
  const target: Target = { label: w.label, isLoop: false, breaks: [], continues: [] };
  w.label = '';
  w.targets.push(target);
  const before = w.here;
  const ways: (Environment | undefined)[] = [];
  let falls: Environment | undefined;
  for (const clause of clauses) {
    w.env =
      falls === undefined
        ? w.fork(before)
        : join(w.model.graph, w.place(clause.node), [before, falls]);
    falls = undefined;
    w.open();
    enter(clause);
    for (const part of view.children(clause.node))
      if (!clause.heads.includes(part)) w.readers.statement(w, part);
    w.close();
    if (/\bfallthrough[\s;]*$/.test(view.textOf(clause.node))) falls = w.env;
    else ways.push(w.env);
  }
  w.targets.pop();
  const isCovered = clauses.some((clause) => clause.isDefault);
  w.env = before;
  w.goOn(node, [...ways, ...target.breaks, falls, ...(isCovered ? [] : [before])]);
}

/** `switch x { … }`. */
export const switchStatement: Reader = (w, node) => {
  const { view } = w;
  w.open();
  const initializer = view.child(node, 'initializer');
  if (initializer >= 0) w.readers.statement(w, initializer);
  const tag = view.child(node, 'value');
  const value = tag < 0 ? NONE : evaluate(w, tag);
  const clauses = view
    .children(node)
    .filter((part) => view.is(part, 'expression_case') || view.is(part, 'default_case'))
    .map(
      (part): Clause => ({
        node: part,
        heads: view.children(part, 'value'),
        isDefault: view.is(part, 'default_case'),
      }),
    );
  if (tag >= 0) addCondition(w, tag, [[value], clauses.map((clause) => regionOf(w, clause.node))]);
  choose(w, node, clauses, (clause) => {
    const values = clause.heads.flatMap((head) => w.listOf(head)).map((one) => evaluate(w, one));
    if (values.length > 0) addCondition(w, clause.node, [values, [regionOf(w, clause.node)]]);
  });
  w.close();
};

/** `switch x := y.(type) { … }`. */
export const typeSwitch: Reader = (w, node) => {
  const { view } = w;
  w.open();
  const initializer = view.child(node, 'initializer');
  if (initializer >= 0) w.readers.statement(w, initializer);
  const value = evaluate(w, view.child(node, 'value'));
  const alias = view.child(node, 'alias');
  const name = alias < 0 ? '' : view.textOf(view.children(alias)[0] ?? alias);
  const clauses = view
    .children(node)
    .filter((part) => view.is(part, 'type_case') || view.is(part, 'default_case'))
    .map(
      (part): Clause => ({
        node: part,
        heads: view.children(part, 'type'),
        isDefault: view.is(part, 'default_case'),
      }),
    );
  choose(w, node, clauses, (clause) => {
    if (name !== '') w.declare(name, value, clause.node);
  });
  w.close();
};

/** `select { … }`. */
export const select: Reader = (w, node) => {
  const { view } = w;
  const clauses = view
    .children(node)
    .filter((part) => view.is(part, 'communication_case') || view.is(part, 'default_case'))
    .map(
      (part): Clause => ({
        node: part,
        heads: view.children(part, 'communication'),
        isDefault: true,
      }),
    );
  choose(w, node, clauses, (clause) => {
    for (const head of clause.heads) w.readers.statement(w, head);
  });
};

/** `v := <-c`, as a case of a select. */
export const receive: Reader = (w, node) => {
  const { view } = w;
  const targets = w.listOf(view.child(node, 'left'));
  const value = evaluate(w, view.child(node, 'right'));
  const isNew = view.textOf(node).includes(':=');
  for (const [i, target] of targets.entries()) {
    if (isNew) w.declare(view.textOf(target), i === 0 ? value : NONE, target);
    else assign(w, target, i === 0 ? value : NONE);
  }
};
