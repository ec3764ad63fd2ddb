import * as v from 'valibot';
import { decodeUtf8, decodeYaml, encodeCanonicalJson, sha256Hex } from '#base';
import { SandboxError } from './filesystem.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const severity = v.picklist(['critical', 'high', 'medium', 'low', 'info']);

const schema = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be a short lower-case name')),
  description: v.string(),
  limits: v.strictObject({
    zipBytes: count,
    entries: count,
    inflatedBytes: count,
    pathBytes: count,
    nameBytes: count,
    pathDepth: count,
    sourceBytes: count,
    parserSteps: count,
    nodes: count,
    sandboxBytes: count,
    findingsPerRule: count,
  }),
  paths: v.array(
    v.strictObject({
      match: v.pipe(v.string(), v.startsWith('/')),
      decision: v.picklist(['allow', 'deny']),
    }),
  ),
  verdict: v.strictObject({
    /** Which limits of the method leave a verdict `clean`. */
    acceptedLimits: v.picklist(['all', 'off-import', 'none']),
  }),
  rules: v.record(
    v.string(),
    v.strictObject({
      enabled: v.optional(v.boolean(), true),
      severity: v.optional(severity),
      reason: v.pipe(v.string(), v.minLength(1, 'must say why')),
    }),
  ),
});

/** The rules of one examination. Nothing in a module can change them. */
export type Profile = v.InferOutput<typeof schema>;

/** A profile and the digest under which evidence names it. */
export interface LoadedProfile {
  readonly profile: Profile;
  /** SHA-256, in hex, of the profile as canonical JSON: comments and layout do not count. */
  readonly sha256: string;
}

/**
 * Reads a profile.
 *
 * @throws SandboxError `PROFILE` naming every fault.
 */
export async function parseProfile(bytes: Uint8Array, source: string): Promise<LoadedProfile> {
  const text = decodeUtf8(bytes);
  const reading = text === undefined ? undefined : await decodeYaml(text);
  if (reading === undefined || reading.faults.length > 0) {
    throw refusal(source, reading?.faults ?? ['it is not UTF-8 text']);
  }
  const result = v.safeParse(schema, reading.value);
  if (!result.success) {
    const faults = result.issues.map((issue) => {
      const place = v.getDotPath(issue);
      return place === null ? issue.message : `${place}: ${issue.message}`;
    });
    throw refusal(source, faults);
  }
  return { profile: result.output, sha256: sha256Hex(encodeCanonicalJson(result.output)) };
}

function refusal(source: string, faults: readonly string[]): SandboxError {
  return new SandboxError('PROFILE', `Cannot use the profile ${source}: ${faults.join('; ')}`);
}
