import type { Basic } from './types.ts';

/**
 * A whole number: a `number` where that is exact, a `bigint` beyond. One number has one form, so `===`
 * compares.
 */
export type Int = number | bigint;

/** Bits of a constant beyond which nothing is computed; the Go compiler gives up at 512. */
const MOST_BITS = 2048;

function settle(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The number as its type holds it: it wraps around. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: fast ways first, then the exact one.
export function wrap({ bits, class: kind }: Basic, value: Int): Int {
  if (bits === 0) return value;
  if (typeof value === 'number') {
    if (kind === 'int') {
      if (bits === 64) return value;
      if (bits === 32 && value >= -2147483648 && value <= 2147483647) return value;
    } else if (value >= 0 && (bits === 64 || value < 2 ** bits)) return value;
  }
  const big = BigInt(value);
  return settle(kind === 'int' ? BigInt.asIntN(bits, big) : BigInt.asUintN(bits, big));
}

function isSmall(value: Int): value is number {
  return typeof value === 'number' && value >= 0 && value <= 0x7fffffff;
}

function checked(value: bigint): Int | undefined {
  const settled = settle(value);
  if (typeof settled === 'number') return settled;
  const bound = 1n << BigInt(MOST_BITS);
  return value < bound && value > -bound ? settled : undefined;
}

function exact(number: number, big: () => bigint): Int | undefined {
  return Number.isSafeInteger(number) ? number + 0 : checked(big());
}

/** What two whole numbers come to, before it is wrapped; undefined for what Go refuses or we do. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: fast ways first, then the exact one.
export function computeInts(operator: string, a: Int, b: Int): Int | undefined {
  const areNumbers = typeof a === 'number' && typeof b === 'number';
  switch (operator) {
    case '+':
      return areNumbers
        ? exact(a + b, () => BigInt(a) + BigInt(b))
        : checked(BigInt(a) + BigInt(b));
    case '-':
      return areNumbers
        ? exact(a - b, () => BigInt(a) - BigInt(b))
        : checked(BigInt(a) - BigInt(b));
    case '*':
      return areNumbers
        ? exact(a * b, () => BigInt(a) * BigInt(b))
        : checked(BigInt(a) * BigInt(b));
    case '/':
      if (b === 0) return undefined;
      return areNumbers ? (a - (a % b)) / b + 0 : checked(BigInt(a) / BigInt(b));
    case '%':
      if (b === 0) return undefined;
      return areNumbers ? (a % b) + 0 : checked(BigInt(a) % BigInt(b));
    default:
      return combineBits(operator, a, b);
  }
}

function combineBits(operator: string, a: Int, b: Int): Int | undefined {
  const areSmall = isSmall(a) && isSmall(b);
  switch (operator) {
    case '&':
      return areSmall ? a & b : settle(BigInt(a) & BigInt(b));
    case '|':
      return areSmall ? a | b : settle(BigInt(a) | BigInt(b));
    case '^':
      return areSmall ? a ^ b : settle(BigInt(a) ^ BigInt(b));
    case '&^':
      return areSmall ? a & ~b : settle(BigInt(a) & ~BigInt(b));
    default:
      return undefined;
  }
}

/** `a << count` or `a >> count`; undefined where the count is negative or the result too large. */
export function shift(operator: string, a: Int, count: Int, bits: number): Int | undefined {
  if (count < 0) return undefined;
  if (typeof count === 'bigint' || count > MOST_BITS) {
    if (operator === '>>') return a < 0 ? -1 : 0;
    return bits === 0 ? undefined : 0;
  }
  if (operator === '>>') return settle(BigInt(a) >> BigInt(count));
  if (bits !== 0 && count >= bits) return 0;
  return typeof a === 'number' && Number.isSafeInteger(a * 2 ** count)
    ? a * 2 ** count
    : checked(BigInt(a) << BigInt(count));
}

/** `^a` before it is wrapped. */
export function complement(a: Int): Int {
  return settle(~BigInt(a));
}

/** `-a`. */
export function negate(a: Int): Int {
  return typeof a === 'number' ? 0 - a : settle(-a);
}

/** A whole number from its digits in Go's spelling; undefined for what is none. */
export function parseInteger(literal: string): Int | undefined {
  const digits = literal.replaceAll('_', '').toLowerCase();
  const plain = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (!/^(0x[0-9a-f]+|0b[01]+|0o[0-7]+|[0-9]+)$/.test(plain) || plain.length > MOST_BITS) return;
  return settle(BigInt(plain));
}

/** An exact fraction: what untyped floating-point constants are. The denominator is positive. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

function reduce(n: bigint, d: bigint): Fraction | undefined {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b > 0n) [a, b] = [b, a % b];
  const by = a === 0n ? 1n : a;
  const found = { n: n / by, d: d / by };
  const bound = 1n << BigInt(MOST_BITS * 2);
  return found.n < bound && found.n > -bound && found.d < bound ? found : undefined;
}

/** The fraction that a whole number is. */
export function fractionOf(value: Int): Fraction {
  return { n: BigInt(value), d: 1n };
}

/** The whole number that a fraction is, if it is one. */
export function wholeOf({ n, d }: Fraction): Int | undefined {
  return d === 1n ? settle(n) : undefined;
}

const MOST_EXPONENT = 1000;

/** A fraction from a floating-point literal. */
export function parseFraction(literal: string): Fraction | undefined {
  const text = literal.replaceAll('_', '').toLowerCase();
  const decimal = /^(\d*)\.?(\d*)(?:e([+-]?\d+))?$/.exec(text);
  const hex = /^0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/.exec(text);
  const found = hex ?? decimal;
  if (found === null || text.length > MOST_BITS) return undefined;
  const [, whole = '', part = '', power = '0'] = found;
  const exponent = Number(power);
  if (Math.abs(exponent) > MOST_EXPONENT || whole + part === '') return undefined;
  const digits = BigInt(hex === null ? `${whole}${part}` : `0x${whole}${part}`);
  const base = hex === null ? 10n : 2n;
  const scale = exponent - part.length * (hex === null ? 1 : 4);
  return scale >= 0
    ? reduce(digits * base ** BigInt(scale), 1n)
    : reduce(digits, base ** BigInt(-scale));
}

/** What two fractions come to. */
export function computeFractions(operator: string, a: Fraction, b: Fraction): Fraction | undefined {
  switch (operator) {
    case '+':
      return reduce(a.n * b.d + b.n * a.d, a.d * b.d);
    case '-':
      return reduce(a.n * b.d - b.n * a.d, a.d * b.d);
    case '*':
      return reduce(a.n * b.n, a.d * b.d);
    case '/':
      if (b.n === 0n) return undefined;
      return b.n < 0n ? reduce(-a.n * b.d, a.d * -b.n) : reduce(a.n * b.d, a.d * b.n);
    default:
      return undefined;
  }
}

/** Less than, equal to, or greater than 0, as `a` compares with `b`. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** The nearest double, ties to even; undefined for those near the ends of what a double holds. */
export function toDouble({ n, d }: Fraction): number | undefined {
  if (n === 0n) return 0;
  const size = n < 0n ? -n : n;
  const places = 70 - (size.toString(2).length - d.toString(2).length);
  if (Math.abs(places) > 900) return undefined;
  const [top, below] = places >= 0 ? [size << BigInt(places), d] : [size, d << BigInt(-places)];
  let quotient = top / below;
  // The rest decides between two doubles that are equally near.
  if (quotient * below !== top) quotient = (quotient << 1n) | 1n;
  else quotient <<= 1n;
  const value = Number(quotient) * 2 ** -(places + 1);
  return n < 0n ? -value : value;
}

/** The fraction that a double is. */
export function fromDouble(value: number): Fraction | undefined {
  if (!Number.isFinite(value)) return undefined;
  let scaled = value;
  let places = 0;
  while (!Number.isInteger(scaled) && places < 1100) {
    scaled *= 2;
    places++;
  }
  return reduce(BigInt(scaled), 1n << BigInt(places));
}
