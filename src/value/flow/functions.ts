import { copyText } from '#base';
import type { FileSource } from '#golang';
import type { FlowFunction, FlowModel, Obj, Value } from './model.ts';
import { isSecretName, isSecretType, isTextType } from './tables.ts';
import { type Readers, Walk } from './walk.ts';

/** What a function takes of the budget. */
const FUNCTION_COST = 12;

/** Parameters of a list: names and types, one for each name. */
function parametersOf(
  { view }: FileSource,
  list: number,
): { readonly name: string; readonly type: number; readonly isVariadic: boolean }[] {
  if (list < 0) return [];
  return view.children(list).flatMap((part) => {
    const isVariadic = view.is(part, 'variadic_parameter_declaration');
    if (!isVariadic && !view.is(part, 'parameter_declaration')) return [];
    const type = view.child(part, 'type');
    const names = view.children(part, 'name').map(view.textOf);
    return (names.length === 0 ? [''] : names).map((name) => ({ name, type, isVariadic }));
  });
}

/** The type of the module that a type expression names, through pointers; with the path of its package. */
function typeNameOf({ view, imports }: FileSource, home: string, node: number): string | undefined {
  const text = view.textOf(node).replace(/^\*+/, '');
  const [, path, name] = /^(?:(\w+)\.)?(\w+)(?:\[.*\])?$/s.exec(text) ?? [];
  if (name === undefined) return undefined;
  return copyText(path === undefined ? `${home}.${name}` : `${imports.get(path) ?? path}.${name}`);
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one parameter after the other.
function createFunction(
  model: FlowModel,
  file: FileSource,
  {
    home,
    node,
    name,
    isExported,
  }: {
    readonly home: string;
    readonly node: number;
    readonly name: string;
    readonly isExported: boolean;
  },
): FlowFunction {
  const { view } = file;
  const receiver = parametersOf(file, view.child(node, 'receiver'));
  const parameters = parametersOf(file, view.child(node, 'parameters'));
  const result = view.child(node, 'result');
  const results = view.is(result, 'parameter_list')
    ? parametersOf(file, result)
    : result < 0
      ? []
      : [{ type: result }];
  const { start, end } = view.tree;
  const index = model.functions.length;
  const fresh = (at: number) => model.graph.node(index, start[at] ?? 0);
  const all = [...receiver, ...parameters];
  const nodes = all.map(({ type }) => fresh(type < 0 ? node : type));
  const fn: FlowFunction = {
    index,
    name,
    path: file.path,
    places: file.places,
    start: start[node] ?? 0,
    end: end[node] ?? 0,
    isExported,
    hasReceiver: receiver.length > 0,
    parameters: nodes,
    outs: nodes.map(() => -1),
    isVariadic: parameters.at(-1)?.isVariadic === true,
    results: results.map(({ type }) => fresh(type)),
    receiverType: receiver[0] === undefined ? undefined : typeNameOf(file, home, receiver[0].type),
    types: all.map(({ type }) => typeNameOf(file, home, type)),
    resultTypes: results.map(({ type }) => typeNameOf(file, home, type)),
  };
  model.functions.push(fn);
  model.left -= FUNCTION_COST;
  for (const [i, { name: own, type }] of parameters.entries()) {
    const at = nodes[i + receiver.length] ?? -1;
    const text = view.textOf(type);
    const full = typeNameOf(file, home, type);
    if (full === 'net/http.ResponseWriter') model.carriers.push({ node: at, kind: 'network' });
    const base = { node: at, name: copyText(`${name} ${own}`) };
    if (full === 'net/http.Request')
      model.origins.push({ ...base, flow: 'network', isParameter: false });
    else if ((isSecretName(own) && isTextType(text)) || isSecretType(text))
      model.origins.push({ ...base, flow: 'parameter', isParameter: true });
  }
  return fn;
}

/** Identifiers inside of the functions inside of a function. */
function capturedNames({ view }: FileSource, node: number): ReadonlySet<string> {
  const { kind, skip } = view.tree;
  const { identifier, func_literal: literal } = view.grammar.kind;
  const names = new Set<string>();
  for (let i = node + 1; i < (skip[node] as number); i++) {
    if (kind[i] !== literal || i === node) continue;
    for (let inner = i + 1; inner < (skip[i] as number); inner++)
      if (kind[inner] === identifier) names.add(view.textOf(inner));
    i = (skip[i] as number) - 1;
  }
  return names;
}

/** Declares parameters and results, and walks the body. */
function walkBody(w: Walk, node: number): void {
  const { view, fn } = w;
  const receiver = parametersOf(w.file, view.child(node, 'receiver'));
  const parameters = parametersOf(w.file, view.child(node, 'parameters'));
  const result = view.child(node, 'result');
  for (const [i, { name, type }] of [...receiver, ...parameters].entries()) {
    const from = fn.parameters[i] ?? -1;
    const obj: Obj = {
      cell: -1,
      refs: new Map(),
      isChannel: view.is(type, 'channel_type'),
      texts: [],
    };
    w.here.objects.set(obj, from);
    const isCopied = w.model.structs.has(fn.types[i] ?? '') && !w.view.textOf(type).startsWith('*');
    w.given.push(isCopied ? undefined : obj);
    w.declare(name, { node: from, obj, isCopied }, node);
  }
  const named = view.is(result, 'parameter_list') ? parametersOf(w.file, result) : [];
  for (const { name } of named)
    if (name !== '') w.declare(name, { node: -1, obj: w.object(-1), isCopied: true }, node);
  w.readers.body(
    w,
    view.child(node, 'body'),
    named.map(({ name }) => name),
  );
}

/** The function's name with the receiver's type: `path.T.M`. */
function nameOf(file: FileSource, home: string, node: number): string {
  const { view } = file;
  const name = view.textOf(view.child(node, 'name'));
  const [receiver] = parametersOf(file, view.child(node, 'receiver'));
  if (receiver === undefined) return `${home}.${name}`;
  const type = view.textOf(receiver.type).replace(/^\*+/, '').replace(/\[.*$/s, '');
  return `${home}.${type}.${name}`;
}

/** A declared function, not walked yet. */
export function declareFunction(
  model: FlowModel,
  file: FileSource,
  [home, node, readers]: readonly [string, number, Readers],
): () => void {
  const { view } = file;
  const name = copyText(nameOf(file, home, node));
  const own = copyText(view.textOf(view.child(node, 'name')));
  const fn = createFunction(model, file, { home, node, name, isExported: /^\p{Lu}/u.test(own) });
  const before = model.byName.get(name);
  if (before === undefined) model.byName.set(name, [fn]);
  else before.push(fn);
  if (fn.hasReceiver) model.methods.set(own, [...(model.methods.get(own) ?? []), fn]);
  return () =>
    walkBody(
      new Walk(model, fn, { home, scopes: [], captured: capturedNames(file, node), readers, file }),
      node,
    );
}

/** A place outside of functions: initialisers of package variables. */
export function packageWalk(
  model: FlowModel,
  file: FileSource,
  [home, node, readers]: readonly [string, number, Readers],
): Walk {
  const { start, end } = file.view.tree;
  const fn: FlowFunction = {
    index: model.functions.length,
    name: `${home}.init`,
    path: file.path,
    places: file.places,
    start: start[node] ?? 0,
    end: end[node] ?? 0,
    isExported: false,
    hasReceiver: false,
    parameters: [],
    outs: [],
    isVariadic: false,
    results: [],
    receiverType: undefined,
    types: [],
    resultTypes: [],
  };
  model.functions.push(fn);
  return new Walk(model, fn, {
    home,
    scopes: [],
    captured: capturedNames(file, node),
    readers,
    file,
  });
}

/** A function literal: walked where it stands, with the variables that it shares. */
export function readLiteral(w: Walk, node: number): Value {
  const { model } = w;
  const name = `${w.fn.name}$${++w.literals}`;
  const fn = createFunction(model, w.file, { home: w.home, node, name, isExported: false });
  const captured = capturedNames(w.file, node);
  const inner = new Walk(model, fn, {
    home: w.home,
    scopes: w.scopes,
    captured,
    readers: w.readers,
    file: w.file,
  });
  walkBody(inner, node);
  const taken = w.fresh(node);
  model.takenNodes.add(taken);
  model.taken.push({ node: taken, name: undefined, fn: fn.index });
  return { node: taken };
}
