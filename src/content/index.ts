/**
 * Files by their content: what they are, what they hold and hide, which places outside they name.
 *
 * ```ts
 * inspectFile('assets/logo.png', bytes, budgets).format; // 'elf', if that is what it is
 * ```
 *
 * @module
 */

export type { InnerFile, Inside, UnpackBudgets } from './container/inside.ts';
export type { Format, FormatClass } from './format-class.ts';
export type { IndicatorKind, Named } from './indicator/classify.ts';
export {
  findInBytes,
  findIndicators,
  type Indicator,
  indicatorsOf,
  type Search,
} from './indicator/find.ts';
export { type FileContent, inspectFile } from './inspect.ts';
export { findInvisible, type InvisibleCharacter } from './invisible.ts';
export type { FileKind } from './kind.ts';
export { unpack } from './unpack/unpack.ts';
