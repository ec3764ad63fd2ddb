import type { Declared, Fn, Func, Named, Type, VariableDeclared } from '../types/model.ts';
import { funcType, INT, pointerTo } from '../types/types.ts';
import type { Body, Checker, FileScope, Scope } from './checker.ts';
import { createNamed, readTypeParameters } from './named.ts';
import { Names } from './names.ts';
import { joinTypes } from './variants.ts';

const NO_SIGNATURE: Func = funcType([], []);

/** What is still to be read once everything is declared. */
export interface Unread {
  readonly bodies: Body[];
  /** Initialisers of package variables, in the order of their declaration. */
  readonly variables: {
    readonly fn: Fn;
    readonly declared: readonly VariableDeclared[];
    readonly read: () => void;
  }[];
}

/** A scope of a file's top level. */
export function fileScope(at: FileScope, fn: Fn): Scope {
  return { at, fn, names: new Names() };
}

/** Declares the types of a file: the functions' signatures need those of the whole package. */
export function declareTypes(c: Checker, at: FileScope, fn: Fn): void {
  const { view } = at.file;
  const { names } = at.home;
  for (const declaration of view.children(0)) {
    if (!view.is(declaration, 'type_declaration')) continue;
    for (const spec of view.children(declaration)) {
      const name = view.textOf(view.child(spec, 'name'));
      const before = names.get(name);
      const declared = declareType(c, fileScope(at, fn), spec);
      names.set(name, before?.kind === 'type' ? joinTypes(before, declared) : declared);
    }
  }
}

/** Declares one type or alias; `scope` gets its type parameters. */
export function declareType(
  c: Checker,
  scope: Scope,
  spec: number,
): Extract<Declared, { readonly kind: 'type' }> {
  const { view } = scope.at.file;
  const node = view.child(spec, 'type');
  if (view.is(spec, 'type_alias')) return lazyAlias(c, scope, [spec, node]);
  const parameters = readTypeParameters(scope, spec, c.types.typeOf);
  const type = createNamed({
    path: scope.at.home.package.path,
    name: view.textOf(view.child(spec, 'name')),
    parameters,
    read: () => c.types.declaredType(scope, node),
  });
  return { kind: 'type', type };
}

/** Aliases of aliases that are followed. */
const MOST_ALIASES = 200;

function lazyAlias(c: Checker, scope: Scope, [spec, node]: readonly [number, number]) {
  const parameters = readTypeParameters(scope, spec, c.types.typeOf);
  let type: Type | undefined;
  let isRead = false;
  return {
    kind: 'type' as const,
    parameters,
    get type() {
      if (isRead) return type;
      isRead = true;
      if (c.memo.aliases >= MOST_ALIASES) c.memo.cuts.add('aliases');
      else {
        c.memo.aliases++;
        type = c.types.typeOf(scope, node);
        c.memo.aliases--;
      }
      return type;
    },
  };
}

/** Declares functions, methods, variables and constants of a file. */
export function declareValues(
  c: Checker,
  at: FileScope,
  [implicit, unread]: readonly [Fn, Unread],
): void {
  for (const node of at.file.view.children(0)) declareValue(c, at, [node, implicit, unread]);
}

function declareValue(c: Checker, at: FileScope, [node, implicit, unread]: ToRead): void {
  const { view } = at.file;
  if (view.is(node, 'function_declaration')) declareFunction(c, at, [node, implicit, unread]);
  else if (view.is(node, 'method_declaration')) declareMethod(c, at, [node, implicit, unread]);
  else if (view.is(node, 'const_declaration')) declareConstants(c, at, [node, implicit]);
  else if (view.is(node, 'var_declaration'))
    for (const spec of specsOf(at, node)) declareVariables(c, at, [spec, unread]);
}

/** The specs of a declaration, with or without parentheses. */
export function specsOf({ file: { view } }: FileScope, declaration: number): readonly number[] {
  return view
    .children(declaration)
    .flatMap((node) => (view.is(node, 'var_spec_list') ? view.children(node) : [node]));
}

type ToRead = readonly [node: number, implicit: Fn, unread: Unread];

function declareFunction(c: Checker, at: FileScope, [node, implicit, unread]: ToRead): void {
  const { view } = at.file;
  const scope = fileScope(at, implicit);
  const typeParameters = readTypeParameters(scope, node, c.types.typeOf);
  const name = view.textOf(view.child(node, 'name'));
  const kind = name === 'init' ? 'init' : 'function';
  const signature = c.types.signatureOf(scope, node);
  const hasBody = view.child(node, 'body') >= 0;
  const made = { at, kind, name, parent: undefined, node, hasBody, signature, typeParameters };
  const fn = c.createFn({ ...made, kind });
  unread.bodies.push({ fn, node, scope: { ...scope, fn }, receiver: undefined });
  if (kind === 'init' || name === '_') return;
  const before = at.home.names.get(name);
  if (before?.kind === 'func') before.fns.push(fn);
  // Other systems may have a variable, a type or a constant of that name.
  else if (before?.kind === 'variable') c.flow.add(before.slot, { fn });
  else at.home.names.set(name, { kind: 'func', fns: [fn] });
}

function declareMethod(c: Checker, at: FileScope, [node, implicit, unread]: ToRead): void {
  const { view } = at.file;
  const { child, children, is, textOf } = view;
  const scope = fileScope(at, implicit);
  const receiver = children(child(node, 'receiver'))[0] ?? -1;
  let type = child(receiver, 'type');
  let isPointer = false;
  for (let i = 0; i < 4 && (is(type, 'pointer_type') || is(type, 'parenthesized_type')); i++) {
    isPointer ||= is(type, 'pointer_type');
    type = children(type)[0] ?? -1;
  }
  const isGeneric = is(type, 'generic_type');
  const ownerName = textOf(isGeneric ? child(type, 'type') : type);
  const declared = at.home.names.get(ownerName);
  const owner =
    declared?.kind === 'type' && declared.type?.kind === 'named' ? declared.type : undefined;
  if (isGeneric && owner !== undefined) {
    children(child(type, 'type_arguments')).forEach((argument, i) => {
      scope.names.declare(textOf(argument), { kind: 'type', type: owner.parameters[i] });
    });
  }
  const name = textOf(child(node, 'name'));
  const fn = c.createFn({
    at,
    kind: 'method',
    name: isPointer ? `(*${ownerName}).${name}` : `${ownerName}.${name}`,
    parent: undefined,
    node,
    hasBody: child(node, 'body') >= 0,
    signature: c.types.signatureOf(scope, node),
    typeParameters: owner?.parameters ?? [],
  });
  addMethod(owner, name, fn);
  const receiverName = textOf(child(receiver, 'name'));
  const receiverType = isPointer ? pointerTo(owner) : owner;
  unread.bodies.push({
    fn,
    node,
    scope: { ...scope, fn },
    receiver: receiverName === '' ? undefined : { name: receiverName, type: receiverType },
  });
}

function addMethod(owner: Named | undefined, name: string, fn: Fn): void {
  if (owner === undefined || owner.home !== 'module') return;
  const before = owner.methods.get(name);
  if (before === undefined) owner.methods.set(name, [fn]);
  else before.push(fn);
}

function declareVariables(
  c: Checker,
  at: FileScope,
  [spec, unread]: readonly [number, Unread],
): void {
  const { view } = at.file;
  const names = view.children(spec, 'name').map(view.textOf);
  const value = view.child(spec, 'value');
  const values = view.is(value, 'expression_list') ? view.children(value) : [];
  // Of `a, b = f(), g()` each has its own initialiser.
  if (names.length > 1 && values.length === names.length) {
    names.forEach((name, i) => {
      const one = values[i] as number;
      declareInitialised(c, at, [{ spec, node: one, names: [name], value: one }, unread]);
    });
  } else declareInitialised(c, at, [{ spec, node: spec, names, value }, unread]);
}

/** Variables with the expression that they are initialised with, and the node that stands for both. */
interface InitialisedVariables {
  readonly spec: number;
  readonly node: number;
  readonly names: readonly string[];
  readonly value: number;
}

function declareInitialised(
  c: Checker,
  at: FileScope,
  [{ spec, node, names, value }, unread]: readonly [InitialisedVariables, Unread],
): void {
  const { view } = at.file;
  const fn = c.createFn({
    at,
    kind: 'variable',
    name: names.join(','),
    parent: undefined,
    node,
    hasBody: true,
    signature: NO_SIGNATURE,
    typeParameters: [],
  });
  const scope = fileScope(at, fn);
  let isRead = false;
  const read = () => {
    if (isRead) return;
    isRead = true;
    const typeNode = view.child(spec, 'type');
    const type = typeNode < 0 ? undefined : c.types.typeOf(scope, typeNode);
    // Before the value: an initialiser may mention its own variable.
    if (typeNode >= 0) for (const variable of variables) variable.type = type;
    if (value < 0) return;
    c.assignAll(scope, [value, names.length], (i, result) => {
      const variable = variables[i];
      if (variable === undefined) return;
      if (typeNode < 0) variable.type = result.type;
      c.give(variable.slot, variable.type, result);
    });
  };
  const variables = names.map((name) => declareVariable(c, at, [name, read, fn]));
  unread.variables.push({ fn, declared: variables, read });
}

function declareVariable(
  c: Checker,
  at: FileScope,
  [name, read, fn]: readonly [string, () => void, Fn],
): VariableDeclared {
  const before = at.home.names.get(name);
  // A variable of several systems is one, with all their initialisers.
  if (before?.kind === 'variable' && name !== '_') {
    before.reads?.push(read);
    before.fns?.push(fn);
    return before;
  }
  const variable: VariableDeclared = {
    kind: 'variable',
    type: undefined,
    slot: c.flow.slot(),
    reads: [read],
    fns: [fn],
  };
  for (const other of before?.kind === 'func' ? before.fns : [])
    c.flow.add(variable.slot, { fn: other });
  if (name !== '_') at.home.names.set(name, variable);
  return variable;
}

function declareConstants(
  c: Checker,
  at: FileScope,
  [node, implicit]: readonly [number, Fn],
): void {
  const scope = fileScope(at, implicit);
  eachConstant(c, scope, node, (name, declared) => {
    if (!at.home.names.has(name)) at.home.names.set(name, declared);
  });
}

/** Shows the constants of a declaration; a spec without a value repeats the one before. */
export function eachConstant(
  c: Checker,
  scope: Scope,
  declaration: number,
  show: (name: string, declared: Declared) => void,
): void {
  const { view } = scope.at.file;
  let type = -1;
  let value = -1;
  for (const spec of view.children(declaration)) {
    const values = view.child(spec, 'value');
    if (values >= 0) {
      type = view.child(spec, 'type');
      value = view.children(values)[0] ?? -1;
    }
    for (const name of view.children(spec, 'name'))
      show(view.textOf(name), lazyConstant(c, scope, [type, value]));
  }
}

function lazyConstant(
  c: Checker,
  scope: Scope,
  [type, value]: readonly [number, number],
): Declared {
  let known: Type | undefined = INT;
  let isRead = false;
  return {
    kind: 'const',
    get type() {
      if (isRead) return known;
      isRead = true;
      if (type >= 0) known = c.types.typeOf(scope, type);
      else if (value >= 0) known = c.evaluate(scope, value).type;
      return known;
    },
  };
}
