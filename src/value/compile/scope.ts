import type { Type } from '../run/types.ts';
import type { Value } from '../run/value.ts';

/** What a name inside a function means. */
export type Local =
  | { readonly kind: 'variable'; readonly slot: number }
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'type'; readonly type: Type };

/** A variable of an outer function, and where a literal keeps it. */
export interface Capture {
  readonly outer: number;
  readonly inner: number;
}

/** The names of one function, block by block, and the slots of its variables. */
export class FunctionScope {
  readonly parent: FunctionScope | undefined;
  slots = 0;
  /** Changes whenever a name may mean something else. */
  version = 0;
  readonly captures: Capture[] = [];
  private readonly blocks: Map<string, Local>[] = [new Map()];

  constructor(parent?: FunctionScope) {
    this.parent = parent;
  }

  open(): void {
    this.version++;
    this.blocks.push(new Map());
  }

  close(): void {
    this.version++;
    this.blocks.pop();
  }

  /** A new variable; `_` and no name at all get a slot that nothing finds. */
  variable(name: string): number {
    const slot = this.slots++;
    if (name !== '' && name !== '_') this.declare(name, { kind: 'variable', slot });
    return slot;
  }

  declare(name: string, local: Local): void {
    this.version++;
    this.blocks.at(-1)?.set(name, local);
  }

  /** The slot of a variable of the innermost block. */
  inBlock(name: string): number | undefined {
    const found = this.blocks.at(-1)?.get(name);
    return found?.kind === 'variable' ? found.slot : undefined;
  }

  lookup(name: string): Local | undefined {
    for (let i = this.blocks.length - 1; i >= 0; i--) {
      const found = this.blocks[i]?.get(name);
      if (found !== undefined) return found;
    }
    const outer = this.parent?.lookup(name);
    if (outer?.kind !== 'variable') return outer;
    const inner = this.slots++;
    this.captures.push({ outer: outer.slot, inner });
    const captured: Local = { kind: 'variable', slot: inner };
    this.blocks[0]?.set(name, captured);
    return captured;
  }
}
