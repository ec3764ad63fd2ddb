import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { describeWith } from '../support/go.ts';
import { MAIN, temporaryFolder } from '../support/program.ts';
import { createTestSumdb, TEST_RECORDS, TEST_SIGNER } from '../support/test-sumdb.ts';

/** A certificate for 127.0.0.1 that vouches for itself. */
function certificate(folder: string) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

async function prove(url: string, environment: Record<string, string>) {
  const args = ['sumdb', 'prove', 'rsc.io/quote@v1.5.2', '--out', '-'];
  const child = spawn(
    process.execPath,
    [MAIN, ...args, '--sumdb', url, '--sumdb-key', TEST_SIGNER.verifier],
    { env: { PATH: process.env['PATH'], HOME: temporaryFolder(), ...environment } },
  );
  child.stdin.end();
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { out, err };
}

describeWith('openssl', ['version'], 'a database behind https', () => {
  test('certificates are checked, passwords stay where they belong, nothing goes down to http', async () => {
    const folder = temporaryFolder();
    const { key, cert, file } = certificate(folder);
    const db = createTestSumdb(TEST_RECORDS);
    const seen: string[] = [];
    let plainRequests = 0;
    const plain = createPlainServer((_, response) => {
      plainRequests++;
      response.end();
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const plainUrl = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const server = createServer({ key, cert }, (request, response) => {
      const path = decodeURI(request.url ?? '').slice(1);
      seen.push(`${path} ${request.headers.authorization ?? ''}`);
      if (path.startsWith('down/')) {
        response.writeHead(302, { location: `${plainUrl}/${path}` }).end();
        return;
      }
      void db.answer(path.replace(/^sum\//, '')).then((answer) => {
        response.statusCode = answer === undefined ? 404 : 200;
        response.end(answer === undefined ? 'no' : answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const stranger = await prove(`https://${host}/sum`, {});
      expect(stranger.err).toMatch(/self.signed certificate; name the authority's/);
      const known = { NODE_EXTRA_CA_CERTS: file };
      const proven = await prove(`https://user:s%40cret@${host}/sum`, known);
      expect([proven.err, proven.out]).toEqual(['', expect.stringMatching(/^c2sp\.org/)]);
      const basic = `Basic ${Buffer.from('user:s@cret').toString('base64')}`;
      expect(seen.filter((line) => line.includes('lookup/'))).toEqual([
        `sum/lookup/rsc.io/quote@v1.5.2 ${basic}`,
      ]);
      const down = await prove(`https://user:s%40cret@${host}/down`, known);
      expect(down.err).toMatch(/redirects to "http:\/\/.*which is not followed/);
      expect(down.err).not.toContain('cret');
      expect(plainRequests).toBe(0);
    } finally {
      for (const each of [server, plain]) {
        each.closeAllConnections();
        each.close();
      }
    }
  });
});
