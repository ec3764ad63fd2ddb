import type { Basic, Func, Interface, MapType, Named, Pointer, Sequence, Type } from './model.ts';

const basics = new Map<string, Basic>();

/** The predeclared type of that name; `byte` and `rune` are their numbers. */
export function basicType(name: string): Basic {
  const real = name === 'byte' ? 'uint8' : name === 'rune' ? 'int32' : name;
  let known = basics.get(real);
  if (known === undefined) {
    known = { kind: 'basic', name: real };
    basics.set(real, known);
  }
  return known;
}

export const STRING = basicType('string');
export const BOOL = basicType('bool');
export const INT = basicType('int');

/** The empty interface. */
export const ANY: Interface = { kind: 'interface', methods: new Map(), embedded: [] };

/** The predeclared interface `error`. */
export const ERROR: Interface = {
  kind: 'interface',
  methods: new Map([
    ['Error', { kind: 'func', parameters: [], results: [STRING], isVariadic: false }],
  ]),
  embedded: [],
};

const unknownPointer: Pointer = { kind: 'pointer', element: undefined };

/** The pointer to a type. */
export function pointerTo(element: Type | undefined): Pointer {
  if (element === undefined) return unknownPointer;
  element.pointer ??= { kind: 'pointer', element };
  return element.pointer;
}

/** The slice, array or channel of a type. */
export function sequenceOf(kind: Sequence['kind'], element: Type | undefined): Sequence {
  if (element === undefined) return { kind, element };
  element[kind] ??= { kind, element };
  return element[kind];
}

/** The map type. */
export function mapOf(key: Type | undefined, element: Type | undefined): MapType {
  return { kind: 'map', key, element };
}

/** A function type. */
export function funcType(
  parameters: Func['parameters'],
  results: Func['results'],
  isVariadic = false,
): Func {
  return { kind: 'func', parameters, results, isVariadic };
}

const DEEPEST = 20;
/** Constraints that name constraints. */
const DEEPEST_CORE = 8;

/** The type below all names. */
export function underlyingOf(type: Type | undefined): Type | undefined {
  let at = type;
  for (let i = 0; at?.kind === 'named' && i < DEEPEST; i++) at = at.underlying();
  return at?.kind === 'named' ? undefined : at;
}

/**
 * The underlying type, and of a type parameter the one that all its types have (the Go specification,
 * Core types), where its constraint says one.
 */
export function coreOf(type: Type | undefined): Type | undefined {
  let under = underlyingOf(type);
  if (under?.kind !== 'parameter') return under;
  for (let i = 0; i < DEEPEST_CORE; i++) {
    under = underlyingOf(under?.kind === 'parameter' ? under.constraint() : under);
    if (under?.kind === 'interface')
      under = under.embedded.length === 1 ? under.embedded[0] : undefined;
    else if (under?.kind !== 'parameter') return under;
  }
  return undefined;
}

/** What a pointer points to; all other types are given back. */
export function pointedTo(type: Type | undefined): Type | undefined {
  if (type === undefined) return undefined;
  if (type.kind === 'pointer') return type.element;
  if (type.kind !== 'named') return type;
  const under = underlyingOf(type);
  return under?.kind === 'pointer' ? under.element : type;
}

/** True for types whose values say at run time what they are. */
export function isInterface(type: Type | undefined): boolean {
  const under = underlyingOf(type);
  return under !== undefined && (under.kind === 'interface' || under.kind === 'parameter');
}

/** True where a place of this type needs a slot: what is in it decides what a call does. */
export function isCarrier(type: Type | undefined): boolean {
  if (type === undefined) return true;
  if (type.kind === 'basic' || type.kind === 'pointer') return false;
  const under = underlyingOf(type);
  if (under === undefined) return true;
  return under.kind === 'interface' || under.kind === 'func' || under.kind === 'parameter';
}

let anonymous = 0;

function describe(type: Type, depth: number): string {
  const part = (inner: Type | undefined) => typeId(inner, depth + 1);
  switch (type.kind) {
    case 'basic':
      return type.name;
    case 'pointer':
      return `*${part(type.element)}`;
    case 'slice':
    case 'array':
    case 'chan':
      return `${type.kind} ${part(type.element)}`;
    case 'map':
      return `map[${part(type.key)}]${part(type.element)}`;
    case 'func':
      return `func(${type.parameters.map(part).join()})(${type.results.map(part).join()})`;
    case 'tuple':
      return `(${type.types.map(part).join()})`;
    case 'interface':
      return `interface{${[...type.methods.keys()].sort().join()};${type.embedded.map(part).join()}}`;
    case 'struct':
      return `struct{${[...type.fields].map(([name, field]) => `${name} ${part(field.type)}`).join(';')}}`;
    case 'parameter':
      return `${type.name} ${++anonymous}`;
    case 'named':
      return describeNamed(type, depth);
  }
}

function describeNamed(type: Named, depth: number): string {
  const base =
    type === type.origin ? `${type.path}.${type.name} ${++anonymous}` : typeId(type.origin);
  if (type.arguments.length === 0 || type === type.origin) return base;
  return `${base}[${type.arguments.map((inner) => typeId(inner, depth + 1)).join()}]`;
}

const DEEPEST_ID = 8;
const LONGEST_ID = 400;
/** Far more than there are types with long texts; hostile code can make up more. */
const MOST_NUMBERS = 20_000;
const numbers = new Map<string, number>();

/** The number of a long text: the same for equal ones. Those beyond all bounds count as equal, too. */
function numberOf(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  if (numbers.size >= MOST_NUMBERS) return 0;
  numbers.set(text, ++anonymous);
  return anonymous;
}
let cuts = 0;

/** A text that equal types share. Types that are nested deeper than anyone writes them are one. */
export function typeId(type: Type | undefined, depth = 0): string {
  if (type === undefined) return '?';
  if (type.id !== undefined) return type.id;
  if (depth > DEEPEST_ID) {
    cuts++;
    return '…';
  }
  const before = cuts;
  let id = describe(type, depth);
  if (id.length > LONGEST_ID) id = `${type.kind} #${numberOf(id)}`;
  // A text that was cut further down is good only here.
  if (cuts === before || depth === 0) type.id = id;
  return id;
}
