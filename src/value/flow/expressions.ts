import type { KindName } from '#golang';
import { ANY_FIELD, EDGE, ELEMENT, KEY } from './graph.ts';
import { readerTable } from './kinds.ts';
import { NONE, type Value } from './model.ts';
import { SOURCES } from './tables.ts';
import { unquoted } from './texts.ts';
import type { Walk } from './walk.ts';

/** Nested expressions that are followed. */
const DEEPEST = 200;
const MOST_TEXTS = 8;

type Reader = (w: Walk, node: number) => Value;

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', '&&', '||']);

/** Texts of two values, some of them. */
export function textsOf(values: readonly Value[]): readonly string[] | undefined {
  const texts = values.flatMap(({ texts: own }) => own ?? []);
  return texts.length === 0 ? undefined : [...new Set(texts)].slice(0, MOST_TEXTS);
}

const withTexts = (value: Value, texts: readonly string[] | undefined): Value =>
  texts === undefined ? value : { ...value, texts };

/** Something that is made of several values. */
export function madeOf(
  w: Walk,
  node: number,
  [values, kind]: readonly [readonly Value[], number],
): Value {
  const nodes = values.map((value) => w.nodeOf(value)).filter((one) => one >= 0);
  const texts = textsOf(values);
  if (nodes.length === 0) return texts === undefined ? NONE : { node: -1, texts };
  const made = w.fresh(node);
  for (const one of nodes) w.edge(one, made, kind);
  return withTexts({ node: made }, texts);
}

function identifier(w: Walk, node: number): Value {
  const name = w.view.textOf(node);
  const variable = w.lookup(name);
  if (variable !== undefined) return w.read(variable);
  return packageMember(w, node, `${w.home}.${name}`) ?? dotMember(w, node, name);
}

/** What a dot import may mean. */
function dotMember(w: Walk, node: number, name: string): Value {
  for (const path of w.file.dots) {
    const found = packageMember(w, node, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return NONE;
}

/** A variable, constant or function of a package of the module. */
function packageMember(w: Walk, node: number, name: string): Value | undefined {
  const { model } = w;
  const global = model.globals.get(name);
  const texts = model.texts.get(name);
  if (global !== undefined) return withTexts(global, texts);
  if (texts !== undefined) return { node: -1, texts };
  if (!model.byName.has(name)) return undefined;
  const taken = w.fresh(node);
  model.takenNodes.add(taken);
  model.taken.push({ node: taken, name, fn: -1 });
  return { node: taken };
}

/** The path of the package that a name stands for. */
export function packageOf(w: Walk, node: number): string | undefined {
  if (!w.view.is(node, 'identifier') && !w.view.is(node, 'package_identifier')) return undefined;
  const name = w.view.textOf(node);
  return w.lookup(name) === undefined ? w.file.imports.get(name) : undefined;
}

function selector(w: Walk, node: number): Value {
  const operand = w.view.child(node, 'operand');
  const field = w.view.textOf(w.view.child(node, 'field'));
  const path = packageOf(w, operand);
  if (path === undefined) {
    const base = evaluate(w, operand);
    return w.load(base, [w.model.graph.label(field), node]);
  }
  const name = `${path}.${field}`;
  const rule = SOURCES.get(name);
  if (rule === undefined) return packageMember(w, node, name) ?? { node: -1, library: name };
  const made = w.fresh(node);
  w.model.origins.push({ ...rule, node: made, name, isParameter: false });
  return { node: made, library: name };
}

function unary(w: Walk, node: number): Value {
  const operator = w.view.textOf(w.view.child(node, 'operator'));
  const operand = w.view.child(node, 'operand');
  if (operator === '&') return addressOf(w, w.bare(operand));
  const value = evaluate(w, operand);
  if (operator === '*') return value.obj === undefined ? value : { ...value, isCopied: true };
  if (operator === '<-') return w.load(value, [ELEMENT, node]);
  return operator === '!' ? madeOf(w, node, [[value], EDGE.test]) : value;
}

/** A pointer to what an expression names. */
function addressOf(w: Walk, operand: number): Value {
  if (w.view.is(operand, 'identifier')) {
    const variable = w.lookup(w.view.textOf(operand));
    if (variable !== undefined && variable.shared === undefined) {
      const value = w.read(variable);
      if (value.obj !== undefined && value.isCopied === true)
        return { node: value.node, obj: value.obj };
      // From here on the variable is what the pointer refers to.
      const obj = w.object(w.nodeOf(value));
      obj.texts = value.texts ?? [];
      w.write(variable, { node: value.node, obj, isCopied: true });
      return { node: value.node, obj };
    }
  }
  const { isCopied: _, ...value } = evaluate(w, operand);
  return value;
}

/** Long sums are nested as deep as they are long: their parts are read one by one. */
function binary(w: Walk, node: number): Value {
  const operator = w.view.textOf(w.view.child(node, 'operator'));
  if (COMPARISONS.has(operator)) {
    const sides = [w.view.child(node, 'left'), w.view.child(node, 'right')];
    return madeOf(w, node, [sides.map((side) => evaluate(w, side)), EDGE.test]);
  }
  const parts: number[] = [];
  let at = node;
  while (
    w.view.is(at, 'binary_expression') &&
    !COMPARISONS.has(w.view.textOf(w.view.child(at, 'operator')))
  ) {
    parts.push(w.view.child(at, 'right'));
    at = w.view.child(at, 'left');
  }
  parts.push(at);
  return madeOf(w, node, [parts.reverse().map((part) => evaluate(w, part)), EDGE.made]);
}

function index(w: Walk, node: number): Value {
  const base = evaluate(w, w.view.child(node, 'operand'));
  const by = evaluate(w, w.view.children(node)[1] ?? -1);
  // Digits of a value, taken from their table one by one.
  if (base.texts?.length === 1 && base.node < 0) return madeOf(w, node, [[by], EDGE.made]);
  return w.load(base, [ELEMENT, node]);
}

function slice(w: Walk, node: number): Value {
  const { isCopied: _, ...value } = evaluate(w, w.view.child(node, 'operand'));
  return value;
}

const first: Reader = (w, node) => evaluate(w, w.view.children(node)[0] ?? -1);

const text: Reader = (w, node) => {
  const value = unquoted(w.view.textOf(node));
  return value === '' ? NONE : { node: -1, texts: [value] };
};

/** The kinds of types whose elements have no names. */
const CONTAINERS: readonly KindName[] = [
  'slice_type',
  'array_type',
  'implicit_length_array_type',
  'map_type',
];

function composite(w: Walk, node: number): Value {
  const type = w.view.child(node, 'type');
  const isContainer = CONTAINERS.some((kind) => w.view.is(type, kind));
  const isMap = w.view.is(type, 'map_type');
  const value = elements(w, w.view.child(node, 'body'), { isContainer, isMap });
  return isContainer && !w.view.is(type, 'array_type') ? value : { ...value, isCopied: true };
}

interface Shape {
  readonly isContainer: boolean;
  readonly isMap: boolean;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one element after the other, keyed or not.
function elements(w: Walk, body: number, shape: Shape): Value {
  const obj = w.object(-1);
  const texts: Value[] = [];
  for (const element of body < 0 ? [] : w.view.children(body)) {
    const isKeyed = w.view.is(element, 'keyed_element');
    if (!isKeyed && !w.view.is(element, 'literal_element')) continue;
    const parts = w.view.children(element);
    const key = isKeyed ? (parts[0] ?? -1) : -1;
    const value = elementValue(w, isKeyed ? (parts.at(-1) ?? -1) : (parts[0] ?? -1), shape);
    texts.push(value);
    const name = w.view.textOf(key);
    if (!shape.isContainer && isKeyed && /^\w+$/.test(name)) {
      w.store(obj, [w.model.graph.label(name), w.copied(value, element), element]);
      continue;
    }
    if (shape.isMap && key >= 0) w.store(obj, [KEY, elementValue(w, key, shape), element]);
    w.store(obj, [shape.isContainer ? ELEMENT : ANY_FIELD, value, element]);
  }
  return withTexts({ node: w.here.nodeOf(obj), obj }, textsOf(texts));
}

/** An element, whose own type may be left out. */
function elementValue(w: Walk, node: number, shape: Shape): Value {
  let at = node;
  while (w.view.is(at, 'literal_element')) at = w.view.children(at)[0] ?? -1;
  if (!w.view.is(at, 'literal_value')) return evaluate(w, at);
  if (w.depth >= DEEPEST) return NONE;
  w.depth++;
  const value = elements(w, at, { isContainer: false, isMap: false });
  w.depth--;
  return shape.isContainer ? value : { ...value, isCopied: true };
}

const readersOf = readerTable<Reader>({
  identifier,
  selector_expression: selector,
  call_expression: (w, node) => w.readers.call(w, node, 1),
  type_conversion_expression: (w, node) => evaluate(w, w.view.child(node, 'operand')),
  index_expression: index,
  slice_expression: slice,
  unary_expression: unary,
  binary_expression: binary,
  parenthesized_expression: first,
  variadic_argument: first,
  expression_list: first,
  literal_element: first,
  composite_literal: composite,
  func_literal: (w, node) => w.readers.literal(w, node),
  type_assertion_expression: (w, node) => evaluate(w, w.view.child(node, 'operand')),
  interpreted_string_literal: text,
  raw_string_literal: text,
});

/** What an expression comes to. */
export function evaluate(w: Walk, node: number): Value {
  if (node < 0) return NONE;
  const reader = readersOf(w.view.grammar)[w.view.tree.kind[node] as number];
  if (reader === undefined || w.depth >= DEEPEST) return NONE;
  w.depth++;
  const value = reader(w, node);
  w.depth--;
  return value;
}

/** Expressions for so many places; the results of one call are several. */
export function evaluateAll(w: Walk, nodes: readonly number[], count: number): readonly Value[] {
  const [only = -1] = nodes;
  if (nodes.length !== 1 || count < 2) return nodes.map((node) => evaluate(w, node));
  let at = only;
  while (w.view.is(at, 'parenthesized_expression')) at = w.view.children(at)[0] ?? -1;
  if (w.view.is(at, 'call_expression')) {
    const value = w.readers.call(w, at, count);
    return value.parts ?? [value];
  }
  // v, ok := m[k], <-c or x.(T).
  return [evaluate(w, at)];
}
