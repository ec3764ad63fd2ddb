/**
 * A filesystem in memory for a suspect; knows nothing of Go and nothing of the host's disk.
 *
 * The order of the wrappers is the security: `audited` decides and records and is outermost and the
 * only way in; `createOverlay` keeps writes, and what they may cost, in a layer of their own above the
 * read-only ones.
 *
 * ```ts
 * const module = createLayer('module');
 * putFile(module, '/module/a.go', bytes);
 * const files = audited(createOverlay([createRoot(), module], limits), policy, record);
 * files.readFile('/module/a.go'); // recorded, with a stack hash
 * ```
 *
 * @module
 */

export {
  type Access,
  createPolicy,
  type Decision,
  globToPattern,
  type Operation,
  type PathRule,
  type Policy,
} from './access.ts';
export { type AuditLog, type AuditRecord, createAuditLog, type DecoyRead } from './audit-log.ts';
export { audited } from './audited.ts';
export { DECOY_KINDS, type Decoy, type DecoyKind, plantDecoys } from './decoy.ts';
export {
  type Change,
  type DirectoryEntry,
  type FileStatus,
  type Filesystem,
  type ListedName,
  type OpenFlags,
  type Place,
  SandboxError,
  type SandboxErrorCode,
} from './filesystem.ts';
export {
  createLayer,
  isStorablePath,
  type Layer,
  loadStored,
  type PathLimits,
  putDirectory,
  putFile,
  putLink,
} from './overlay/layer.ts';
export { createOverlay, type Located, type Overlay } from './overlay/overlay.ts';
export {
  formatFault,
  type LoadedProfile,
  type ProfileContext,
  type ProfileReading,
  parseProfile,
  readProfile,
} from './profile.ts';
export type { Profile } from './profile-schema.ts';
export { createRoot } from './root.ts';
