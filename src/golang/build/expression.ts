/** A build constraint as Go reads it: tags, `!`, `&&`, `||` (go/build/constraint). */
export type Expression =
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression };

const TOKEN = /\s*(&&|\|\||[()!]|[\p{L}\p{Nd}_.]+)/uy;
/** Go's own limit on the size of an expression. */
const MOST_TOKENS = 1000;

function tokenize(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (found === null || tokens.length === MOST_TOKENS) return undefined;
    tokens.push(found[1] ?? '');
  }
  return tokens;
}

/** Reads what stands behind `//go:build`; undefined for what Go would refuse. */
export function parseExpression(text: string): Expression | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined || tokens.length === 0) return undefined;
  let at = 0;

  function chain(kind: 'and' | 'or', sign: string, next: () => Expression | undefined) {
    let left = next();
    while (left !== undefined && tokens?.[at] === sign) {
      at++;
      const right = next();
      left = right && { kind, left, right };
    }
    return left;
  }

  const or = (): Expression | undefined => chain('or', '||', and);
  const and = (): Expression | undefined => chain('and', '&&', not);

  function not(): Expression | undefined {
    const token = tokens?.[at++];
    if (token === '!') {
      // Go takes no double negation.
      if (tokens?.[at] === '!') return undefined;
      const operand = not();
      return operand && { kind: 'not', operand };
    }
    if (token === '(') {
      const inner = or();
      return tokens?.[at++] === ')' ? inner : undefined;
    }
    return token !== undefined && /^[\p{L}\p{Nd}_.]/u.test(token)
      ? { kind: 'tag', tag: token }
      : undefined;
  }

  const found = or();
  return at === tokens.length ? found : undefined;
}

/** True where the expression holds, for an answer to each tag. */
export function holds(expression: Expression, isSet: (tag: string) => boolean): boolean {
  switch (expression.kind) {
    case 'tag':
      return isSet(expression.tag);
    case 'not':
      return !holds(expression.operand, isSet);
    case 'and':
      return holds(expression.left, isSet) && holds(expression.right, isSet);
    case 'or':
      return holds(expression.left, isSet) || holds(expression.right, isSet);
  }
}

/** Every tag of an expression. */
export function tagsOf(expression: Expression, found = new Set<string>()): ReadonlySet<string> {
  if (expression.kind === 'tag') found.add(expression.tag);
  else if (expression.kind === 'not') tagsOf(expression.operand, found);
  else {
    tagsOf(expression.left, found);
    tagsOf(expression.right, found);
  }
  return found;
}
