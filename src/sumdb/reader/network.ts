import { HostError, type HostErrorCode, type Network, withoutCredentials } from '#base';
import { SumdbError, type SumdbErrorCode } from '../errors.ts';
import type { LogReader } from '../log-reader.ts';

const PATIENCE = 30_000;

// A server that is silent this often is not asked any more: each time costs all of the patience.
const MOST_SILENCES = 2;

/** A log at an http or https address, asked directly. */
function readerAt(network: Network, base: string, milliseconds: number): LogReader {
  const place = withoutCredentials(base);
  // Counted for lookups and tiles apart: a server may answer the one and keep the other back.
  const silences = new Map<string, number>();
  return {
    source: 'network',
    place,
    async read(path, limit) {
      const kind = path.slice(0, Math.max(0, path.indexOf('/')));
      const silent = silences.get(kind) ?? 0;
      if (silent >= MOST_SILENCES) {
        const reason = `it did not answer ${silent} times, and is not asked again`;
        throw new SumdbError('SILENT', `Cannot ask ${place}: ${reason}`);
      }
      try {
        const answer = await network.get(`${base}/${path}`, { bytes: limit, milliseconds });
        silences.delete(kind);
        return answer;
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        if (error.code === 'TIMED_OUT') silences.set(kind, (silences.get(kind) ?? 0) + 1);
        const code = CODES[error.code] ?? 'UNREACHABLE';
        throw new SumdbError(code, error.message, { cause: error });
      }
    },
  };
}

const CODES: Partial<Record<HostErrorCode, SumdbErrorCode>> = {
  TOO_LARGE: 'TOO_LONG',
  TIMED_OUT: 'SILENT',
};

/**
 * A log on the network: at the address itself, or relayed by the module proxy that stands there
 * (`<proxy>/sumdb/<name>/supported`, go.dev/ref/mod#checksum-database).
 */
export function createNetworkReader(
  network: Network,
  url: string,
  { name, milliseconds = PATIENCE }: { readonly name: string; readonly milliseconds?: number },
): LogReader {
  const base = url.replace(/\/+$/, '');
  const relay = `${base}/sumdb/${name}`;
  let chosen: Promise<LogReader> | undefined;

  async function choose(): Promise<LogReader> {
    const isItself = new URL(base).host === name || base.endsWith(`/${name}`);
    const direct = readerAt(network, base, milliseconds);
    if (isItself) return direct;
    const relayed = readerAt(network, relay, milliseconds);
    return (await relayed.read('supported', 4096)) === undefined ? direct : relayed;
  }

  return {
    source: 'network',
    place: withoutCredentials(base),
    async read(path, limit) {
      chosen ??= choose();
      // A failure to find out is not remembered: the next question asks again.
      const reader = await chosen.catch((error: unknown) => {
        chosen = undefined;
        throw error;
      });
      return reader.read(path, limit);
    },
  };
}
