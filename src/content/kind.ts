import { baseName, extensionOf } from '#base';
import type { Format, FormatClass } from './format-class.ts';

/** What a file is: by what the go command does with its name, then by its content. */
export type FileKind =
  | 'go'
  | 'test'
  | 'assembly'
  | 'c'
  | 'header'
  | 'syso'
  | 'go.mod'
  | 'go.sum'
  | FormatClass;

const BY_EXTENSION: Readonly<Record<string, FileKind>> = {
  '.go': 'go',
  '.s': 'assembly',
  '.S': 'assembly',
  '.c': 'c',
  '.cc': 'c',
  '.cpp': 'c',
  '.cxx': 'c',
  '.m': 'c',
  '.mm': 'c',
  '.f': 'c',
  '.swig': 'c',
  '.h': 'header',
  '.hh': 'header',
  '.hpp': 'header',
  '.hxx': 'header',
  '.syso': 'syso',
};

/** Extensions of scripts, whose first line does not have to say so. */
const SCRIPTS = new Set(
  '.sh .bash .zsh .ksh .fish .csh .py .pl .rb .php .lua .ps1 .psm1 .bat .cmd .vbs .tcl .awk'.split(
    ' ',
  ),
);

/** Classifies a file by its path inside the module and what its content is. */
export function classifyFile(path: string, { kind }: Format): FileKind {
  const name = baseName(path);
  if (name === 'go.mod' || name === 'go.sum') return name;
  if (name.endsWith('_test.go')) return 'test';
  const extension = extensionOf(name);
  const named = BY_EXTENSION[extension];
  if (named !== undefined) return named;
  return kind === 'text' && SCRIPTS.has(extension) ? 'script' : kind;
}
