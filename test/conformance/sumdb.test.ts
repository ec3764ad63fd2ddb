import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { concatBytes, encodeUtf8 } from '#base';
import { createNetwork } from '#host';
import {
  createMemoryLatest,
  createNetworkReader,
  createSumdbClient,
  ForkError,
  type LogCache,
  loggedHashes,
} from '#sumdb';
import { parseTilePath, parseVerifierKey, signNote } from '#tlog';
import { buildGo, describeWith } from '../support/go.ts';
import {
  type Answer,
  createTestSumdb,
  filler,
  OTHER_SIGNER,
  serve,
  TEST_RECORDS,
  TEST_SIGNER,
  type TestSumdb,
} from '../support/test-sumdb.ts';

interface GoAnswer {
  readonly lines: readonly string[] | null;
  readonly error: string;
  readonly security: string;
  readonly cached: readonly string[];
  readonly latest: string | null;
}

const NAME = 'localhost.localdev/sumdb';
const LOOKUP = 'lookup/rsc.io/quote@v1.5.2';
const QUOTE = { path: 'rsc.io/quote', version: 'v1.5.2' };

type Behavior = (db: TestSumdb) => (path: string) => Promise<Answer> | Answer;
interface Scenario {
  readonly name: string;
  /** Where it is another one than of 704 records. */
  readonly open?: () => TestSumdb;
  readonly behave: Behavior;
  /** The head that the client remembers. */
  readonly latest?: (db: TestSumdb) => Promise<Uint8Array>;
  readonly key?: string;
  /** Where we are stricter than Go on purpose: the code that we give. */
  readonly strict?: string;
  /** Where our refusal is another than Go's, and says more. */
  readonly ours?: string;
}

const large = () =>
  createTestSumdb([...Array.from({ length: 700 }, (_, i) => filler(i)), ...TEST_RECORDS]);
let tall: TestSumdb | undefined;
/** A log of three levels of tiles. */
const ofThreeLevels = () => {
  const fillers = Array.from({ length: 65_600 }, (_, i) => filler(i));
  tall ??= createTestSumdb([...fillers, ...TEST_RECORDS]);
  return tall;
};
const honest: Behavior = (db) => db.answer;
const body = (answer: Answer): Uint8Array => {
  if (typeof answer !== 'object') throw new Error('no answer to change');
  return answer;
};
const replace = (answer: Answer, from: string | RegExp, to: string) =>
  encodeUtf8(Buffer.from(body(answer)).toString().replace(from, to));
const onPath =
  (which: RegExp, change: (answer: Answer, db: TestSumdb) => Answer | Promise<Answer>): Behavior =>
  (db) =>
  async (path) =>
    which.test(path) ? changeIfThere(await db.answer(path), (a) => change(a, db)) : db.answer(path);
const changeIfThere = (answer: Answer, change: (answer: Answer) => Answer | Promise<Answer>) =>
  answer === undefined ? answer : change(answer);
const flip = (answer: Answer) => {
  const changed = body(answer).slice();
  changed[changed.length - 1]! ^= 1;
  return changed;
};
/** The log has grown: of its lowest tiles only full ones are left, and those are changed. */
const ofFullTiles =
  (change: (full: Uint8Array) => Uint8Array): Behavior =>
  (db) => {
    const later = large();
    for (let i = 0; i < 400; i++) later.append(filler(5000 + i));
    return async (path) => {
      const tile = parseTilePath(path);
      if (tile === undefined || tile.level > 0) return db.answer(path);
      return tile.width < 256 ? undefined : change(body(await later.answer(path)));
    };
  };
const forked = () =>
  createTestSumdb([...Array.from({ length: 600 }, (_, i) => filler(i)), filler(9999)]);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const SCENARIOS: readonly Scenario[] = [
  { name: 'honest', behave: honest },
  { name: 'honest, with an older head remembered', behave: honest, latest: (db) => db.head(300) },
  { name: 'honest, with the same head remembered', behave: honest, latest: (db) => db.head() },
  {
    name: 'a stale head',
    behave: onPath(/^lookup/, (_, db) => db.lookup(700, 702)),
    latest: (db) => db.head(),
  },
  // Go checks the remembered head by itself first and finds only that its tiles are another tree's.
  {
    name: 'a fork behind the remembered head',
    behave: honest,
    latest: () => forked().head(),
    ours: 'fork',
  },
  {
    name: 'a fork ahead of the remembered head, with its own tiles',
    behave: onPath(/^lookup/, () => forked().lookup(600)),
    latest: (db) => db.head(),
  },
  { name: 'a forged record', behave: onPath(/^lookup/, (a) => replace(a, 'h1:w5', 'h1:W5')) },
  {
    name: 'the number of another record',
    behave: onPath(/^lookup/, (a) => replace(a, '700', '699')),
  },
  { name: 'a number past the end', behave: onPath(/^lookup/, (a) => replace(a, '700', '704')) },
  { name: 'another record', behave: onPath(/^lookup/, (_, db) => db.lookup(3)) },
  { name: 'a changed head', behave: onPath(/^lookup/, (a) => replace(a, '\n704\n', '\n703\n')) },
  {
    name: 'a head by another key',
    behave: onPath(/^lookup/, () => createTestSumdb(TEST_RECORDS, OTHER_SIGNER).lookup(0)),
  },
  { name: 'a client with another key', behave: honest, key: OTHER_SIGNER.verifier },
  { name: 'a truncated lookup', behave: onPath(/^lookup/, (a) => body(a).subarray(0, 60)) },
  { name: 'a lookup cut in its note', behave: onPath(/^lookup/, (a) => body(a).subarray(0, 250)) },
  { name: 'an empty lookup', behave: onPath(/^lookup/, () => encodeUtf8('')) },
  { name: 'no such module', behave: onPath(/^lookup/, () => undefined) },
  { name: 'a gone module', behave: onPath(/^lookup/, () => 410) },
  { name: 'a server with an error', behave: onPath(/^lookup/, () => 500) },
  { name: 'a wrong tile of level 0', behave: onPath(/^tile\/8\/0\/002/, flip) },
  { name: 'a wrong tile of level 1', behave: onPath(/^tile\/8\/1\//, flip) },
  {
    name: 'a wrong tile of level 0 that is full',
    behave: (db) => async (path) => {
      if (path.startsWith('lookup/')) return db.lookup(0);
      const answer = await db.answer(path);
      return path === 'tile/8/0/000' ? flip(answer) : answer;
    },
  },
  { name: 'an honest log of three levels', open: ofThreeLevels, behave: honest },
  ...[0, 1, 2].map((level) => ({
    name: `a wrong tile of level ${level} of three`,
    open: ofThreeLevels,
    behave: onPath(new RegExp(`^tile/8/${level}/`), flip),
  })),
  { name: 'a truncated tile', behave: onPath(/^tile\/8\/0\/002/, (a) => body(a).subarray(32)) },
  {
    name: 'an oversized tile',
    behave: onPath(/^tile\/8\/0\/002/, (a) => concatBytes(body(a), body(a))),
    ours: 'TOO_LONG',
  },
  { name: 'no tiles', behave: onPath(/^tile/, () => undefined) },
  { name: 'a server whose tiles fail', behave: onPath(/^tile/, () => 503) },
  {
    name: 'partial tiles are gone',
    behave: (db) => (path) => {
      const tile = parseTilePath(path);
      const isPartial = tile !== undefined && tile.width < 256 && tile.level === 0;
      return isPartial ? undefined : db.answer(path);
    },
  },
  {
    name: 'partial tiles are gone, full ones there',
    behave: ofFullTiles((full) => full),
  },
  {
    name: 'a hash hidden in the extra lines of the head',
    behave: onPath(/^lookup/, async (_, db) => {
      const [origin, size, root] = Buffer.from(await db.head())
        .toString()
        .split('\n');
      const text = `${origin}\n${size}\n${root}\nrsc.io/quote v1.5.2 h1:EVIL=\n`;
      return concatBytes(encodeUtf8(`5\n${filler(5).text}\n`), signNote(text, [TEST_SIGNER]));
    }),
  },
  {
    name: 'a record number with zeros in front',
    behave: onPath(/^lookup/, (a) => replace(a, /^700/, '0700')),
    strict: 'NOT_CANONICAL',
  },
  // Go takes the record where it knows a newer head already.
  {
    name: 'a lookup without a head, where a newer one is remembered',
    behave: onPath(/^lookup/, (a) => replace(a, /\n\n[\s\S]*$/, '\n\n')),
    latest: (db) => db.head(),
    strict: 'NO_HEAD',
  },
  {
    name: 'a lookup without a head',
    behave: onPath(/^lookup/, (a) => replace(a, /\n\n[\s\S]*$/, '\n\n')),
    ours: 'NO_HEAD',
  },
  // Go divides its length, and takes up to 255 bytes more.
  {
    name: 'partial tiles are gone, the full one has bytes too many',
    behave: ofFullTiles((full) => concatBytes(full, new Uint8Array(100))),
    strict: 'TOO_LONG',
  },
  {
    name: 'partial tiles are gone, the full one is cut short',
    behave: ofFullTiles((full) => full.subarray(0, 8160)),
  },
  {
    name: 'a slow answer',
    behave: onPath(/^lookup/, async (a) => {
      await wait(3000);
      return a;
    }),
  },
  {
    name: 'an endless answer',
    behave: onPath(/^lookup/, (a) => concatBytes(body(a), new Uint8Array(2 ** 24).fill(0x41))),
    ours: 'TOO_LONG',
  },
];

/** What a refusal is about; both clients' sentences are sorted into these. */
function kindOfGo({ error, security }: GoAnswer): string {
  if (security !== '') return 'fork';
  if (error === '') return 'none';
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/authenticate record|validate record/, 'unproven'],
    [/downloaded inconsistent tile|bad result slice/, 'tile'],
    [/invalid signature|no verifiable|malformed note|malformed tree/, 'note'],
    [/malformed record/, 'record'],
    [/GET \/lookup.*: (404|410)/, 'absent'],
    [/GET |Get |Timeout|deadline/, 'unreachable'],
    [/invalid verifier|malformed verifier/, 'key'],
  ];
  return kinds.find(([words]) => words.test(error))?.[1] ?? error;
}

function kindOfOurs(error: unknown): string {
  if (error instanceof ForkError) return 'fork';
  const code = (error as { code?: string }).code ?? String(error);
  const kinds: Readonly<Record<string, string>> = {
    UNPROVEN: 'unproven',
    INCONSISTENT_TILE: 'tile',
    TILE_LENGTH: 'tile',
    INVALID_SIGNATURE: 'note',
    UNKNOWN_KEYS: 'note',
    MALFORMED_NOTE: 'note',
    MALFORMED_TREE: 'note',
    MALFORMED_RECORD: 'record',
    UNREACHABLE: 'unreachable',
    SILENT: 'unreachable',
  };
  return kinds[code] ?? code;
}

describeWith('go', ['version'], 'a misbehaving checksum database', () => {
  let program = '';
  beforeAll(() => {
    program = buildGo('gosumdb');
  });

  async function askGo(question: object): Promise<GoAnswer> {
    const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(`${JSON.stringify(question)}\n`);
    const [out] = await Promise.all([readText(child.stdout), once(child, 'exit')]);
    return JSON.parse(out) as GoAnswer;
  }

  test.each(SCENARIOS)(
    '$name',
    async ({ open = large, behave, latest, key, strict, ours: wanted }) => {
      const db = open();
      const remembered = await latest?.(db);
      const server = await serve(behave(db));
      try {
        const vkey = key ?? TEST_SIGNER.verifier;
        const theirs = await askGo({
          url: server.url,
          key: vkey,
          latest: Buffer.from(remembered ?? []).toString('base64'),
          ...QUOTE,
        });
        const kept = new Map<string, Uint8Array>();
        const cache: LogCache = {
          read: async (path) => kept.get(path),
          write: async (path, content) => void kept.set(path, content),
        };
        const stored = createMemoryLatest();
        if (remembered !== undefined) await stored.replace(undefined, remembered);
        const client = createSumdbClient({
          key: parseVerifierKey(vkey),
          latest: stored,
          cache,
          reader: createNetworkReader(createNetwork(), server.url, {
            name: NAME,
            milliseconds: 2000,
          }),
        });
        let ours: readonly string[] | string;
        try {
          const record = await client.lookup(QUOTE);
          ours =
            record === undefined
              ? 'absent'
              : loggedHashes(record.text, QUOTE).zip.map((hash) => `rsc.io/quote v1.5.2 ${hash}`);
        } catch (error) {
          ours = kindOfOurs(error);
        }
        if (strict !== undefined) {
          expect([kindOfGo(theirs), ours]).toEqual(['none', strict]);
          return;
        }
        const isAnswer = theirs.error === '' && theirs.security === '';
        expect({ ours, theirs }).toEqual({
          ours: isAnswer
            ? (theirs.lines ?? []).filter((line) => line.includes(' h1:'))
            : (wanted ?? kindOfGo(theirs)),
          theirs,
        });
        const newest = Buffer.from((await stored.load()) ?? []).toString('base64');
        expect(newest).toBe(theirs.latest ?? '');
        // What Go does not trust, we do not keep.
        const cached = [...kept.keys()].map((path) => `${NAME}/${path}`);
        if (wanted === undefined) expect(theirs.cached).toEqual(expect.arrayContaining(cached));
        // Nor a true record of another module, which Go keeps and then believes to be the answer.
        expect(cached.includes(`${NAME}/${LOOKUP}`)).toBe(isAnswer && ours.length > 0);
      } finally {
        server.close();
      }
    },
  );
});
