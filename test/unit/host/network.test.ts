import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostError } from '#base';
import { createNetwork } from '#host';

const LIMITS = { bytes: 1000, milliseconds: 5000 };

const ROUTES: Readonly<Record<string, RequestListener>> = {
  '/text': (_, response) => response.end('text'),
  '/missing': (_, response) => response.writeHead(404).end('no'),
  '/gone': (_, response) => response.writeHead(410).end('no'),
  '/error': (_, response) => response.writeHead(500).end('no'),
  '/nothing': (_, response) => response.writeHead(204).end(),
  '/long': (_, response) => response.end('x'.repeat(1001)),
  '/exact': (_, response) => response.end('x'.repeat(1000)),
  '/there': (_, response) => response.writeHead(302, { location: '/text' }).end(),
  '/loop': (_, response) => response.writeHead(307, { location: '/loop' }).end(),
  '/nowhere': (_, response) => response.writeHead(301).end(),
  '/file': (_, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
  '/broken': (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('x');
    response.destroy();
  },
  '/slow': (_, response) => {
    const drip = setInterval(() => response.write('x'), 50);
    response.on('close', () => clearInterval(drip));
  },
};

describe('get()', () => {
  let server: Server;
  let base = '';
  const headers: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      headers.push(request.headers.authorization);
      ROUTES[request.url ?? '']?.(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = async (path: string, limits = LIMITS) => {
    const bytes = await createNetwork().get(`http://${base}${path}`, limits);
    return bytes && Buffer.from(bytes).toString();
  };

  test.each([
    ['a body', '/text', 'text'],
    ['a body of just the limit', '/exact', 'x'.repeat(1000)],
    ['a redirect', '/there', 'text'],
    ['nothing for 404', '/missing', undefined],
    ['nothing for 410', '/gone', undefined],
  ])('gives %s', async (_, path, wanted) => {
    expect(await get(path)).toBe(wanted);
  });

  test.each([
    ['another status', '/error', 'UNREACHABLE', /answers with status 500/],
    ['a success without a body', '/nothing', 'UNREACHABLE', /answers with status 204/],
    ['a body over the limit', '/long', 'TOO_LARGE', /over 1000 bytes/],
    ['redirects without end', '/loop', 'UNREACHABLE', /more than 10 redirects/],
    ['a redirect to nowhere', '/nowhere', 'UNREACHABLE', /redirects to null/],
    ['a redirect to a file', '/file', 'UNREACHABLE', /"file:\/\/\/etc\/passwd", which is not/],
    ['a body that breaks off', '/broken', 'UNREACHABLE', /Cannot get http/],
  ])('refuses %s', async (_, path, code, words) => {
    const error = await get(path).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
  });

  test('one deadline ends an answer of a byte at a time', async () => {
    await expect(get('/slow', { ...LIMITS, milliseconds: 300 })).rejects.toThrow(
      /no answer within 0.3 s/,
    );
  });

  test('a password is not sent over http, and named nowhere', async () => {
    const before = headers.length;
    const url = `http://user:s3cret@${base}/text`;
    const error = await createNetwork()
      .get(url, LIMITS)
      .catch((refusal: Error) => refusal);
    expect(error).toMatchObject({ message: expect.stringMatching(/use https/) });
    expect(JSON.stringify([error, String((error as Error).message)])).not.toContain('s3cret');
    expect(headers.length).toBe(before);
  });

  test('nobody there: the address and the cause', async () => {
    await expect(createNetwork().get('http://127.0.0.1:1/x', LIMITS)).rejects.toThrow(
      /Cannot get http:\/\/127\.0\.0\.1:1\/x: .*(ECONNREFUSED|bad port)/,
    );
  });
});
