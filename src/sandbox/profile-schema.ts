import * as v from 'valibot';
import { JAIL_LEVELS } from '#base';
import { DECOY_KINDS } from './decoy.ts';

/** Names and values, and no list, which JavaScript takes for an object. */
function names<Schema extends v.GenericSchema>(schema: Schema) {
  const isMap = (value: unknown) => typeof value === 'object' && value !== null;
  return v.pipe(
    v.custom<v.InferInput<Schema>>(
      (value) => isMap(value) && !Array.isArray(value),
      'must hold names and values',
    ),
    schema,
  );
}

const count = v.pipe(
  v.number('must be a whole number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(Number.MAX_SAFE_INTEGER, 'is too large'),
);
const severity = v.picklist(['critical', 'high', 'medium', 'low', 'info']);

/** The documents that can be left out of a case. */
export const REPORT_FORMATS = ['markdown', 'cyclonedx'] as const;

/** Limits that count work: what is over them is a gap, the same on any machine. */
const limits = {
  zipBytes: count,
  entries: count,
  inflatedBytes: count,
  ratio: count,
  pathBytes: count,
  nameBytes: count,
  pathDepth: count,
  sourceBytes: count,
  parserSteps: count,
  nodes: count,
  interpreterSteps: count,
  interpreterBytes: count,
  unpackedBytes: count,
  sandboxBytes: count,
  sandboxFiles: count,
  openFiles: count,
  findingsPerRule: count,
};
/** Limits of the machine: whoever is over them is stopped. */
const stops = {
  memoryBytes: v.pipe(count, v.minValue(256 * 1024 * 1024, 'must be at least 268435456')),
  cpuSeconds: count,
  // A timer cannot wait longer.
  wallSeconds: v.pipe(count, v.maxValue(2_000_000, 'must be at most 2000000')),
  logBytes: count,
  evidenceBytes: v.pipe(count, v.minValue(65_536, 'must be at least 65536')),
};

const name = v.pipe(
  v.string('must be text'),
  v.regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be a short name of lower-case letters, digits and -'),
);
const paths = v.array(
  names(
    v.strictObject({
      match: v.pipe(v.string('must be text'), v.startsWith('/', 'must start with /')),
      decision: v.picklist(['allow', 'deny', 'decoy']),
    }),
  ),
  'must be a list',
);
/** Which limits of the method leave a verdict `clean`. */
const verdict = { acceptedLimits: v.picklist(['all', 'off-import', 'none']) };
const rules = names(
  v.record(
    v.string(),
    names(
      v.strictObject({
        enabled: v.optional(v.boolean('must be true or false'), true),
        severity: v.optional(severity),
        reason: v.pipe(v.string('must be text'), v.minLength(1, 'must say why')),
      }),
    ),
  ),
);
const lists = {
  decoys: v.array(v.picklist(DECOY_KINDS), 'must be a list'),
  formats: v.array(v.picklist(REPORT_FORMATS), 'must be a list'),
};

/** A whole profile. */
export const profileSchema = names(
  v.strictObject({
    name,
    description: v.string('must be text'),
    isolation: v.picklist(JAIL_LEVELS),
    limits: names(v.strictObject(limits)),
    stops: names(v.strictObject(stops)),
    paths,
    ...lists,
    verdict: names(v.strictObject(verdict)),
    rules,
  }),
);

/** A profile that says only what differs from one that is shipped. */
export const extendingSchema = names(
  v.strictObject({
    extends: v.string('must be the name of a shipped profile'),
    name,
    description: v.string('must be text'),
    isolation: v.optional(v.picklist(JAIL_LEVELS)),
    limits: v.optional(names(v.partial(v.strictObject(limits)))),
    stops: v.optional(names(v.partial(v.strictObject(stops)))),
    paths: v.optional(paths),
    decoys: v.optional(lists.decoys),
    formats: v.optional(lists.formats),
    verdict: v.optional(names(v.partial(v.strictObject(verdict)))),
    rules: v.optional(rules),
  }),
);

/** The rules of one examination. Nothing in a module can change them. */
export type Profile = v.InferOutput<typeof profileSchema>;
export type ExtendingProfile = v.InferOutput<typeof extendingSchema>;
