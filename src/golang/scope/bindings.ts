/** What a local name stands for: a hint of its type, or nothing known. */
export type TypeHint = string;

interface Change {
  readonly name: string;
  readonly before: TypeHint | undefined;
}

interface Pending {
  readonly at: number;
  readonly depth: number;
  readonly name: string;
  readonly hint: TypeHint;
}

/**
 * The local names that are in scope while a tree is walked in preorder.
 *
 * One map of what is visible now, and a log that takes it back where a scope ends: a look-up costs
 * the same at any depth of nesting.
 */
export interface Bindings {
  /** Opens a scope that ends before node `end`. */
  open(end: number): void;
  /** Moves on to node `at`: ends scopes, and lets names begin that were declared to begin here. */
  advance(at: number): void;
  /** Declares a name now. */
  declare(name: string, hint: TypeHint): void;
  /** Declares a name from node `at` on: Go's scopes begin behind the declaring statement. */
  declareAt(at: number, name: string, hint: TypeHint): void;
  /** The hint of a local name; undefined when no local has the name. */
  find(name: string): TypeHint | undefined;
}

/** No names, no scopes. */
export function createBindings(): Bindings {
  const visible = new Map<string, TypeHint>();
  const changes: Change[] = [];
  const scopes: { readonly end: number; readonly mark: number }[] = [];
  const pending: Pending[] = [];

  function declare(name: string, hint: TypeHint): void {
    if (scopes.length === 0) return;
    changes.push({ name, before: visible.get(name) });
    visible.set(name, hint);
  }

  function close(mark: number): void {
    for (let change = changes.length > mark ? changes.pop() : undefined; change !== undefined; ) {
      if (change.before === undefined) visible.delete(change.name);
      else visible.set(change.name, change.before);
      change = changes.length > mark ? changes.pop() : undefined;
    }
  }

  return {
    declare,
    open: (end) => void scopes.push({ end, mark: changes.length }),
    advance(at) {
      for (;;) {
        const next = pending.at(-1);
        const scope = scopes.at(-1);
        if (next !== undefined && next.at <= at && next.depth >= scopes.length) {
          pending.pop();
          declare(next.name, next.hint);
        } else if (scope !== undefined && scope.end <= at) {
          scopes.pop();
          close(scope.mark);
        } else return;
      }
    },
    declareAt: (at, name, hint) => void pending.push({ at, depth: scopes.length, name, hint }),
    find: (name) => visible.get(name),
  };
}
