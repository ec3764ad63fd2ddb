import { copyText, sha256Hex } from '#base';
import type { Grammar, PackageSource } from '#golang';
import { byteText } from '../library/text-kinds.ts';
import { bytesOf, fromByteText } from '../run/convert.ts';
import { GoPanic, OutOfBudget, TooLarge } from '../run/errors.ts';
import { Machine } from '../run/machine.ts';
import type { Limits } from '../run/meter.ts';
import { callableOf } from '../run/reach.ts';
import { asSlice, Box } from '../run/stores.ts';
import { isBytes, type Type, under } from '../run/types.ts';
import { type Site, UNKNOWN, Value } from '../run/value.ts';
import { callExpression, conversionExpression } from './calls.ts';
import type { Compiler, Library, Meaning, Observer } from './compiler.ts';
import { hasNeedlessEscapes } from './constants.ts';
import { declarePackage } from './declarations.ts';
import { createExpressions, unknown } from './expressions.ts';
import { callClosure, functionLiteral, letGo } from './functions.ts';
import { methodOf } from './methods.ts';
import type {
  Callable,
  CallContext,
  Code,
  Context,
  Expression,
  Frame,
  NativeValue,
  PackageCode,
  PlaceExpression,
  Sight,
  Sighting,
  SourceFile,
  Statement,
} from './model.ts';
import { placeOf } from './places.ts';
import { letGoOf } from './release.ts';
import type { FunctionScope } from './scope.ts';
import { bind } from './selectors.ts';
import { createStatements } from './statements.ts';
import { createTypeReader } from './types.ts';

/** Nested expressions and statements that are followed. */
const DEEPEST = 400;
/** Values of one place that are told apart. */
const MOST_VALUES = 8;
/** Nodes of packages whose functions others can still call: the code of a large module is many times it. */
const MOST_HELD = 500_000;
/** Bytes of a value that are noted. */
const LONGEST_SIGHT = 16_384;

/** What the code of a module is followed with. */
export interface ProgramTools {
  readonly grammar: Grammar;
  readonly limits: Limits;
  readonly library: Library;
  readonly observe: Observer;
  readonly embedded: Compiler['embedded'];
  /** Since go 1.22 loop variables are new in each turn. */
  readonly hasOwnLoopVariables: boolean;
}

/** The module's code as something that can be followed. */
export interface Program {
  readonly c: Compiler;
  add(source: PackageSource): PackageCode;
  /** What was seen in a file. */
  sightingsOf(file: SourceFile): readonly Sighting[];
  /** Lets go of what is only needed while a package is read. */
  settle(home: PackageCode): void;
}

/** A program without packages. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: builds the one object that all parts share.
export function createProgram(tools: ProgramTools): Program {
  const { grammar, library, observe } = tools;
  const m = new Machine(tools.limits);
  const packages = new Map<string, PackageCode>();
  const sightings = new Map<SourceFile, Map<number, Sighting>>();
  const kept: (readonly [PackageCode, number])[] = [];
  let held = 0;
  let depth = 0;
  let root: Code | undefined;

  function deeper<Answer>(run: () => Answer): Answer | undefined {
    if (depth >= DEEPEST) return undefined;
    depth++;
    try {
      return run();
    } finally {
      depth--;
    }
  }

  const calls = new Set([
    grammar.kind.call_expression,
    grammar.kind.type_conversion_expression,
    grammar.kind.binary_expression,
  ]);

  function watched(at: Context, node: number, expression: Expression): Expression {
    const kind = at.file.view.tree.kind[node] as number;
    const isEscaped =
      kind === grammar.kind.interpreted_string_literal &&
      hasNeedlessEscapes(at.file.view.textOf(node));
    if (!isEscaped && !calls.has(kind)) return expression;
    const sighting = c.sight(at, node);
    return (frame) => {
      const value = expression(frame);
      if (value === UNKNOWN) sighting.varies = true;
      else if (value.how !== undefined || isBytes(value.t)) c.sightOne(frame, sighting, value);
      return value;
    };
  }

  const repeated = new Set([
    grammar.kind.selector_expression,
    grammar.kind.index_expression,
    grammar.kind.unary_expression,
    grammar.kind.parenthesized_expression,
    grammar.kind.call_expression,
  ]);
  const inScope = new WeakMap<
    FunctionScope,
    { readonly version: number; readonly made: Map<number, Expression> }
  >();

  function compiled(at: Context, node: number): Expression {
    const kind = at.file.view.tree.kind[node] as number;
    const made = deeper((): Expression => {
      if (kind === grammar.kind.call_expression) return callExpression(c, at, node);
      if (kind === grammar.kind.type_conversion_expression)
        return conversionExpression(c, at, node);
      return expressions[kind]?.(at, node) ?? unknown;
    });
    return watched(at, node, made ?? unknown);
  }

  const c: Compiler = {
    m,
    grammar,
    library,
    packages,
    observe,
    embedded: tools.embedded,
    nesting: { types: 0 },
    expression(at, node): Expression {
      if (node < 0) return unknown;
      const kind = at.file.view.tree.kind[node] as number;
      if (!repeated.has(kind) || at.iota !== undefined) return compiled(at, node);
      // Read as a value and as a place: each twice at every level would not end.
      const { scope } = at;
      let known = inScope.get(scope);
      if (known?.version !== scope.version) known = { version: scope.version, made: new Map() };
      inScope.set(scope, known);
      const made = known.made.get(node) ?? compiled(at, node);
      if (known.version === scope.version) known.made.set(node, made);
      return made;
    },
    place: (at, node): PlaceExpression | undefined =>
      node < 0 ? undefined : deeper(() => placeOf(c, at, node)),
    statement(at, node, label = ''): Statement {
      const read = statements[at.file.view.tree.kind[node] as number];
      return deeper(() => read?.(at, node, label)) ?? (() => 0);
    },
    meaningOf: (at, name) => meaningOf(c, at, name),
    declarationIn: (from, home, name) => declarationIn(from, home, name),
    typeOf: (at, node) => types.typeOf(at, node),
    typeNamedBy: (at, node) => types.typeNamedBy(at, node),
    signatureOf: (at, node) => types.signatureOf(at, node),
    constant(at, node) {
      const frame: Frame = {
        m,
        code: at.code,
        boxes: [],
        deferred: new Box(UNKNOWN, 0),
        everDeferred: [],
      };
      try {
        return c.expression(at, node)(frame);
      } catch (error) {
        // Of code that Go refuses, or that costs too much; who asked goes on without it.
        if (error instanceof GoPanic || error instanceof OutOfBudget || error instanceof RangeError)
          return UNKNOWN;
        throw error;
      }
    },
    siteOf: ({ file }, node): Site => ({
      file,
      start: file.view.tree.start[node] ?? 0,
      end: file.view.tree.end[node] ?? 0,
    }),
    sight(at, node): Sighting {
      const inFile = sightings.get(at.file) ?? new Map<number, Sighting>();
      sightings.set(at.file, inFile);
      const known = inFile.get(node);
      if (known !== undefined) return known;
      const made: Sighting = {
        site: c.siteOf(at, node),
        code: at.code,
        variable: undefined,
        values: [],
        varies: false,
      };
      inFile.set(node, made);
      (at.code.top ?? at.code).sightings.push(made);
      return made;
    },
    sightOne(frame, sighting, value) {
      if (root === undefined || (frame.code.top ?? frame.code) !== root) return;
      const { values } = sighting;
      if (values.length >= MOST_VALUES) return;
      const seen = sightOf(m, value);
      if (seen === undefined) return;
      const isKnown = values.some((one) => one.text === seen.text && one.sha256 === seen.sha256);
      if (!isKnown) values.push(seen);
    },
    sightLast(frame, sighting, value) {
      if (root === undefined || (frame.code.top ?? frame.code) !== root) return;
      const seen = sightOf(m, value);
      sighting.varies ||= value === UNKNOWN;
      sighting.values.splice(0, Number.POSITIVE_INFINITY, ...(seen === undefined ? [] : [seen]));
    },
    literal: (at, node) => functionLiteral(c, at, node),
    methodOf: (type: Type, name: string) => methodOf(c, type, name),
    call(callee: Callable, args, site) {
      m.step();
      if (callee.kind === 'native') {
        const all = callee.receiver === undefined ? args : [callee.receiver, ...args];
        return callNative(c, [callee, all], site);
      }
      const result = callClosure(c, callee, args);
      if (result !== undefined) return result;
      m.unfollowed++;
      letGo(c, [new Value(callee.code.type, callee), ...args]);
      return UNKNOWN;
    },
    opaque: (_, values) => letGo(c, values),
    contextAt: (site): CallContext => ({
      m,
      site,
      embedded: tools.embedded,
      outside(name, args) {
        observe.outsideCall(m, name, [args, site]);
        m.opaque++;
        letGo(c, args);
        return UNKNOWN;
      },
      method(value, name) {
        const found = value === UNKNOWN ? undefined : methodOf(c, value.t, name);
        if (found === undefined) return undefined;
        // A method of the pointer is none of the value in an interface.
        const isPointer = under(value.t).kind === 'pointer';
        if (found.code?.isPointer === true && !isPointer) return undefined;
        return bind({ m } as Frame, [value, undefined], found);
      },
      call(callee, args) {
        const callable = callee === UNKNOWN ? undefined : callableOf(callee);
        if (callable !== undefined) return c.call(callable, args, site);
        m.opaque++;
        letGo(c, args);
        return UNKNOWN;
      },
    }),
    atRoot(code, run) {
      const before = root;
      root = code;
      try {
        return run();
      } finally {
        root = before;
      }
    },
  };

  const expressions = createExpressions(c);
  const statements = createStatements(c);
  const types = createTypeReader(c);

  return {
    c,
    add(source) {
      const home = declarePackage(c, source, tools.hasOwnLoopVariables);
      // What a path means to importers is the package that is no program and no test.
      if (!packages.has(source.path) || source.name !== 'main') packages.set(source.path, home);
      return home;
    },
    sightingsOf: (file) => [...(sightings.get(file)?.values() ?? [])],
    settle(home) {
      for (const file of home.files) sightings.delete(file);
      const nodes = home.files.reduce((sum, { view }) => sum + view.tree.count, 0);
      kept.push([home, nodes]);
      held += nodes;
      while (held > MOST_HELD && kept.length > 1) {
        const [oldest, count] = kept.shift() ?? [home, 0];
        held -= count;
        letGoOf(oldest);
      }
    },
  };
}

/** What the library gives; nothing is known where that is too large, and of what it was given. */
function callNative(
  c: Compiler,
  [{ run }, args]: readonly [NativeValue, readonly Value[]],
  site: Site,
): Value {
  try {
    return run(c.contextAt(site), args);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    c.m.lose();
    letGo(c, args);
    return UNKNOWN;
  }
}

/** What is noted of a value: a text, or bytes as one, with its length and digest where it is long. */
function sightOf(m: Machine, { t, v, how }: Value): Sight | undefined {
  const slice = asSlice(v);
  const origin = how ?? slice?.items.how;
  if (origin === undefined) return undefined;
  const bytes = typeof v === 'string' || !isBytes(t) ? undefined : bytesOf(m, new Value(t, v));
  const whole = typeof v === 'string' ? v : bytes && byteText(bytes);
  if (whole === undefined || whole === '') return undefined;
  if (whole.length <= LONGEST_SIGHT) return { text: whole, how: origin, length: whole.length };
  m.work(whole.length >> 5);
  const sha256 = sha256Hex(bytes ?? fromByteText(whole));
  return {
    text: copyText(whole.slice(0, LONGEST_SIGHT)),
    how: origin,
    length: whole.length,
    sha256,
  };
}

function meaningOf(c: Compiler, at: Context, name: string): Meaning | undefined {
  const local = at.scope.lookup(name);
  if (local !== undefined) return local;
  const declared = declarationIn(at.file, at.file.home, name);
  if (declared !== undefined) return declared;
  const path = at.file.imports.get(name);
  if (path !== undefined) return { kind: 'package', path };
  for (const dot of at.file.dots) {
    const home = c.packages.get(dot);
    const found = home && declarationIn(undefined, home, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a package declares under a name; of several, the one in the same file. */
function declarationIn(
  from: SourceFile | undefined,
  home: PackageCode,
  name: string,
): Meaning | undefined {
  const found = home.declarations.get(name);
  if (found === undefined) return undefined;
  if (found.length === 1) return found[0];
  const own = found.filter(({ file }) => file === from);
  return own.length === 1 ? own[0] : { kind: 'ambiguous' };
}
