import type { Field, Func, Named, Slot, Type } from '../types/model.ts';
import { substituteFunc } from '../types/substitute.ts';
import { ERROR, isInterface, pointedTo, typeId, underlyingOf } from '../types/types.ts';
import type { Checker, Member } from './checker.ts';
import { methodsOf } from './interface-methods.ts';
import { argumentsOf } from './named.ts';

/** Levels of embedding that are followed, and types on one level: more is a gap. */
const DEEPEST = 64;
const WIDEST = 64;

interface Candidate {
  readonly type: Type | undefined;
  /** The embedded field, and the struct that has it. */
  readonly through: readonly [Type, Field] | undefined;
}

/** The field or method that `x.name` means for an `x` of a type: breadth first through embedding. */
export function findMember(c: Checker, type: Type | undefined, name: string): Member | undefined {
  const base = pointedTo(type);
  if (base === undefined) return undefined;
  let known = c.memo.members.get(base);
  if (known === undefined) {
    known = new Map();
    c.memo.members.set(base, known);
  }
  if (known.has(name)) return known.get(name);
  const found = search(c, base, name);
  known.set(name, found);
  return found;
}

function search(c: Checker, base: Type, name: string): Member | undefined {
  let level: readonly Candidate[] = [{ type: base, through: undefined }];
  let sometimes: Member | undefined;
  // A struct that embeds itself in every way would have no end.
  const seen = new Set<Type>();
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    if (depth > 0 && !c.flow.spend(level.length)) return sometimes;
    const found = findIn(c, level, [name, depth > 0]);
    if (found !== undefined && (sometimes !== undefined || !isSometimes(found)))
      return both(sometimes, found);
    sometimes ??= found;
    const next = level.flatMap(({ type }) => embeddedIn(type, seen));
    if (next.length > WIDEST) c.memo.cuts.add('structs');
    level = next.slice(0, WIDEST);
  }
  if (level.length > 0) c.memo.cuts.add('structs');
  return sometimes;
}

function findIn(
  c: Checker,
  level: readonly Candidate[],
  [name, isPromoted]: readonly [string, boolean],
): Member | undefined {
  for (const { type, through } of level) {
    const found = type && memberOf(c, type, { name, through, isPromoted });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** True for methods that only some builds have: in others, what is embedded may have one. */
function isSometimes(member: Member): boolean {
  return member.kind === 'method' && member.fns.every(({ condition }) => condition.text !== null);
}

/** Methods of one name, of which each is meant in other builds. */
function both(one: Member | undefined, other: Member): Member {
  if (one?.kind !== 'method' || other.kind !== 'method') return one ?? other;
  return { ...one, fns: [...one.fns, ...other.fns] };
}

/** What a struct embeds, where it was not met before. */
function embeddedIn(type: Type | undefined, seen: Set<Type>): readonly Candidate[] {
  const under = underlyingOf(type);
  if (type === undefined || under?.kind !== 'struct' || seen.has(type)) return [];
  seen.add(type);
  under.embedded ??= [...under.fields.values()]
    .filter(({ isEmbedded }) => isEmbedded)
    .slice(0, WIDEST + 1);
  return under.embedded.map((field) => ({ type: pointedTo(field.type), through: [type, field] }));
}

interface Wanted {
  readonly name: string;
  readonly through: Candidate['through'];
  readonly isPromoted: boolean;
}

function memberOf(c: Checker, type: Type, wanted: Wanted): Member | undefined {
  const { name, through, isPromoted } = wanted;
  if (type.kind === 'named') {
    const own = methodOf(type, name);
    if (own !== undefined)
      return { kind: 'method', ...own, through: throughSlot(c, through), isPromoted };
  }
  if (isInterface(type)) {
    const found = methodsOf(c, type)?.get(name);
    return found && { kind: 'interface', ...found, through: throughSlot(c, through), isPromoted };
  }
  if (type.kind === 'named' && type.home === 'foreign') {
    return { kind: 'foreign', path: type.path, name: `${type.name}.${name}` };
  }
  const field = fieldOf(type, name);
  if (field !== undefined)
    return { kind: 'field', type: field.type, slot: fieldSlot(c, type, field) };
  if (type.kind !== 'named') return undefined;
  const signature = type.standardMethod(name);
  return signature && { kind: 'standard', owner: type, name, signature };
}

function throughSlot(c: Checker, through: Candidate['through']): Slot | undefined {
  return through && fieldSlot(c, through[0], through[1]);
}

function methodOf(type: Named, name: string) {
  const fns = type.methods.get(name);
  const [first] = fns ?? [];
  if (fns === undefined || first === undefined) return undefined;
  return { fns, signature: substituteFunc(first.signature, argumentsOf(type)) };
}

function fieldOf(type: Type, name: string): Field | undefined {
  const under = underlyingOf(type);
  return under?.kind === 'struct' ? under.fields.get(name) : undefined;
}

/**
 * The slot of a field; undefined where what is in it decides nothing. Fields of the standard library's
 * types may hold what it made itself.
 */
export function fieldSlot(c: Checker, type: Type, field: Field): Slot | undefined {
  if (field.slot === undefined) {
    field.slot = c.flow.place(field.type);
    if (field.type === ERROR || field.slot === undefined) return field.slot;
    // What nobody puts in has the type that the parameter stands for.
    if (field.type?.kind === 'parameter') c.flow.edge(c.flow.element(field.type), field.slot);
    if (type.kind === 'named' && type.home === 'standard') {
      c.flow.add(field.slot, { origin: type.path });
      c.memo.ofLibrary.add(field.slot);
    }
  }
  return field.slot;
}

/** True when two types are surely not the same. Nameless structs are not compared. */
function differ(a: Type | undefined, b: Type | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return false;
  if (a.kind === 'parameter' || b.kind === 'parameter') return false;
  return a.kind !== b.kind || (a.kind !== 'struct' && typeId(a) !== typeId(b));
}

function isLike(a: Func, b: Func): boolean {
  if (a.parameters.length !== b.parameters.length || a.results.length !== b.results.length)
    return false;
  return (
    !a.parameters.some((type, i) => differ(type, b.parameters[i])) &&
    !a.results.some((type, i) => differ(type, b.results[i]))
  );
}

/** True when a type has every method that an interface asks for. */
export function implementsAll(
  c: Checker,
  type: Type,
  [wanted, names]: readonly [Type | undefined, readonly string[]],
): boolean {
  return names.every((name) => {
    if (!c.flow.spend()) return false;
    const member = findMember(c, type, name);
    if (member === undefined || member.kind === 'field') return false;
    const asked = methodsOf(c, wanted)?.get(name);
    return member.kind === 'foreign' || !asked || isLike(member.signature, asked.signature);
  });
}
