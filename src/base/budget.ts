/** An amount of work that may be done: bytes, nodes, entries. Never time, so that runs repeat. */
export interface Budget {
  /** Takes `amount`; false, and nothing taken, when that much is not left. */
  spend(amount: number): boolean;
  /** What is left. */
  remaining(): number;
}

/** A budget of `limit` units. */
export function createBudget(limit: number): Budget {
  let left = limit;
  return {
    spend(amount) {
      if (amount > left) return false;
      left -= amount;
      return true;
    },
    remaining: () => left,
  };
}
