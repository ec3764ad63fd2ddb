import { encodeCanonicalJson, sha256Hex } from '#base';
import type { Rule } from './rule.ts';
import { archiveReadDifferently } from './rules/archive-read-differently.ts';
import { archiveRefused } from './rules/archive-refused.ts';
import { buildTimeCommand } from './rules/build-time-command.ts';
import { checksumDatabaseFork } from './rules/checksum-database-fork.ts';
import { checksumDatabaseMismatch } from './rules/checksum-database-mismatch.ts';
import { checksumDatabaseUnproven } from './rules/checksum-database-unproven.ts';
import { codeOutOfSight } from './rules/code-out-of-sight.ts';
import { decoyRead } from './rules/decoy-read.ts';
import { disguisedFile } from './rules/disguised-file.ts';
import { execOnImport } from './rules/exec-on-import.ts';
import { fileWrittenAndExecuted } from './rules/file-written-and-executed.ts';
import { goSumMismatch } from './rules/go-sum-mismatch.ts';
import { hiddenAddress } from './rules/hidden-address.ts';
import { hiddenCharacters } from './rules/hidden-characters.ts';
import { hiddenCommand } from './rules/hidden-command.ts';
import { knownMalicious } from './rules/known-malicious.ts';
import { networkOnImport } from './rules/network-on-import.ts';
import { noSubject } from './rules/no-subject.ts';
import { secretsSentOut } from './rules/secrets-sent-out.ts';
import { subjectMismatch } from './rules/subject-mismatch.ts';
import { systemCallOnImport } from './rules/system-call-on-import.ts';
import { travellingValue } from './rules/travelling-value.ts';

/** Counts changes of what the rules judge; their texts are in the digest by themselves. */
const REVISION = 3;

/** Every rule, in the order of their names. */
export const RULES: readonly Rule[] = [
  archiveReadDifferently,
  archiveRefused,
  buildTimeCommand,
  checksumDatabaseFork,
  checksumDatabaseMismatch,
  checksumDatabaseUnproven,
  codeOutOfSight,
  decoyRead,
  disguisedFile,
  execOnImport,
  fileWrittenAndExecuted,
  goSumMismatch,
  hiddenAddress,
  hiddenCharacters,
  hiddenCommand,
  knownMalicious,
  networkOnImport,
  noSubject,
  secretsSentOut,
  subjectMismatch,
  systemCallOnImport,
  travellingValue,
];

/** Identifies the rules of this release. */
export function rulesDigest(): string {
  const rules = RULES.map(({ check: _, ...described }) => described);
  return sha256Hex(encodeCanonicalJson({ revision: REVISION, rules }));
}
