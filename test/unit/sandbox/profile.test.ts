import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatFault, type ProfileContext, parseProfile, readProfile } from '#sandbox';

const FOLDER = new URL('../../../sandbox-profiles/', import.meta.url);
const file = (name: string) => readFileSync(new URL(name, FOLDER));
const NAMES = ['compliance', 'strict', 'triage'];
const CONTEXT: ProfileContext = {
  shipped: NAMES,
  read: (name) => file(`${name}.yaml`),
  rules: ['no-subject', 'exec-on-import'],
};
const STRICT = parse(String(file('strict.yaml'))) as Record<string, never>;
const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : stringify(value));
const faultsOf = async (value: unknown) =>
  (await readProfile(bytes(value), CONTEXT)).faults.map(formatFault);

test('the shipped profiles are whole, and named as their files', async () => {
  expect(readdirSync(FOLDER).sort()).toEqual([
    'compliance.yaml',
    'profile.schema.json',
    'strict.yaml',
    'triage.yaml',
  ]);
  for (const name of NAMES)
    expect((await parseProfile(file(`${name}.yaml`), name, CONTEXT)).profile.name).toBe(name);
});

test('the digest is over what holds: not over comments, layout or the way it is said', async () => {
  const { sha256 } = await parseProfile(file('strict.yaml'), 'strict', CONTEXT);
  expect((await parseProfile(bytes(STRICT), 'x', CONTEXT)).sha256).toBe(sha256);
  const extending = { extends: 'strict', name: 'strict', description: STRICT['description'] };
  expect((await parseProfile(bytes(extending), 'x', CONTEXT)).sha256).toBe(sha256);
  const other = { ...extending, limits: { nodes: 1 } };
  expect((await parseProfile(bytes(other), 'x', CONTEXT)).sha256).not.toBe(sha256);
});

test('extends: what is said holds, its path rules come first, the rest is the base', async () => {
  const { profile } = await parseProfile(
    bytes(
      `extends: triage
name: ours
description: ours
limits: { nodes: 7 }
paths: [{ match: /etc/**, decision: deny }]
rules: { no-subject: { enabled: false, reason: we state it } }
`,
    ),
    'ours.yaml',
    CONTEXT,
  );
  expect(profile.limits).toMatchObject({ nodes: 7, entries: 200_000 });
  expect(profile.paths[0]).toEqual({ match: '/etc/**', decision: 'deny' });
  expect(profile.paths.length).toBeGreaterThan(5);
  expect(profile.rules).toEqual({ 'no-subject': { enabled: false, reason: 'we state it' } });
  expect(profile.verdict.acceptedLimits).toBe('all');
});

test('every fault is named with its line and column, and the name that was meant', async () => {
  const text = String(file('strict.yaml'))
    .replace('  nodes: 4000000', '  node: 4000000')
    .replace('entries: 200000', 'entries: many')
    .replace('decision: allow', 'decision: alow')
    .replace('rules: {}', 'rules:\n  exec-on-imports: { severity: hgh }')
    .replace('decoys: [private-key', 'decoys: [private-keys');
  const lines = text.split('\n');
  const place = (needle: string) => {
    const line = lines.findIndex((each) => each.includes(needle));
    return `${line + 1}:${(lines[line] ?? '').indexOf(needle) + 1}`;
  };
  const faults = await faultsOf(text);
  expect(faults).toEqual(
    [
      `${place('limits:')}: limits.nodes: it is missing`,
      `${place('many')}: limits.entries: must be a whole number`,
      `${place('node: 4')}: limits.node: there is no such name; did you mean nodes?`,
      `${place('alow')}: paths.0.decision: "alow" is none of its values; did you mean allow?`,
      `${place('private-keys')}: decoys.0: "private-keys" is none of its values; did you mean private-key?`,
      `${place('exec-on-imports')}: rules.exec-on-imports: there is no such rule; did you mean exec-on-import?`,
      `${place('exec-on-imports')}: rules.exec-on-imports.reason: it is missing`,
      `${place('hgh')}: rules.exec-on-imports.severity: "hgh" is none of its values; did you mean high?`,
    ].sort((a, b) => faults.indexOf(a) - faults.indexOf(b)),
  );
  await expect(parseProfile(bytes(text), 'p.yaml', CONTEXT)).rejects.toMatchObject({
    code: 'PROFILE',
    message: expect.stringContaining(`Cannot use the profile p.yaml: ${faults.join('; ')}`),
  });
});

describe.each([
  ['bytes that are no text', Uint8Array.of(0xff), '1:1: it is not UTF-8 text'],
  ['broken YAML', 'a: [\n', '2:1: '],
  ['a list', '[]', 'must hold names and values'],
  ['nothing', '', 'must hold names and values'],
  ['a name twice', 'a: 1\na: 2\n', '2:1: '],
  ['an alias', 'a: &x 1\nb: *x\n', 'alias'],
  [
    'an unknown base',
    'extends: strct\nname: a\ndescription: b\n',
    '1:10: extends: "strct" is not shipped; did you mean strict?',
  ],
  ['a base that is no text', 'extends: 7\nname: a\ndescription: b\n', '1:10: extends: must be'],
  ['rules that are a list', 'extends: strict\nname: a\ndescription: b\nrules: [a]\n', '4:8: '],
  ['a prototype', '__proto__: 1\nextends: strict\nname: a\ndescription: b\n', '1:1: '],
])('%s', (_, text, fault) => {
  test('is refused with its place', async () => {
    const { faults } = await readProfile(text instanceof Uint8Array ? text : bytes(text), CONTEXT);
    expect(faults.map(formatFault).join('\n').toLowerCase()).toContain(fault.toLowerCase());
  });
});

test('the published schema takes and refuses what is taken and refused', async () => {
  const validate = new Ajv2020({ strictTypes: false }).compile(
    JSON.parse(String(file('profile.schema.json'))),
  );
  const SPOTS = [
    ['name'],
    ['description'],
    ['isolation'],
    ['limits'],
    ['limits', 'nodes'],
    ['limits', 'x'],
    ['stops', 'memoryBytes'],
    ['paths'],
    ['paths', 0],
    ['paths', 0, 'match'],
    ['paths', 0, 'decision'],
    ['decoys'],
    ['decoys', 0],
    ['formats', 0],
    ['verdict'],
    ['verdict', 'acceptedLimits'],
    ['rules'],
    ['rules', 'no-subject'],
    ['extends'],
    ['more'],
  ] as const;
  const value = fc.oneof(
    fc.constantFrom(
      undefined,
      null,
      0,
      1,
      -1,
      1.5,
      1e20,
      300_000_000,
      '',
      'strict',
      'allow',
      '/x',
      'userns',
      'markdown',
      'netrc',
      'all',
      true,
    ),
    fc.constant([]),
    fc.constant({}),
    fc.constant({ reason: 'why', enabled: false }),
    fc.constant({ reason: '' }),
    fc.constant({ match: '/a', decision: 'deny' }),
  );
  const base = fc.constantFrom<Record<string, unknown>>(STRICT, {
    extends: 'strict',
    name: 'a',
    description: 'b',
  });
  await fc.assert(
    fc.asyncProperty(
      base,
      fc.array(fc.tuple(fc.constantFrom(...SPOTS), value), { maxLength: 3 }),
      async (start, changes) => {
        const profile = structuredClone(start) as Record<string | number, unknown>;
        for (const [path, change] of changes) {
          let at: Record<string | number, unknown> | undefined = profile;
          for (const key of path.slice(0, -1)) {
            const next: unknown = at?.[key];
            at = typeof next === 'object' && next !== null ? (next as never) : undefined;
          }
          if (at !== undefined) at[path.at(-1)!] = structuredClone(change);
        }
        // As YAML says it: what is undefined is not there.
        const said = JSON.parse(JSON.stringify(profile)) as unknown;
        expect((await faultsOf(said)).length === 0, JSON.stringify(said)).toBe(validate(said));
      },
    ),
    { seed: 20261126, numRuns: 1000 },
  );
});
