import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkGoSum, createZip, goModHash, hash1, parseGoSum } from '#module';
import { inspectBytes } from '../../support/inspect.ts';
import { buildZip } from '../../support/zip-builder.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const P = 'example.com/m@v1.0.0/';

test.each([
  ['module github.com/pkg/errors\n', 'h1:bwawxfHBFNV+L2hUp1rHADufV3IMtnDRdf1r5NINEl0='],
  ['', 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY='],
  ['module example.com/m\n\ngo 1.21\n', 'h1:ONeDgCa5UF/jJRjGzpOKmUiezgFEk4IPFZ96frvroW0='],
  ['module example.com/m\r\n\r\ngo 1.21\r\n', 'h1:ylquxW5Mk2yt7ATW197rJ3X64a8mSffPKD+BVQUcDAM='],
])('goModHash() of %j', (content, hash) => {
  expect(goModHash(bytes(content))).toBe(hash);
});

test.each([
  ['an empty zip', {}, 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  [
    'one go.mod',
    { 'go.mod': 'module example.com/m\n\ngo 1.13\n' },
    'h1:XduFAgX/GaspZa8Jv4pfzoGEzNaU/r88PiCunijw5ok=',
  ],
  [
    'two files',
    { 'a.go': 'package m\n', 'go.mod': 'module example.com/m\n' },
    'h1:SXy42eQ/QbleX7vtuAPFnaM3tNuQnfeo7rulG/p7iOw=',
  ],
  [
    'a folder entry',
    { 'go.mod': 'module example.com/m\n\ngo 1.21\n', 'm.go': 'package m\n', 'sub/': '' },
    'h1:bI4SSMqRSTBx/KU/LX6h95seanv34TqVoyFPVJAV2e8=',
  ],
  [
    'names whose order is that of bytes',
    { '𠀀.txt': 'x\n', 'ｚ.txt': 'w\n', 'é.txt': 'e\n', 'z.txt': 'z\n' },
    'h1:qQDjCCRVvhBX+qtRBdKrMTOtHuel1y/Kfn16fP5tXcU=',
  ],
])('the h1 of %s', async (_, files, hash) => {
  const entries = Object.entries(files as Record<string, string>).map(([name, content]) => ({
    name: P + name,
    content,
  }));
  expect((await inspectBytes(buildZip({ entries }))).h1).toBe(hash);
});

test('createZip() writes an archive without a fault or a deviation', async () => {
  const files = [
    { path: 'a.go', content: bytes('package m\n') },
    { path: 'é/b.go', content: bytes('') },
  ];
  const inspection = await inspectBytes(
    createZip({ path: 'example.com/m', version: 'v1.0.0' }, files),
    undefined,
  );
  expect(inspection).toMatchObject({ accepted: true, faults: [], deviations: [], gaps: [] });
  expect(inspection.subject).toEqual({ path: 'example.com/m', version: 'v1.0.0' });
});

const subject = { path: 'example.com/m', version: 'v1.0.0' };
const sum = (text: string) => parseGoSum(bytes(text), 'go.sum');

test.each([
  ['a match', 'example.com/m v1.0.0 h1:A=\n', 'match', 'absent'],
  ['a mismatch', 'example.com/m v1.0.0 h1:B=\n', 'mismatch', 'absent'],
  [
    'a match and a conflict',
    'example.com/m v1.0.0 h1:A=\nexample.com/m v1.0.0 h1:B=\n',
    'mismatch',
    'absent',
  ],
  ['another version', 'example.com/m v1.0.1 h1:B=\n', 'absent', 'absent'],
  ['an unknown algorithm', 'example.com/m v1.0.0 h2:B=\n', 'absent', 'absent'],
  ['CRLF and many spaces', '  example.com/m\tv1.0.0   h1:A=\r\n\r\n', 'match', 'absent'],
  ['a go.mod line', 'example.com/m v1.0.0/go.mod h1:M=\n', 'absent', 'match'],
])('checkGoSum() with %s', (_, text, status, goMod) => {
  expect(
    checkGoSum(sum(text), subject, { h1: 'h1:A=', goModH1: 'h1:M=', hasGoMod: true }),
  ).toMatchObject({
    status,
    goMod,
  });
});

test('hash1() of more names than one text can hold comes to the same', () => {
  const files = Array.from({ length: 700 }, (_, i) => ({
    rawName: `${String(i).padStart(3, '0')}${'n'.repeat(60_000)}`,
    sha256: 'a'.repeat(64),
  }));
  const digest = createHash('sha256');
  for (const { sha256, rawName } of files) digest.update(`${sha256}  ${rawName}\n`);
  expect(hash1([...files].reverse())).toBe(`h1:${digest.digest('base64')}`);
});

test('checkGoSum() without a go.sum, a subject or a hash says so', () => {
  expect(
    checkGoSum(undefined, subject, { h1: 'h1:A=', goModH1: null, hasGoMod: false }).status,
  ).toBe('unchecked');
  expect(checkGoSum([], null, { h1: 'h1:A=', goModH1: null, hasGoMod: false }).status).toBe(
    'absent',
  );
  expect(
    checkGoSum(sum('example.com/m v1.0.0 h1:A=\n'), subject, {
      h1: null,
      goModH1: null,
      hasGoMod: false,
    }).status,
  ).toBe('unchecked');
});

test('checkGoSum() knows the go.mod that the go command makes up', () => {
  const line = `example.com/m v1.0.0/go.mod ${goModHash(bytes('module example.com/m\n'))}\n`;
  expect(checkGoSum(sum(line), subject, { h1: null, goModH1: null, hasGoMod: false }).goMod).toBe(
    'match',
  );
});

test('parseGoSum() reads past what is no UTF-8, as the go command does', () => {
  const line = bytes('example.com/m v1.0.0 h1:A=\n');
  const odd = Uint8Array.of(0xff, 0x20, 0x78, 0x20, 0x85, 0x0a);
  const lines = parseGoSum(Uint8Array.from([...odd, ...line]), 'go.sum');
  expect(lines.map(({ path, source }) => [path, source])).toEqual([
    ['\ufffd', 'go.sum:1'],
    ['example.com/m', 'go.sum:2'],
  ]);
});

test('parseGoSum() names every malformed line', () => {
  expect(() => sum('a b\nx y z\nc\n')).toThrow(
    'go.sum:1: wrong number of fields 2; go.sum:3: wrong number of fields 1',
  );
  expect(() => sum('x\n'.repeat(100))).toThrow(/go\.sum:20: .*1; and 80 more$/);
});
