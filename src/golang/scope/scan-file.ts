import { createAssembledStrings } from './assembled.ts';
import { unquoteGo } from './constants.ts';
import type { FileScan, ScannedComment, ScannedImport, ScannedString } from './file-scan.ts';
import type { KindName, TreeView } from './tree-view.ts';

const DIRECTIVE = /^\/\/(go:|export |line |\s*\+build)|^\/\*line |^\s*(\/\/\s*|\/\*[\s\S]*)?#cgo/;
const CREDENTIAL =
  /\.ssh\b|id_(rsa|ed25519|ecdsa)\b|\.aws[/\\]|\.netrc\b|\.kube[/\\]|\.docker[/\\]config|\.npmrc\b|\.pypirc\b|\.git-credentials|\.gnupg\b|\/etc\/shadow\b|gcloud[/\\]|\.azure[/\\]|\.config[/\\]gh\b|Login Data|wallet\.dat|169\.254\.169\.254|serviceaccount[/\\]token/;

type Handler = (node: number) => void;

/** Reads what a file says on its surface: its package, imports, directives, telling strings, errors. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of small handlers over one shared state.
export function scanFile(view: TreeView, own: (text: string) => string): FileScan {
  const { tree, text, grammar, is, child, children, textOf } = view;
  const assembled = createAssembledStrings(view);
  let packageName = '';
  const imports: ScannedImport[] = [];
  const comments: ScannedComment[] = [];
  const strings: ScannedString[] = [];
  const unread: (readonly [number, number])[] = [];
  const namesSecrets = CREDENTIAL.test(text);

  const startOf = (node: number) => tree.start[node] as number;
  const endOf = (node: number) => tree.end[node] as number;

  function importSpec(node: number): void {
    const path = own(unquoteGo(textOf(child(node, 'path'))));
    const given = child(node, 'name');
    const name = given < 0 ? undefined : own(textOf(given));
    imports.push({ path, name, start: startOf(node), end: endOf(node) });
  }

  function stringLiteral(node: number): void {
    if (!namesSecrets) return;
    const literal = textOf(node);
    if (!CREDENTIAL.test(literal)) return;
    const value = own(unquoteGo(literal));
    strings.push({ start: startOf(node), end: endOf(node), value, how: ['credential'] });
  }

  function sum(node: number): void {
    if (!is(tree.parent[node] as number, 'binary_expression')) assembled.sum(node);
  }

  function variableSpec(node: number): void {
    const names = children(node, 'name').map(textOf);
    for (const [i, value] of children(child(node, 'value')).entries())
      assembled.table(names[i] ?? '', value);
  }

  function shortVariable(node: number): void {
    const names = children(child(node, 'left'));
    for (const [i, value] of children(child(node, 'right')).entries())
      assembled.table(textOf(names[i] ?? -1), value);
  }

  function comment(node: number): void {
    const start = startOf(node);
    if (
      text.charCodeAt(start + 2) === 32 &&
      !text.startsWith('// +build', start) &&
      !text.startsWith('// #cgo', start)
    )
      return;
    const content = textOf(node);
    if (DIRECTIVE.test(content)) comments.push({ start, text: own(content) });
  }

  const handlers: (Handler | undefined)[] = [];
  const on = (kind: KindName, handler: Handler) => {
    handlers[grammar.kind[kind]] = handler;
  };
  on('package_clause', (node) => {
    packageName = own(textOf(children(node)[0] ?? -1));
  });
  on('import_spec', importSpec);
  on('comment', comment);
  on('short_var_declaration', shortVariable);
  on('var_spec', variableSpec);
  on('interpreted_string_literal', stringLiteral);
  on('raw_string_literal', stringLiteral);
  on('binary_expression', sum);

  for (let node = 0; node < tree.count; node++) {
    handlers[tree.kind[node] as number]?.(node);
    if (view.isBroken(node)) unread.push([startOf(node), endOf(node)]);
  }
  for (const { start, end, value } of assembled.finish())
    strings.push({ start, end, value, how: ['index', 'concat'] });
  return { packageName, imports, comments, strings, unread };
}
