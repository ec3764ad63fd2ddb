import { decodeUtf8, encodeBase64, equalBytes } from '#base';
import {
  type HashReader,
  openTreeHead,
  proveConsistency,
  type SignedTreeHead,
  TlogError,
  type TreeHead,
  treeHash,
  type VerifierKey,
} from '#tlog';
import { ForkError, SumdbError } from './errors.ts';
import type { LatestTree } from './log-reader.ts';

const MOST_CONFLICTS = 10;

type ReaderOf = (tree: TreeHead) => HashReader;

/** The newest head of a log, to which every other one has to fit. */
export interface Heads {
  /** Opens a signed head, checks that it and the newest are one log, and gives the newer of the two. */
  readonly merge: (note: Uint8Array) => Promise<SignedTreeHead>;
  /** Undefined where none was ever seen. */
  readonly newest: () => Promise<SignedTreeHead | undefined>;
}

async function forkOf(
  { name, readerOf }: { readonly name: string; readonly readerOf: ReaderOf },
  [older, newer]: readonly [SignedTreeHead, SignedTreeHead],
  root: Uint8Array,
): Promise<ForkError> {
  const proof =
    older.size === 0 ? [] : await proveConsistency(newer.size, older.size, readerOf(newer));
  return new ForkError(
    `The checksum database ${name} contradicts itself: its tree of ${newer.size} records does not begin with its tree of ${older.size}`,
    {
      older: decodeUtf8(older.bytes) ?? '',
      newer: decodeUtf8(newer.bytes) ?? '',
      root: encodeBase64(root),
      proof: proof.map(encodeBase64),
    },
  );
}

/** Checks that one head's tree is the start of the other's. */
async function checkPrefix(
  log: { readonly name: string; readonly readerOf: ReaderOf },
  older: SignedTreeHead,
  newer: SignedTreeHead,
): Promise<void> {
  if (older.size === newer.size && equalBytes(older.root, newer.root)) return;
  const root = await treeHash(older.size, log.readerOf(newer));
  if (!equalBytes(root, older.root)) throw await forkOf(log, [older, newer], root);
}

function openKept(bytes: Uint8Array, key: VerifierKey): SignedTreeHead {
  try {
    return openTreeHead(bytes, [key]);
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    const message = `Cannot use the stored head of ${key.name}: ${error.message}`;
    throw new SumdbError('STATE', message, { cause: error });
  }
}

/** The merging of heads as golang.org/x/mod/sumdb does it, with the newest kept in `stored`. */
export function createHeads(key: VerifierKey, stored: LatestTree, readerOf: ReaderOf): Heads {
  const log = { name: key.name, readerOf };
  let newest: SignedTreeHead | undefined;
  let opening: Promise<unknown> | undefined;
  let fork: ForkError | undefined;
  // One after the other: two at once could each install what the other refuses.
  let turn: Promise<unknown> = Promise.resolve();

  /** The newer of a head and the newest, of one log; `newest` itself stays as it is. */
  async function newerOf(head: SignedTreeHead): Promise<SignedTreeHead> {
    if (newest === undefined) return head;
    const isNewer = head.size > newest.size;
    await (isNewer ? checkPrefix(log, newest, head) : checkPrefix(log, head, newest));
    return isNewer ? head : newest;
  }

  /** Takes the stored head into account, which another program may have moved on. */
  async function openStored(): Promise<Uint8Array | undefined> {
    const bytes = await stored.load();
    if (bytes !== undefined && bytes.length > 0) newest = await newerOf(openKept(bytes, key));
    return bytes;
  }

  function open(): Promise<unknown> {
    opening ??= openStored();
    return opening;
  }

  async function install(head: SignedTreeHead): Promise<SignedTreeHead> {
    for (let tries = 0; tries < MOST_CONFLICTS; tries++) {
      const known = newest;
      const newer = await newerOf(head);
      if (newer !== head) return newer;
      const before = await openStored();
      if (newest !== known) continue;
      if (await stored.replace(before, head.bytes)) {
        newest = head;
        return head;
      }
    }
    throw new SumdbError(
      'STATE',
      `Cannot store the newest head of ${key.name}: other programs keep changing it`,
    );
  }

  async function merge(note: Uint8Array): Promise<SignedTreeHead> {
    // A log that contradicted itself once is not believed again.
    if (fork !== undefined) throw fork;
    try {
      await open();
      if (newest !== undefined && equalBytes(note, newest.bytes)) return newest;
      return await install(openTreeHead(note, [key]));
    } catch (error) {
      if (error instanceof ForkError) fork = error;
      throw error;
    }
  }

  return {
    merge(note) {
      const merged = turn.then(() => merge(note));
      turn = merged.catch(() => undefined); // Told to whom it concerns: the next one has its turn.
      return merged;
    },
    newest: () => open().then(() => newest),
  };
}
