import { crc32, deflateRawSync } from 'node:zlib';
import { buildZip, bytes, type EntrySpec, pack, type ZipSpec } from './zip-builder.ts';

const P = 'example.com/m@v1.0.0/';
const mod: EntrySpec = { name: `${P}go.mod`, content: 'module example.com/m\n' };
const file = (name: string, more: Partial<EntrySpec> = {}): EntrySpec => ({
  name: P + name,
  content: 'package m\n',
  ...more,
});
const zip = (...entries: readonly EntrySpec[]): ZipSpec => ({ entries: [mod, ...entries] });
const locator = (at: number | bigint, disk = 0, disks = 1) =>
  pack([0x07064b50, 4], [disk, 4], [at, 8], [disks, 4]);
const end64 = (count: number, size: number, offset: number) =>
  pack(
    [0x06064b50, 4],
    [44, 8],
    [45, 2],
    [45, 2],
    [0, 4],
    [0, 4],
    [count, 8],
    [count, 8],
    [size, 8],
    [offset, 8],
  );
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const raw = (text: string) => new Uint8Array(deflateRawSync(bytes(text)));
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const gzipTrailer = (text: string | Uint8Array) => {
  const content = typeof text === 'string' ? bytes(text) : text;
  return pack([crc32(content), 4], [content.length, 4]);
};

/** Two entries of which the first, in a file of gzip members, would be read as part of the second. */
function runningOn(size: number): readonly EntrySpec[] {
  const last = raw('package m\n');
  const first = { crc: 0x01020304, size };
  // A stored block that is not the last, over trailer and header between the two.
  const between = join(pack([first.crc, 4], [size, 4]), GZIP_HEADER);
  const length = between.length;
  const start = join(Uint8Array.of(0), pack([length, 2], [0xffff - length, 2]));
  const merged = join(between, bytes('package m\n'));
  return [
    file('run/a.go', { ...first, data: start }),
    file('run/b.go', { data: last, crc: crc32(merged), size: merged.length }),
  ];
}

const rawName = (...codes: readonly number[]) => new Uint8Array([...bytes(P), ...codes]);

/** One archive a row: what it shows, and how it is built. The subject is example.com/m@v1.0.0. */
export const HOSTILE_ZIPS: readonly (readonly [string, ZipSpec])[] = [
  ['a plain module', zip(file('a.go'))],
  ['no entries at all', { entries: [] }],
  ['written as Go writes', zip(file('a.go', { descriptor: 'signed' }))],
  ['a descriptor without its signature', zip(file('a.go', { descriptor: 'bare' }))],
  ['a descriptor with another CRC', zip(file('a.go', { descriptor: 'wrong' }))],
  ['a stored entry', zip(file('a.go', { method: 0 }))],
  ['a directory entry', zip({ name: `${P}sub/`, method: 0 }, file('sub/a.go'))],
  ['a directory entry with content', zip({ name: `${P}sub/`, content: 'hidden', method: 0 })],
  [
    'a directory entry with data and no size',
    zip({ name: `${P}sub/`, content: 'hidden', method: 0, size: 0 }),
  ],
  ['the prefix itself as an entry', zip({ name: P, method: 0 })],
  ['the prefix without its slash', zip({ name: P.slice(0, -1), content: 'x' })],
  ['another version in one name', zip({ name: 'example.com/m@v1.0.1/a.go', content: 'x' })],
  ['an absolute name', zip({ name: '/etc/passwd', content: 'x' })],
  ['a name that climbs out', zip({ name: '../../etc/passwd', content: 'x' })],
  ['a name that climbs inside the prefix', zip(file('../evil.go'))],
  ['a name with two slashes', zip(file('a//b.go'))],
  ['a name with a dot element', zip(file('./a.go'))],
  ['a name that goes up and down', zip(file('a/../b.go'))],
  ['an empty name', zip({ name: '', content: 'x' })],
  ['a name with a backslash', zip(file('a\\b.go'))],
  ['a name with a colon', zip(file('a:b.go'))],
  ['a name with a NUL', zip(file('a\u0000b.go'))],
  ['a name with a line feed', zip(file('a\nb.go'))],
  ['a name with an escape sequence', zip(file('\u001b[2Ja.go'))],
  ['a name that is not UTF-8', zip({ name: rawName(0xff, 0xfe, 0x2e, 0x67, 0x6f), content: 'x' })],
  ['a name with half a rune', zip({ name: rawName(0xe4, 0xb8), content: 'x' })],
  ['a name with a combining mark', zip(file('e\u0301.go'))],
  ['a name with a letter above ASCII', zip(file('é世.go'))],
  ['a name with an emoji', zip(file('😀.go'))],
  ['a name with a right-to-left override', zip(file('a\u202eog.exe'))],
  ['a device name', zip(file('aux.go'))],
  ['a device name in capitals, in a folder', zip(file('CON/a.go'))],
  ['a name that only begins like a device', zip(file('console.go'))],
  ['a name with a trailing dot', zip(file('a.'))],
  ['a name of dots', zip(file('.../a.go'))],
  ['a leading space', zip(file(' a.go'))],
  ['two spellings of one name', zip(file('a.go'), file('A.go'))],
  ['two spellings of one folder', zip(file('Sub/a.go'), file('sub/b.go'))],
  ['a Kelvin sign beside a K', zip(file('K.go'), file('\u212a.go'))],
  ['a sharp s beside its capital', zip(file('ß.go'), file('ẞ.go'))],
  ['a long s beside an s', zip(file('s.go'), file('ſ.go'))],
  ['three spellings, the folder first', zip(file('A/x'), file('a/y'), file('A/y'))],
  ['one file twice', zip(file('a.go'), file('a.go', { content: 'package other\n' }))],
  ['a file and a folder of one name', zip(file('a'), file('a/b.go'))],
  ['a folder and a file of one name', zip(file('a/b.go'), file('a'))],
  ['one folder twice', zip({ name: `${P}d/`, method: 0 }, { name: `${P}d/`, method: 0 })],
  ['a go.mod below the root', zip(file('sub/go.mod'))],
  ['a go.mod in capitals', { entries: [file('GO.MOD')] }],
  ['a go.mod in capitals below the root', zip(file('sub/Go.mod'))],
  ['a folder called go.mod', { entries: [file('go.mod/a.go')] }],
  ['a go.mod that says it is too large', { entries: [{ ...mod, size: 16_777_217 }] }],
  ['a LICENSE that says it is too large', zip(file('LICENSE', { size: 16_777_217 }))],
  ['a file that says it fills the limit', zip(file('a.go', { size: 524_288_001 }))],
  [
    'sizes that fill the limit together',
    zip(file('a.go', { size: 300_000_000 }), file('b.go', { size: 300_000_000 })),
  ],
  ['a size of 2^32 - 1 without zip64', zip(file('a.go', { size: 0xffffffff }))],
  ['a size one too small', zip(file('a.go', { size: 9 }))],
  ['a size one too large', zip(file('a.go', { size: 11 }))],
  ['a stored size that differs', zip(file('a.go', { method: 0, size: 3 }))],
  ['a wrong CRC', zip(file('a.go', { crc: 1 }))],
  ['a CRC of zero', zip(file('a.go', { crc: 0 }))],
  ['a CRC of zero with a descriptor', zip(file('a.go', { crc: 0, descriptor: 'signed' }))],
  ['an unknown method', zip(file('a.go', { method: 12 }))],
  ['the encryption flag', zip(file('a.go', { flags: 1 }))],
  ['the strong encryption flag', zip(file('a.go', { flags: 0x40 }))],
  ['bytes behind the stream', zip(file('a.go', { smuggled: bytes('payload') }))],
  ['a stream that is cut', zip(file('a.go', { compressedSize: 4 }))],
  [
    'a stream that is no stream',
    zip(file('a.go', { method: 0, content: new Uint8Array(40).fill(0xff) }), {
      ...file('b.go', { content: 'x' }),
      localMethod: 0,
    }),
  ],
  [
    'noise that says it is deflated',
    {
      entries: [
        mod,
        { name: `${P}a.go`, content: 'x', sharesBodyOf: 0, method: 8, size: 9, compressedSize: 9 },
      ],
    },
  ],
  ['another name in the local header', zip(file('a.go', { localName: '../../../evil' }))],
  ['another method in the local header', zip(file('a.go', { localMethod: 0 }))],
  ['no local header', zip(file('a.go', { localSignature: 0x04034b51 }))],
  ['a local header past the end', zip(file('a.go', { offset: 0x7fffffff }))],
  ['two names for one body', zip(file('a.go'), file('b.go', { sharesBodyOf: 1 }))],
  ['a gap between entries', zip(file('a.go', { gap: bytes('hidden here') }))],
  ['a gap before the directory', { ...zip(file('a.go')), beforeDirectory: bytes('hidden here') }],
  ['a symbolic link', zip(file('link', { content: '/etc/passwd', unixMode: 0o120777 }))],
  [
    'bytes in front, offsets from the archive',
    { ...zip(file('a.go')), leading: bytes('#!/bin/sh\n'), relativeOffsets: true },
  ],
  [
    'bytes in front, offsets from the file',
    { ...zip(file('a.go')), leading: bytes('#!/bin/sh\n') },
  ],
  ['bytes behind', { ...zip(file('a.go')), trailing: bytes('more') }],
  ['bytes behind past the first window', { ...zip(file('a.go')), trailing: new Uint8Array(2000) }],
  ['bytes behind past every window', { ...zip(file('a.go')), trailing: new Uint8Array(67_000) }],
  ['a comment', { ...zip(file('a.go')), comment: bytes('hello') }],
  [
    'a comment that is longer than the file',
    { ...zip(file('a.go')), comment: bytes('hello'), commentLength: 600 },
  ],
  [
    'a comment with another end record',
    { ...zip(file('a.go')), comment: pack([0x06054b50, 4], [0, 8], [0, 8], [0, 2]) },
  ],
  [
    'an entry comment with another end record',
    zip(file('a.go', { comment: `PK\u0005\u0006${'\0'.repeat(18)}` })),
  ],
  ['a count one too small', { ...zip(file('a.go')), count: 1 }],
  ['a count one too large', { ...zip(file('a.go')), count: 3 }],
  ['a directory size that is wrong', { ...zip(file('a.go')), directorySize: 10 }],
  ['a directory offset that is wrong', { ...zip(file('a.go')), directoryOffset: 3 }],
  ['an offset of 2^32 - 1 without zip64', { ...zip(file('a.go')), directoryOffset: 0xffffffff }],
  [
    'a size of 2^32 - 1 without zip64 in the end',
    { ...zip(file('a.go')), directorySize: 0xffffffff },
  ],
  [
    'a zip64 end that is asked for',
    {
      ...zip(file('a.go')),
      count: 0xffff,
      beforeEnd: ({ offset, size, end }) =>
        new Uint8Array([...end64(2, size, offset), ...locator(end)]),
    },
  ],
  [
    'a zip64 end that is not asked for',
    {
      ...zip(file('a.go')),
      beforeEnd: ({ end }) => new Uint8Array([...end64(1, 3, 4), ...locator(end)]),
    },
  ],
  [
    'a zip64 locator on another disk',
    {
      ...zip(file('a.go')),
      count: 0xffff,
      beforeEnd: ({ offset, size, end }) =>
        new Uint8Array([...end64(2, size, offset), ...locator(end, 1)]),
    },
  ],
  [
    'a zip64 locator that points past the end',
    { ...zip(file('a.go')), count: 0xffff, beforeEnd: () => locator(2n ** 40n) },
  ],
  [
    'a zip64 locator that points below zero',
    { ...zip(file('a.go')), count: 0xffff, beforeEnd: () => locator(2n ** 64n - 8n) },
  ],
  [
    'a zip64 extra for all three fields',
    zip(file('a.go', { extra: pack([1, 2], [24, 2], [10, 8], [12, 8], [0, 8]) })),
  ],
  [
    'a zip64 extra that is asked for',
    zip(
      file('a.go', {
        method: 0,
        size: 0xffffffff,
        compressedSize: 0xffffffff,
        extra: pack([1, 2], [16, 2], [10, 8], [10, 8]),
      }),
    ),
  ],
  [
    'a zip64 extra that is too short',
    zip(
      file('a.go', {
        size: 0xffffffff,
        compressedSize: 0xffffffff,
        extra: pack([1, 2], [8, 2], [10, 8]),
      }),
    ),
  ],
  ['a compressed size of 2^32 - 1', zip(file('a.go', { compressedSize: 0xffffffff }))],
  [
    'an extra field that runs over',
    zip(file('a.go', { extra: pack([0x7075, 2], [100, 2], [0, 2]) })),
  ],
  [
    'a unicode path extra',
    zip(
      file('a.go', {
        extra: new Uint8Array([...pack([0x7075, 2], [11, 2]), 1, 0, 0, 0, 0, ...bytes('b.go.x')]),
      }),
    ),
  ],
  ...[
    2n ** 32n,
    2n ** 32n + 1n,
    2n ** 53n + 1n,
    2n ** 63n - 600n,
    2n ** 63n - 1n,
    2n ** 63n,
  ].flatMap((size) =>
    ['go.mod', 'a.go'].map(
      (name) =>
        [
          `${name} with a declared size of ${size}`,
          {
            entries: [
              {
                name: P + name,
                content: 'x',
                size: 0xffffffff,
                extra: pack([1, 2], [8, 2], [size, 8]),
              },
            ],
          },
        ] as const,
    ),
  ),
  ...[2n ** 32n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 63n + 5n, 2n ** 64n - 1n].flatMap((size) =>
    [0, 8].map(
      (method) =>
        [
          `a compressed size of ${size}, method ${method}`,
          zip(
            file('a.go', {
              method,
              compressedSize: 0xffffffff,
              extra: pack([1, 2], [8, 2], [size, 8]),
            }),
          ),
        ] as const,
    ),
  ),
  // What would fool a reader that inflates many entries as one gzip file.
  [
    'a gzip member behind an empty one',
    zip(
      file('a.go'),
      file('b.go', {
        data: join(raw(''), gzipTrailer(''), GZIP_HEADER, raw('package m\n')),
      }),
      file('c.go'),
    ),
  ],
  [
    'a gzip member in front of another',
    zip(
      file('a.go', { data: join(raw('x'), gzipTrailer('x'), GZIP_HEADER, raw('package m\n')) }),
      file('b.go'),
    ),
  ],
  ['a stream that runs on over the next, size 0', zip(file('a.go'), ...runningOn(0))],
  ['a stream that runs on over the next, size 1', zip(file('a.go'), ...runningOn(1))],
  [
    'the last entry has more, its own sums and a zero byte',
    zip(
      file('a.go'),
      file('b.go', {
        data: join(raw('package m\n*'), gzipTrailer('package m\n*'), Uint8Array.of(0)),
      }),
    ),
  ],
  [
    'the last entry has its own sums and a zero byte',
    zip(
      file('a.go'),
      file('b.go', {
        data: join(raw('package m\n'), gzipTrailer('package m\n'), Uint8Array.of(0)),
      }),
    ),
  ],
  [
    'an entry with its own sums and a zero byte in the middle',
    zip(
      file('a.go', {
        data: join(raw('package m\n'), gzipTrailer('package m\n'), Uint8Array.of(0)),
      }),
      file('b.go'),
    ),
  ],
  [
    'one wrong CRC among many',
    zip(
      file('a.go'),
      file('b.go', { crc: 5 }),
      file('c.go'),
      file('d.go', { descriptor: 'wrong' }),
    ),
  ],
  [
    'one size too large and one too small',
    zip(file('a.go', { size: 11 }), file('b.go', { size: 9 }), file('c.go')),
  ],
  [
    'the magic of gzip in a content',
    zip(
      file('a.go', {
        content: new Uint8Array([0x1f, 0x8b, 8, 0]),
        data: join(Uint8Array.of(1), pack([4, 2], [0xfffb, 2]), Uint8Array.of(0x1f, 0x8b, 8, 0)),
      }),
      file('b.go'),
    ),
  ],
  ['a deep name', zip(file(`${'d/'.repeat(3000)}a.go`))],
  ['a long name', zip(file(`${'n'.repeat(300)}.go`))],
  ['a vendored file', zip(file('vendor/x/y.go'))],
  ['a version control folder', zip(file('.git/config'))],
];

/** The bytes of a row. */
export function buildHostile(spec: ZipSpec): Uint8Array {
  return buildZip(spec);
}
