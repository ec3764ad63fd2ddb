import { decodeBase64 } from '#base';
import { type LatestTree, type LogCache, type LogReader, SumdbError } from '#sumdb';
import { openTreeHead, parseVerifierKey } from '#tlog';
import type { PortQuestion, SumdbSetup } from './wire.ts';

/** What the jailed side may reach through the pipe, and how it is told of it. */
export interface SumdbPorts {
  readonly setup: SumdbSetup;
  readonly log?: LogReader;
  readonly latest?: LatestTree;
  readonly cache?: LogCache;
}

const NONE = new Uint8Array(0);
// What a client of a log ever asks for. The jailed side may have been taken over: a path is not a place.
const LOG_PATH = /^(?:latest|supported|(?:lookup|tile)(?:\/[A-Za-z0-9!@+~._-]+)+)$/;
const LARGEST_ANSWER = 1024 * 1024;

function checkPath(path: string): string {
  const steps = path.split('/');
  if (LOG_PATH.test(path) && !steps.includes('.') && !steps.includes('..')) return path;
  throw new SumdbError('UNREACHABLE', 'Cannot read what is no part of a log');
}

/** A newest head is kept only where the log signed it, and it is not older than the one before. */
function checkHead(setup: SumdbSetup, before: Uint8Array | undefined, after: Uint8Array): void {
  if (setup.kind !== 'log') throw new SumdbError('STATE', 'Cannot keep a head of no log');
  const keys = [parseVerifierKey(setup.key)];
  const size = openTreeHead(after, keys).size;
  if (before !== undefined && before.length > 0 && openTreeHead(before, keys).size > size)
    throw new SumdbError('STATE', 'Cannot keep a head that is older than the one before');
}

/** Answers what the jailed side asks for: bytes of the log, which it proves itself. */
export async function answer(
  { setup, log, latest, cache }: SumdbPorts,
  question: Exclude<PortQuestion, { readonly port: 'module' }>,
): Promise<Uint8Array | undefined> {
  switch (question.port) {
    case 'log':
      return log?.read(checkPath(question.path), Math.min(question.limit, LARGEST_ANSWER));
    case 'cache':
      return cache?.read(checkPath(question.path), Math.min(question.limit, LARGEST_ANSWER));
    case 'latest':
      return latest?.load();
    case 'keep':
      await cache?.write(checkPath(question.path), decodeBase64(question.bytes) ?? NONE);
      return undefined;
    case 'replace': {
      const before = question.before === null ? undefined : decodeBase64(question.before);
      const after = decodeBase64(question.after) ?? NONE;
      checkHead(setup, before, after);
      return (await latest?.replace(before, after)) ? NONE : undefined;
    }
  }
}
