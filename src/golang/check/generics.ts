import type { Fn, Func, Result, Site, Slot, Type, TypeParameter } from '../types/model.ts';
import { coreOf, isCarrier, typeId, underlyingOf } from '../types/types.ts';
import type { Checker } from './checker.ts';
import { addEdge } from './edges.ts';
import { elementOf } from './expressions.ts';
import { joinStructs } from './give.ts';
import { makeHub } from './hubs.ts';

/** Functions that give functions that give functions: deeper than anyone writes them. */
const DEEPEST = 4;

/** Where a call stands, and how deep in functions of functions. */
interface Place {
  readonly site: Site;
  readonly depth: number;
}

/**
 * Joins what places of a type parameter hold with what those of its argument hold, so that what a caller
 * has in its containers is what generic code finds in them. A type that is only named counts as a value.
 */
export function linkParameter(c: Checker, parameter: TypeParameter, type: Type | undefined): void {
  if (type === undefined || type === parameter || !c.flow.spend()) return;
  joinStructs(c, parameter, type);
  const place = c.flow.element(parameter);
  if (isCarrier(type)) {
    c.flow.edge(c.flow.element(type), place);
    c.flow.edge(place, c.flow.element(type));
  } else c.give(place, parameter, { type });
}

/** A call of a function: what containers hold goes in, and what comes out goes into them. */
function feed(c: Checker, fn: Fn, { parameters, results }: Func, at: Place): void {
  parameters.forEach((type, i) => {
    c.give(fn.parameters[i], type, valueFor(c, type, at));
  });
  results.forEach((type, i) => {
    if (isCarrier(type)) c.flow.edge(fn.results[i], c.flow.element(type));
  });
}

/** What the library has of a type: what its containers hold, and functions of its own. */
function valueFor(c: Checker, type: Type | undefined, { site, depth }: Place): Result {
  const value = elementOf(c, type);
  const under = underlyingOf(type);
  if (under?.kind !== 'func' || depth > DEEPEST) return value;
  const at = { site, depth: depth + 1 };
  c.flow.add(value.slot, { fn: libraryFunction(c, [type as Type, under], at) });
  return value;
}

/** A function of the library of a type: it takes from containers, puts into them, and calls what it is given. */
function libraryFunction(c: Checker, [type, signature]: readonly [Type, Func], at: Place): Fn {
  const key = `library ${typeId(type)}`;
  const known = c.memo.hubs.get(key);
  if (known !== undefined) return known;
  const hub = makeHub(c, signature, at.site);
  c.memo.hubs.set(key, hub);
  signature.parameters.forEach((parameter, i) => {
    const under = underlyingOf(parameter);
    if (under?.kind !== 'func') {
      if (isCarrier(parameter)) c.flow.edge(hub.parameters[i], c.flow.element(parameter));
      return;
    }
    c.flow.watch(hub.parameters[i], ({ fn }) => {
      if (fn === undefined) return;
      addEdge(hub, fn, [2, at.site]);
      feed(c, fn, under, at);
    });
  });
  signature.results.forEach((result, i) => {
    c.flow.edge(valueFor(c, result, at).slot, hub.results[i]);
  });
  return hub;
}

/** What a generic function of the library does with functions that it is given and that it gives. */
export function linkLibrary(
  c: Checker,
  { parameters, results }: Func,
  [args, slots]: readonly [readonly Result[], readonly (Slot | undefined)[]],
  site: Site,
): void {
  parameters.forEach((type, i) => {
    const under = coreOf(type);
    if (under?.kind !== 'func') return;
    c.flow.watch(args[i]?.slot, ({ fn }) => {
      if (fn !== undefined) feed(c, fn, under, { site, depth: 0 });
    });
  });
  results.forEach((type, i) => {
    const under = underlyingOf(type);
    if (under?.kind === 'func')
      c.flow.add(slots[i], { fn: libraryFunction(c, [type as Type, under], { site, depth: 0 }) });
  });
}
