import {
  concatBytes,
  encodeBase64,
  encodeUtf8,
  HostError,
  type Network,
  type RequestLimits,
  withoutCredentials,
} from '#base';

const MOST_REDIRECTS = 10;
const UNKNOWN_AUTHORITY = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function unreachable(url: string, reason: string, cause?: unknown): HostError {
  return new HostError('UNREACHABLE', `Cannot get ${url}: ${reason}`, { cause });
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** The cause of a failed request in words: fetch hides the system's own below "fetch failed". */
function describe(error: unknown, { milliseconds }: RequestLimits): string {
  if (!(error instanceof Error)) return String(error);
  if (isTimeout(error)) return `no answer within ${milliseconds / 1000} s`;
  const cause = error.cause;
  if (!(cause instanceof Error)) return error.message;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  // Node does not read the system's certificates.
  const hint = UNKNOWN_AUTHORITY.has(code)
    ? "; name the authority's certificate file in NODE_EXTRA_CA_CERTS"
    : '';
  return `${cause.message || code || error.message}${hint}`;
}

async function readBody(response: Response, url: string, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += (part as Uint8Array).length;
    if (size > limit) {
      throw new HostError(
        'TOO_LARGE',
        `Cannot use the answer of ${url}: it is over ${limit} bytes`,
      );
    }
    parts.push(part as Uint8Array);
  }
  return concatBytes(...parts);
}

/** Where a redirect leads: http and https only, and never from https to http. */
function follow(url: URL, location: string | null): URL {
  const next = location && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  const isSafe =
    next?.protocol === 'https:' || (next?.protocol === 'http:' && url.protocol === 'http:');
  if (next === undefined || !isSafe)
    throw unreachable(
      url.href,
      `it redirects to ${JSON.stringify(location)}, which is not followed`,
    );
  return next;
}

/** The address without its user and password, and those as a header: they go nowhere else. */
function takeCredentials(address: string): {
  readonly url: URL;
  readonly authorization: string | undefined;
} {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '' && password === '') return { url, authorization: undefined };
  if (url.protocol !== 'https:')
    throw unreachable(
      url.href,
      'a password is not sent where it can be read on the way: use https',
    );
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, authorization: `Basic ${encodeBase64(encodeUtf8(pair))}` };
}

async function get(address: string, limits: RequestLimits): Promise<Uint8Array | undefined> {
  const { url: first, authorization } = takeCredentials(address);
  let url = first;
  // One deadline for all of it, so that an answer of a byte a second ends as well.
  const signal = AbortSignal.timeout(limits.milliseconds);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const isOwn = authorization !== undefined && url.origin === first.origin;
    const headers = isOwn ? { authorization } : undefined;
    const response = await fetch(url.href, {
      redirect: 'manual',
      signal,
      ...(headers && { headers }),
    });
    if (REDIRECTS.has(response.status)) {
      await response.body?.cancel();
      url = follow(url, response.headers.get('location'));
      continue;
    }
    if (response.status === 200) return await readBody(response, url.href, limits.bytes);
    await response.body?.cancel();
    if (response.status === 404 || response.status === 410) return undefined;
    throw unreachable(url.href, `the server answers with status ${response.status}`);
  }
  throw unreachable(first.href, `more than ${MOST_REDIRECTS} redirects`);
}

/** The machine's network. Opens nothing before it is asked. */
export function createNetwork(): Network {
  return {
    async get(url, limits) {
      try {
        return await get(url, limits);
      } catch (error) {
        if (error instanceof HostError) throw error;
        if (isTimeout(error)) {
          const message = `Cannot get ${withoutCredentials(url)}: ${describe(error, limits)}`;
          throw new HostError('TIMED_OUT', message, { cause: error });
        }
        throw unreachable(withoutCredentials(url), describe(error, limits), error);
      }
    },
  };
}
