/**
 * The only room that touches the machine: disk and clock behind the interfaces of `#base`.
 *
 * @module
 */

export { createClock, createFixedClock } from './clock.ts';
export { createDisk } from './disk.ts';
