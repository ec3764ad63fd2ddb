import { convertConstant } from './convert.ts';
import { compareValues } from './equality.ts';
import { GoPanic } from './errors.ts';
import type { Machine } from './machine.ts';
import {
  compareFractions,
  complement,
  computeFractions,
  computeInts,
  type Fraction,
  type Int,
  negate,
  shift,
  wrap,
} from './numbers.ts';
import {
  type Basic,
  isSame,
  type Type,
  UNTYPED_FLOAT,
  UNTYPED_INT,
  UNTYPED_RUNE,
  under,
} from './types.ts';
import { FALSE, type How, type Site, TRUE, UNKNOWN, Value } from './value.ts';

/** Text of more bytes is not followed. */
export const LONGEST_TEXT = 4_194_304;

const RANKS: ReadonlyMap<Type, number> = new Map([
  [UNTYPED_INT, 1],
  [UNTYPED_RUNE, 2],
  [UNTYPED_FLOAT, 3],
]);

/** The type that two constants without one have together. */
function commonType(a: Type, b: Type): Type {
  return (RANKS.get(a) ?? 0) >= (RANKS.get(b) ?? 0) ? a : b;
}

/** Both operands in one type: that of the one that has one. */
function align(a: Value, b: Value): readonly [Value, Value] {
  if (a.t === b.t) return [a, b];
  const isAOpen = a.t.kind === 'basic' && a.t.isUntyped;
  const isBOpen = b.t.kind === 'basic' && b.t.isUntyped;
  if (isAOpen && !isBOpen) return [convertConstant(b.t, a), b];
  if (isBOpen && !isAOpen) return [a, convertConstant(a.t, b)];
  // Two types that differ are a type that was not read.
  if (!isAOpen) return isSame(a.t, b.t) ? [a, b] : [UNKNOWN, UNKNOWN];
  const type = commonType(a.t, b.t);
  return [convertConstant(type, a), convertConstant(type, b)];
}

/** What an operation leaves of how its operands came to be. */
export function joinHow(a: How | undefined, b: How | undefined): How | undefined {
  return a ?? b;
}

/** The origin of a text put together of two: one for each place, however often it is passed. */
export function concatHow(site: Site | undefined, a: How | undefined, b: How | undefined): How {
  if (a !== undefined && a.operation === 'concat' && a.site === site) {
    if (b === undefined || a.from.includes(b) || a.from.length > 8) return a;
    return { operation: 'concat', site, from: [...a.from, b] };
  }
  return { operation: 'concat', site, from: [a, b].filter((one) => one !== undefined) };
}

/** How an operator on numbers changes texts: what it says of bytes that go through it. */
const TELLING: Readonly<Record<string, string>> = {
  '^': 'xor',
  '+': 'shift',
  '-': 'shift',
  '%': 'shift',
  '*': 'shift',
  '&^': 'xor',
};

/** What is known of an operator and its place before it runs. */
export interface Operator {
  readonly sign: string;
  readonly site: Site;
  /** For numbers, what it does to bytes. */
  readonly how: How | undefined;
}

/** An operator at a place. */
export function operatorAt(sign: string, site: Site): Operator {
  const operation = TELLING[sign];
  return { sign, site, how: operation === undefined ? undefined : { operation, site, from: [] } };
}

/** `a op b`, but for `&&`, `||` and shifts. */
export function computeBinary(m: Machine, operator: Operator, x: Value, y: Value): Value {
  if (x === UNKNOWN || y === UNKNOWN) {
    m.vague++;
    return UNKNOWN;
  }
  m.exact++;
  const { sign } = operator;
  if (sign === '==' || sign === '!=') return compareEqual(m, sign, [x, y]);
  const [a, b] = align(x, y);
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
  const type = under(a.t);
  if (type.kind !== 'basic' || a.v === undefined || b.v === undefined) return UNKNOWN;
  if (sign === '<' || sign === '>' || sign === '<=' || sign === '>=')
    return compareOrder(sign, a, b);
  switch (type.class) {
    case 'string':
      return sign === '+' ? concat(m, operator, a, b) : UNKNOWN;
    case 'int':
    case 'uint':
      return numbers(operator, [a, b], type);
    case 'float':
      return floats(sign, [a, b], type);
    default:
      return UNKNOWN;
  }
}

function concat(m: Machine, { site }: Operator, a: Value, b: Value): Value {
  const [left, right] = [a.v as string, b.v as string];
  const length = left.length + right.length;
  if (!m.hasRoom(length > LONGEST_TEXT ? Number.POSITIVE_INFINITY : right.length)) return UNKNOWN;
  return new Value(a.t, left + right, concatHow(site, a.how, b.how));
}

function numbers(operator: Operator, [a, b]: readonly [Value, Value], type: Basic): Value {
  const { sign } = operator;
  if ((sign === '/' || sign === '%') && b.v === 0) throw new GoPanic('division by zero');
  const result = computeInts(sign, a.v as Int, b.v as Int);
  if (result === undefined) return UNKNOWN;
  // What bytes come from is more telling than what is done to their number.
  const how =
    type.bits === 8 || type.bits === 32
      ? operator.how && howOfNumber(operator.how, a, b)
      : joinHow(a.how, b.how);
  return new Value(a.t, wrap(type, result), how);
}

/** The same operation on the same origin, again and again in a loop, is one. */
const chained = new WeakMap<How, WeakMap<How, How>>();

function howOfNumber(own: How, a: Value, b: Value): How {
  const before = a.how ?? b.how;
  if (before === undefined) return own;
  if (before.operation === own.operation) return before;
  // What is done to a byte that was xored or the like says nothing more.
  if (own.operation === 'shift' && before.operation === 'xor') return before;
  const known = chained.get(own) ?? new WeakMap<How, How>();
  chained.set(own, known);
  const how = known.get(before) ?? { ...own, from: [before] };
  known.set(before, how);
  return how;
}

function floats(sign: string, [a, b]: readonly [Value, Value], type: Basic): Value {
  if (type.isUntyped) {
    const result = computeFractions(sign, a.v as Fraction, b.v as Fraction);
    return result === undefined ? UNKNOWN : new Value(a.t, result);
  }
  const [x, y] = [a.v as number, b.v as number];
  const results: Readonly<Record<string, number>> = {
    '+': x + y,
    '-': x - y,
    '*': x * y,
    '/': x / y,
  };
  const result = results[sign];
  if (result === undefined) return UNKNOWN;
  return new Value(a.t, type.bits === 32 ? Math.fround(result) : result);
}

function compareEqual(m: Machine, sign: string, both: readonly [Value, Value]): Value {
  const [a, b] = align(...both);
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
  const is = compareValues(m, a, b);
  if (is === undefined) return UNKNOWN;
  return is === (sign === '==') ? TRUE : FALSE;
}

function orderOf(a: Value, b: Value): number {
  const type = under(a.t) as Basic;
  if (type.class === 'float' && type.isUntyped)
    return compareFractions(a.v as Fraction, b.v as Fraction);
  const [x, y] = [a.v as number, b.v as number];
  if (x < y) return -1;
  if (x > y) return 1;
  // Not a number is in no order to anything.
  return x === y || typeof x !== 'number' || typeof y !== 'number' ? 0 : Number.NaN;
}

function compareOrder(sign: string, a: Value, b: Value): Value {
  const order = orderOf(a, b);
  const is =
    (sign === '<' && order < 0) ||
    (sign === '>' && order > 0) ||
    (sign === '<=' && order <= 0) ||
    (sign === '>=' && order >= 0);
  return is ? TRUE : FALSE;
}

function isInt(v: unknown): v is Int {
  return typeof v === 'number' || typeof v === 'bigint';
}

/** `a << n` and `a >> n`. */
export function computeShift(sign: string, x: Value, y: Value): Value {
  if (x === UNKNOWN || y === UNKNOWN) return UNKNOWN;
  const count = y.t === UNTYPED_FLOAT ? convertConstant(UNTYPED_INT, y) : y;
  const a = x.t === UNTYPED_FLOAT ? convertConstant(UNTYPED_INT, x) : x;
  const type = under(a.t);
  if (type.kind !== 'basic' || (type.class !== 'int' && type.class !== 'uint')) return UNKNOWN;
  if (!isInt(a.v) || !isInt(count.v)) return UNKNOWN;
  if (count.v < 0) throw new GoPanic('negative shift amount');
  const result = shift(sign, a.v, count.v, type.bits);
  return result === undefined ? UNKNOWN : new Value(a.t, wrap(type, result), a.how);
}

/** `op a` for `-`, `+`, `^` and `!`. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of operand.
export function computeUnary(operator: Operator, a: Value): Value {
  if (a === UNKNOWN || a.v === undefined) return UNKNOWN;
  const type = under(a.t);
  if (type.kind !== 'basic') return UNKNOWN;
  const { sign } = operator;
  if (type.class === 'bool') return sign === '!' ? new Value(a.t, a.v === false) : UNKNOWN;
  if (sign === '+') return a;
  if (type.class === 'float') {
    if (sign !== '-') return UNKNOWN;
    if (!type.isUntyped) return new Value(a.t, -(a.v as number));
    const { n, d } = a.v as Fraction;
    return new Value(a.t, { n: -n, d });
  }
  if (type.class !== 'int' && type.class !== 'uint') return UNKNOWN;
  if (sign === '-') return new Value(a.t, wrap(type, negate(a.v as Int)));
  return sign === '^'
    ? new Value(a.t, wrap(type, complement(a.v as Int)), {
        operation: 'xor',
        site: operator.site,
        from: [],
      })
    : UNKNOWN;
}
