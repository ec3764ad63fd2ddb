import { CodedError, decodeBase64, encodeBase64, encodeUtf8 } from '#base';
import {
  createDirectoryAsker,
  createNetworkAsker,
  createProofAsker,
  createSumdbClient,
  type LatestTree,
  type LogCache,
  type LogReader,
  type SumdbAsker,
  SumdbError,
  type SumdbErrorCode,
} from '#sumdb';
import { parseVerifierKey } from '#tlog';
import { examine } from './open.ts';
import type { ExaminationTools, FetchModule } from './tools.ts';
import { verifyZip } from './verify.ts';
import {
  type Frame,
  type Message,
  type PortQuestion,
  readFrames,
  type SumdbSetup,
} from './wire.ts';

/** The two ends of the pipe, from inside, and what is there to examine with. */
export interface JailSide extends Omit<ExaminationTools, 'sumdb'> {
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes one line; only returns once it is written. */
  readonly write: (line: Uint8Array) => void;
}

type Setup = Extract<Frame, { readonly type: 'setup' }>;
interface Waiting {
  readonly answer: (bytes: Uint8Array | undefined) => void;
  readonly refuse: (error: Error) => void;
}

/** Asks the other side, and hands out its answers as they come. */
function createPorts(say: (message: Message) => void) {
  const waiting = new Map<number, Waiting>();
  let last = 0;

  function ask(question: PortQuestion): Promise<Uint8Array | undefined> {
    const id = ++last;
    say({ type: 'ask', id, question });
    return new Promise((answer, refuse) => waiting.set(id, { answer, refuse }));
  }

  function settle(
    frame: Extract<Frame, { readonly type: 'answer' | 'refusal' }>,
    body: Uint8Array,
  ) {
    const asked = waiting.get(frame.id);
    waiting.delete(frame.id);
    if (frame.type === 'answer') asked?.answer(frame.isThere ? Uint8Array.from(body) : undefined);
    else asked?.refuse(new SumdbError(frame.code as SumdbErrorCode, frame.message));
  }

  return { ask, settle };
}

type Ask = ReturnType<typeof createPorts>['ask'];

/** The checksum database as it is seen from inside: what is read is proven here, and fetched there. */
function createAsker(setup: SumdbSetup, ask: Ask): SumdbAsker | undefined {
  if (setup.kind === 'none') return undefined;
  const key = parseVerifierKey(setup.key);
  if (setup.kind === 'proof')
    return createProofAsker(decodeBase64(setup.proof) ?? new Uint8Array(0), key);
  const reader: LogReader = {
    source: setup.source,
    place: setup.place,
    read: (path, limit) => ask({ port: 'log', path, limit }),
  };
  if (setup.source === 'directory') return createDirectoryAsker(reader, key);
  const latest: LatestTree = {
    load: () => ask({ port: 'latest' }),
    async replace(before, after) {
      const question = {
        port: 'replace',
        before: before === undefined ? null : encodeBase64(before),
        after: encodeBase64(after),
      } as const;
      return (await ask(question)) !== undefined;
    },
  };
  const cache: LogCache = {
    read: (path, limit) => ask({ port: 'cache', path, limit }),
    async write(path, bytes) {
      await ask({ port: 'keep', path, bytes: encodeBase64(bytes) });
    },
  };
  return createNetworkAsker(
    createSumdbClient({ key, reader, latest, cache, skipped: setup.skipped }),
  );
}

/** The zips of a body: the lengths are of all but the first. */
function cutBody(body: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  let end = body.length - lengths.reduce((sum, length) => sum + length, 0);
  const zips = [body.subarray(0, end)];
  for (const length of lengths) {
    zips.push(body.subarray(end, end + length));
    end += length;
  }
  return zips;
}

/** What is told of an error: a code where the other side can act on it. */
function failureOf(error: unknown): Extract<Message, { readonly type: 'failed' }> {
  const code =
    error instanceof CodedError && (error.code === 'NOT_A_ZIP' || error.code === 'PARSER')
      ? error.code
      : null;
  return { type: 'failed', code, message: error instanceof Error ? error.message : String(error) };
}

/**
 * Examines and verifies what comes in, one after the other, until nothing more comes. Runs where nothing
 * of the machine can be reached: all it has is the pipe.
 */
export async function serveJail({ input, write, ...tools }: JailSide): Promise<void> {
  const say = (message: Message) => write(encodeUtf8(`${JSON.stringify(message)}\n`));
  const { ask, settle } = createPorts(say);
  let setup: Setup | undefined;
  let sumdb: SumdbAsker | undefined;

  async function answer(
    frame: Extract<Frame, { readonly type: 'examine' | 'verify' }>,
    body: Uint8Array,
  ): Promise<void> {
    const { stated } = frame;
    const goSum = setup?.goSum ?? undefined;
    try {
      if (frame.type === 'verify') {
        const options = { stated: stated ?? undefined, goSum, sumdb, breathe: tools.breathe };
        say({ type: 'verified', verification: (await verifyZip(body, options)) as never });
        return;
      }
      if (!setup?.profile) throw new Error('An examination was asked for without a profile');
      const { profile, version } = setup;
      const [own, ...others] = cutBody(body, frame.with);
      const request = {
        zip: own as Uint8Array,
        stated: stated ?? undefined,
        goSum,
        profile,
        version,
        why: frame.why ?? undefined,
        with: others,
      };
      const fetchModule: FetchModule = (module, file) => ask({ port: 'module', ...module, file });
      const more = frame.modcache ? { fetchModule } : {};
      await examine(request, { ...tools, ...more, sumdb }, (event) =>
        say({ type: 'event', event: event as never }),
      );
      say({ type: 'examined' });
    } catch (error) {
      say(failureOf(error));
    }
  }

  for await (const { frame, body } of readFrames(input)) {
    if (frame.type === 'answer' || frame.type === 'refusal') settle(frame, body);
    else if (frame.type === 'setup') {
      setup = frame;
      sumdb = createAsker(frame.sumdb, ask);
    } else void answer(frame, body);
  }
}
