import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#base';
import { createDisk, createNetwork } from '#host';
import {
  askSavedProof,
  askSumdb,
  createDirectoryReader,
  createMemoryLatest,
  createNetworkReader,
  createSavedProof,
  createSumdbClient,
  formatLookup,
  GO_SUMDB_KEY,
  type LogReader,
  openSavedProof,
  parseLookup,
} from '#sumdb';
import { formatTlogProof, openTreeHead, parseVerifierKey } from '#tlog';
import { temporaryFolder } from '../../support/program.ts';
import {
  createTestSumdb,
  filler,
  serve,
  TEST_RECORDS,
  TEST_SIGNER,
} from '../../support/test-sumdb.ts';

const KEY = parseVerifierKey(TEST_SIGNER.verifier);
const NAME = KEY.name;
const subject = { path: 'rsc.io/quote', version: 'v1.5.2' };
const hashes = {
  h1: 'h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=',
  goModH1: 'h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=',
  hasGoMod: true,
};
const question = { subject, hashes };
const text = (value: Uint8Array) => Buffer.from(value).toString();

const database = () =>
  createTestSumdb([...Array.from({ length: 300 }, (_, i) => filler(i)), ...TEST_RECORDS]);

function clientOf(reader: LogReader) {
  return createSumdbClient({ key: KEY, reader, latest: createMemoryLatest(), cache: undefined });
}

// A lookup that sum.golang.org answered.
const REAL_LOOKUP = `2580307
github.com/google/uuid v1.2.0 h1:qJYtXnJRWmpe7m/3XlyhrsLrEURqHRM2kxzoxXqyUDs=
github.com/google/uuid v1.2.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=

go.sum database tree
3935567
SapHtgdNCeF00Cx8kqztePV24kgzNg++Xovae42HAMw=

— sum.golang.org Az3grsm7Wm4CVNR1RHq9BFnu9jzcRlU2uw7lr0gfUWgO6+rqPNjT+fUTl9gH0NRTgdwW9nItuQSMbhSaLCsk8YeYSAs=
`;

test('parseLookup() takes a real answer apart, and formatLookup() puts it together', () => {
  const body = parseLookup(encodeUtf8(REAL_LOOKUP));
  expect(body.id).toBe(2580307);
  expect(text(body.text)).toMatch(
    /^github\.com\/google\/uuid v1\.2\.0 h1:.*\n.*\/go\.mod h1:.*\n$/,
  );
  expect(openTreeHead(body.note, [parseVerifierKey(GO_SUMDB_KEY)]).size).toBe(3935567);
  expect(text(formatLookup(body))).toBe(REAL_LOOKUP);
});

describe('a proof in one file', () => {
  async function makeProof() {
    const db = database();
    const reader: LogReader = {
      source: 'network',
      place: 'memory',
      read: async (path) => (await db.answer(path)) as Uint8Array | undefined,
    };
    return createSavedProof(clientOf(reader), subject);
  }

  test('proves what it was made for, and nothing else', async () => {
    const bytes = formatTlogProof(await makeProof());
    expect(askSavedProof(bytes, KEY, question)).toMatchObject({
      status: 'match',
      goMod: 'match',
      record: 300,
      treeSize: 304,
      source: 'tlog-proof',
      proof: text(bytes),
    });
    const other = askSavedProof(bytes, KEY, { ...question, hashes: { ...hashes, h1: 'h1:x=' } });
    expect(other.status).toBe('mismatch');
    const elsewhere = { subject: { path: 'rsc.io/quote/v3', version: 'v3.0.0' }, hashes };
    expect(askSavedProof(bytes, KEY, elsewhere).status).toBe('absent');
    const wrongKey = askSavedProof(bytes, parseVerifierKey(GO_SUMDB_KEY), question);
    expect(wrongKey).toMatchObject({ status: 'unchecked', database: 'sum.golang.org' });
  });

  test('without its record, the record of the hashes is tried', async () => {
    const proof = await makeProof();
    const bare = formatTlogProof({ ...proof, extra: undefined });
    // This record has a third line: what the hashes alone make is not it.
    expect(askSavedProof(bare, KEY, question).status).toBe('unchecked');
    const db = database();
    const plain = filler(7);
    const reader: LogReader = {
      source: 'network',
      place: 'memory',
      read: async (path) => (await db.answer(path)) as Uint8Array | undefined,
    };
    const made = formatTlogProof({
      ...(await createSavedProof(clientOf(reader), plain)),
      extra: undefined,
    });
    const asked = {
      subject: plain,
      hashes: { h1: 'h1:hash7=', goModH1: 'h1:mod7=', hasGoMod: true },
    };
    expect(askSavedProof(made, KEY, asked).status).toBe('match');
    expect(() => openSavedProof(made, KEY, undefined)).toThrow(/no extra line/);
  });

  test('any changed byte is refused', async () => {
    const bytes = formatTlogProof(await makeProof());
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      expect([at, askSavedProof(changed, KEY, question).status]).toEqual([at, 'unchecked']);
    }
  });

  test('what the log does not have cannot be proven', async () => {
    const reader: LogReader = { source: 'network', place: 'memory', read: async () => undefined };
    await expect(createSavedProof(clientOf(reader), subject)).rejects.toThrow(/has no record/);
  });
});

describe('a folder', () => {
  async function save(
    folder: string,
    names = ['lookup/rsc.io/quote@v1.5.2', 'tile/8/0/001.p/48', 'tile/8/1/000.p/1', 'tile/8/0/000'],
  ) {
    const db = database();
    for (const name of names) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, (await db.answer(name)) as Uint8Array);
    }
  }

  test.each(['', NAME, `sumdb/${NAME}`, `cache/download/sumdb/${NAME}`])(
    'with the log in %j',
    async (below) => {
      const folder = temporaryFolder();
      await save(join(folder, below));
      const reader = createDirectoryReader(createDisk(), folder, NAME);
      expect(await askSumdb(clientOf(reader), question)).toMatchObject({
        status: 'match',
        source: 'directory',
      });
      rmSync(folder, { recursive: true });
    },
  );

  test('a wider part of a tile serves', async () => {
    const folder = temporaryFolder();
    await save(folder, ['lookup/rsc.io/quote@v1.5.2', 'tile/8/1/000.p/1', 'tile/8/0/000']);
    const later = database();
    for (let i = 0; i < 20; i++) later.append(filler(900 + i));
    mkdirSync(join(folder, 'tile/8/0/001.p'), { recursive: true });
    writeFileSync(
      join(folder, 'tile/8/0/001.p/60'),
      (await later.answer('tile/8/0/001.p/60')) as Uint8Array,
    );
    writeFileSync(join(folder, 'tile/8/0/001.p/junk'), 'x');
    const reader = createDirectoryReader(createDisk(), folder, NAME);
    expect((await askSumdb(clientOf(reader), question)).status).toBe('match');
  });

  test('what is missing is said', async () => {
    const folder = temporaryFolder();
    expect(() => createDirectoryReader(createDisk(), folder, NAME)).toThrow(
      /no folder lookup or tile/,
    );
    await save(folder, ['lookup/rsc.io/quote@v1.5.2']);
    const reader = createDirectoryReader(createDisk(), folder, NAME);
    const result = await askSumdb(clientOf(reader), question);
    expect(result.status).toBe('unchecked');
    expect(result.detail).toMatch(/Cannot read tile\/8\/.* from .*: it is not there/);
  });
});

describe('a server', () => {
  const open = (url: string, name = NAME) =>
    clientOf(createNetworkReader(createNetwork(), url, { name, milliseconds: 1000 }));

  test('is asked itself, or through the proxy that relays it', async () => {
    const db = database();
    const plain = await serve(db.answer);
    const relay = await serve((path) => {
      const below = path.replace(`sumdb/${NAME}/`, '');
      if (below === path) return 404;
      return below === 'supported' ? new Uint8Array() : db.answer(below);
    });
    try {
      expect((await askSumdb(open(plain.url), question)).status).toBe('match');
      expect((await askSumdb(open(`${relay.url}/`), question)).status).toBe('match');
      expect(plain.requests[0]).toBe(`sumdb/${NAME}/supported`);
      expect(relay.requests.every((path) => path.startsWith('sumdb/'))).toBe(true);
    } finally {
      plain.close();
      relay.close();
    }
  });

  test('that cannot be reached is named, with the cause', async () => {
    const server = await serve(() => 500);
    const failing = await askSumdb(open(server.url), question);
    expect(failing).toMatchObject({ status: 'unchecked', database: NAME, source: 'network' });
    expect(failing.detail).toContain(server.url);
    expect(failing.detail).toMatch(/status 500/);
    server.close();
    const gone = await askSumdb(open(server.url), question);
    expect(gone.detail).toMatch(/ECONNREFUSED/);
  });

  test('that is slow is given up', async () => {
    const server = await serve(() => new Promise(() => undefined));
    const slow = await askSumdb(open(server.url), question);
    expect(slow.detail).toMatch(/no answer within 1 s/);
    server.close();
  });

  test('that is silent is not asked for each question anew', async () => {
    const db = database();
    const server = await serve((path) =>
      path.startsWith('tile/') ? new Promise(() => undefined) : db.answer(path),
    );
    const client = open(server.url);
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await askSumdb(client, question));
    expect(answers.map(({ status, refusal }) => `${status} ${refusal}`)).toEqual(
      Array(6).fill('unchecked silent'),
    );
    expect(answers.at(-1)?.detail).toMatch(/did not answer \d times, and is not asked again/);
    // Tiles are asked for side by side: one round of them, or two.
    expect(server.requests.filter((path) => path.startsWith('tile/')).length).toBeLessThan(8);
    server.close();
  });
});
