/** Where a log's answers come from. What it gives is not trusted. */
export interface LogReader {
  /** What evidence says of the source. */
  readonly source: 'network' | 'directory';
  /** The place, for people and the evidence: never a path of the host. */
  readonly place: string;
  /**
   * Reads `lookup/…`, `tile/…`, `latest` or `supported` below the log's address; undefined where the
   * log says that there is none.
   *
   * @throws SumdbError `UNREACHABLE`, `TOO_LONG`.
   */
  readonly read: (path: string, limit: number) => Promise<Uint8Array | undefined>;
}

/** Keeps what was proven, so that it need not be asked for again; a failure to keep is no failure. */
export interface LogCache {
  readonly read: (path: string, limit: number) => Promise<Uint8Array | undefined>;
  readonly write: (path: string, bytes: Uint8Array) => Promise<void>;
}

/** The newest signed head that was ever seen of a log; what keeps a log from forgetting. */
export interface LatestTree {
  readonly load: () => Promise<Uint8Array | undefined>;
  /** Compare-and-swap: false when the stored head is no longer `before`. */
  readonly replace: (before: Uint8Array | undefined, after: Uint8Array) => Promise<boolean>;
}

/** A head that is remembered as long as the process runs. */
export function createMemoryLatest(): LatestTree {
  let stored: Uint8Array | undefined;
  return {
    load: async () => stored,
    replace: async (before, after) => {
      if (before !== stored) return false;
      stored = after;
      return true;
    },
  };
}
