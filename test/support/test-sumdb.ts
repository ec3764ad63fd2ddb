import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeUtf8 } from '#base';
import { lookupPath } from '#sumdb';
import {
  createSignerKey,
  formatTreeHead,
  parseSignerKey,
  parseTilePath,
  type SignerKey,
  signNote,
  treeHash,
} from '#tlog';
import { createTestLog } from './test-log.ts';

/** The signer of the tests of golang.org/x/mod/sumdb. */
export const TEST_SIGNER = parseSignerKey(
  'PRIVATE+KEY+localhost.localdev/sumdb+00000c67+AXu6+oaVaOYuQOFrf1V59JK1owcFlJcHwwXHDfDGxSPk',
);

/** Another signer of the same name. */
export const OTHER_SIGNER = createSignerKey(TEST_SIGNER.name, new Uint8Array(32).fill(9));

export interface TestRecord {
  readonly path: string;
  readonly version: string;
  readonly text: string;
}

/** The records of the client tests of golang.org/x/mod/sumdb. */
export const TEST_RECORDS: readonly TestRecord[] = [
  {
    path: 'rsc.io/quote',
    version: 'v1.5.2',
    text: 'rsc.io/quote v1.5.2 h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=\nrsc.io/quote v1.5.2/go.mod h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=\nrsc.io/quote v1.5.2 h2:xyzzy\n',
  },
  {
    path: 'golang.org/x/text',
    version: 'v0.0.0-20170915032832-14c0d48ead0c',
    text: 'golang.org/x/text v0.0.0-20170915032832-14c0d48ead0c h1:qgOY6WgZOaTkIIMiVjBQcw93ERBE4m30iBm00nkL0i8=\ngolang.org/x/text v0.0.0-20170915032832-14c0d48ead0c/go.mod h1:NqM8EUOU14njkJ3fqMW+pc6Ldnwhi/IjpwHt7yyuwOQ=\n',
  },
  {
    path: 'rsc.io/sampler',
    version: 'v1.3.0',
    text: 'rsc.io/sampler v1.3.0 h1:7uVkIFmeBqHfdjD+gZwtXXI+RODJ2Wc4O7MPEh/QiW4=\nrsc.io/sampler v1.3.0/go.mod h1:T1hPZKmBbMNahiBKFy5HrXp6adAjACjK9JXDnKaTXpA=\n',
  },
  { path: 'rsc.io/Quote', version: 'v1.5.2', text: 'rsc.io/Quote v1.5.2 h1:uppercase!=\n' },
];

/** A record that fills the log. */
export function filler(i: number): TestRecord {
  const [path, version] = [`example.com/m${i}`, 'v1.0.0'];
  return {
    path,
    version,
    text: `${path} ${version} h1:hash${i}=\n${path} ${version}/go.mod h1:mod${i}=\n`,
  };
}

/** The answer to a request; undefined is status 404, a number any other. */
export type Answer = Uint8Array | number | undefined;

/** A checksum database that answers out of memory. */
export interface TestSumdb {
  readonly signer: SignerKey;
  readonly size: () => number;
  readonly append: (record: TestRecord) => void;
  readonly head: (size?: number) => Promise<Uint8Array>;
  readonly lookup: (id: number, headSize?: number) => Promise<Uint8Array>;
  readonly answer: (path: string) => Promise<Answer>;
}

/** Opens a database with these records. */
export function createTestSumdb(
  records: readonly TestRecord[],
  signer: SignerKey = TEST_SIGNER,
): TestSumdb {
  const log = createTestLog(0);
  const texts: string[] = [];
  const ids = new Map<string, number>();

  function append(record: TestRecord): void {
    ids.set(lookupPath(record), texts.length);
    texts.push(record.text);
    log.append(encodeUtf8(record.text));
  }
  for (const record of records) append(record);

  async function head(size = log.size()): Promise<Uint8Array> {
    const root = await treeHash(size, log.hashes);
    return signNote(formatTreeHead({ size, root }), [signer]);
  }
  async function lookup(id: number, headSize?: number): Promise<Uint8Array> {
    return Buffer.concat([encodeUtf8(`${id}\n${texts[id]}\n`), await head(headSize)]);
  }

  return {
    signer,
    size: () => log.size(),
    append,
    head,
    lookup,
    async answer(path) {
      if (path === 'latest') return head();
      const id = ids.get(path);
      if (id !== undefined) return lookup(id);
      const tile = parseTilePath(path);
      if (tile === undefined) return undefined;
      const there = Math.floor(log.size() / 256 ** tile.level) - tile.index * 256;
      return tile.height === 8 && there >= tile.width ? log.tile(tile) : undefined;
    },
  };
}

/** Serves answers on loopback. */
export async function serve(
  answer: (path: string) => Promise<Answer> | Answer,
): Promise<{ readonly url: string; readonly requests: string[]; readonly close: () => void }> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = decodeURI((request.url ?? '/').slice(1));
    requests.push(path);
    void Promise.resolve(answer(path)).then((found) => {
      response.statusCode = typeof found === 'number' ? found : found === undefined ? 404 : 200;
      response.end(typeof found === 'object' ? found : 'no such thing\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, requests, close };
}
