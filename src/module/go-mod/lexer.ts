/** One statement: its words, the comment behind it, and the block it stands in. */
export interface Statement {
  readonly words: readonly string[];
  readonly line: number;
  /** The text after `//` on the same line; empty when there is none. */
  readonly comment: string;
}

/** The statements of a go.mod, with `verb (` blocks spread out, and every fault with its line. */
export interface LexedGoMod {
  readonly statements: readonly Statement[];
  readonly faults: readonly { readonly line: number; readonly detail: string }[];
}

const WORD = /[^\s()[\]{},"`]+|"(?:[^"\\\n]|\\.)*"|`[^`\n]*`|[()[\]{},]/gy;
const BLANK = /[ \t\r]*/y;

interface LineReading {
  readonly words: readonly string[];
  readonly comment: string;
  readonly fault: string | undefined;
}

/** Splits one line into words; a comment begins at `//` even inside a word, as in Go's lexer. */
function readLine(line: string): LineReading {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    BLANK.lastIndex = at;
    BLANK.exec(line);
    at = BLANK.lastIndex;
    if (at >= line.length) return { words, comment: '', fault: undefined };
    if (line.startsWith('//', at)) return { words, comment: line.slice(at + 2), fault: undefined };
    if (line.startsWith('/*', at)) {
      return { words, comment: '', fault: 'mod files must use // comments (not /* */ comments)' };
    }
    WORD.lastIndex = at;
    const match = WORD.exec(line);
    if (match === null) return { words, comment: '', fault: 'unexpected input character' };
    const word = match[0];
    const comment = /^["`]/.test(word) ? -1 : word.indexOf('//');
    const kept = comment < 0 ? word : word.slice(0, comment);
    words.push(kept);
    at += kept.length;
  }
}

/** Reads the lines of a go.mod, tolerantly: what cannot be read is a fault, and reading goes on. */
export function lexGoMod(text: string): LexedGoMod {
  const statements: Statement[] = [];
  const faults: { line: number; detail: string }[] = [];
  let block: { verb: string; line: number } | undefined;
  text.split('\n').forEach((content, i) => {
    const line = i + 1;
    const { words, comment, fault } = readLine(content);
    if (fault !== undefined) faults.push({ line, detail: fault });
    if (words.length === 0) return;
    if (block !== undefined) {
      if (words[0] === ')') block = undefined;
      else statements.push({ words: [block.verb, ...words], line, comment });
    } else if (words.length === 2 && words[1] === '(') {
      block = { verb: words[0] ?? '', line };
    } else {
      statements.push({ words, line, comment });
    }
  });
  if (block !== undefined) {
    faults.push({ line: block.line, detail: 'syntax error (unterminated block)' });
  }
  return { statements, faults };
}
