/**
 * Documents made of evidence: pure functions, one file a format. Suspect text is made printable and
 * its addresses defanged in everything that people read.
 *
 * ```ts
 * renderText(evidence, { color: false, width: 80 }); // 'MALICIOUS  example.com/evil@v0.1.0\n…'
 * ```
 *
 * @module
 */

export { renderCapabilities } from './capabilities.ts';
export { renderCycloneDx } from './cyclonedx.ts';
export { databaseLinks } from './integrity.ts';
export { renderMarkdown } from './markdown.ts';
export { modulePurl } from './purl.ts';
export { renderText, type TextOptions } from './text.ts';
export { renderWhy, type WhyOptions } from './why.ts';
