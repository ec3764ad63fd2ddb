import { groupBy } from '#base';

/** A node with the number of those that have to come first, and those that wait for it. */
export interface Waiting {
  needs: number;
  readonly waiters: number[];
}

/** Says that one node comes before another. */
export function link(nodes: readonly Waiting[], first: number, later: number): void {
  (nodes[later] as Waiting).needs++;
  (nodes[first] as Waiting).waiters.push(later);
}

/**
 * Each time the first node in line that waits for nothing; `isFree` ones do not stand in line. Where all
 * wait for each other, which no compiler accepts, the first in line goes.
 */
export function inOrder(
  nodes: readonly Waiting[],
  isFree: (i: number) => boolean,
): readonly number[] {
  const order: number[] = [];
  const isDone = new Uint8Array(nodes.length);
  const free: number[] = [];
  const ready = createHeap();
  let next = 0;
  const arrive = (i: number) => void (isFree(i) ? free.push(i) : ready.push(i));
  nodes.forEach(({ needs }, i) => {
    if (needs === 0) arrive(i);
  });
  while (order.length < nodes.length) {
    let at = free.pop() ?? ready.pop();
    if (at === undefined) {
      while (isDone[next] === 1) next++;
      at = next;
    }
    if (isDone[at] === 1) continue;
    isDone[at] = 1;
    order.push(at);
    for (const waiter of (nodes[at] as Waiting).waiters)
      if (--(nodes[waiter] as Waiting).needs === 0) arrive(waiter);
  }
  return order;
}

/** The least number first. */
function createHeap() {
  const heap: number[] = [];
  const at = (i: number) => heap[i] as number;
  function swap(i: number, j: number): void {
    [heap[i], heap[j]] = [at(j), at(i)];
  }
  function sink(start: number): void {
    for (let i = start; ; ) {
      const left = 2 * i + 1;
      if (left >= heap.length) return;
      const least = left + 1 < heap.length && at(left + 1) < at(left) ? left + 1 : left;
      if (at(i) <= at(least)) return;
      swap(i, least);
      i = least;
    }
  }
  return {
    push(value: number): void {
      heap.push(value);
      for (let i = heap.length - 1; i > 0; ) {
        const parent = Math.floor((i - 1) / 2);
        if (at(parent) <= at(i)) return;
        swap(i, parent);
        i = parent;
      }
    },
    pop(): number | undefined {
      const [first] = heap;
      const last = heap.pop();
      if (heap.length > 0) {
        heap[0] = last as number;
        sink(0);
      }
      return first;
    },
  };
}

/**
 * The groups of nodes that reach each other, numbered so that what a node leads to has no higher number
 * than its own (Tarjan, without recursion: functions call each other in chains of any length).
 */
function groupsOf(targets: readonly (readonly number[])[]): readonly number[] {
  const group = new Array<number>(targets.length).fill(-1);
  const seen = new Int32Array(targets.length).fill(-1);
  const low = new Int32Array(targets.length);
  const edge = new Int32Array(targets.length);
  const open: number[] = [];
  let [clock, groups] = [0, 0];
  const enter = (path: number[], node: number) => {
    seen[node] = clock;
    low[node] = clock++;
    open.push(node);
    path.push(node);
  };
  const least = (node: number, value: number) => {
    if (value < (low[node] as number)) low[node] = value;
  };

  function leave(node: number): void {
    if (low[node] !== seen[node]) return;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      group[member] = groups;
      if (member === node) break;
    }
    groups++;
  }

  /** Goes on from a node of a path. */
  function step(path: number[], node: number): void {
    const to = targets[node]?.[edge[node] as number];
    edge[node] = (edge[node] as number) + 1;
    if (to === undefined) {
      path.pop();
      leave(node);
      const before = path.at(-1);
      if (before !== undefined) least(before, low[node] as number);
    } else if (seen[to] === -1) enter(path, to);
    else if (group[to] === -1) least(node, seen[to] as number);
  }

  for (let start = 0; start < targets.length; start++) {
    const path: number[] = [];
    if (seen[start] === -1) enter(path, start);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) step(path, node);
  }
  return group;
}

/**
 * The first `inLine` nodes, each after those that it leads to, else as they are. The others, which
 * may lead to each other in circles, do not stand in line.
 */
export function sortGroups(
  targets: readonly (readonly number[])[],
  inLine: number,
): readonly number[] {
  const group = groupsOf(targets);
  const members = groupBy(targets.keys(), (i) => group[i] as number);
  // A group is one node, and the first of its members stands for it.
  const head = (i: number) => members.get(group[i] as number)?.[0] ?? i;
  const waiting: Waiting[] = targets.map(() => ({ needs: 0, waiters: [] }));
  targets.forEach((to, from) => {
    for (const one of to) if (group[one] !== group[from]) link(waiting, head(one), head(from));
  });
  return inOrder(waiting, (i) => i >= inLine)
    .filter((i) => head(i) === i)
    .flatMap((i) => members.get(group[i] as number) ?? [])
    .filter((i) => i < inLine);
}
