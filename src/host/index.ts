/**
 * The only room that touches the machine: disk, network and clock behind the interfaces of `#base`.
 *
 * @module
 */

export { createClock, createFixedClock } from './clock.ts';
export { createDisk } from './disk.ts';
export { createJail, packageFolders } from './jail.ts';
export { createNetwork } from './network.ts';
