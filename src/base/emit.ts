/** Where events go. Always a parameter: two runs in one process never meet. */
export type Emit<Event> = (event: Event) => void;
