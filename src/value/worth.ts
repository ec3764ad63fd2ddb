import { isText } from './compile/functions.ts';
import type { Code, Declaration, SourceFile } from './compile/model.ts';
import type { Program } from './compile/program.ts';

/**
 * Whether there is anything in a function that texts are made of: a literal, or a variable or constant of
 * the package, which it may also write.
 */
export function hasTexts({ c: { grammar } }: Program, { file, node }: Code): boolean {
  const { tree } = file.view;
  const { kind } = grammar;
  const texts = new Set([
    kind.interpreted_string_literal,
    kind.raw_string_literal,
    kind.rune_literal,
    kind.composite_literal,
  ]);
  for (let i = node; i < (tree.skip[node] ?? 0); i++) {
    const own = tree.kind[i] as number;
    if (texts.has(own)) return true;
    if (own === kind.identifier && namesValue(file, file.view.textOf(i))) return true;
    // Of an imported package it may be either.
    if (own === kind.selector_expression && isImport(file, file.view.textOf(i + 1))) return true;
  }
  return false;
}

function namesValue({ home }: SourceFile, name: string): boolean {
  const found = home.declarations.get(name);
  return found?.some(makesText) === true;
}

function makesText(declared: Declaration): boolean {
  if (declared.kind === 'function') return declared.code.type.results.some(isText);
  return declared.kind === 'variable' || declared.kind === 'constant';
}

function isImport({ imports, home }: SourceFile, name: string): boolean {
  const path = imports.get(name);
  // Values of the standard library make no texts.
  return path?.startsWith(home.path.split('/').slice(0, 3).join('/')) === true;
}
