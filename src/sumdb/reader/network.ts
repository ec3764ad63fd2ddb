import { HostError, type Network, withoutCredentials } from '#base';
import { SumdbError } from '../errors.ts';
import type { LogReader } from '../log-reader.ts';

const PATIENCE = 30_000;

/** A log at an http or https address, asked directly. */
function readerAt(network: Network, base: string, milliseconds: number): LogReader {
  return {
    source: 'network',
    place: withoutCredentials(base),
    async read(path, limit) {
      try {
        return await network.get(`${base}/${path}`, { bytes: limit, milliseconds });
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        const code = error.code === 'TOO_LARGE' ? 'TOO_LONG' : 'UNREACHABLE';
        throw new SumdbError(code, error.message, { cause: error });
      }
    },
  };
}

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
