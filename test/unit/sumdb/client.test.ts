import { describe, expect, test } from 'vitest';
import { concatBytes, encodeUtf8 } from '#base';
import {
  askSumdb,
  createMemoryLatest,
  createSumdbClient,
  ForkError,
  isUnproven,
  type LatestTree,
  type LogCache,
  type SumdbClient,
  SumdbError,
} from '#sumdb';
import { checkConsistency, openTreeHead, parseVerifierKey, signNote } from '#tlog';
import {
  type Answer,
  createTestSumdb,
  filler,
  OTHER_SIGNER,
  TEST_RECORDS,
  TEST_SIGNER,
  type TestSumdb,
} from '../../support/test-sumdb.ts';

const KEY = parseVerifierKey(TEST_SIGNER.verifier);
const QUOTE = { path: 'rsc.io/quote', version: 'v1.5.2' };
const QUOTE_HASHES = {
  h1: 'h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=',
  goModH1: 'h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=',
  hasGoMod: true,
};
const QUOTE_LOGGED = { h1: QUOTE_HASHES.h1, goModH1: QUOTE_HASHES.goModH1 };
const bytes = (answer: Answer) => (typeof answer === 'object' ? answer : undefined);

interface Setting {
  readonly latest?: LatestTree;
  readonly cache?: LogCache;
  readonly requests?: string[];
  /** Changes an answer. */
  readonly twist?: (path: string, honest: Answer) => Promise<Answer> | Answer;
}

function open(
  db: TestSumdb,
  { latest = createMemoryLatest(), cache, requests, twist }: Setting = {},
) {
  return createSumdbClient({
    key: KEY,
    latest,
    cache,
    reader: {
      source: 'network',
      place: 'the test',
      read: async (path) => {
        requests?.push(path);
        const honest = await db.answer(path);
        return bytes(twist === undefined ? honest : await twist(path, honest));
      },
    },
  });
}

function createMemoryCache() {
  const files = new Map<string, Uint8Array>();
  const cache: LogCache = {
    read: async (path) => files.get(path),
    write: async (path, content) => void files.set(path, content),
  };
  return { files, cache };
}

const large = () =>
  createTestSumdb([...Array.from({ length: 700 }, (_, i) => filler(i)), ...TEST_RECORDS]);
const ask = (client: SumdbClient, subject = QUOTE, hashes = QUOTE_HASHES) =>
  askSumdb(client, { subject, hashes });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? error,
  );

describe('the fixture of golang.org/x/mod/sumdb', () => {
  test.each([
    [
      1,
      'WjvL/HG+LcMcRc63kFcpeP289Y+SW6L8uHapnVU30FU=',
      'AAAMZ4/2LYVLoVNSpKpkRrjBaatdyCja0E0AZztDH9ACQIp6CM+mU/o90ZbjmGxrTHrRlt134xZRCd5Wy1AhZOZvtAM=',
    ],
    [
      2,
      'wsqcgX5rABDmI7Y6Jhe+ltsmLPNQB4CCfpqFJVwMGNk=',
      'AAAMZwAsVadrQu9laAPSKggIeeFWNSMftJ0WO6DXKXD63mb3k5BlPZSA3q46nSuWrnQK8adNVPqLkX5WXsTOj+RtxAA=',
    ],
    [
      3,
      'BqP+0lgg2eJ2ftkPcKT+ltQjkVMh3THoMw60om6MwKo=',
      'AAAMZ7LFXswF2N3CLFvkbLG1n2Hx5SHNE+44EVr3kW/2wMlprpbogoxXRsDsaIMQ4kEmV+g6ObO1hQwtuEupEvEHTwo=',
    ],
    [
      4,
      '/7Aw5jVSMM9sFjQhaMg+iiDYPMk6decH7QLOGrL9Lx0=',
      'AAAMZ4p0U2imiESToQIuhbLPz+DLot/i59pjBQtpE0iN3VifjzXBA1i4ceNI6z64AV0lEbtUQiP1e3DmYerREy4hMgs=',
    ],
  ])('the head of %i records', async (size, root, signature) => {
    const head = await createTestSumdb(TEST_RECORDS).head(size);
    const text = `go.sum database tree\n${size}\n${root}\n\n— localhost.localdev/sumdb ${signature}\n`;
    expect(Buffer.from(head).toString()).toBe(text);
  });

  test('its fork is found, with both heads and the proof', async () => {
    const [a, b] = [createTestSumdb(TEST_RECORDS), createTestSumdb(TEST_RECORDS)];
    const pkg = (path: string, version: string) => ({
      path,
      version,
      text: `${path} ${version} h1:hash!=\n`,
    });
    a.append(pkg('rsc.io/pkg1', 'v1.5.2'));
    b.append(pkg('rsc.io/pkg1', 'v1.5.3'));
    b.append(pkg('rsc.io/pkg1', 'v1.5.4'));
    const latest = createMemoryLatest();
    await open(b, { latest }).lookup({ path: 'rsc.io/pkg1', version: 'v1.5.4' });
    const stored = await latest.load();
    // The head of A beside the tiles of B.
    const client = open(b, {
      latest,
      twist: async (path, honest) => (path === 'lookup/rsc.io/pkg1@v1.5.2' ? a.lookup(4) : honest),
    });
    const subject = { path: 'rsc.io/pkg1', version: 'v1.5.2' };
    const result = await ask(client, subject);
    expect(result).toMatchObject({ status: 'fork', record: null, proof: null });
    expect(isUnproven(result)).toBe(true);
    expect(result.fork).toEqual({
      older: Buffer.from(await a.head()).toString(),
      newer: Buffer.from(await b.head()).toString(),
      root: 'T7i+H/8ER4nXOiw4Bj0koZOkGjkxoNvlI34GpvhHhQg=',
      proof: [
        'Nsuejv72de9hYNM5bqFv8rv3gm3zJQwv/DT/WNbLDLA=',
        'mOmqqZ1aI/lzS94oq/JSbj7pD8Rv9S+xDyi12BtVSHo=',
        '/7Aw5jVSMM9sFjQhaMg+iiDYPMk6decH7QLOGrL9Lx0=',
      ],
    });
    // The evidence convinces whoever has only the key: the newer tree has another start than the older.
    const older = openTreeHead(encodeUtf8(result.fork!.older), [KEY]);
    const newer = openTreeHead(encodeUtf8(result.fork!.newer), [KEY]);
    const root = Buffer.from(result.fork!.root, 'base64');
    const proof = result.fork!.proof.map((hash) => Buffer.from(hash, 'base64'));
    checkConsistency(proof, newer, { size: older.size, root });
    expect(Buffer.from(older.root).equals(root)).toBe(false);
    expect(await latest.load()).toBe(stored);
  });
});

describe('what was found once is not forgotten', () => {
  const other = () =>
    createTestSumdb(Array.from({ length: 300 }, (_, i) => filler(i === 5 ? 9999 : i)));

  test('a fork that another program stored meanwhile stays one', async () => {
    const db = large();
    const latest = createMemoryLatest();
    const stale: LatestTree = {
      // The first look finds nothing; then there is the head of another log, larger or smaller.
      load: (() => {
        let looks = 0;
        return async () => (looks++ === 0 ? undefined : latest.load());
      })(),
      replace: latest.replace,
    };
    await latest.replace(undefined, await other().head());
    const client = open(db, { latest: stale });
    const answers = [await ask(client), await ask(client), await ask(client)];
    expect(answers.map(({ status }) => status)).toEqual(['fork', 'fork', 'fork']);
  });

  test('a head that cannot be stored is not believed the second time either', async () => {
    const latest: LatestTree = {
      load: async () => undefined,
      replace: async () => {
        throw new SumdbError('STATE', 'the disk is full');
      },
    };
    const client = open(large(), { latest });
    const answers = [await ask(client), await ask(client)];
    expect(answers.map(({ status, refusal }) => [status, refusal])).toEqual([
      ['unchecked', 'state'],
      ['unchecked', 'state'],
    ]);
  });

  test('a bad tile of the server is not blamed on the stored head', async () => {
    const db = large();
    const latest = createMemoryLatest();
    await latest.replace(undefined, await db.head(300));
    const client = open(db, {
      latest,
      twist: (path, honest) => (path.startsWith('tile/') ? new Uint8Array(3) : honest),
    });
    expect(await ask(client)).toMatchObject({ status: 'unchecked', refusal: 'tile-length' });
  });

  test('a record of another module is not kept, and not taken out of the cache', async () => {
    const db = large();
    const { files, cache } = createMemoryCache();
    const wrong = open(db, {
      cache,
      twist: (path, honest) => (path === 'lookup/rsc.io/quote@v1.5.2' ? db.lookup(3) : honest),
    });
    expect(await ask(wrong)).toMatchObject({ status: 'absent', record: 3 });
    expect([...files.keys()].filter((path) => path.startsWith('lookup/'))).toEqual([]);
    files.set('lookup/rsc.io/quote@v1.5.2', await db.lookup(3));
    expect((await ask(open(db, { cache }))).status).toBe('match');
  });

  test('a spoiled tile in the cache costs no honest answer, however many ask at once', async () => {
    const db = large();
    const { files, cache } = createMemoryCache();
    await ask(open(db, { cache }));
    for (const [path, content] of files) {
      if (path.startsWith('tile/'))
        files.set(
          path,
          content.map((byte) => byte ^ 1),
        );
    }
    const client = open(db, { cache });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        client.lookup({ path: `example.com/m${i}`, version: 'v1.0.0' }),
      ),
    );
    expect(answers.map((record) => record?.id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('a name that is not to be told is told to nobody', async () => {
    const requests: string[] = [];
    const db = large();
    const client = createSumdbClient({
      key: KEY,
      latest: createMemoryLatest(),
      cache: undefined,
      skipped: 'rsc.io',
      reader: {
        source: 'network',
        place: 'the test',
        read: async (path) => {
          requests.push(path);
          return bytes(await db.answer(path));
        },
      },
    });
    expect(await ask(client)).toMatchObject({ status: 'unchecked', refusal: 'skipped' });
    expect(requests).toEqual([]);
  });
});

describe('an honest database', () => {
  test('proves a record, keeps what is proven, and is asked once', async () => {
    const db = large();
    const { files, cache } = createMemoryCache();
    const latest = createMemoryLatest();
    const requests: string[] = [];
    const result = await ask(open(db, { latest, cache, requests }));
    expect(result).toMatchObject({
      status: 'match',
      goMod: 'match',
      database: 'localhost.localdev/sumdb',
      record: 700,
      treeSize: 704,
      source: 'network',
      key: TEST_SIGNER.verifier,
      logged: QUOTE_LOGGED,
      fork: null,
      detail: null,
    });
    expect(result.proof).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra /);
    expect(requests.filter((path) => path.startsWith('lookup/'))).toHaveLength(1);
    expect(requests).not.toContain('latest');
    expect([...files.keys()].sort()).toContain('lookup/rsc.io/quote@v1.5.2');
    expect(Buffer.from((await latest.load())!)).toEqual(Buffer.from(await db.head()));
    // Again, by another client, with nobody to ask.
    const offline: string[] = [];
    const again = open(db, { latest, cache, requests: offline, twist: () => undefined });
    expect(await ask(again)).toEqual(result);
    expect(offline).toEqual([]);
  });

  test('other hashes are a mismatch, and both are shown', async () => {
    const other = { ...QUOTE_HASHES, h1: 'h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
    const result = await ask(open(large()), QUOTE, other);
    expect(result).toMatchObject({ status: 'mismatch', goMod: 'match', logged: QUOTE_LOGGED });
    expect(isUnproven(result)).toBe(false);
    const unhashed = await ask(open(large()), QUOTE, { ...QUOTE_HASHES, h1: null as never });
    expect(unhashed).toMatchObject({ status: 'unchecked', goMod: 'match' });
    expect(unhashed.detail).toMatch(/no h1/);
  });

  test('a module that is not in the log is absent', async () => {
    const result = await ask(open(large()), { path: 'example.com/none', version: 'v1.0.0' });
    expect(result).toMatchObject({ status: 'absent', goMod: 'absent', record: null });
    expect(isUnproven(result)).toBe(true);
  });

  test('an older head is taken, and the newest stays', async () => {
    const db = large();
    const latest = createMemoryLatest();
    await open(db, { latest }).lookup(QUOTE);
    const newest = await latest.load();
    const stale = open(db, {
      latest,
      twist: (path, honest) => (path.startsWith('lookup/') ? db.lookup(1, 300) : honest),
    });
    const record = await stale.lookup({ path: 'example.com/m1', version: 'v1.0.0' });
    expect(record?.head.size).toBe(704);
    expect(await latest.load()).toBe(newest);
  });

  test('a partial tile that is gone is cut out of the full one', async () => {
    const db = createTestSumdb(Array.from({ length: 300 }, (_, i) => filler(i)));
    const later = createTestSumdb(Array.from({ length: 800 }, (_, i) => filler(i)));
    const subject = { path: 'example.com/m280', version: 'v1.0.0' };
    const client = open(db, {
      twist: async (path, honest) =>
        path.startsWith('tile/8/0/') ? later.answer(path.endsWith('.p/44') ? '' : path) : honest,
    });
    expect((await client.lookup(subject))?.id).toBe(280);
    const long = open(db, {
      twist: async (path, honest) => {
        if (path.endsWith('.p/44')) return undefined;
        if (path !== 'tile/8/0/001') return honest;
        return concatBytes(bytes(await later.answer(path))!, new Uint8Array(100));
      },
    });
    // Go would take it: its length, divided, still gives the width.
    expect(await codeOf(long.lookup(subject))).toBe('TILE_LENGTH');
  });

  test('two clients that grow at once never lose a head', async () => {
    const db = large();
    let stored: Uint8Array | undefined = await db.head(300);
    let races = 0;
    const latest: LatestTree = {
      load: async () => stored,
      replace: async (before, after) => {
        if (races++ < 2) stored = await db.head(400 + races);
        if (before !== stored) return false;
        stored = after;
        return true;
      },
    };
    expect((await open(db, { latest }).lookup(QUOTE))?.head.size).toBe(704);
    expect(races).toBe(3);
    expect(openTreeHead(stored!, [KEY]).size).toBe(704);
  });

  test('lookups at the same time are one after the other for the head', async () => {
    const db = large();
    const client = open(db, {
      twist: (path, honest) => {
        const id = /^lookup\/example\.com\/m(\d+)@/.exec(path)?.[1];
        return id === undefined ? honest : db.lookup(Number(id), Number(id) + 1);
      },
    });
    const records = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        client.lookup({ path: `example.com/m${i * 30}`, version: 'v1.0.0' }),
      ),
    );
    expect(records.map((record) => record?.id)).toEqual(
      Array.from({ length: 20 }, (_, i) => i * 30),
    );
    expect((await client.head())?.size).toBe(571);
  });
});

describe('a database that lies is not believed, and nothing of it is kept', () => {
  const text = (value: string) => encodeUtf8(value);
  const replace = (body: Answer, from: string | RegExp, to: string) =>
    text(Buffer.from(bytes(body)!).toString().replace(from, to));
  const LOOKUP = 'lookup/rsc.io/quote@v1.5.2';

  type Twist = (db: TestSumdb) => NonNullable<Setting['twist']>;
  const onLookup =
    (change: (body: Answer, db: TestSumdb) => Answer | Promise<Answer>): Twist =>
    (db) =>
    (path, honest) =>
      path === LOOKUP ? change(honest, db) : honest;
  const onTile =
    (tile: RegExp, change: (body: Uint8Array) => Answer): Twist =>
    () =>
    (path, honest) =>
      tile.test(path) && typeof honest === 'object' ? change(honest) : honest;
  const flip = (body: Uint8Array) => {
    const changed = body.slice();
    changed[changed.length - 1]! ^= 1;
    return changed;
  };

  const LIES: readonly (readonly [string, Twist, string])[] = [
    ['a record with another hash', onLookup((body) => replace(body, 'h1:w5', 'h1:W5')), 'UNPROVEN'],
    ['the number of another record', onLookup((body) => replace(body, /^700/, '699')), 'UNPROVEN'],
    ['a number past the end', onLookup((body) => replace(body, /^700/, '704')), 'UNPROVEN'],
    ['a negative number', onLookup((body) => replace(body, /^700/, '-1')), 'NOT_CANONICAL'],
    ['a number with zeros', onLookup((body) => replace(body, /^700/, '0700')), 'NOT_CANONICAL'],
    [
      'a changed head',
      onLookup((body) => replace(body, '\n704\n', '\n705\n')),
      'INVALID_SIGNATURE',
    ],
    ['no head', onLookup((body) => replace(body, /\n\n[\s\S]*/, '\n\n')), 'NO_HEAD'],
    ['no note at all', onLookup((body) => replace(body, /\n\n[\s\S]*/, '\n')), 'MALFORMED_RECORD'],
    ['nothing', onLookup(() => text('')), 'MALFORMED_RECORD'],
    [
      'the head of another key',
      onLookup(() => createTestSumdb(TEST_RECORDS, OTHER_SIGNER).lookup(0)),
      'UNKNOWN_KEYS',
    ],
    ['a wrong leaf tile', onTile(/^tile\/8\/0\/002/, flip), 'INCONSISTENT_TILE'],
    ['a wrong tile above', onTile(/^tile\/8\/1\//, flip), 'INCONSISTENT_TILE'],
    ['a short tile', onTile(/^tile\/8\/0\/002/, (body) => body.subarray(32)), 'TILE_LENGTH'],
    ['a long tile', onTile(/^tile\/8\/1\//, (body) => concatBytes(body, body)), 'TILE_LENGTH'],
    ['no tile', onTile(/^tile\/8\/0\/002/, () => undefined), 'UNREACHABLE'],
    [
      'a size that no tree has',
      onLookup(() =>
        concatBytes(
          text(`700\n${TEST_RECORDS[0]!.text}\n`),
          signNote(`go.sum database tree\n4611686018427387904\n${'A'.repeat(43)}=\n`, [
            TEST_SIGNER,
          ]),
        ),
      ),
      'NOT_CANONICAL',
    ],
  ];

  test.each(LIES)('%s', async (_, twist, code) => {
    const db = large();
    const { files, cache } = createMemoryCache();
    const client = open(db, { cache, twist: twist(db) });
    expect(await codeOf(client.lookup(QUOTE))).toBe(code);
    expect([...files.keys()].filter((path) => path.startsWith('lookup/'))).toEqual([]);
    const honest = await Promise.all(
      [...files].map(async ([path, content]) =>
        Buffer.from(bytes(await db.answer(path))!).equals(content),
      ),
    );
    expect(honest.every(Boolean)).toBe(true);
    const result = await ask(open(db, { twist: twist(db) }));
    expect(result.status).toBe('unchecked');
    expect(result.detail).toMatch(/./);
    expect(isUnproven(result)).toBe(true);
  });

  // CVE-2026-56864: lines of the signed note outside of the record are not in the log.
  test('a hash hidden in the extra lines of the head does not count', async () => {
    const db = createTestSumdb([...TEST_RECORDS, filler(0)]);
    const root = Buffer.from(await db.head())
      .toString()
      .split('\n')[2];
    const evil = `${QUOTE.path} ${QUOTE.version} h1:EVIL=`;
    const twist = () =>
      concatBytes(
        text(`4\n${filler(0).text}\n`),
        signNote(`go.sum database tree\n5\n${root}\n${evil}\n`, [TEST_SIGNER]),
      );
    const client = open(db, { twist: (path, honest) => (path === LOOKUP ? twist() : honest) });
    const result = await ask(client, QUOTE, { ...QUOTE_HASHES, h1: 'h1:EVIL=' });
    expect(result).toMatchObject({
      status: 'absent',
      logged: { h1: null, goModH1: null },
    });
  });

  // CVE-2026-42501: a valid answer without a line for the module is no yes.
  test('the record of another module is no answer', async () => {
    const db = large();
    const client = open(db, { twist: (path, honest) => (path === LOOKUP ? db.lookup(5) : honest) });
    const result = await ask(client);
    expect(result).toMatchObject({ status: 'absent', goMod: 'absent', record: 5 });
    expect(result.detail).toMatch(/no line for rsc\.io\/quote v1\.5\.2/);
    expect(isUnproven(result)).toBe(true);
  });

  test('a spoiled cache is asked for again', async () => {
    const db = large();
    const { files, cache } = createMemoryCache();
    const first = await ask(open(db, { cache }));
    for (const [path, content] of files) files.set(path, flip(content));
    const requests: string[] = [];
    const result = await ask(open(db, { cache, requests }));
    expect({ ...result, proof: null }).toEqual({ ...first, proof: null });
    expect(requests.length).toBeGreaterThan(0);
  });

  test('a stored head that is none is our failure, and stays', async () => {
    const broken: LatestTree = { load: async () => text('junk'), replace: async () => false };
    expect(await codeOf(open(large(), { latest: broken }).lookup(QUOTE))).toBe('STATE');
  });

  test('a stored head of a larger tree than the database has', async () => {
    const [small, db] = [createTestSumdb(TEST_RECORDS), large()];
    const latest = createMemoryLatest();
    await latest.replace(undefined, await db.head());
    const code = await codeOf(open(small, { latest }).lookup(QUOTE));
    expect(code).toMatch(/UNREACHABLE|INCONSISTENT_TILE/);
  });

  test('a fork of equal size', async () => {
    const [a, b] = [createTestSumdb(TEST_RECORDS), createTestSumdb([...TEST_RECORDS].reverse())];
    const latest = createMemoryLatest();
    await latest.replace(undefined, await a.head());
    const error = await open(b, {
      latest,
      twist: (path, honest) => (path.startsWith('tile') ? a.answer(path) : honest),
    })
      .lookup(QUOTE)
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ForkError);
  });
});

test('what is no module version is not asked for', async () => {
  const requests: string[] = [];
  const client = open(large(), { requests });
  for (const subject of [
    { path: 'example.com/a b', version: 'v1.0.0' },
    { path: 'example.com/m', version: 'feature/x' },
    { path: '../etc', version: 'v1.0.0' },
  ]) {
    expect(await codeOf(client.lookup(subject))).toBe('SUBJECT');
  }
  expect(requests).toEqual([]);
});
