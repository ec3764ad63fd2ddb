import { GoPanic, OutOfBudget } from './errors.ts';
import { Meter } from './meter.ts';
import { ESCAPED, type Key, type Store, Table } from './stores.ts';
import { UNKNOWN, type Value } from './value.ts';
import {
  addAll,
  blurred,
  CONTINUE,
  type Ending,
  type Exit,
  isAlike,
  note,
  now,
  ON,
  RETURN,
  valueIn,
  type Writes,
  withoutValues,
} from './writes.ts';

const MOST_EXITS = 8;
const MOST_ROUNDS = 8;

/**
 * The state of a run. Where a condition is not known both ways are followed, one after the other from the
 * same state: what was written is put back from the trail, and what differs afterwards is not known.
 */
export class Machine extends Meter {
  depth = 0;
  /** Forks so far: stores that were made since the newest one need not be put back. */
  epoch = 0;
  /** Calls so far of code that is not followed. */
  opaque = 0;
  /** Calls so far of functions of the module that were not followed. */
  unfollowed = 0;
  /** The loop or switch, and the loop, that a break and a continue without a label are about. */
  private target = 0;
  private loop = 0;
  private targets = 0;
  /** The label of the last break or continue; results of the last return. */
  label = '';
  results: readonly Value[] | undefined;
  /** Functions on the stack that may recover from a panic. */
  recovering = 0;
  exits: Exit[] = [];
  /** How many conditions that are not known surround what runs now. */
  forks = 0;
  /** Stores that all functions share and one of them writes: at what time, nobody knows. */
  readonly spoiled = new Set<Store>();
  /** Shared stores of which something was known in this run. */
  readonly seen = new Set<Store>();
  private readonly trail: (Store | Key | Value | undefined)[] = [];

  /** How many things are not known that decide whether what runs now runs at all. */
  override get doubt(): number {
    return this.forks + this.exits.length;
  }

  /** Starts a run with a part of the budget. */
  start(share = 1, memory = this.limits.memory): void {
    this.fill(share, memory);
    this.depth = 0;
    this.exits = [];
    this.forks = 0;
    this.recovering = 0;
    this.seen.clear();
    this.epoch++;
  }

  get(store: Store, key: Key): Value | undefined {
    if (store.isEscaped) return UNKNOWN;
    if (store.isShared) {
      if (this.spoiled.has(store)) return UNKNOWN;
      this.seen.add(store);
    }
    return store.read(key);
  }

  put(store: Store, key: Key, value: Value | undefined): void {
    // Of a map, an entry that is not known may as well not be there.
    if (value === UNKNOWN && store instanceof Table) {
      this.escape(store);
      return;
    }
    if (store.isShared) this.spoiled.add(store);
    if (store.born < this.epoch)
      this.trail.push(store, key, key === ESCAPED ? undefined : store.read(key));
    store.write(key, value);
  }

  /** Nothing in a store is known from here on. */
  escape(store: Store): void {
    if (store.isShared) this.spoiled.add(store);
    if (store.isEscaped) return;
    if (store.born < this.epoch) this.trail.push(store, ESCAPED, undefined);
    store.isEscaped = true;
  }

  /** The place on the trail to come back to. */
  mark(): number {
    this.epoch++;
    return this.trail.length;
  }

  private putBack(at: number): void {
    const store = this.trail[at] as Store;
    const key = this.trail[at + 1] as Key;
    if (key === ESCAPED) store.isEscaped = false;
    else store.write(key, this.trail[at + 2] as Value | undefined);
  }

  /** Undoes all that was written since a mark. */
  undo(mark: number): void {
    for (let at = this.trail.length - 3; at >= mark; at -= 3) this.putBack(at);
    this.trail.length = mark;
  }

  /** What the places that were written since held when the trail was so long. */
  private heldAt(mark: number): Writes {
    this.work((this.trail.length - mark) >> 4);
    const held: Writes = new Map();
    for (let at = this.trail.length - 3; at >= mark; at -= 3)
      note(held, this.trail[at] as Store, this.trail[at + 1] as Key, this.trail[at + 2] as Value);
    return held;
  }

  /** What the places written since `from` held when the trail was `to` long. */
  private stateAt(from: number, to: number): Writes {
    const later = this.heldAt(to);
    const state: Writes = new Map();
    for (let at = from; at < to; at += 3) {
      const store = this.trail[at] as Store;
      const key = this.trail[at + 1] as Key;
      const known = later.get(store);
      note(state, store, key, known?.has(key) === true ? known.get(key) : now(store, key));
    }
    return state;
  }

  /** What was written since a mark, which is undone; exits on the way are counted from the mark. */
  private take(mark: number): Writes {
    for (const exit of this.exits) {
      if (exit.mark <= mark) continue;
      const before = this.stateAt(mark, exit.mark);
      for (const [store, cells] of exit.writes)
        for (const [key, value] of cells) note(before, store, key, value);
      exit.writes = before;
      exit.mark = mark;
    }
    const writes = this.stateAt(mark, this.trail.length);
    this.undo(mark);
    return writes;
  }

  /** Follows several ways from one state; ON when at least one of them goes on. */
  fork(ways: readonly (() => Ending)[]): Ending {
    const mark = this.mark();
    const on: Writes[] = [];
    const exits: Exit[] = [];
    for (const way of ways) {
      this.epoch++;
      this.forks++;
      const ending = this.follow(way);
      this.forks--;
      const writes = this.take(mark);
      if (ending === ON) on.push(writes);
      else if (ending !== undefined) exits.push(this.exitOf(ending, [writes, mark]));
      // Whoever recovers sees what was written before the panic.
      else if (this.recovering > 0) on.push(blurred(writes));
    }
    const [first, ...others] = on;
    // Where no way goes on, one of those that end is the way.
    const last = first === undefined ? exits.pop() : undefined;
    for (const exit of exits) this.leave(exit);
    if (first !== undefined) this.join(first, others);
    return first !== undefined ? ON : this.end(last);
  }

  private follow(way: () => Ending): Ending | undefined {
    try {
      return way();
    } catch (error) {
      if (error instanceof GoPanic) return undefined;
      throw error;
    }
  }

  private exitOf(ending: Ending, [writes, mark]: readonly [Writes, number]): Exit {
    const { label, results, depth } = this;
    const target = ending === CONTINUE ? this.loop : this.target;
    // A label is one in its function, a return has nothing else to go to.
    const goal = ending === RETURN ? '' : label || target;
    return { ending, label, results, writes, mark, goal: `${ending} ${depth} ${goal}` };
  }

  private leave(exit: Exit): void {
    const same = this.exits.findLastIndex(({ goal }) => goal === exit.goal);
    const before = this.exits[same];
    if (this.exits.length < MOST_EXITS || before === undefined) this.exits.push(exit);
    else this.exits[same] = this.merged(before, exit);
  }

  /** Two ways to one place as one, of which nothing that they wrote is known. */
  private merged(before: Exit, exit: Exit): Exit {
    const [first, last] = before.mark <= exit.mark ? [before, exit] : [exit, before];
    const writes = this.stateAt(first.mark, last.mark);
    for (const one of [before, exit])
      for (const [store, cells] of one.writes)
        for (const key of cells.keys()) note(writes, store, key);
    const results = exit.results?.map(() => UNKNOWN);
    return { ...exit, mark: first.mark, writes: blurred(writes), results };
  }

  /** Takes a way that ends as the one that is followed. */
  private end(exit: Exit | undefined): Ending {
    if (exit === undefined) throw new GoPanic('no way goes on');
    for (const [store, cells] of exit.writes)
      for (const [key, value] of cells) this.set(store, key, value);
    this.label = exit.label;
    this.results = exit.results;
    return exit.ending;
  }

  /** Runs a loop or a switch: where a break without a label goes. */
  within<Answer>(isLoop: boolean, run: () => Answer): Answer {
    const { target, loop } = this;
    this.target = ++this.targets;
    if (isLoop) this.loop = this.target;
    try {
      return run();
    } finally {
      this.target = target;
      this.loop = loop;
    }
  }

  private set(store: Store, key: Key, value: Value | undefined): void {
    if (key === ESCAPED) this.escape(store);
    else this.put(store, key, value);
  }

  private join(first: Writes, others: readonly Writes[]): void {
    const all: Writes = new Map();
    for (const writes of [first, ...others])
      for (const [store, cells] of writes) for (const key of cells.keys()) note(all, store, key);
    for (const [store, cells] of all) {
      for (const key of cells.keys()) {
        const values = [first, ...others].map((writes) => valueIn(writes, store, key));
        const [one] = values;
        this.set(store, key, values.every((value) => isAlike(value, one)) ? one : UNKNOWN);
      }
    }
  }

  /** The number of exits, to close a construct with. */
  open(): number {
    return this.exits.length;
  }

  /**
   * Joins the exits that end here: those opened since, of the given endings. `isReached` says whether the
   * way that was followed last comes here, too. Gives the results of each way.
   */
  close(
    opened: number,
    ends: (exit: { readonly ending: Ending; readonly label: string }) => boolean,
    isReached: boolean,
  ): { readonly isReached: boolean; readonly results: readonly (readonly Value[] | undefined)[] } {
    const here = this.exits.slice(opened).filter(ends);
    if (here.length === 0) return { isReached, results: [] };
    this.exits = [
      ...this.exits.slice(0, opened),
      ...this.exits.slice(opened).filter((one) => !ends(one)),
    ];
    let reached = isReached;
    for (const exit of here) {
      if (reached) this.joinExit(exit);
      else this.goTo(exit);
      reached = true;
    }
    return { isReached: true, results: here.map(({ results }) => results) };
  }

  /** What may have been written on another way is not known. */
  private joinExit({ mark, writes }: Exit): void {
    const before = this.heldAt(mark);
    const cells: [Store, Key, Value | undefined][] = [];
    for (const [store, found] of writes)
      for (const [key, value] of found) cells.push([store, key, value]);
    for (const [store, found] of before)
      for (const [key, value] of found)
        if (writes.get(store)?.has(key) !== true) cells.push([store, key, value]);
    for (const [store, key, value] of cells) {
      if (key === ESCAPED) this.escape(store);
      else if (!isAlike(value, store.read(key))) this.put(store, key, UNKNOWN);
    }
  }

  /** The state becomes that of an exit. */
  private goTo({ mark, writes }: Exit): void {
    const before = this.heldAt(mark);
    for (const [store, cells] of writes)
      for (const [key, value] of cells) note(before, store, key, value);
    for (const [store, cells] of before)
      for (const [key, value] of cells) {
        if (key === ESCAPED) this.escape(store);
        else this.put(store, key, value);
      }
  }

  /**
   * Follows code that runs any number of times: what it writes is not known, neither in it nor behind it.
   */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: rounds of one loop, each with its end.
  repeat(body: () => void): void {
    const written: Writes = new Map();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const mark = this.mark();
      const born = this.epoch;
      const opened = this.exits.length;
      this.forks++;
      this.follow(() => {
        body();
        return ON;
      });
      this.forks--;
      const writes = this.take(mark);
      const ways = this.exits.splice(opened);
      for (const exit of ways)
        for (const [store, cells] of exit.writes)
          for (const key of cells.keys()) note(writes, store, key);
      // What the round itself made is made anew in the next.
      for (const store of writes.keys()) if (store.born >= born) writes.delete(store);
      const isNew = addAll(written, writes);
      for (const [store, cells] of written)
        for (const key of cells.keys()) this.set(store, key, UNKNOWN);
      if (!isNew && round > 0) {
        this.exits.push(...ways);
        return;
      }
      // Enough was spent: the ways out of one round have to do, with nothing known behind them.
      if (this.loose < 0) {
        for (const exit of ways) this.exits.push(withoutValues(exit, written));
        return;
      }
    }
    throw new OutOfBudget('what its loops write is not followed to the end');
  }

  /** What was written stays. */
  keep(): void {
    this.trail.length = 0;
  }
}
