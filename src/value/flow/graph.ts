import { copyText } from '#base';

/** What passes along an edge, and what it does to the way that is remembered. */
export const EDGE = {
  /** The value itself. */
  plain: 0,
  /** The value becomes what a field holds. */
  store: 1,
  /** What a field holds becomes the value. */
  load: 2,
  /** The value without one field, which was written anew. */
  keep: 3,
  /** Something that was made of the value: it has no fields of its own. */
  made: 4,
  /** Something that only depends on the value: a comparison, a length. */
  test: 5,
  /** Into a function, from a call. */
  call: 6,
  /** Out of a function, to a call. */
  result: 7,
  /** Into fields that any method may read later. */
  kept: 8,
  /** Into a variable that every function reads. */
  shared: 9,
} as const;

/** Labels that stand for no field. */
export const ANY_FIELD = 0;
export const ELEMENT = 1;
export const KEY = 2;

/** Values of a module, and how they come from each other. Nodes and labels are numbers; -1 is no node. */
export class FlowGraph {
  /** The function that a node stands in, and where. */
  readonly fn: number[] = [];
  readonly start: number[] = [];
  readonly first: number[] = [];
  readonly to: number[] = [];
  readonly next: number[] = [];
  readonly kind: number[] = [];
  readonly data: number[] = [];
  private readonly labels = new Map<string, number>([
    ['*', ANY_FIELD],
    ['[]', ELEMENT],
    ['[k]', KEY],
  ]);

  node(fn: number, start: number): number {
    this.fn.push(fn);
    this.start.push(start);
    this.first.push(-1);
    return this.fn.length - 1;
  }

  edge(from: number, to: number, kind: number = EDGE.plain, data = 0): void {
    if (from < 0 || to < 0 || from === to) return;
    this.to.push(to);
    this.next.push(this.first[from] as number);
    this.kind.push(kind);
    this.data.push(data);
    this.first[from] = this.to.length - 1;
  }

  label(field: string): number {
    const known = this.labels.get(field);
    if (known !== undefined) return known;
    // A part of a text would keep all of it.
    this.labels.set(copyText(field), this.labels.size);
    return this.labels.size - 1;
  }

  get size(): number {
    return this.fn.length + this.to.length;
  }
}
