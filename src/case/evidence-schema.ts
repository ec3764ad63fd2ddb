import * as v from 'valibot';

// What a jailed process says is checked to the last field before anything else touches it: it read
// hostile bytes, and may speak for them. Text stays text here; whoever shows it makes it printable.

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const flag = v.boolean();
const texts = v.array(text);
const maybe = v.nullable(text);
const maybeCount = v.nullable(count);
const sha256 = v.pipe(text, v.regex(/^[0-9a-f]{64}$/));
const reach = v.picklist(['called', 'passed', 'assumed', 'stored']);
const trigger = v.picklist(['import', 'main', 'test', 'exported', 'none']);
const place = { file: text, line: count };
const status = v.picklist(['match', 'mismatch', 'absent', 'unchecked']);
const step = {
  function: text,
  file: v.optional(text),
  line: v.optional(count),
  column: v.optional(count),
};
const path = v.array(v.strictObject(step));
const span = { ...place, column: count, endLine: count, endColumn: count };
const entry = { index: maybeCount, entry: maybe, nameBytes: v.optional(text) };
const hashes = v.nullable(v.strictObject({ h1: maybe, goModH1: maybe }));

const gapSchema = v.strictObject({
  code: v.picklist([
    'parse-error',
    'too-large',
    'over-budget',
    'unreadable',
    'stage-failed',
    'rule-failed',
    'proof-not-made',
  ]),
  ...place,
  detail: text,
});

export const goSumSchema = v.strictObject({ status, goMod: status, source: maybe });

export const sumdbSchema = v.strictObject({
  status: v.picklist(['match', 'mismatch', 'absent', 'unchecked', 'fork']),
  goMod: status,
  database: maybe,
  record: maybeCount,
  treeSize: maybeCount,
  source: v.nullable(v.picklist(['network', 'directory', 'tlog-proof'])),
  root: maybe,
  key: maybe,
  logged: hashes,
  actual: hashes,
  proof: maybe,
  fork: v.nullable(v.strictObject({ older: text, newer: text, root: text, proof: texts })),
  detail: maybe,
  refusal: maybe,
});

export const faultSchema = v.strictObject({ code: text, detail: text, ...entry });

const callPath = v.array(v.strictObject({ ...step, excerpt: v.optional(text) }));

/** A judgment. */
export const findingSchema = v.strictObject({
  rule: text,
  title: text,
  severity: v.picklist(['critical', 'high', 'medium', 'low', 'info']),
  confidence: v.picklist(['high', 'medium', 'low']),
  message: text,
  file: maybe,
  line: maybeCount,
  column: maybeCount,
  endLine: maybeCount,
  endColumn: maybeCount,
  excerpt: maybe,
  trigger: v.picklist(['import', 'main', 'test', 'exported', 'none', 'generate', 'build']),
  callPath,
  value: maybe,
  attack: texts,
  cwe: texts,
  advice: text,
});

/** The answer to a question; no part of the evidence. */
export const whySchema = v.strictObject({
  function: maybe,
  candidates: texts,
  capability: text,
  paths: v.array(v.strictObject({ constraint: maybe, steps: callPath })),
  isAssumed: flag,
  isWhole: flag,
});

const facts = v.strictObject({
  files: v.array(
    v.strictObject({
      path: text,
      size: count,
      sha256: text,
      kind: text,
      constraint: maybe,
      embeddedBy: texts,
      format: text,
      use: v.picklist(['built', 'tested', 'embedded', 'named', 'none']),
      promises: v.optional(text),
      inside: v.optional(
        v.strictObject({
          files: v.array(v.strictObject({ path: text, size: maybeCount, format: maybe })),
          count,
          end: v.picklist(['whole', 'cut', 'damaged', 'closed']),
        }),
      ),
      trailing: v.optional(v.strictObject({ offset: count, size: count, format: text })),
      entropy: v.optional(v.strictObject({ bits: v.number(), offset: count })),
      packing: v.optional(v.picklist(['minified', 'encoded', 'packed', 'random'])),
      longestLine: v.optional(v.strictObject({ line: count, length: count })),
      blankRun: v.optional(v.strictObject({ line: count, column: count, length: count })),
      emptyLines: v.optional(v.strictObject({ line: count, length: count })),
      generated: v.optional(v.strictObject({ line: count, by: maybe, looksSo: v.nullable(flag) })),
    }),
  ),
  packages: v.array(
    v.strictObject({ path: text, name: text, dir: text, imports: texts, files: texts }),
  ),
  capabilities: v.array(
    v.strictObject({
      capability: text,
      package: text,
      function: text,
      kind: v.picklist(['direct', 'transitive']),
      onImport: flag,
      reach: v.optional(reach),
      constraint: maybe,
      path,
    }),
  ),
  uses: v.array(
    v.strictObject({
      package: text,
      function: text,
      symbol: text,
      capability: text,
      trigger,
      reach: v.nullable(reach),
      path,
      ...span,
    }),
  ),
  combinations: v.array(
    v.strictObject({
      kinds: v.tuple([text, text]),
      package: text,
      function: text,
      trigger,
      reach: v.nullable(reach),
      isOwn: flag,
      path,
      ...place,
      column: count,
      detail: v.tuple([text, text]),
    }),
  ),
  onImport: v.array(
    v.strictObject({ package: text, kind: v.picklist(['init', 'variable']), ...place }),
  ),
  directives: v.array(v.strictObject({ kind: text, ...place, text })),
  strings: v.array(
    v.strictObject({
      ...place,
      column: count,
      value: text,
      how: texts,
      code: v.optional(text),
      steps: v.optional(v.array(v.strictObject({ operation: text, ...place, column: count }))),
      variable: v.optional(text),
      uses: v.optional(v.array(v.strictObject({ function: text, ...place, column: count }))),
      length: v.optional(count),
      sha256: v.optional(text),
    }),
  ),
  invisible: v.array(
    v.strictObject({
      ...place,
      column: count,
      character: text,
      kind: v.picklist(['bidirectional', 'invisible']),
    }),
  ),
  indicators: v.array(
    v.strictObject({
      kind: v.picklist([
        'url',
        'host',
        'ip',
        'email',
        'path',
        'command',
        'registry-key',
        'wallet',
        'token',
        'env',
      ]),
      value: text,
      ...place,
      decoded: flag,
      offset: v.optional(count),
    }),
  ),
  flows: v.array(
    v.strictObject({
      source: v.picklist(['environment', 'credential', 'file', 'network', 'parameter', 'host']),
      sink: v.picklist(['exec', 'network', 'file', 'memory']),
      path: v.array(v.strictObject({ function: text, ...place, column: count })),
    }),
  ),
  gates: v.array(
    v.strictObject({
      kind: v.picklist([
        'platform',
        'host',
        'user',
        'date',
        'environment',
        'input-hash',
        'debugger',
        'ci',
      ]),
      ...place,
      guards: text,
      function: text,
    }),
  ),
  dependencies: v.array(
    v.strictObject({
      path: text,
      version: text,
      direct: flag,
      h1: maybe,
      replace: maybe,
      followed: v.optional(maybe),
    }),
  ),
  sandbox: v.strictObject({
    decoys: v.array(v.strictObject({ kind: text, path: text, sha256 })),
    decoyReads: v.array(v.strictObject({ path: text, sequence: count })),
    changes: v.array(
      v.strictObject({
        path: text,
        change: v.picklist(['created', 'modified', 'deleted']),
        kind: v.picklist(['file', 'directory', 'link']),
        sha256: maybe,
        size: count,
        before: v.optional(v.strictObject({ sha256: maybe, size: count })),
      }),
    ),
  }),
});

/** Evidence that is not sealed yet. */
export const evidenceSchema = v.strictObject({
  format: v.literal('glovebox-evidence/1'),
  subject: v.strictObject({ path: maybe, version: maybe, h1: maybe, goModH1: maybe }),
  profile: v.strictObject({ name: text, sha256 }),
  tools: v.strictObject({
    glovebox: text,
    rules: sha256,
    grammar: sha256,
    standardLibrary: v.strictObject({ go: text, sha256 }),
  }),
  verdict: v.picklist(['malicious', 'suspicious', 'inconclusive', 'clean']),
  reasons: texts,
  integrity: v.strictObject({
    zip: v.strictObject({
      accepted: flag,
      faults: v.array(faultSchema),
      deviations: v.array(
        v.strictObject({
          code: text,
          offset: maybeCount,
          length: maybeCount,
          detail: text,
          ...entry,
        }),
      ),
      map: v.array(
        v.strictObject({ kind: text, offset: count, length: count, entries: count, ...entry }),
      ),
    }),
    goSum: goSumSchema,
    sumdb: sumdbSchema,
  }),
  facts,
  findings: v.array(findingSchema),
  gaps: v.array(gapSchema),
  limits: v.array(
    v.strictObject({
      code: v.picklist(['cgo', 'assembly', 'reflection', 'external-call', 'plugin', 'evaluation']),
      ...place,
      onImport: flag,
      detail: text,
    }),
  ),
});

/** One line of the audit log. */
export const recordSchema = v.strictObject({
  'event.sequence': v.pipe(count, v.minValue(1)),
  'event.action': v.picklist([
    'read',
    'write',
    'create',
    'delete',
    'rename',
    'list',
    'stat',
    'readlink',
  ]),
  'event.outcome': v.picklist(['success', 'failure']),
  'error.code': v.optional(text),
  'glovebox.decision': v.picklist(['allowed', 'denied', 'decoy', 'absent']),
  'file.path': text,
  'file.size': v.optional(count),
  'file.hash.sha256': v.optional(sha256),
  'glovebox.module_path': maybe,
  'glovebox.access_mode': v.picklist(['read', 'write', 'exec', 'import']),
  'glovebox.layer': v.optional(text),
  'glovebox.requested_path': v.optional(text),
  'glovebox.target_path': v.optional(text),
  'glovebox.stage': text,
  'glovebox.stack_hash': sha256,
  'glovebox.stack': v.optional(text),
});
