import { decodeBase64, encodeCanonicalJson, encodeHex } from '#base';
import type { EvidenceBundle } from '#evidence';
import { modulePurl } from './purl.ts';

/** A UUID of RFC 4122's form made of a digest: the same subject has the same one. */
function uuidOf(hex: string): string {
  const variant = ((Number(`0x${hex[16]}`) % 4) + 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function property(name: string, value: string | null) {
  return value === null ? [] : [{ name: `glovebox:${name}`, value }];
}

function h1Properties({ h1, goModH1 }: EvidenceBundle['subject']) {
  const digest = h1 === null ? undefined : decodeBase64(h1.slice('h1:'.length));
  return [
    ...property('go:h1', h1),
    ...property('go:h1-hex', digest === undefined ? null : encodeHex(digest)),
    ...property('go:gomod-h1', goModH1),
  ];
}

function dependencyComponents(evidence: EvidenceBundle) {
  const own = referenceOf(evidence);
  const seen = new Set([own]);
  return evidence.facts.dependencies.flatMap(({ path, version, h1, direct, replace }) => {
    const purl = modulePurl(path, version);
    if (seen.has(purl)) return [];
    seen.add(purl);
    return [
      {
        type: 'library',
        'bom-ref': purl,
        name: path,
        version,
        purl,
        properties: [
          ...property('go:h1', h1),
          ...property('go:direct', String(direct)),
          ...property('go:replace', replace),
        ],
      },
    ];
  });
}

function referenceOf({ subject }: EvidenceBundle): string {
  const { path, version, zip } = subject;
  return path === null || version === null ? `sha256:${zip.sha256}` : modulePurl(path, version);
}

function fileComponents(evidence: EvidenceBundle) {
  return evidence.facts.files.map(({ path, sha256, kind }, i) => ({
    type: 'file',
    'bom-ref': `file:${i}:${path}`,
    name: path,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
    properties: property('file:kind', kind),
  }));
}

/**
 * A CycloneDX 1.6 SBOM (ECMA-424) as canonical JSON: the module, its files by SHA-256, and what its
 * go.mod requires.
 *
 * `h1:` is a property and never a hash: it is not the SHA-256 of the zip.
 */
export function renderCycloneDx(evidence: EvidenceBundle): Uint8Array {
  const { subject, tools, verdict, profile } = evidence;
  const reference = referenceOf(evidence);
  const dependencies = dependencyComponents(evidence);
  return encodeCanonicalJson({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(subject.zip.sha256)}`,
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'discovery' }],
      tools: { components: [{ type: 'application', name: 'glovebox', version: tools.glovebox }] },
      component: {
        type: 'library',
        'bom-ref': reference,
        name: subject.path ?? 'unknown',
        ...(subject.version === null ? {} : { version: subject.version }),
        ...(subject.path === null ? {} : { purl: reference }),
        hashes: [{ alg: 'SHA-256', content: subject.zip.sha256 }],
        properties: [
          ...h1Properties(subject),
          ...property('verdict', verdict),
          ...property('profile', profile.name),
          ...property('zip:size', String(subject.zip.size)),
        ],
        components: fileComponents(evidence),
      },
    },
    components: dependencies,
    dependencies: [
      { ref: reference, dependsOn: dependencies.map((component) => component['bom-ref']) },
      ...dependencies.map((component) => ({ ref: component['bom-ref'] })),
    ],
    compositions: [
      { aggregate: 'complete', assemblies: [reference] },
      // A go.mod names what it requires, not everything that a build selects.
      { aggregate: 'incomplete', dependencies: [reference] },
    ],
  });
}
