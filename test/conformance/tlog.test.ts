import { beforeAll, describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#base';
import { parseLookup } from '#sumdb';
import {
  checkConsistency,
  checkInclusion,
  createTileReader,
  createTree,
  formatTilePath,
  formatTreeHead,
  newTiles,
  openNote,
  parseSignerKey,
  parseTilePath,
  parseTreeHead,
  parseVerifierKey,
  proveConsistency,
  proveInclusion,
  recordHash,
  signNote,
  splitStoredIndex,
  storedIndex,
  type Tile,
  TlogError,
  tileOf,
  treeHash,
} from '#tlog';
import { buildGo, describeWith } from '../support/go.ts';
import {
  askReference,
  fromBase64,
  fromBase64Bytes,
  type Question,
  tableTexts,
} from '../support/go-reference.ts';
import { jumble, pick } from '../support/grammar.ts';
import { mutate, seededRandom } from '../support/mutate.ts';
import { createTestLog } from '../support/test-log.ts';

/** Our answer, or the code of the refusal. */
function attempt<Value>(call: () => Value): Value | { readonly refused: string } {
  try {
    return call();
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === undefined) throw error;
    return { refused: code };
  }
}

const isRefused = (answer: unknown): answer is { refused: string } =>
  typeof answer === 'object' && answer !== null && 'refused' in answer;

const isError = (answer: unknown): answer is { error: string } =>
  typeof answer === 'object' && answer !== null && 'error' in answer;

const KEYS = [
  'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop',
];
const SIGNERS = [
  'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  'PRIVATE+KEY+EnochRoot+af0cfe78+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
];
const NOTE_PARTS = [
  'text\n',
  '\n',
  '\n\n',
  '— ',
  '—',
  'PeterNeumann ',
  'EnochRoot ',
  'Other ',
  'Bob+ ',
  '\u00a0',
  'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
  'AAAA',
  'AAAAAAA=',
  'AAAAAAB=',
  '\r\n',
  '\t',
];
const TREE_PARTS = [
  'go.sum database tree',
  'go.sum database tree\n',
  '\n',
  '0',
  '1',
  '123456789012',
  '007',
  '-1',
  '+1',
  '9223372036854775807',
  '9223372036854775808',
  '4503599627370497',
  'TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=',
  'TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb1=',
  'TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n',
  'AAAA\n',
  'extra\n',
];
const TILE_PARTS =
  'tile / 8 3 1 0 30 31 /data /0 /-1 000 /000 /001 x001 /x001 /x1 /067 .p/1 .p/8 .p/256 .p/255 .p/0 .p/007'.split(
    ' ',
  );

describeWith('go', ['version'], 'notes, heads, proofs and tiles against golang.org/x/mod', () => {
  let reference = '';
  let tables = { note: [] as readonly Uint8Array[], tlog: [] as readonly Uint8Array[] };

  beforeAll(() => {
    reference = buildGo('goref');
    const program = buildGo('gotables');
    tables = {
      note: tableTexts(program, 'sumdb/note/note_test.go', 'sumdb/note/example_test.go'),
      tlog: tableTexts(
        program,
        'sumdb/tlog/note_test.go',
        'sumdb/tlog/tile_test.go',
        'sumdb/tlog/tlog_test.go',
      ),
    };
    expect(tables.note.length).toBeGreaterThan(50);
    expect(tables.tlog.length).toBeGreaterThan(50);
  });

  const ask = (questions: readonly Question[]) => askReference(reference, questions);
  const count = () => Number(process.env['GLOVEBOX_MUTATIONS'] ?? 2000);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

  /** Ours and Go's agree, or ours says that Go's second spelling is refused here. */
  function agree(input: unknown, ours: unknown, theirs: unknown): void {
    if (isRefused(ours) && ours.refused === 'NOT_CANONICAL') return;
    if (isRefused(ours) || isError(theirs)) {
      expect({ input, ours, theirs, refused: isRefused(ours) }).toEqual({
        input,
        ours,
        theirs,
        refused: isError(theirs),
      });
    } else expect({ input, answer: ours }).toEqual({ input, answer: theirs });
  }

  const CODES: readonly (readonly [RegExp, string])[] = [
    [/malformed note/, 'MALFORMED_NOTE'],
    [/invalid signature/, 'INVALID_SIGNATURE'],
    [/no verifiable signatures/, 'UNKNOWN_KEYS'],
    [/ambiguous/, 'AMBIGUOUS_KEY'],
  ];

  function compareNotes(notes: readonly Uint8Array[]): number {
    const known = KEYS.map(parseVerifierKey);
    const answers = ask(notes.map((note) => ({ op: 'note', args: [note, ...KEYS] })));
    let opened = 0;
    notes.forEach((note, i) => {
      const ours = attempt(() => {
        const { text: body, signers, unverified } = openNote(note, known);
        return { text: body, signed: signers.map(({ name }) => name), unverified };
      });
      const answer = answers[i] as { text: string; signed: string[]; unverified: string[] };
      if (isError(answer)) {
        agree(text(note), ours, answer);
        const wanted = CODES.find(([words]) => words.test(fromBase64Bytes(answer.error)))?.[1];
        if (isRefused(ours) && ours.refused !== 'NOT_CANONICAL') expect(ours.refused).toBe(wanted);
        return;
      }
      opened++;
      agree(text(note), ours, {
        text: fromBase64(answer.text),
        signed: answer.signed.map((line) => fromBase64(line)?.split(' ')[0]),
        unverified: answer.unverified.map(fromBase64),
      });
    });
    return opened;
  }

  test('notes: the tables, signed ones, and mutations of all', () => {
    const random = seededRandom(1);
    const signed = ['text\n', 'a\n\nb\n', 'é\n', '\n'].flatMap((body) => [
      signNote(body, SIGNERS.map(parseSignerKey)),
      signNote(body, [parseSignerKey(SIGNERS[1]!)]),
    ]);
    expect(compareNotes([...tables.note, ...signed])).toBeGreaterThan(8);
    const seeds = [...tables.note.filter((note) => note.length > 60), ...signed];
    const opened = compareNotes(
      Array.from({ length: count() / 2 }, () => {
        if (random() < 0.3) return encodeUtf8(jumble(random, NOTE_PARTS, 12));
        return random() < 0.1 ? pick(random, seeds) : mutate(pick(random, seeds), random);
      }),
    );
    expect(opened).toBeGreaterThan(0);
  });

  test('keys', () => {
    const random = seededRandom(2);
    const texts = [...tables.note.map(text), ...KEYS, ...SIGNERS].filter((key) => key !== '');
    const inputs = [
      ...texts,
      ...Array.from({ length: count() / 4 }, () =>
        text(mutate(encodeUtf8(pick(random, texts)), random)),
      ),
    ];
    for (const [op, parse] of [
      ['key', parseVerifierKey],
      ['signer', parseSignerKey],
    ] as const) {
      const answers = ask(inputs.map((key) => ({ op, args: [key] })));
      inputs.forEach((key, i) => {
        const ours = attempt(() => {
          const { name, hash } = parse(key);
          return [name, hash];
        });
        const answer = answers[i] as [string, number];
        agree(key, ours, isError(answer) ? answer : [fromBase64(answer[0]), answer[1]]);
      });
    }
  });

  test('signing: the same bytes', () => {
    const bodies = ['text\n', 'é☺\n', '\n', 'a\n\nb\n'];
    const answers = ask(bodies.map((body) => ({ op: 'sign', args: [body, ...SIGNERS] })));
    bodies.forEach((body, i) => {
      const ours = signNote(body, SIGNERS.map(parseSignerKey));
      expect(Buffer.from(ours).toString('base64')).toBe(answers[i]);
    });
  });

  test('tree heads and records', () => {
    const random = seededRandom(3);
    const made = Array.from({ length: count() / 2 }, () => {
      if (random() < 0.6) return encodeUtf8(jumble(random, TREE_PARTS, 8));
      return mutate(
        pick(
          random,
          tables.tlog.filter((bytes) => bytes.length > 0),
        ),
        random,
      );
    });
    // Go reads heads and records out of what was checked to be text before.
    const inputs = [...tables.tlog, ...made].filter((bytes) => /^[\n -\x7e]*$/.test(text(bytes)));
    const trees = ask(inputs.map((bytes) => ({ op: 'tree', args: [bytes] })));
    const records = ask(inputs.map((bytes) => ({ op: 'record', args: [bytes] })));
    inputs.forEach((bytes, i) => {
      const head = attempt(() => {
        const { origin, size, root } = parseTreeHead(text(bytes));
        if (origin !== 'go.sum database tree') return { refused: 'origin' };
        return [String(size), Buffer.from(root).toString('base64')];
      });
      agree(text(bytes), head, trees[i]);
      const record = attempt(() => {
        const { id, text: body, note } = parseLookup(bytes);
        return [id, body, note].map((part) =>
          typeof part === 'number' ? String(part) : Buffer.from(part).toString('base64'),
        );
      });
      agree(text(bytes), record, records[i]);
    });
  });

  test('tile paths', () => {
    const random = seededRandom(4);
    const inputs = [
      ...tables.tlog.map(text),
      ...Array.from({ length: count() / 2 }, () => jumble(random, TILE_PARTS, 9)),
      ...Array.from({ length: count() / 2 }, () => {
        const [h, l] = [1 + Math.floor(random() * 12), Math.floor(random() * 6) - 1];
        const width = 1 + Math.floor(random() * 2 ** h);
        const path = formatTilePath({
          height: h,
          level: l,
          index: Math.floor(random() * 1e9),
          width,
        });
        return random() < 0.5 ? path : text(mutate(encodeUtf8(path), random));
      }),
    ];
    const answers = ask(inputs.map((path) => ({ op: 'tile.parse', args: [path] })));
    let parsed = 0;
    inputs.forEach((path, i) => {
      const tile = parseTilePath(path);
      if (tile !== undefined) parsed++;
      const ours = tile === undefined ? null : placeOf(tile);
      expect({ path, tile: ours }).toEqual({ path, tile: answers[i] });
    });
    expect(parsed).toBeGreaterThan(inputs.length / 10);
  });

  test('stored indexes and their tiles', () => {
    const random = seededRandom(5);
    const indexes = Array.from({ length: 2000 }, (_, i) =>
      i < 300 ? i : Math.floor(random() * 2 ** Math.floor(random() * 51)),
    );
    const split = ask(indexes.map((index) => ({ op: 'stored.split', args: [String(index)] })));
    const heights = [1, 2, 3, 8, 10];
    const places = ask(
      indexes.flatMap((index) =>
        heights.map((height) => ({ op: 'tile.of', args: [String(height), String(index)] })),
      ),
    );
    indexes.forEach((index, i) => {
      const { level, position } = splitStoredIndex(index);
      expect([index, level, position]).toEqual([index, ...(split[i] as number[])]);
      expect(storedIndex(level, position)).toBe(index);
      heights.forEach((height, j) => {
        expect([height, index, placeOf(tileOf(height, index).tile)]).toEqual([
          height,
          index,
          places[i * heights.length + j],
        ]);
      });
    });
  });

  test('new tiles', () => {
    const random = seededRandom(6);
    const cases = Array.from({ length: 300 }, () => {
      const height = 1 + Math.floor(random() * 10);
      const before = Math.floor(random() * 5000);
      return [height, before, before + Math.floor(random() * 5000)] as const;
    });
    const answers = ask(cases.map((args) => ({ op: 'tile.new', args: args.map(String) })));
    cases.forEach(([height, before, after], i) => {
      expect(newTiles(height, before, after).map(placeOf)).toEqual(answers[i]);
    });
  });

  test('roots and proofs of every small tree, and broken proofs', async () => {
    const random = seededRandom(9);
    const log = createTestLog(130);
    const [questions, checks] = [[] as Question[], [] as { ours: unknown; what: string }[]];
    const put = (what: string, op: string, args: Question['args'], ours: unknown) => {
      questions.push({ op, args });
      checks.push({ what, ours });
    };
    const join = (hashes: readonly Uint8Array[]) => Buffer.concat(hashes);
    for (let size = 0; size <= 130; size++) {
      const root = await treeHash(size, log.hashes);
      put(`root ${size}`, 'tree.hash', [String(size)], Buffer.from(root).toString('base64'));
    }
    const picked = Array.from({ length: count() / 4 }, () => {
      const size = 1 + Math.floor(random() * 130);
      return [size, Math.floor(random() * size)] as const;
    });
    for (const [size, index] of picked) {
      const root = await treeHash(size, log.hashes);
      const oldRoot = await treeHash(index + 1, log.hashes);
      const record = await proveInclusion(size, index, log.hashes);
      const tree = await proveConsistency(size, index + 1, log.hashes);
      const sizes = [String(size), String(index)] as const;
      put(`record ${sizes}`, 'prove.record', sizes, join(record).toString('base64'));
      put(
        `tree ${sizes}`,
        'prove.tree',
        [sizes[0], String(index + 1)],
        join(tree).toString('base64'),
      );
      const [brokenRecord, brokenTree] = [record, tree].map((proof) => breakProof(proof, random));
      const leaf = recordHash(encodeUtf8(`leaf ${index}`));
      const isIn = attempt(() => checkInclusion(brokenRecord!, { size, root }, { index, leaf }));
      put(
        'inclusion',
        'check.record',
        [sizes[0], root, sizes[1], leaf, join(brokenRecord!)],
        isRefused(isIn),
      );
      const isStart = attempt(() =>
        checkConsistency(brokenTree!, { size, root }, { size: index + 1, root: oldRoot }),
      );
      put(
        'consistency',
        'check.tree',
        [sizes[0], root, String(index + 1), oldRoot, join(brokenTree!)],
        isRefused(isStart),
      );
    }
    const answers = ask(questions);
    let refused = 0;
    checks.forEach(({ what, ours }, i) => {
      const theirs = typeof ours === 'boolean' ? answers[i] !== null : answers[i];
      if (ours === true) refused++;
      expect({ what, ours }).toEqual({ what, ours: theirs });
    });
    expect(refused).toBeGreaterThan(picked.length / 3);
    expect(refused).toBeLessThan(picked.length * 2);
  });

  test('tiles, honest and forged', async () => {
    const random = seededRandom(10);
    const log = createTestLog(300);
    const cases = await Promise.all(
      Array.from({ length: count() / 8 }, async (_, i) => {
        const height = pick(random, [1, 2, 3, 8]);
        const size = 1 + Math.floor(random() * (i % 2 === 0 ? 40 : 300));
        const root = await treeHash(size, log.hashes);
        const end = storedIndex(0, size);
        const indexes = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
          Math.floor(random() * (end + (random() < 0.05 ? 3 : 0))),
        );
        const forge = random() < 0.7 ? { at: random(), how: random() } : undefined;
        const paths: string[] = [];
        const bodies: Uint8Array[] = [];
        const kept: string[] = [];
        const reader = createTileReader(
          { size, root },
          {
            height,
            read: async (tiles) => {
              const honest = await Promise.all(tiles.map((tile) => log.tile(tile)));
              const bad = forge === undefined ? -1 : Math.floor(forge.at * tiles.length);
              paths.push(...tiles.map(formatTilePath));
              bodies.push(
                ...honest.map((body, j) => (j === bad ? breakTile(body, forge!.how) : body)),
              );
              return bodies;
            },
            keep: async (tiles) => void kept.push(...tiles.map(formatTilePath)),
          },
        );
        let ours: unknown;
        try {
          ours = [Buffer.concat(await reader(indexes)).toString('base64'), kept];
        } catch (error) {
          if (!(error instanceof TlogError)) throw error;
          ours = { refused: error.code };
          expect(kept).toEqual([]);
        }
        const args = [String(height), String(size), root, indexes.join(' ')];
        const files = paths.flatMap((path, j) => [path, bodies[j]!]);
        return { ours, question: { op: 'tiles', args: [...args, ...files] } };
      }),
    );
    const answers = ask(cases.map(({ question }) => question));
    const refused = cases.filter(({ ours }) => isRefused(ours)).length;
    cases.forEach(({ ours, question }, i) => {
      agree(question.args.slice(0, 4), ours, answers[i]);
    });
    expect(refused).toBeGreaterThan(cases.length / 3);
    expect(refused).toBeLessThan(cases.length * 0.9);
  });
});

function placeOf({ height, level, index, width }: Tile): number[] {
  return [height, level, index, width];
}

/** Leaves a proof as it is, or takes, adds, swaps or changes a hash. */
function breakProof(proof: readonly Uint8Array[], random: () => number): Uint8Array[] {
  const broken = proof.map((hash) => hash.slice());
  const at = Math.floor(random() * broken.length);
  const how = random();
  if (how < 0.4) return broken;
  if (how < 0.55) return broken.slice(1);
  if (how < 0.7) return [...broken, new Uint8Array(32)];
  if (how < 0.85) return broken.reverse();
  const hash = broken[at];
  if (hash !== undefined) hash[Math.floor(random() * 32)]! ^= 1;
  return broken;
}

function breakTile(body: Uint8Array, how: number): Uint8Array {
  if (how < 0.1) return body.subarray(0, body.length - 32);
  if (how < 0.2) return Buffer.concat([body, body.subarray(0, 32)]);
  const broken = body.slice();
  broken[Math.floor(how * broken.length)]! ^= 1;
  return broken;
}

describe('a tree that is built is the tree that is proven', () => {
  test('for every size', async () => {
    const log = createTestLog(70);
    const tree = createTree();
    for (let size = 0; size <= 70; size++) {
      expect(formatTreeHead({ size, root: tree.root() })).toBe(
        formatTreeHead({ size, root: await treeHash(size, log.hashes) }),
      );
      tree.append(encodeUtf8(`leaf ${size}`));
    }
  });
});
