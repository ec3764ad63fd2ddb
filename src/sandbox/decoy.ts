import { concatBytes, encodeBase64, encodeUtf8, publicKeyOf, sha256, sha256Hex } from '#base';
import { createLayer, type Layer, putFile } from './overlay/layer.ts';

/** The name of the layer that holds decoys. */
export const DECOYS = 'decoy';

/** What bait there is; a profile says which is planted. */
export const DECOY_KINDS = [
  'private-key',
  'cloud-credentials',
  'token',
  'netrc',
  'shell-history',
] as const;

export type DecoyKind = (typeof DECOY_KINDS)[number];

/** A planted file, for the record. */
export interface Decoy {
  readonly kind: DecoyKind;
  readonly path: string;
  readonly sha256: string;
}

/** What every decoy of one case is made from: nothing else, so that a run repeats byte for byte. */
interface Seed {
  /** The first 12 hex digits of the zip's SHA-256, as in the name of the case. */
  readonly marker: string;
  /** Bytes that differ by purpose and by zip. */
  readonly bytes: (purpose: string) => Uint8Array;
  readonly hex: (purpose: string) => string;
}

const HOME = '/home/user';

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function sshString(bytes: Uint8Array): Uint8Array {
  return concatBytes(uint32(bytes.length), bytes);
}

const text = (value: string) => sshString(encodeUtf8(value));

function wrap(base64: string): string {
  return (base64.match(/.{1,70}/g) ?? []).join('\n');
}

/** An unencrypted Ed25519 key as ssh-keygen writes it (PROTOCOL.key of OpenSSH), and its public line. */
function openSshKey({ bytes, marker }: Seed): readonly [string, string] {
  const secret = bytes('private-key');
  const publicKey = publicKeyOf(secret);
  const comment = `deploy-${marker}@build.example`;
  const blob = concatBytes(text('ssh-ed25519'), sshString(publicKey));
  const check = bytes('check').subarray(0, 4);
  const key = sshString(concatBytes(secret, publicKey));
  const open = concatBytes(check, check, blob, key, text(comment));
  const padding = Uint8Array.from({ length: (8 - (open.length % 8)) % 8 }, (_, i) => i + 1);
  const whole = concatBytes(
    encodeUtf8('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    uint32(1),
    sshString(blob),
    sshString(concatBytes(open, padding)),
  );
  return [
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${wrap(encodeBase64(whole))}\n-----END OPENSSH PRIVATE KEY-----\n`,
    `ssh-ed25519 ${encodeBase64(blob)} ${comment}\n`,
  ];
}

function cloudKey({ marker, hex }: Seed): readonly [string, string] {
  const id = `AKIA${marker}${hex('cloud-id').slice(0, 4)}`.toUpperCase();
  return [id, hex('cloud-secret').slice(0, 40)];
}

function accessToken({ marker, hex }: Seed): string {
  return `ghp_${marker}${hex('token').slice(0, 24)}`;
}

const FILES: Readonly<Record<DecoyKind, (seed: Seed) => readonly (readonly [string, string])[]>> = {
  'private-key': (seed) => {
    const [secret, line] = openSshKey(seed);
    return [
      ['.ssh/id_ed25519', secret],
      ['.ssh/id_ed25519.pub', line],
    ];
  },
  'cloud-credentials': (seed) => {
    const [id, secret] = cloudKey(seed);
    return [
      [
        '.aws/credentials',
        `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
      ],
      [
        '.config/gcloud/application_default_credentials.json',
        `${JSON.stringify(
          {
            account: `deploy-${seed.marker}@project.example`,
            client_id: `${seed.marker}.apps.example`,
            client_secret: seed.hex('client-secret').slice(0, 24),
            refresh_token: `1//${seed.marker}${seed.hex('refresh').slice(0, 40)}`,
            type: 'authorized_user',
          },
          undefined,
          2,
        )}\n`,
      ],
    ];
  },
  token: (seed) => [
    [
      '.config/gh/hosts.yml',
      `git.example:\n    user: deploy-${seed.marker}\n    oauth_token: ${accessToken(seed)}\n`,
    ],
    ['.npmrc', `//npm.example/:_authToken=npm_${seed.marker}${seed.hex('npm').slice(0, 24)}\n`],
  ],
  netrc: (seed) => [
    [
      '.netrc',
      `machine git.example login deploy-${seed.marker} password ${seed.hex('netrc').slice(0, 20)}\n`,
    ],
  ],
  'shell-history': (seed) => [
    [
      '.bash_history',
      `ls -la\nexport API_TOKEN=${seed.marker}${seed.hex('history').slice(0, 24)}\nssh deploy-${seed.marker}@build.example\ngit pull\n`,
    ],
  ],
};

/**
 * Plants bait for one case. Each file carries the first 12 hex digits of the zip's SHA-256 in plain
 * sight, as the name of the case does, so that a leaked one names its case.
 */
export function plantDecoys(
  zipSha256: string,
  kinds: readonly DecoyKind[],
): { readonly layer: Layer; readonly decoys: readonly Decoy[] } {
  const bytes = (purpose: string) => sha256(encodeUtf8(`decoy ${purpose} ${zipSha256}`));
  const hex = (purpose: string) => sha256Hex(bytes(purpose));
  const seed: Seed = { marker: zipSha256.slice(0, 12), bytes, hex };
  const layer = createLayer(DECOYS);
  const decoys: Decoy[] = [];
  for (const kind of kinds) {
    for (const [name, content] of FILES[kind](seed)) {
      const path = `${HOME}/${name}`;
      const data = encodeUtf8(content);
      putFile(layer, path, data);
      decoys.push({ kind, path, sha256: sha256Hex(data) });
    }
  }
  return { layer, decoys };
}
