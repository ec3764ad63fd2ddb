import { ARCHITECTURES, SYSTEMS } from './platforms.ts';

/** The constraint that a file name carries (`_linux`, `_linux_amd64`, `_arm64`); null for none. */
export function nameConstraint(fileName: string): string | null {
  const stem = fileName.replace(/\.[^.]*$/, '').replace(/_test$/, '');
  // What stands before the first underscore is the name itself, as in Go since 1.4.
  const [, ...parts] = stem.split('_');
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2) ?? '';
  if (ARCHITECTURES.has(last)) return SYSTEMS.has(before) ? `${before} && ${last}` : last;
  return SYSTEMS.has(last) ? last : null;
}

function legacyLine(terms: string): string {
  const options = terms
    .trim()
    .split(/\s+/)
    .map((option) => option.split(',').join(' && '));
  return options.length === 1
    ? (options[0] ?? '')
    : options.map((option) => (option.includes('&&') ? `(${option})` : option)).join(' || ');
}

function wrap(term: string, isAlone: boolean): string {
  return isAlone || !/\|\|/.test(term) ? term : `(${term})`;
}

/**
 * The constraint under which a file is built: its `//go:build` line, or its `// +build` lines,
 * joined with that of its name. Null when it is always built.
 */
export function buildConstraint(fileName: string, header: string): string | null {
  const modern = /^\/\/go:build[ \t]+(.+?)[ \t\r]*$/m.exec(header)?.[1];
  const legacy = [...header.matchAll(/^\/\/[ \t]*\+build[ \t]+(.+?)[ \t\r]*$/gm)].map((match) =>
    legacyLine(match[1] ?? ''),
  );
  const named = nameConstraint(fileName);
  const terms = [
    ...(modern === undefined ? legacy : [modern.replace(/\s*\/\/.*$/, '')]),
    ...(named === null ? [] : [named]),
  ];
  if (terms.length === 0) return null;
  return terms
    .map((term) => wrap(term, terms.length === 1))
    .join(' && ')
    .slice(0, 1000);
}
