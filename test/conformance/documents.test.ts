import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import addDraftFormats from 'ajv-formats-draft2019';
import { beforeAll, expect, test } from 'vitest';
import { describeWith } from '../support/go.ts';
import { glovebox, ROOT, temporaryFolder } from '../support/program.ts';

const out = temporaryFolder();
let folders: readonly string[] = [];

beforeAll(() => {
  for (const name of readdirSync(join(ROOT, 'samples')))
    glovebox(['inspect', join(ROOT, 'samples', name, 'source'), '--out', out]);
  folders = readdirSync(out).map((name) => join(out, name));
});

const schemaFolder = join(
  createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json'),
  '../res/schema',
);
const schema = (name: string) =>
  JSON.parse(readFileSync(join(schemaFolder, name), 'utf8')) as object;

test('every SBOM keeps the CycloneDX 1.6 schema, for two validators', async () => {
  expect(folders.length).toBeGreaterThanOrEqual(6);
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  addDraftFormats(ajv);
  ajv.addFormat('iri-reference', true);
  for (const name of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json'])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}`);
  const validate = ajv.compile(schema('bom-1.6.SNAPSHOT.schema.json'));
  const library = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  for (const folder of folders) {
    const text = readFileSync(join(folder, 'sbom.cdx.json'), 'utf8');
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(await library.validate(text)).toBeNull();
  }
});

test('an SBOM names each part once, and depends on nothing that it does not name', () => {
  for (const folder of folders) {
    const bom = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8')) as {
      metadata: {
        component: {
          'bom-ref': string;
          hashes: { content: string }[];
          components: { 'bom-ref': string }[];
        };
      };
      components: { 'bom-ref': string }[];
      dependencies: { ref: string; dependsOn?: string[] }[];
    };
    const { component } = bom.metadata;
    const refs = [
      component['bom-ref'],
      ...component.components.map((part) => part['bom-ref']),
      ...bom.components.map((part) => part['bom-ref']),
    ];
    expect(new Set(refs).size).toBe(refs.length);
    for (const { ref, dependsOn = [] } of bom.dependencies)
      for (const name of [ref, ...dependsOn]) expect(refs).toContain(name);
  }
});

describeWith('openssl', ['version'], 'the seal with other tools', () => {
  test('openssl verifies the signature over the DSSE encoding, and sha256 the subjects', () => {
    for (const folder of folders) {
      const bundle = JSON.parse(readFileSync(join(folder, 'case.sigstore.json'), 'utf8')) as {
        dsseEnvelope: {
          payload: string;
          payloadType: string;
          signatures: { sig: string; keyid: string }[];
        };
      };
      const { payload, payloadType, signatures } = bundle.dsseEnvelope;
      const body = Buffer.from(payload, 'base64');
      const work = temporaryFolder();
      writeFileSync(
        join(work, 'pae'),
        Buffer.concat([
          Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `),
          body,
        ]),
      );
      writeFileSync(join(work, 'sig'), Buffer.from(signatures[0]!.sig, 'base64'));
      const key = join(folder, 'examiner.pub');
      const verified = execFileSync(
        'openssl',
        [
          'pkeyutl',
          '-verify',
          '-pubin',
          '-inkey',
          key,
          '-rawin',
          '-in',
          join(work, 'pae'),
          '-sigfile',
          join(work, 'sig'),
        ],
        { encoding: 'utf8' },
      );
      expect(verified).toContain('Signature Verified Successfully');
      const der = execFileSync('openssl', ['pkey', '-pubin', '-in', key, '-outform', 'DER']);
      expect(signatures[0]!.keyid).toBe(createHash('sha256').update(der).digest('base64'));
      const statement = JSON.parse(body.toString('utf8')) as {
        subject: { name: string; digest: { sha256: string } }[];
      };
      for (const { name, digest } of statement.subject.slice(1)) {
        expect(
          createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest('hex'),
        ).toBe(digest.sha256);
      }
    }
  });

  test('a key that openssl makes signs a case', () => {
    const work = temporaryFolder();
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', join(work, 'key.pem')]);
    const run = glovebox([
      'inspect',
      join(ROOT, 'samples/plain-library/source'),
      '--key',
      join(work, 'key.pem'),
      '--out',
      work,
    ]);
    expect([run.status, run.stderr]).toEqual([0, '']);
    const folder = join(work, readdirSync(work).find((name) => name.startsWith('example'))!);
    expect(glovebox(['check', folder, '--key', join(work, 'key.pem')]).status).toBe(0);
    expect(readFileSync(join(folder, 'examiner.pub'), 'utf8')).toBe(
      execFileSync('openssl', ['pkey', '-in', join(work, 'key.pem'), '-pubout'], {
        encoding: 'utf8',
      }),
    );
  });
});
