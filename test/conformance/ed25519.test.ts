import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createGoEd25519Check, createSecretKey, publicKeyOf, signEd25519 } from '#base';
import { hashDirectory } from '#module';
import { buildGo, describeWith } from '../support/go.ts';
import { askReference, fromBase64 } from '../support/go-reference.ts';
import { pick } from '../support/grammar.ts';
import { seededRandom } from '../support/mutate.ts';
import { temporaryFolder } from '../support/program.ts';

/** The points of small order in every encoding that a decoder might take (RFC 8032 section 5.1.3). */
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0100000000000000000000000000000000000000000000000000000000000080',
].map((hex) => Buffer.from(hex, 'hex'));
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The signature with the group's order added to its second half: the same number, not canonical. */
function addOrder(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + ORDER;
  const bytes = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  return Buffer.concat([signature.subarray(0, 32), bytes]);
}

describeWith('go', ['version'], 'Ed25519 and folder hashes against Go', () => {
  let reference = '';
  beforeAll(() => {
    reference = buildGo('goref');
  });

  test('signatures of notes are taken and refused as crypto/ed25519 does', () => {
    const random = seededRandom(20261123);
    const rows = Array.from({ length: 400 }, () => {
      const secret = Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256)));
      const message = Buffer.from(`message ${random()}`);
      const signature = Buffer.from(signEd25519(message, secret));
      const key = random() < 0.3 ? pick(random, SMALL_ORDER) : publicKeyOf(secret);
      if (random() < 0.3) signature[Math.floor(random() * 64)]! ^= 1 << Math.floor(random() * 8);
      const bad = random();
      if (bad < 0.15) return [key, message, addOrder(signature)] as const;
      if (bad < 0.3)
        return [
          key,
          message,
          Buffer.concat([pick(random, SMALL_ORDER), Buffer.alloc(32)]),
        ] as const;
      if (bad < 0.35) return [key, message, signature.subarray(0, 63)] as const;
      return [key, message, signature] as const;
    });
    const answers = askReference(
      reference,
      rows.map((args) => ({ op: 'ed25519', args })),
    );
    let valid = 0;
    rows.forEach(([key, message, signature], i) => {
      const ours = createGoEd25519Check(key)(signature, message);
      if (ours) valid++;
      expect([i, ours]).toEqual([i, answers[i]]);
    });
    expect(valid).toBeGreaterThan(80);
  });

  test('hashDirectory() is dirhash.HashDir', () => {
    const random = seededRandom(3);
    const names = [
      'go.mod',
      'a.go',
      'a/b.go',
      'a-b.go',
      'Z',
      '_x',
      'é.txt',
      'ｚ.txt',
      '𠀀.txt',
      'vendor/x/y.go',
      'sub/go.mod',
    ];
    const folders = Array.from({ length: 40 }, () =>
      names
        .filter(() => random() < 0.5)
        .map((path) => ({ path, content: Buffer.from(`${random()}`) })),
    );
    const prefix = 'example.com/m@v1.0.0';
    const answers = askReference(
      reference,
      folders.map((files) => ({
        op: 'hashdir',
        args: [prefix, ...files.flatMap(({ path, content }) => [path, content])],
      })),
    );
    folders.forEach((files, i) => {
      expect(hashDirectory(prefix, files)).toBe(fromBase64(answers[i]));
    });
  });
});

describeWith('openssl', ['version'], 'Ed25519 against OpenSSL', () => {
  const pem = (type: string, prefix: string, bytes: Uint8Array) =>
    `-----BEGIN ${type} KEY-----\n${Buffer.concat([Buffer.from(prefix, 'hex'), bytes]).toString('base64')}\n-----END ${type} KEY-----\n`;

  test('each takes what the other signed', () => {
    const folder = temporaryFolder();
    const file = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    for (let i = 0; i < 8; i++) {
      const secret = createSecretKey();
      const message = Buffer.from(`go.sum database tree\n${i}\n`);
      const text = file('message', message);
      const secretKey = file(
        'secret.pem',
        pem('PRIVATE', '302e020100300506032b657004220420', secret),
      );
      const publicKey = file(
        'public.pem',
        pem('PUBLIC', '302a300506032b6570032100', publicKeyOf(secret)),
      );
      const theirs = execFileSync('openssl', [
        'pkeyutl',
        '-sign',
        '-rawin',
        '-inkey',
        secretKey,
        '-in',
        text,
      ]);
      expect(createGoEd25519Check(publicKeyOf(secret))(theirs, message)).toBe(true);
      const ours = file('signature', signEd25519(message, secret));
      const args = [
        'pkeyutl',
        '-verify',
        '-rawin',
        '-pubin',
        '-inkey',
        publicKey,
        '-in',
        text,
        '-sigfile',
        ours,
      ];
      expect(execFileSync('openssl', args, { encoding: 'utf8' })).toMatch(/Verified Successfully/);
    }
  });
});
