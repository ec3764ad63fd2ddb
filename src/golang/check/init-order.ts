import { compareUtf8 } from '#base';
import type { Fn, VariableDeclared } from '../types/model.ts';
import type { Mentioned, Mentions, PackageScope } from './checker.ts';
import { inOrder, link, sortGroups, type Waiting } from './sort-groups.ts';

/** Notes that code mentions a function or a variable. */
export function mention(mentions: Mentions, from: Fn, to: Mentioned): void {
  const known = mentions.get(from.top);
  if (known === undefined) mentions.set(from.top, new Set([to]));
  else known.add(to);
}

/**
 * The initialisers of one package in the order in which Go runs them (the Go specification, Package
 * initialization): variables by what they depend on, also through functions, else as they are declared;
 * then the init functions. As in the compiler, the variables of `a, b = f()` stand in line one by one.
 */
export function orderInitialisers(
  variables: readonly VariableDeclared[],
  inits: readonly Fn[],
  mentions: Mentions,
): readonly Fn[] {
  const home = variables[0]?.fns?.[0]?.package;
  const nodes: Mentioned[] = [...variables];
  const numberOf = new Map(nodes.map((node, i) => [node, i] as const));
  const targets: number[][] = [];
  for (const node of nodes) {
    const from = isVariable(node) ? (node.fns ?? []) : node;
    const to = new Set(from.flatMap((fn) => [...(mentions.get(fn) ?? [])]));
    for (const one of to) {
      if (isVariable(one) || numberOf.has(one) || one[0]?.package !== home) continue;
      numberOf.set(one, nodes.push(one) - 1);
    }
    targets.push([...to].flatMap((one) => numberOf.get(one) ?? []));
  }
  const order = sortGroups(targets, variables.length).map((i) => variables[i]);
  return [...new Set(order.flatMap((variable) => variable?.fns ?? [])), ...inits];
}

function isVariable(node: Mentioned): node is VariableDeclared {
  return 'kind' in node;
}

/**
 * The packages of a module in the order in which a program that imports them all initialises them: by
 * import path, each after what it imports.
 */
export function orderPackages(
  homes: readonly PackageScope[],
  packages: ReadonlyMap<string, PackageScope>,
): readonly PackageScope[] {
  const sorted = homes.toSorted(
    (a, b) =>
      compareUtf8(a.package.path, b.package.path) || compareUtf8(a.package.name, b.package.name),
  );
  const numberOf = new Map(sorted.map((home, i) => [home, i] as const));
  const waiting: Waiting[] = sorted.map(() => ({ needs: 0, waiters: [] }));
  sorted.forEach((home, i) => {
    const imports = new Set(
      home.files
        .filter(({ file }) => !file.isTest)
        .flatMap(({ file }) => file.scan.imports.map(({ path }) => path)),
    );
    for (const path of imports) {
      const imported = packages.get(path);
      const first = imported && numberOf.get(imported);
      if (first !== undefined && first !== i) link(waiting, first, i);
    }
  });
  return inOrder(waiting, () => false).map((i) => sorted[i] as PackageScope);
}
