import { fromDouble } from '../run/numbers.ts';

/** Decimal digits of a positive number: `0.digits × 10^point`. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

function fromText(text: string): Decimal {
  const [, whole = '', part = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text) ?? [];
  const all = whole + part;
  const digits = all.replace(/^0+/, '');
  const point = whole.length + Number(exponent) - (all.length - digits.length);
  return { digits: digits.replace(/0+$/, ''), point: digits === '' ? 0 : point };
}

/** The fewest digits that give the number back. */
function shortest(value: number, bits: number): Decimal {
  if (bits === 64) return fromText(String(value));
  for (let count = 1; count < 10; count++) {
    const text = value.toPrecision(count);
    if (Math.fround(Number(text)) === value) return fromText(text);
  }
  return fromText(String(value));
}

/** `value × 10^places` as a whole number, ties to even. */
function scaled(value: number, places: number): bigint {
  const exact = fromDouble(value);
  if (exact === undefined) return 0n;
  let { n, d } = exact;
  if (places >= 0) n *= 10n ** BigInt(places);
  else d *= 10n ** BigInt(-places);
  const whole = n / d;
  const rest = (n % d) * 2n;
  const isUp = rest > d || (rest === d && whole % 2n === 1n);
  return isUp ? whole + 1n : whole;
}

/** So many digits of a number, rounded exactly. */
function rounded(value: number, count: number): Decimal {
  if (value === 0) return { digits: '', point: 0 };
  let point = fromText(String(value)).point;
  let digits = scaled(value, count - point).toString();
  // 9.99 rounds to one digit more.
  if (digits.length > count) {
    point++;
    digits = digits.slice(0, count);
  }
  return { digits, point };
}

function exponential({ digits, point }: Decimal, places: number, sign: string): string {
  const first = digits[0] ?? '0';
  const rest = digits.slice(1).padEnd(places, '0');
  const exponent = digits === '' ? 0 : point - 1;
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${first}${rest === '' ? '' : `.${rest}`}${sign}${exponent < 0 ? '-' : '+'}${power}`;
}

function fixed({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (places === 0) return whole;
  const part = (point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits).padEnd(places, '0');
  return `${whole}.${part.slice(0, places)}`;
}

/** strconv.FormatFloat; undefined for forms that are not followed. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one form a case.
export function formatFloat(
  value: number,
  {
    format,
    precision,
    bits,
  }: { readonly format: string; readonly precision: number; readonly bits: number },
): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (precision > 100) return undefined;
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  const letter = format === 'E' || format === 'G' ? 'E' : 'e';
  switch (format) {
    case 'e':
    case 'E': {
      const decimal = precision < 0 ? shortest(size, bits) : rounded(size, precision + 1);
      const places = precision < 0 ? Math.max(0, decimal.digits.length - 1) : precision;
      return sign + exponential(decimal, places, letter);
    }
    case 'f':
    case 'F':
      return sign + (precision < 0 ? shortestFixed(size, bits) : exactFixed(size, precision));
    case 'g':
    case 'G':
      return sign + general(size, [precision, bits], letter);
    default:
      return undefined;
  }
}

function shortestFixed(size: number, bits: number): string {
  const decimal = shortest(size, bits);
  return fixed(decimal, Math.max(0, decimal.digits.length - decimal.point));
}

function exactFixed(size: number, precision: number): string {
  const digits = scaled(size, precision)
    .toString()
    .padStart(precision + 1, '0');
  if (precision === 0) return digits;
  return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

function general(
  size: number,
  [precision, bits]: readonly [number, number],
  letter: string,
): string {
  const isShortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const found = isShortest ? shortest(size, bits) : rounded(size, wanted);
  const decimal = { ...found, digits: found.digits.replace(/0+$/, '') };
  const count = decimal.digits.length;
  let limit = wanted;
  if (limit > count && count >= decimal.point) limit = count;
  if (isShortest) limit = 6;
  const exponent = decimal.digits === '' ? 0 : decimal.point - 1;
  if (exponent < -4 || exponent >= limit)
    return exponential(decimal, Math.max(0, count - 1), letter);
  return fixed(decimal, Math.max(0, count - decimal.point));
}
