import type { Rule } from '../rule.ts';

/** Characters that make source look different from what is compiled (Trojan Source). */
export const hiddenCharacters: Rule = {
  id: 'hidden-characters',
  title: 'Hides characters in source',
  description:
    'Bidirectional controls change the order in which a reader sees code; invisible characters are not seen at all. Texts in languages that need them have them in strings; tests of text handling do too.',
  severity: 'high',
  confidence: 'high',
  attack: ['T1027', 'T1036'],
  cwe: ['CWE-1007'],
  advice: 'Read the line with the characters shown as escapes, not in an editor.',
  check: ({ invisible }) =>
    invisible.map(({ file, line, column, character, kind }) => {
      const isTest = /(^|\/)testdata\/|_test\.go$/.test(file);
      const severity = kind === 'invisible' || isTest ? ('low' as const) : ('high' as const);
      const message = `${kind === 'invisible' ? 'Invisible' : 'Bidirectional'} character ${character}`;
      return {
        message,
        severity,
        file,
        line,
        column,
        endLine: line,
        endColumn: column + 3,
        value: character,
      };
    }),
};
