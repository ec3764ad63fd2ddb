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

/** The merging of heads as golang.org/x/mod/sumdb does it, with the newest kept in `stored`. */
export function createHeads(key: VerifierKey, stored: LatestTree, readerOf: ReaderOf): Heads {
  let newest: SignedTreeHead | undefined;
  let opening: Promise<unknown> | undefined;
  // One after the other: two at once could each install what the other refuses.
  let turn: Promise<unknown> = Promise.resolve();

  /** Checks that one head's tree is the start of the other's. */
  async function checkPrefix(older: SignedTreeHead, newer: SignedTreeHead): Promise<void> {
    if (older.size === newer.size && equalBytes(older.root, newer.root)) return;
    const root = await treeHash(older.size, readerOf(newer));
    if (equalBytes(root, older.root)) return;
    throw await forkOf({ name: key.name, readerOf }, [older, newer], root);
  }

  async function install(head: SignedTreeHead): Promise<SignedTreeHead> {
    if (newest !== undefined && head.size <= newest.size) {
      await checkPrefix(head, newest);
      return newest;
    }
    if (newest !== undefined) await checkPrefix(newest, head);
    newest = head;
    return head;
  }

  async function openStored(): Promise<Uint8Array | undefined> {
    const bytes = await stored.load();
    if (bytes === undefined || bytes.length === 0) return bytes;
    try {
      await install(openTreeHead(bytes, [key]));
    } catch (error) {
      if (!(error instanceof TlogError) || error.code === 'INCONSISTENT_TILE') throw error;
      const message = `Cannot use the stored head of ${key.name}: ${error.message}`;
      throw new SumdbError('STATE', message, { cause: error });
    }
    return bytes;
  }

  function open(): Promise<unknown> {
    opening ??= openStored();
    return opening;
  }

  async function merge(note: Uint8Array): Promise<SignedTreeHead> {
    if (newest !== undefined && equalBytes(note, newest.bytes)) return newest;
    const head = openTreeHead(note, [key]);
    for (let tries = 0; tries < MOST_CONFLICTS; tries++) {
      const installed = await install(head);
      if (installed !== head) return installed;
      const before = await openStored();
      // Another program has stored a newer one meanwhile: it is the newest here now.
      if (newest !== head) return newest ?? head;
      if (await stored.replace(before, head.bytes)) return head;
    }
    throw new SumdbError(
      'STATE',
      `Cannot store the newest head of ${key.name}: other programs keep changing it`,
    );
  }

  return {
    merge(note) {
      const merged = Promise.all([open(), turn.catch(() => undefined)]).then(() => merge(note));
      turn = merged;
      return merged;
    },
    async newest() {
      await open();
      return newest;
    },
  };
}
