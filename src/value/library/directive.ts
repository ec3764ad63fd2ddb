import { runeText } from '../run/convert.ts';
import { type Basic, nameOf, under } from '../run/types.ts';
import type { Value } from '../run/value.ts';
import { formatFloat } from './floats.ts';
import { quoteOneRune, quoteText } from './quote.ts';

/** What stands between the percent sign and the letter. */
export interface Directive {
  readonly verb: string;
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  /** In a field that other packages cannot name: its methods are not asked. */
  readonly isHidden?: boolean;
}

/** Not known: what is printed, or how. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown';
}

export function pad({ flags, width }: Directive, shown: string): string {
  if (width === undefined) return shown;
  const missing = width - runeCount(shown);
  if (missing <= 0) return shown;
  // Zeros in front of what is no number: what Go does with them changed over time.
  if (flags.includes('0') && !flags.includes('-')) throw new NotKnown();
  return flags.includes('-') ? shown + ' '.repeat(missing) : ' '.repeat(missing) + shown;
}

function runeCount(shown: string): number {
  let count = 0;
  for (let i = 0; i < shown.length; i++) if ((shown.charCodeAt(i) & 0xc0) !== 0x80) count++;
  return count;
}

function cutRunes(shown: string, most: number): string {
  let count = 0;
  for (let i = 0; i < shown.length; i++) {
    if ((shown.charCodeAt(i) & 0xc0) === 0x80) continue;
    if (count === most) return shown.slice(0, i);
    count++;
  }
  return shown;
}

/** Of `%+v` the plus asks for the names of fields. */
const hasPlus = ({ verb, flags }: Directive): boolean => verb !== 'v' && flags.includes('+');

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, x: 16, X: 16, o: 8, O: 8, b: 2 };

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of value, as in Go.
export function showInteger(directive: Directive, value: Value): string {
  const { verb, flags, precision } = directive;
  const number = value.v as number | bigint;
  if (verb === 'c') return pad(directive, runeText(number));
  if (verb === 'q') {
    if (flags.includes('+')) throw new NotKnown();
    return pad(directive, quoteOneRune(Number(number)));
  }
  if (verb === 'U') {
    if (flags.includes('#')) throw new NotKnown();
    return pad(directive, `U+${number.toString(16).toUpperCase().padStart(4, '0')}`);
  }
  const base = BASES[verb];
  if (base === undefined) return wrong(directive, value);
  if (verb === 'v' && flags.includes('#') && (under(value.t) as Basic).class === 'uint')
    return `0x${number.toString(16)}`;
  const isNegative = number < 0;
  let digits = (isNegative ? -number : number).toString(base);
  if (verb === 'X') digits = digits.toUpperCase();
  if (precision !== undefined)
    digits = precision === 0 && Number(number) === 0 ? '' : digits.padStart(precision, '0');
  const sign = isNegative ? '-' : hasPlus(directive) ? '+' : flags.includes(' ') ? ' ' : '';
  const prefix = prefixOf(verb, flags);
  const isZeroPadded = flags.includes('0') && !flags.includes('-') && precision === undefined;
  const { width } = directive;
  if (isZeroPadded && width !== undefined) {
    if (prefix !== '') throw new NotKnown();
    digits = digits.padStart(width - sign.length, '0');
  }
  return pad(directive, sign + prefix + digits);
}

function prefixOf(verb: string, flags: string): string {
  if (verb === 'O') return '0o';
  if (!flags.includes('#')) return '';
  const prefixes: Readonly<Record<string, string>> = { x: '0x', X: '0X', o: '0', b: '0b' };
  return prefixes[verb] ?? '';
}

export function showText(directive: Directive, value: Value, known: string): string {
  const { verb, flags, precision } = directive;
  const part = precision === undefined ? known : cutRunes(known, precision);
  switch (verb) {
    case 'v':
      return flags.includes('#') ? quoteText(part) : pad(directive, part);
    case 's':
      return pad(zeroPadded(directive), part);
    case 'q': {
      const isRaw = flags.includes('#') && isPlainRaw(part);
      return pad(
        directive,
        isRaw ? `\`${part}\`` : quoteText(part, { onlyAscii: flags.includes('+') }),
      );
    }
    case 'x':
    case 'X':
      return pad(zeroPadded(directive), showHex(directive, known));
    default:
      return wrong(directive, value);
  }
}

/** Whether a text can stand between back quotes. */
function isPlainRaw(part: string): boolean {
  return /^[ -~\t]*$/.test(part) && !part.includes('`');
}

/** Zeros instead of spaces in front of texts: what Go does with it changed over time. */
function zeroPadded(directive: Directive): Directive {
  if (directive.flags.includes('0') && directive.width !== undefined) throw new NotKnown();
  return directive;
}

function showHex({ verb, flags, precision }: Directive, known: string): string {
  const part = precision === undefined ? known : known.slice(0, precision);
  const digits = Array.from(part, (one) => one.charCodeAt(0).toString(16).padStart(2, '0'));
  if (flags.includes('#') && part !== '') {
    if (flags.includes(' ')) throw new NotKnown();
    digits.unshift('0x');
  }
  const shown = digits.join(flags.includes(' ') ? ' ' : '');
  return verb === 'X' ? shown.toUpperCase() : shown;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each flag, as in Go.
export function showFloat(directive: Directive, value: Value): string {
  const { verb, flags, precision } = directive;
  if (!'vgGeEfF'.includes(verb) || /[# ]/.test(flags)) throw new NotKnown();
  if (!Number.isFinite(value.v) && flags.includes('0')) throw new NotKnown();
  const { bits } = under(value.t) as Basic;
  const format = verb === 'v' ? 'g' : verb;
  const fallback = format === 'g' || format === 'G' ? -1 : 6;
  const shown = formatFloat(value.v as number, { format, precision: precision ?? fallback, bits });
  if (shown === undefined) throw new NotKnown();
  const isNegative = shown.startsWith('-');
  const signed = !isNegative && hasPlus(directive) && !shown.startsWith('+') ? `+${shown}` : shown;
  if (flags.includes('0') && directive.width !== undefined && !flags.includes('-')) {
    const sign = /^[+-]/.test(signed) ? (signed[0] ?? '') : '';
    return sign + signed.slice(sign.length).padStart(directive.width - sign.length, '0');
  }
  return pad(directive, signed);
}

export function wrong({ verb }: Directive, value: Value): string {
  // Go says so in the text: `%!d(string=x)`.
  if (value.t.kind !== 'basic' || (typeof value.v === 'number' && !Number.isInteger(value.v)))
    throw new NotKnown();
  return `%!${verb}(${nameOf(value.t)}=${String(value.v)})`;
}
