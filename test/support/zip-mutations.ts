import { jumble, pick } from './grammar.ts';
import { mutate } from './mutate.ts';
import { buildZip, bytes, type EntrySpec, pack, type ZipSpec } from './zip-builder.ts';

type Random = () => number;
type Mutation = (spec: ZipSpec, random: Random) => ZipSpec;

const P = 'example.com/m@v1.0.0/';
const NAMES = ['a.go', 'b/c.go', 'README', 'LICENSE', 'é世.txt', 'x/y/z.s', 'doc.md', '-x', 'k.go'];
const HOSTILE = [
  '../x',
  'a//b',
  './c',
  'a\\b',
  'x:y',
  'con',
  'e\u0301',
  'a.',
  '',
  'x\u0000y',
  '/abs',
  'a/../b',
  '☺',
];

function anyBytes(random: Random, most: number): Uint8Array {
  return Uint8Array.from({ length: 1 + Math.floor(random() * most) }, () => random() * 256);
}

/** A module of a few files, in one of the forms that tools write. */
function plainSpec(random: Random): ZipSpec {
  const names = NAMES.filter(() => random() < 0.4);
  const form = (): Partial<EntrySpec> =>
    pick(random, [{}, { method: 0 }, { descriptor: 'signed' }, { descriptor: 'bare' }] as const);
  const entries = ['go.mod', ...names].map((name) => ({
    name: P + name,
    content:
      name === 'go.mod'
        ? 'module example.com/m\n'
        : jumble(random, ['package m\n', 'x', '\n', 'abcabc'], 30),
    ...form(),
  }));
  return { entries };
}

const onEntry =
  (change: (entry: EntrySpec, random: Random, index: number) => Partial<EntrySpec>): Mutation =>
  (spec, random) => {
    const at = Math.floor(random() * spec.entries.length);
    const entries = spec.entries.map((entry, i) =>
      i === at ? { ...entry, ...change(entry, random, i) } : entry,
    );
    return { ...spec, entries };
  };
const add =
  (make: (spec: ZipSpec, random: Random) => EntrySpec): Mutation =>
  (spec, random) => ({ ...spec, entries: [...spec.entries, make(spec, random)] });
const off = (random: Random) => pick(random, [-2, -1, 1, 2, 256, 65536]);
const sizeOf = ({ content = '' }: EntrySpec) => bytes(String(content)).length;
const text = ({ name }: EntrySpec) => String(name);
const CLEAN_END = pack([0x06054b50, 4], [0, 4], [0, 4], [0, 4], [0, 4], [0, 2]);

/** The classes of change: what goes wrong with archives, or only could. */
export const ZIP_MUTATIONS: readonly (readonly [string, Mutation])[] = [
  ['nothing', (spec) => spec],
  ['bytes in front', (spec, random) => ({ ...spec, leading: anyBytes(random, 40) })],
  [
    'bytes in front, offsets without them',
    (spec, random) => ({ ...spec, leading: anyBytes(random, 40), relativeOffsets: true }),
  ],
  ['bytes behind', (spec, random) => ({ ...spec, trailing: anyBytes(random, 2000) })],
  ['a comment', (spec, random) => ({ ...spec, comment: anyBytes(random, 100) })],
  ['an end record in the comment', (spec) => ({ ...spec, comment: CLEAN_END })],
  [
    'a comment of another length',
    (spec, random) => ({
      ...spec,
      comment: anyBytes(random, 20),
      commentLength: Math.floor(random() * 40),
    }),
  ],
  ['a gap between entries', onEntry((_, random) => ({ gap: anyBytes(random, 30) }))],
  [
    'a gap before the directory',
    (spec, random) => ({ ...spec, beforeDirectory: anyBytes(random, 30) }),
  ],
  [
    'bytes behind the stream',
    onEntry((_, random) => ({ method: 8, smuggled: anyBytes(random, 30) })),
  ],
  ['another local name', onEntry((entry) => ({ localName: text(entry).replace(/.$/, '?') }))],
  ['a longer local name', onEntry((entry) => ({ localName: `${text(entry)}.txt` }))],
  ['a local extra field', onEntry((_, random) => ({ localExtra: anyBytes(random, 20) }))],
  ['another local method', onEntry((_, random) => ({ localMethod: Math.floor(random() * 12) }))],
  [
    'another local signature',
    onEntry((_, random) => ({ localSignature: Math.floor(random() * 2 ** 32) })),
  ],
  ['the encryption flag', onEntry(() => ({ flags: 1 }))],
  ['any flags', onEntry((_, random) => ({ flags: Math.floor(random() * 65536) }))],
  ['a wrong CRC', onEntry((_, random) => ({ crc: Math.floor(random() * 2 ** 32) }))],
  ['a CRC of zero', onEntry(() => ({ crc: 0 }))],
  [
    'a size that is off',
    onEntry((entry, random) => ({ size: Math.max(0, sizeOf(entry) + off(random)) })),
  ],
  [
    'a large size',
    onEntry((_, random) => ({ size: pick(random, [524_288_001, 16_777_217, 2 ** 32 - 1]) })),
  ],
  [
    'a compressed size that is off',
    onEntry((entry, random) => ({ compressedSize: Math.max(0, sizeOf(entry) + off(random)) })),
  ],
  ['another method', onEntry((_, random) => ({ method: pick(random, [1, 6, 9, 12, 14, 99]) }))],
  ['stored', onEntry(() => ({ method: 0 }))],
  [
    'a descriptor',
    onEntry((_, random) => ({
      descriptor: pick(random, ['signed', 'bare', 'wrong', 'missing'] as const),
    })),
  ],
  [
    'a mode',
    onEntry((_, random) => ({ unixMode: pick(random, [0o120777, 0o100644, 0o40755, 0o104755]) })),
  ],
  [
    'an extra field',
    onEntry((_, random) => ({
      extra:
        random() < 0.5
          ? anyBytes(random, 24)
          : pack([1, 2], [8, 2], [Math.floor(random() * 999), 8]),
    })),
  ],
  [
    'a comment of an entry',
    onEntry((_, random) => ({ comment: jumble(random, ['x', 'PK\u0005\u0006', ' '], 9) })),
  ],
  ['another offset', onEntry((_, random) => ({ offset: Math.floor(random() * 300) }))],
  [
    'two names for one body',
    (spec, random) =>
      add(() => ({
        name: `${P}twin.go`,
        content: 'x',
        sharesBodyOf: Math.floor(random() * spec.entries.length),
      }))(spec, random),
  ],
  ['an entry twice', add((spec, random) => pick(random, spec.entries))],
  [
    'a name twice',
    add((spec, random) => ({ name: text(pick(random, spec.entries)), content: 'other' })),
  ],
  [
    'a name in other letters',
    add((spec, random) => ({
      name: P + text(pick(random, spec.entries)).slice(P.length).toUpperCase(),
    })),
  ],
  [
    'letters that fold together',
    add((_, random) => ({
      name: P + pick(random, ['K.go', '\u212a.go', 'ſ', 'S', 'ß', 'ẞ', 'σ', 'ς']),
    })),
  ],
  [
    'a directory',
    add((_, random) => ({ name: `${P}${pick(random, ['sub/', 'b/', 'a.go/', 'B/'])}`, method: 0 })),
  ],
  ['a directory with content', add(() => ({ name: `${P}sub/`, content: 'hidden', method: 0 }))],
  [
    'a file under a file',
    add((spec, random) => ({ name: `${text(pick(random, spec.entries))}/x` })),
  ],
  [
    'a go.mod elsewhere',
    add((_, random) => ({
      name: P + pick(random, ['sub/go.mod', 'go.mod/x', 'sub/GO.mod', 'GO.MOD', 'go.mod']),
    })),
  ],
  ['a hostile name', add((_, random) => ({ name: P + pick(random, HOSTILE) }))],
  ['a name that is no UTF-8', add(() => ({ name: new Uint8Array([...bytes(P), 0xff, 0xfe]) }))],
  [
    'another prefix',
    add((_, random) => ({
      name: pick(random, [
        'x',
        'example.com/m@v1.0.1/a',
        'example.com/m@v1.0.0',
        'Example.com/m@v1.0.0/a',
        '',
      ]),
    })),
  ],
  ['the prefix alone', add(() => ({ name: P, method: 0 }))],
  ['a file of nothing', add(() => ({ name: `${P}empty` }))],
  ['another order', (spec) => ({ ...spec, entries: [...spec.entries].reverse() })],
  ['no entries', () => ({ entries: [] })],
  [
    'a count that is off',
    (spec, random) => ({ ...spec, count: Math.max(0, spec.entries.length + off(random)) }),
  ],
  [
    'a directory size that is off',
    (spec, random) => ({ ...spec, directorySize: Math.floor(random() * 400) }),
  ],
  [
    'a directory offset that is off',
    (spec, random) => ({ ...spec, directoryOffset: Math.floor(random() * 400) }),
  ],
  [
    'bytes before the end record',
    (spec, random) => ({ ...spec, beforeEnd: () => anyBytes(random, 40) }),
  ],
];

/** One archive: a plain module, changed in one or two ways, sometimes by bytes on top. */
export function mutatedZip(
  random: Random,
  index: number,
): { readonly names: string; readonly archive: Uint8Array } {
  const [first, one] = ZIP_MUTATIONS[index % ZIP_MUTATIONS.length]!;
  const [second, two] = pick(random, ZIP_MUTATIONS);
  const isDouble = random() < 0.3;
  const spec = one(plainSpec(random), random);
  const archive = buildZip(isDouble && spec.entries.length > 0 ? two(spec, random) : spec);
  const isBroken = random() < 0.1;
  return {
    names: [first, ...(isDouble ? [second] : []), ...(isBroken ? ['bytes'] : [])].join(' + '),
    archive: isBroken ? mutate(archive, random) : archive,
  };
}
