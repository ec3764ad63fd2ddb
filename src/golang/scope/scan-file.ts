import type { FlatTree } from '../syntax/flat-tree.ts';
import { createAssembledStrings } from './assembled.ts';
import { createBindings } from './bindings.ts';
import { unquoteGo } from './constants.ts';
import { createDeclarations } from './declarations.ts';
import type {
  FileScan,
  FunctionKind,
  ReferenceKind,
  ScannedComment,
  ScannedFunction,
  ScannedImport,
  ScannedString,
  ScannedType,
} from './file-scan.ts';
import { BUILTINS, createMentions } from './mentions.ts';
import { createTreeView, type Grammar, type KindName } from './tree-view.ts';
import { createTypeHints } from './type-hints.ts';
import type { Usage } from './uses.ts';

const DIRECTIVE = /^\/\/(go:|export |line |\s*\+build)|^\/\*line |^\s*(\/\/\s*|\/\*[\s\S]*)?#cgo/;
const CREDENTIAL =
  /\.ssh\b|id_(rsa|ed25519|ecdsa)\b|\.aws[/\\]|\.netrc\b|\.kube[/\\]|\.docker[/\\]config|\.npmrc\b|\.pypirc\b|\.git-credentials|\.gnupg\b|\/etc\/shadow\b|gcloud[/\\]|\.azure[/\\]|\.config[/\\]gh\b|Login Data|wallet\.dat|169\.254\.169\.254|serviceaccount[/\\]token/;
const SCOPES: readonly KindName[] = [
  'block',
  'if_statement',
  'for_statement',
  'expression_switch_statement',
  'select_statement',
  'communication_case',
  'expression_case',
  'type_case',
  'default_case',
  'function_type',
  'method_elem',
  'interface_type',
];
/** The name that an import has when the file gives none: the last element without a version. */
export function guessPackageName(path: string): string {
  const elements = path.split('/');
  const last = elements.at(-1) ?? '';
  const named = /^v[0-9]+$/.test(last) && elements.length > 1 ? (elements.at(-2) ?? '') : last;
  return named
    .replace(/\.v[0-9]+(-unstable)?$/, '')
    .replace(/^go-|[.-]go$/, '')
    .replaceAll('-', '_');
}

/** Callees that no name leads to. */
const NAMELESS: readonly KindName[] = [
  'call_expression',
  'type_assertion_expression',
  'unary_expression',
];
const MOST_EMBEDDED = 64;

type Handler = (node: number) => void;

/** What a scan works with: the grammar's numbers, and the memory that texts are kept in. */
export interface ScanTools {
  readonly grammar: Grammar;
  readonly own: (text: string) => string;
}

/** Scans one parsed file: declarations, and every mention of what may be a function. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of small handlers over one shared state.
export function scanFile(tree: FlatTree, text: string, { grammar, own }: ScanTools): FileScan {
  const view = createTreeView(tree, text, grammar);
  const { is, child, children, textOf } = view;
  const bindings = createBindings();
  const assembled = createAssembledStrings(view);
  const hints = createTypeHints(view, bindings, importNamed);
  const literals = new Map<number, number>();
  const declare = createDeclarations(view, bindings, {
    hints,
    literalAt: (node) => `=${numberLiteral(node)}`,
  });

  const mentions = createMentions(view, { bindings, hints, importNamed, refer });

  let packageName = '';
  let packageStart = text.length;
  const imports: ScannedImport[] = [];
  const importsByName = new Map<string, ScannedImport>();
  const functions: ScannedFunction[] = [];
  const variables = new Map<string, string>();
  const types = new Map<string, ScannedType>();
  const comments: ScannedComment[] = [];
  const strings: ScannedString[] = [];
  const unread: (readonly [number, number])[] = [];
  const open: { readonly fn: ScannedFunction; readonly index: number; readonly end: number }[] = [];
  const seen = new Map<ScannedFunction, Set<string>>();
  const namesSecrets = CREDENTIAL.test(text);

  const startOf = (node: number) => tree.start[node] as number;
  const endOf = (node: number) => tree.end[node] as number;
  const behind = (node: number) => tree.skip[node] as number;
  const parentOf = (node: number) => tree.parent[node] as number;
  const current = () => open.at(-1)?.fn;

  function importNamed(name: string): ScannedImport | undefined {
    return importsByName.get(name);
  }

  function numberLiteral(node: number): number {
    const known = literals.get(node);
    if (known !== undefined) return known;
    literals.set(node, literals.size);
    return literals.size - 1;
  }

  function refer(kind: ReferenceKind, target: string, at: readonly [number, Usage]): void {
    const fn = current();
    if (fn === undefined) return;
    const [node, { use, keptAs }] = at;
    const key = `${kind}\0${use}\0${keptAs}\0${target}`;
    const known = seen.get(fn) ?? new Set();
    seen.set(fn, known);
    // Every place of a package's function is a fact; one mention of the others is an edge.
    if (kind !== 'package' && known.has(key)) return;
    known.add(key);
    fn.references.push({
      kind,
      target: own(target),
      use,
      keptAs: own(keptAs),
      start: startOf(node),
      end: endOf(node),
    });
  }

  function enter(kind: FunctionKind, node: number, named: { name: string; shown: string }): void {
    const result = child(node, 'result');
    const first = is(result, 'parameter_list') ? child(children(result)[0] ?? -1, 'type') : result;
    const fn: ScannedFunction = {
      kind,
      name: own(named.name),
      shown: own(named.shown),
      start: startOf(node),
      end: endOf(node),
      parent: current(),
      hasBody: kind === 'variable' || child(node, 'body') >= 0,
      result: result < 0 ? '' : own(hints.ofType(first)),
      references: [],
      runsCode: false,
    };
    functions.push(fn);
    open.push({ fn, index: functions.length - 1, end: behind(node) });
    bindings.open(behind(node));
  }

  function enterFunction(node: number): void {
    const name = textOf(child(node, 'name'));
    enter(name === 'init' ? 'init' : 'function', node, { name, shown: name });
  }

  function enterMethod(node: number): void {
    const receiver = children(child(node, 'receiver'))[0] ?? -1;
    const type = child(receiver, 'type');
    const owner = hints.ofType(type).split('\0')[1] ?? '';
    const name = textOf(child(node, 'name'));
    const shown = is(type, 'pointer_type') ? `(*${owner}).${name}` : `${owner}.${name}`;
    enter('method', node, { name: `${owner}.${name}`, shown });
  }

  function enterLiteral(node: number): void {
    const number = numberLiteral(node);
    refer('literal', String(number), [node, mentions.usageOf(node)]);
    enter('literal', node, { name: String(number), shown: '' });
  }

  function variableSpec(node: number): void {
    const names = children(node, 'name').map(textOf);
    const type = child(node, 'type');
    const values = children(child(node, 'value'));
    for (const [i, value] of values.entries()) assembled.table(names[i] ?? '', value);
    if (current() !== undefined) {
      declare.localVariable(node);
      return;
    }
    names.forEach((name, i) => {
      const value = values[i];
      const hint =
        type >= 0 ? hints.ofType(type) : value === undefined ? '' : hints.ofExpression(value);
      variables.set(own(name), own(hint));
    });
    const name = names.join(',');
    if (values.length > 0) enter('variable', node, { name, shown: 'init' });
  }

  /** The types that lend their methods: of an alias its target, of a struct or interface what it embeds. */
  function lendersOf(node: number): readonly string[] {
    const type = child(node, 'type');
    if (is(node, 'type_alias')) return [own(hints.ofType(type))];
    if (is(type, 'interface_type')) return embeddedIn(type, 'type_elem');
    const fields = is(type, 'struct_type') ? (children(type)[0] ?? -1) : -1;
    return fields < 0 ? [] : embeddedIn(fields, 'field_declaration');
  }

  function embeddedIn(list: number, kind: KindName): readonly string[] {
    const embedded = children(list).filter((part) => is(part, kind) && child(part, 'name') < 0);
    return embedded.slice(0, MOST_EMBEDDED).map((part) => {
      const type = child(part, 'type');
      return own(hints.ofType(type < 0 ? (children(part)[0] ?? -1) : type));
    });
  }

  function fieldsOf(node: number): ReadonlyMap<string, string> | undefined {
    const type = child(node, 'type');
    const list = is(type, 'struct_type') ? (children(type)[0] ?? -1) : -1;
    const fields = new Map<string, string>();
    for (const field of list < 0 ? [] : children(list)) addField(fields, field);
    return fields.size === 0 ? undefined : fields;
  }

  function addField(fields: Map<string, string>, field: number): void {
    const hint = hints.ofType(child(field, 'type'));
    if (hint === '' || BUILTINS.has(hint.slice(1))) return;
    for (const name of children(field, 'name')) fields.set(own(textOf(name)), own(hint));
  }

  function typeSpec(node: number): void {
    if (current() !== undefined) declare.localType(node);
    else {
      const isInterface = is(child(node, 'type'), 'interface_type');
      types.set(own(textOf(child(node, 'name'))), {
        isInterface,
        lends: lendersOf(node),
        fields: fieldsOf(node),
      });
    }
    bindings.open(behind(node));
  }

  function importSpec(node: number): void {
    const path = own(unquoteGo(textOf(child(node, 'path'))));
    const given = child(node, 'name');
    const name = given < 0 ? undefined : own(textOf(given));
    const found: ScannedImport = { path, name, start: startOf(node) };
    imports.push(found);
    if (name !== '.' && name !== '_') importsByName.set(name ?? guessPackageName(path), found);
  }

  function call(node: number): void {
    let callee = child(node, 'function');
    while (is(callee, 'parenthesized_expression')) callee = children(callee)[0] ?? -1;
    const fn = current();
    const name = textOf(callee);
    const isBuiltin =
      is(callee, 'identifier') && BUILTINS.has(name) && bindings.find(name) === undefined;
    if (fn !== undefined && !isBuiltin) markRunning(fn);
    if (isBuiltin && name === 'new') mentions.made(node, hints.ofExpression(node));
    if (NAMELESS.some((kind) => is(callee, kind))) {
      refer('unknown', '', [callee, { use: 'called', keptAs: '' }]);
    }
  }

  function markRunning(fn: ScannedFunction): void {
    // A literal runs when it is called, not where it is written.
    if (fn.kind === 'variable') fn.runsCode = true;
  }

  function stringLiteral(node: number): void {
    if (!namesSecrets) return;
    const literal = textOf(node);
    if (!CREDENTIAL.test(literal)) return;
    addString(node, unquoteGo(literal), ['credential']);
  }

  function addString(node: number, value: string, how: readonly string[]): void {
    strings.push({
      start: startOf(node),
      end: endOf(node),
      value: own(value),
      how,
      inFunction: open.at(-1)?.index ?? -1,
    });
  }

  function sum(node: number): void {
    if (!is(parentOf(node), 'binary_expression')) assembled.sum(node);
  }

  function shortVariable(node: number): void {
    const names = children(child(node, 'left'));
    for (const [i, value] of children(child(node, 'right')).entries()) {
      assembled.table(textOf(names[i] ?? -1), value);
    }
    declare.shortVariable(node);
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
  const openScope = (node: number) => bindings.open(behind(node));
  for (const kind of SCOPES) on(kind, openScope);
  on('package_clause', (node) => {
    packageName = own(textOf(children(node)[0] ?? -1));
    packageStart = Math.min(packageStart, startOf(node));
  });
  on('import_spec', importSpec);
  on('comment', comment);
  on('function_declaration', enterFunction);
  on('method_declaration', enterMethod);
  on('func_literal', enterLiteral);
  on('parameter_declaration', declare.parameter);
  on('variadic_parameter_declaration', declare.parameter);
  on('type_parameter_declaration', declare.parameter);
  on('short_var_declaration', shortVariable);
  on('range_clause', declare.rangeClause);
  on('receive_statement', declare.receive);
  on('type_switch_statement', (node) => {
    openScope(node);
    declare.typeSwitch(node);
  });
  on('var_spec', variableSpec);
  on('const_spec', (node) => {
    if (current() !== undefined) declare.localVariable(node);
    else
      for (const name of children(node, 'name'))
        variables.set(own(textOf(name)), own(hints.ofType(child(node, 'type'))));
  });
  on('type_spec', typeSpec);
  on('type_alias', typeSpec);
  on('identifier', mentions.identifier);
  on('selector_expression', mentions.selector);
  on('type_conversion_expression', mentions.conversion);
  on('composite_literal', (node) => mentions.made(node, hints.ofType(child(node, 'type'))));
  on('call_expression', call);
  on('interpreted_string_literal', stringLiteral);
  on('raw_string_literal', stringLiteral);
  on('binary_expression', sum);

  for (let node = 0; node < tree.count; node++) {
    for (let top = open.at(-1); top !== undefined && top.end <= node; top = open.at(-1)) open.pop();
    bindings.advance(node);
    handlers[tree.kind[node] as number]?.(node);
    if (view.isBroken(node)) unread.push([startOf(node), endOf(node)]);
  }
  for (const { start, end, value } of assembled.finish()) {
    const inFunction = functions.findLastIndex((fn) => fn.start <= start && end <= fn.end);
    strings.push({ start, end, value, how: ['index', 'concat'], inFunction });
  }
  return {
    packageName,
    packageStart,
    imports,
    functions,
    variables,
    types,
    comments,
    strings,
    unread,
  };
}
