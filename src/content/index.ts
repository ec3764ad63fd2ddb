/**
 * Files by their content: what they are, what they hide, which places outside they name.
 *
 * ```ts
 * classifyFile('assets/logo.png', bytes); // 'executable', if that is what it is
 * ```
 *
 * @module
 */

export { findIndicators, type Indicator } from './indicators.ts';
export { findInvisible, type InvisibleCharacter } from './invisible.ts';
export { classifyFile, type FileKind } from './kind.ts';
