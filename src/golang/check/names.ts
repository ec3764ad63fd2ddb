import type { Declared } from '../types/model.ts';

interface Entry {
  readonly declared: Declared;
  /** Which scope declares it. */
  readonly mark: number;
}

interface Change {
  readonly name: string;
  readonly before: Entry | undefined;
}

/**
 * The local names that are in scope: one map of what is visible now, and a log that takes it back
 * where a scope ends. A look-up costs the same at any depth of nesting.
 */
export class Names {
  readonly #visible = new Map<string, Entry>();
  readonly #changes: Change[] = [];
  #mark = 0;

  get(name: string): Declared | undefined {
    return this.#visible.get(name)?.declared;
  }

  declare(name: string, declared: Declared): void {
    if (name === '_') return;
    this.#changes.push({ name, before: this.#visible.get(name) });
    this.#visible.set(name, { declared, mark: this.#mark });
  }

  /** True when the innermost scope itself declares the name: `:=` uses such a one again. */
  isInnermost(name: string): boolean {
    return this.#visible.get(name)?.mark === this.#mark;
  }

  /** Opens a scope; the answer closes it. */
  open(): number {
    const before = this.#mark;
    this.#mark = this.#changes.length;
    return before;
  }

  close(before: number): void {
    while (this.#changes.length > this.#mark) {
      const change = this.#changes.pop();
      if (change?.before === undefined) this.#visible.delete(change?.name ?? '');
      else this.#visible.set(change.name, change.before);
    }
    this.#mark = before;
  }
}
