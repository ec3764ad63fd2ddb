import { OutOfBudget, TooLarge } from './errors.ts';

/** What following code may cost. */
export interface Limits {
  /** Calls, statements and turns of loops in one function that nothing calls. */
  readonly steps: number;
  /** Elements and bytes that are made. */
  readonly memory: number;
  /** Calls inside calls. */
  readonly depth: number;
  /** Of the steps, those under conditions that are not known; beyond, calls and loops are skimmed. */
  readonly loose: number;
}

/** The part of a budget with which the rest of the code is skimmed. */
const RESERVE = 0.25;

/** What a run has cost so far, and whether that was too much. */
export abstract class Meter {
  /** True where what runs depends on nothing but itself. */
  isClosed = true;
  budget = 0;
  steps = 0;
  loose = 0;
  memory = 0;
  /** Operations so far with operands that are known, and with others. */
  exact = 0;
  vague = 0;
  /** True once something was left that could have been followed with a larger budget. */
  wasCut = false;
  readonly limits: Limits;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** How many things are not known that decide whether what runs now runs at all. */
  abstract get doubt(): number;

  protected fill(share: number, memory: number): void {
    this.isClosed = share === 1;
    this.budget = this.limits.steps * share;
    this.steps = this.budget;
    this.memory = memory;
    this.loose = this.limits.loose;
    this.wasCut = false;
    this.exact = 0;
    this.vague = 0;
  }

  /** Takes steps off the budget. */
  step(cost = 1): void {
    this.steps -= cost;
    if (this.doubt > 0) this.loose -= cost;
    if (this.steps < 0) throw new OutOfBudget('it takes more steps than are followed');
  }

  /** Takes steps off the budget where nothing can end in the middle. */
  work(cost: number): void {
    this.steps -= cost;
    if (this.doubt > 0) this.loose -= cost;
  }

  /** True when what is left of the budget has to do for the rest of the code, without loops and calls. */
  get isTired(): boolean {
    return this.steps < this.budget * RESERVE;
  }

  /** Something that is known was not followed to its end, where it is sure to run. */
  cut(): void {
    this.wasCut ||= this.doubt === 0;
  }

  /** Something that is known was not followed to its end, whether it runs or not. */
  lose(): void {
    this.wasCut = true;
  }

  /** Takes room off the budget; false where there is none: what needs it is not known. */
  hasRoom(cost: number): boolean {
    if (cost <= this.memory) {
      this.memory -= cost;
      return true;
    }
    if (this.isClosed) this.cut();
    return false;
  }

  /** The same for the library: throws {@link TooLarge}. */
  allocate(cost: number): void {
    if (!this.hasRoom(cost)) throw new TooLarge('it makes larger values than are followed');
  }
}
