import type { PackageSource } from '#golang';
import { embeddedFilesystem, FS } from '../library/embedded.ts';
import { byteText } from '../library/text-kinds.ts';
import { assignTo, sliceOfBytes, zeroOf } from '../run/convert.ts';
import { asSlice, Box } from '../run/stores.ts';
import { ANY, isBytes, OPEN, PARAMETER, type Type, under } from '../run/types.ts';
import { type How, UNKNOWN, Value } from '../run/value.ts';
import { eachConstant, inferredType, listOf, valuesFor } from './blocks.ts';
import type { Compiler } from './compiler.ts';
import { createCode } from './functions.ts';
import type {
  Code,
  Context,
  Declaration,
  Frame,
  PackageCode,
  PackageVariable,
  SourceFile,
} from './model.ts';
import { FunctionScope } from './scope.ts';
import { declaredType, typeParameters } from './types.ts';

/** Characters above a declaration in which a directive is looked for. */
const MOST_COMMENT = 4096;
/** Types that are read, each for the one before. */
const MOST_NESTED = 200;

/** Reads what the files of a package declare. */
export function declarePackage(
  c: Compiler,
  source: PackageSource,
  hasOwnLoopVariables: boolean,
): PackageCode {
  const files: SourceFile[] = [];
  const home: PackageCode = {
    path: source.path,
    files,
    declarations: new Map(),
    methods: new Map(),
    variables: [],
    inits: [],
    constants: [],
    functions: [],
    once: undefined,
    recovers: undefined,
    isReleased: false,
  };
  for (const { path, places, view, imports, dots } of source.files) {
    const made: SourceFile = {
      path,
      positionOf: (index) => places.positionOf(index),
      textOf: (start, end) => made.view.text.slice(start, end),
      view,
      home,
      imports,
      dots,
      hasOwnLoopVariables: ownLoopVariables(view.text) ?? hasOwnLoopVariables,
    };
    files.push(made);
  }
  for (const file of files) for (const node of file.view.children(0)) declareOne(c, file, node);
  return home;
}

/** Whether a build constraint gives a file a language since go 1.22; undefined where it says no release. */
function ownLoopVariables(text: string): boolean | undefined {
  const head = text.slice(0, Math.max(0, text.search(/^package /m)));
  const [, constraint = ''] = /^\/\/go:build (.*)$/m.exec(head) ?? [];
  const releases = [...constraint.matchAll(/\bgo1\.(\d+)\b/g)].map(([, minor]) => Number(minor));
  // Of others, which release they ask for is left alone.
  if (releases.length === 0 || /\|\||!/.test(constraint)) return undefined;
  return Math.max(...releases.slice(0, 100)) >= 22;
}

function declareOne(c: Compiler, file: SourceFile, node: number): void {
  const { view } = file;
  if (view.is(node, 'function_declaration')) declareFunction(c, file, node);
  else if (view.is(node, 'method_declaration')) declareMethod(c, file, node);
  else if (view.is(node, 'const_declaration')) declareConstants(c, file, node);
  else if (view.is(node, 'type_declaration')) declareTypes(c, file, node);
  else if (view.is(node, 'var_declaration')) declareVariables(c, file, node);
}

function put({ declarations }: PackageCode, name: string, declaration: Declaration): void {
  if (name === '_') return;
  const before = declarations.get(name);
  if (before === undefined) declarations.set(name, [declaration]);
  else before.push(declaration);
}

/** A place outside of all functions. */
export function topLevel(file: SourceFile, node = 0): Context {
  const scope = new FunctionScope();
  const code: Code = {
    name: `${file.home.path}.init`,
    file,
    node,
    top: undefined,
    type: { kind: 'func', parameters: [], results: [], isVariadic: false },
    hasReceiver: false,
    active: 0,
    activeDoubt: 0,
    unused: undefined,
    hasRun: true,
    body: undefined,
    literals: [],
    sightings: [],
    read: () => undefined,
  };
  return { file, scope, code, iota: undefined };
}

function scopeWith(names: readonly string[]): FunctionScope {
  const scope = new FunctionScope();
  for (const name of names) scope.declare(name, { kind: 'type', type: PARAMETER });
  return scope;
}

function declareFunction(c: Compiler, file: SourceFile, node: number): void {
  const { view, home } = file;
  const name = view.textOf(view.child(node, 'name'));
  const scope = scopeWith(typeParameters(topLevel(file), node));
  const isInit = name === 'init';
  const shown = `${home.path}.${name}${isInit ? `#${home.inits.length + 1}` : ''}`;
  const code = createCode(c, file, { name: shown, node, top: undefined, scope, receiver: -1 });
  if (isInit) home.inits.push(code);
  else {
    home.functions.push(code);
    put(home, name, { kind: 'function', file, code });
  }
}

function declareMethod(c: Compiler, file: SourceFile, node: number): void {
  const { view, home } = file;
  const { child, children, is, textOf } = view;
  const receiver = child(node, 'receiver');
  let type = child(children(receiver).find((one) => !is(one, 'comment')) ?? -1, 'type');
  let isPointer = false;
  for (let i = 0; i < 4 && (is(type, 'pointer_type') || is(type, 'parenthesized_type')); i++) {
    isPointer ||= is(type, 'pointer_type');
    type = children(type)[0] ?? -1;
  }
  const isGeneric = is(type, 'generic_type');
  const owner = textOf(isGeneric ? child(type, 'type') : type);
  const parameters = isGeneric ? children(child(type, 'type_arguments')).map(textOf) : [];
  const name = textOf(child(node, 'name'));
  const shown = isPointer ? `(*${owner}).${name}` : `${owner}.${name}`;
  const code = createCode(c, file, {
    name: `${home.path}.${shown}`,
    node,
    top: undefined,
    scope: scopeWith(parameters),
    receiver,
  });
  home.functions.push(code);
  const methods = home.methods.get(owner) ?? new Map();
  home.methods.set(owner, methods);
  methods.set(name, [...(methods.get(name) ?? []), { code, isPointer, file }]);
}

function declareConstants(c: Compiler, file: SourceFile, node: number): void {
  const { view, home } = file;
  // Of others, the value is what stands there.
  const source = view.textOf(node);
  const mayHide = /["`]/.test(source) && /[+\\]/.test(source);
  eachConstant(topLevel(file), node, (name, read) => {
    let known: Value | undefined;
    let isReading = false;
    const at = topLevel(file, node);
    const value = () => {
      if (known !== undefined || isReading) return known ?? UNKNOWN;
      isReading = true;
      try {
        known = c.atRoot(at.code, () => read(c, at));
      } finally {
        isReading = false;
      }
      return known;
    };
    if (mayHide) home.constants.push({ code: at.code, value });
    put(file.home, name, { kind: 'constant', file, value });
  });
}

function declareTypes(c: Compiler, file: SourceFile, node: number): void {
  const { view, home } = file;
  for (const spec of view.children(node)) {
    if (!view.is(spec, 'type_spec') && !view.is(spec, 'type_alias')) continue;
    let known: Type | undefined;
    let isReading = false;
    const type = () => {
      if (known !== undefined || isReading || c.nesting.types >= MOST_NESTED) return known ?? ANY;
      isReading = true;
      c.nesting.types++;
      try {
        known = declaredType(c, topLevel(file), spec);
      } finally {
        c.nesting.types--;
        isReading = false;
      }
      return known;
    };
    put(home, view.textOf(view.child(spec, 'name')), { kind: 'type', file, type });
  }
}

function declareVariables(c: Compiler, file: SourceFile, node: number): void {
  const { view } = file;
  const specs = view
    .children(node)
    .flatMap((part) => (view.is(part, 'var_spec_list') ? view.children(part) : [part]))
    .filter((part) => view.is(part, 'var_spec'));
  for (const spec of specs) {
    const at = topLevel(file, spec);
    const names = view.children(spec, 'name').map(view.textOf);
    const directives = embedDirectives(file, specs.length === 1 ? [node, spec] : [spec]);
    if (directives.length > 0) {
      declareVariable(c, at, [spec, names, -1], directives);
      continue;
    }
    const valueNode = view.child(spec, 'value');
    const nodes = listOf(at, valueNode);
    // Of `a, b = f(), g()` each has its own initialiser.
    if (names.length > 1 && nodes.length === names.length)
      for (const [i, name] of names.entries())
        declareVariable(c, at, [spec, [name], nodes[i] ?? -1]);
    else declareVariable(c, at, [spec, names, valueNode]);
  }
}

/** The lines `//go:embed …` above one of these nodes. */
function embedDirectives({ view }: SourceFile, nodes: readonly number[]): readonly string[] {
  const found = new Set<string>();
  for (const node of nodes) {
    const { start } = view.tree;
    const lines = view.text
      .slice(0, start[node] ?? 0)
      .slice(-MOST_COMMENT)
      .split('\n')
      .slice(0, -1);
    for (let line = lines.pop(); line?.trimStart().startsWith('//'); line = lines.pop())
      if (line.trimStart().startsWith('//go:embed ')) found.add(line.trim());
  }
  return [...found];
}

/** What files that are put into a variable are there: a text, bytes or a filesystem. */
function embeddedValue(
  c: Compiler,
  at: Context,
  {
    directives,
    type,
    spec,
  }: { readonly directives: readonly string[]; readonly type: Type; readonly spec: number },
): Value | undefined {
  const how: How = { operation: 'embed', site: c.siteOf(at, spec), from: [] };
  if (type === FS) return embeddedFilesystem(at.file.path, directives, how);
  const below = under(type);
  const isText = below.kind === 'basic' && below.class === 'string';
  if (!isText && !isBytes(type)) return undefined;
  const [only, ...others] = c.embedded(at.file.path, directives);
  const bytes = others.length > 0 ? undefined : only?.read();
  if (bytes === undefined || bytes.length > c.m.limits.memory / 2) return undefined;
  if (isText) return new Value(type, byteText(bytes), how);
  const value = sliceOfBytes(c.m, type, bytes.slice());
  const slice = asSlice(value.v);
  if (slice) slice.items.how = how;
  return value;
}

function declareVariable(
  c: Compiler,
  at: Context,
  [spec, names, node]: readonly [number, readonly string[], number],
  directives: readonly string[] = [],
): void {
  const { file } = at;
  const { view, home } = file;
  let state: 'unread' | 'reading' | 'read' = 'unread';
  const typeNode = view.child(spec, 'type');
  const boxes: Box[] = [];
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one walk through a type.
  const initialise = () => {
    if (state !== 'unread') return;
    state = 'reading';
    const type = typeNode < 0 ? undefined : c.typeOf(at, typeNode);
    const values = node < 0 ? undefined : valuesOf(c, at, [node, names]);
    const embedded =
      directives.length === 0 || type === undefined
        ? undefined
        : embeddedValue(c, at, { directives, type, spec });
    for (const [i, box] of boxes.entries()) {
      if (directives.length > 0) {
        box.type = type ?? ANY;
        box.value = embedded ?? UNKNOWN;
        continue;
      }
      const given = values?.[i] ?? (values === undefined && type ? zeroOf(c.m, type) : UNKNOWN);
      const value = type === undefined ? settled(c, given) : assignTo(c.m, type, given);
      box.type = type ?? inferredType(value);
      box.value = value;
    }
    state = 'read';
  };
  for (const name of names) {
    const box = new Box(UNKNOWN, 0, ANY);
    boxes.push(box);
    const variable: PackageVariable = {
      kind: 'variable',
      file,
      box,
      code: at.code,
      initialise,
    };
    home.variables.push(variable);
    put(home, name, variable);
  }
}

function settled(c: Compiler, value: Value): Value {
  return value === UNKNOWN ? value : assignTo(c.m, defaulted(value), value);
}

function defaulted({ t }: Value): Type {
  return t.kind === 'basic' && t.isUntyped ? OPEN : t;
}

function valuesOf(
  c: Compiler,
  at: Context,
  [node, names]: readonly [number, readonly string[]],
): readonly Value[] {
  const read = valuesFor(c, at, [node, names.length]);
  for (const [i, one] of listOf(at, node).entries()) c.sight(at, one).variable ??= names[i];
  const frame: Frame = {
    m: c.m,
    code: at.code,
    boxes: [],
    deferred: new Box(UNKNOWN, 0),
    everDeferred: [],
  };
  return c.atRoot(at.code, () => read(frame));
}
