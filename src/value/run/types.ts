/**
 * Go's types as far as values need them at run time: widths, element types, fields, identity. A type
 * that cannot be read is `ANY`, whose values keep the type that they come with.
 */
export type Type =
  | Basic
  | SliceType
  | ArrayType
  | MapType
  | StructType
  | PointerType
  | FuncType
  | InterfaceType
  | ChanType
  | NamedType;

export type BasicClass = 'int' | 'uint' | 'float' | 'string' | 'bool' | 'nil' | 'other';

export interface Basic {
  readonly kind: 'basic';
  readonly name: string;
  readonly class: BasicClass;
  /** Width of numbers; 0 for untyped constants, which have any. */
  readonly bits: number;
  readonly isUntyped: boolean;
}

export interface SliceType {
  readonly kind: 'slice';
  readonly element: Type;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly element: Type;
  readonly length: number;
}

export interface MapType {
  readonly kind: 'map';
  readonly key: Type;
  readonly element: Type;
}

export interface FieldType {
  readonly name: string;
  readonly type: Type;
  readonly isEmbedded: boolean;
  readonly tag: string;
}

export interface StructType {
  readonly kind: 'struct';
  readonly fields: readonly FieldType[];
  /** Place of each field. */
  readonly places: ReadonlyMap<string, number>;
}

export interface PointerType {
  readonly kind: 'pointer';
  readonly element: Type;
}

export interface FuncType {
  readonly kind: 'func';
  readonly parameters: readonly Type[];
  readonly results: readonly Type[];
  readonly isVariadic: boolean;
}

/** `isAny`: values keep their types in it; also what stands for types that are not known. */
export interface InterfaceType {
  readonly kind: 'interface';
  readonly methods: ReadonlySet<string>;
  /** False where it may have more methods than are known here. */
  readonly isKnown: boolean;
}

export interface ChanType {
  readonly kind: 'chan';
  readonly element: Type;
}

export interface NamedType {
  readonly kind: 'named';
  /** The import path of the package. */
  readonly path: string;
  readonly name: string;
  /** Read when first asked for: types may name themselves. */
  readonly under: () => Type;
}

function basic(name: string, kind: BasicClass, bits = 0, isUntyped = false): Basic {
  return { kind: 'basic', name, class: kind, bits, isUntyped };
}

export const BOOL = basic('bool', 'bool');
export const STRING = basic('string', 'string');
export const INT = basic('int', 'int', 64);
export const INT32 = basic('int32', 'int', 32);
export const INT64 = basic('int64', 'int', 64);
export const UINT8 = basic('uint8', 'uint', 8);
export const UINT32 = basic('uint32', 'uint', 32);
export const UINT64 = basic('uint64', 'uint', 64);
export const FLOAT64 = basic('float64', 'float', 64);
export const NIL_TYPE = basic('untyped nil', 'nil', 0, true);
export const UNTYPED_BOOL = basic('untyped bool', 'bool', 0, true);
export const UNTYPED_INT = basic('untyped int', 'int', 0, true);
export const UNTYPED_RUNE = basic('untyped rune', 'int', 0, true);
export const UNTYPED_FLOAT = basic('untyped float', 'float', 0, true);
export const UNTYPED_STRING = basic('untyped string', 'string', 0, true);
const OTHER = basic('complex128', 'other', 128);

/** A function of the library, whose signature is not needed. */
export const ANY_FUNC: FuncType = { kind: 'func', parameters: [], results: [], isVariadic: false };

/** What is no type that is known: values keep their own. */
export const ANY: InterfaceType = { kind: 'interface', methods: new Set(), isKnown: false };
/** A type parameter: what it stands for is not known, and how it counts and wraps neither. */
export const PARAMETER: InterfaceType = { kind: 'interface', methods: new Set(), isKnown: false };
/** The type of a variable that takes it from its value: a constant gets the one that it has by default. */
export const OPEN: InterfaceType = { kind: 'interface', methods: new Set(), isKnown: false };
/** `interface{}`. */
export const EMPTY_INTERFACE: InterfaceType = {
  kind: 'interface',
  methods: new Set(),
  isKnown: true,
};
export const ERROR: InterfaceType = {
  kind: 'interface',
  methods: new Set(['Error']),
  isKnown: true,
};

/** The predeclared types; `byte` and `rune` are their numbers. */
export const PREDECLARED: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['bool', BOOL],
  ['string', STRING],
  ['int', INT],
  ['int8', basic('int8', 'int', 8)],
  ['int16', basic('int16', 'int', 16)],
  ['int32', INT32],
  ['rune', INT32],
  ['int64', INT64],
  ['uint', basic('uint', 'uint', 64)],
  ['uint8', UINT8],
  ['byte', UINT8],
  ['uint16', basic('uint16', 'uint', 16)],
  ['uint32', UINT32],
  ['uint64', UINT64],
  ['uintptr', basic('uintptr', 'uint', 64)],
  ['float32', basic('float32', 'float', 32)],
  ['float64', FLOAT64],
  ['complex64', OTHER],
  ['complex128', OTHER],
  ['error', ERROR],
  ['any', EMPTY_INTERFACE],
  ['comparable', EMPTY_INTERFACE],
]);

export const BYTES: SliceType = { kind: 'slice', element: UINT8 };
export const STRINGS: SliceType = { kind: 'slice', element: STRING };

const DEEPEST = 20;

/** The type below all names. */
export function under(type: Type): Exclude<Type, NamedType> {
  let at = type;
  for (let i = 0; at.kind === 'named' && i < DEEPEST; i++) at = at.under();
  return at.kind === 'named' ? ANY : at;
}

/** Whether what a type is depends on what a type parameter stands for. */
export function holdsParameter(type: Type, depth = 0): boolean {
  if (depth > DEEPEST || type === PARAMETER) return true;
  if (type.kind === 'map')
    return holdsParameter(type.key, depth + 1) || holdsParameter(type.element, depth + 1);
  return 'element' in type && holdsParameter(type.element, depth + 1);
}

/** A struct type of these fields. */
export function structOf(fields: readonly FieldType[]): StructType {
  return { kind: 'struct', fields, places: new Map(fields.map(({ name }, i) => [name, i])) };
}

/** The type that a constant has where nothing else says one. */
export function defaultType(type: Type): Type {
  if (type.kind !== 'basic' || !type.isUntyped) return type;
  if (type === UNTYPED_RUNE) return INT32;
  if (type.class === 'int') return INT;
  if (type.class === 'float') return FLOAT64;
  if (type.class === 'string') return STRING;
  return type.class === 'bool' ? BOOL : type;
}

const NILABLE = new Set(['slice', 'map', 'pointer', 'func', 'chan']);

/** True for types, interfaces apart, that nil is a value of. */
export function isNilable(type: Type): boolean {
  return NILABLE.has(under(type).kind);
}

/** True for `[]byte` and types made of it. */
export function isBytes(type: Type): boolean {
  const below = under(type);
  return below.kind === 'slice' && under(below.element) === UINT8;
}

/** Type identity (the Go specification, Type identity); types nested deeper than anyone writes differ. */
export function isSame(a: Type, b: Type, depth = 0): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || depth > DEEPEST) return false;
  const part = (x: Type, y: Type) => isSame(x, y, depth + 1);
  const parts = (x: readonly Type[], y: readonly Type[]) =>
    x.length === y.length && x.every((one, i) => part(one, y[i] ?? ANY));
  switch (a.kind) {
    case 'slice':
    case 'pointer':
    case 'chan':
      return part(a.element, (b as typeof a).element);
    case 'array':
      return a.length === (b as ArrayType).length && part(a.element, (b as ArrayType).element);
    case 'map':
      return part(a.key, (b as MapType).key) && part(a.element, (b as MapType).element);
    case 'func': {
      const other = b as FuncType;
      return (
        a.isVariadic === other.isVariadic &&
        parts(a.parameters, other.parameters) &&
        parts(a.results, other.results)
      );
    }
    case 'struct': {
      const other = b as StructType;
      return (
        a.fields.length === other.fields.length &&
        a.fields.every((field, i) => {
          const same = other.fields[i];
          return (
            same !== undefined &&
            field.name === same.name &&
            field.tag === same.tag &&
            field.isEmbedded === same.isEmbedded &&
            part(field.type, same.type)
          );
        })
      );
    }
    case 'named':
      return a.path === (b as NamedType).path && a.name === (b as NamedType).name && a.path === '';
    default:
      return false;
  }
}

/** A type as Go's `%T` and error texts write it. */
export function nameOf(type: Type, depth = 0): string {
  if (depth > DEEPEST) return '…';
  const part = (one: Type) => nameOf(one, depth + 1);
  switch (type.kind) {
    case 'basic':
      return type.name;
    case 'slice':
      return `[]${part(type.element)}`;
    case 'array':
      return `[${type.length}]${part(type.element)}`;
    case 'map':
      return `map[${part(type.key)}]${part(type.element)}`;
    case 'pointer':
      return `*${part(type.element)}`;
    case 'named':
      return `${type.path.slice(type.path.lastIndexOf('/') + 1)}.${type.name}`;
    default:
      return type.kind;
  }
}
