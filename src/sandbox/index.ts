/**
 * A filesystem in memory for a suspect; knows nothing of Go and nothing of the host's disk.
 *
 * The order of the wrappers is the security: `audited` decides and records and is outermost,
 * `limited` counts, `createOverlay` keeps writes away from the read-only layers below it.
 *
 * ```ts
 * const module = createLayer('module');
 * putFile(module, '/module/a.go', bytes);
 * const files = audited(createOverlay([module], limits), policy, record);
 * files.readFile('/module/a.go'); // recorded, with a stack hash
 * ```
 *
 * @module
 */

export { type Access, createPolicy, type Decision, type PathRule, type Policy } from './access.ts';
export { type AuditLog, type AuditRecord, createAuditLog } from './audit-log.ts';
export { audited } from './audited.ts';
export {
  type Filesystem,
  type ListedName,
  SandboxError,
  type SandboxErrorCode,
} from './filesystem.ts';
export { limited } from './limited.ts';
export { createLayer, isStorablePath, type Layer, putFile } from './overlay/layer.ts';
export { createOverlay } from './overlay/overlay.ts';
export { type LoadedProfile, type Profile, parseProfile } from './profile.ts';
