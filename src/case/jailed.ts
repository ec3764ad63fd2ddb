import {
  CodedError,
  concatBytes,
  cutText,
  type Emit,
  encodeUtf8,
  equalBytes,
  HostError,
  type Jail,
  type JailEnd,
  type JailedProgram,
  type JailLevel,
  sha256Hex,
} from '#base';
import { type GoSumLine, ModuleError, type ModuleVersion } from '#module';
import type { LoadedProfile } from '#sandbox';
import { SumdbError } from '#sumdb';
import { CaseError } from './errors.ts';
import type { ExaminationEvent } from './event.ts';
import type { Ending, Examiner, IsolationRecord } from './examiner.ts';
import { answer, type SumdbPorts } from './sumdb-ports.ts';
import type { ExaminationRequest, FetchModule } from './tools.ts';
import type { Verification } from './verify.ts';
import {
  encodeFrame,
  type FrameHead,
  type Message,
  type PortQuestion,
  parseMessage,
} from './wire.ts';

/** What a jailed process is started with. */
export interface JailSetup {
  readonly jail: Jail;
  /** The level that was asked for; undefined for the best that there is. */
  readonly level: JailLevel | undefined;
  /** The weakest level that will do. */
  readonly weakest: JailLevel;
  readonly limits: {
    readonly memoryBytes: number;
    readonly cpuSeconds: number | undefined;
    readonly wallSeconds: number;
    /** Of one line that it says. */
    readonly lineBytes: number;
    /** Of all lines together. */
    readonly totalBytes: number;
  };
  readonly goSum: readonly GoSumLine[] | undefined;
  readonly sumdb: SumdbPorts;
  /** Reads of a module cache. Asked for by the jailed side: what it names is checked here. */
  readonly fetchModule?: FetchModule | undefined;
  readonly profile: LoadedProfile | undefined;
  /** This program's version, for the record. */
  readonly version: string;
}

const LEVELS: readonly JailLevel[] = ['bwrap', 'userns', 'permission'];

/** What each level keeps away, in words for the record. */
const HELD: Readonly<Record<JailLevel, string>> = {
  bwrap:
    'a process of its own in bubblewrap: no network, no other processes, a read-only root that holds the program alone, system calls filtered, limits of memory and time',
  userns:
    'a process of its own in Linux namespaces: no network, no other processes; files kept away by the permissions of Node.js alone; limits of memory and time',
  permission:
    'a process of its own under the permissions of Node.js: no files, no programs, but the network and signals are not kept away; limits of memory and time',
};

/** A level that was started, and those above it that could not be. */
interface Started {
  readonly program: JailedProgram;
  readonly lines: AsyncIterator<Uint8Array>;
  readonly isolation: IsolationRecord;
}

const START_MILLISECONDS = 20_000;
const READY = '{"type":"ready"}';

function reasonOf(error: unknown): string {
  if (error instanceof HostError) return error.message.replace(/^Cannot isolate with \w+: /, '');
  throw error;
}

/** Starts one level and waits until it speaks: that it starts is the proof that it works here. */
async function tryLevel(
  { jail, limits }: Pick<JailSetup, 'jail' | 'limits'>,
  level: JailLevel,
): Promise<Omit<Started, 'isolation'> | string> {
  let program: JailedProgram;
  try {
    program = jail.start(level, limits);
  } catch (error) {
    return reasonOf(error);
  }
  program.deadline(START_MILLISECONDS);
  const lines = program.lines[Symbol.asyncIterator]();
  const first = await lines.next();
  program.deadline(undefined);
  const text = first.done ? '' : new TextDecoder().decode(first.value);
  if (text === READY) return { program, lines };
  program.kill();
  return `it did not start: ${(await program.ended).detail}`;
}

/** The levels that will do, best first. */
function levelsOf({ level, weakest }: Pick<JailSetup, 'level' | 'weakest'>): readonly JailLevel[] {
  const enough = LEVELS.slice(0, LEVELS.indexOf(weakest) + 1);
  if (level === undefined) return enough;
  if (enough.includes(level)) return [level];
  throw new CaseError(
    'ISOLATION',
    `Cannot isolate with ${level}: the profile asks for ${weakest} or better; name another level with --isolation, or another profile`,
  );
}

/**
 * Starts the best level that there is.
 *
 * @throws CaseError `ISOLATION` where none will do, with the reason of each.
 */
async function start(setup: JailSetup): Promise<Started> {
  const missed: { level: JailLevel; reason: string }[] = [];
  for (const level of levelsOf(setup)) {
    const started = await tryLevel(setup, level);
    if (typeof started !== 'string')
      return { ...started, isolation: { level, detail: HELD[level], missed } };
    missed.push({ level, reason: started });
  }
  const reasons = missed.map(({ level, reason }) => `${level}: ${reason}`).join('; ');
  throw new CaseError(
    'ISOLATION',
    `Cannot isolate well enough on this machine: ${reasons}; see glovebox doctor`,
  );
}

const CAUSES: Readonly<Record<NonNullable<JailEnd['cause']>, string>> = {
  memory: 'it took more memory than it may',
  cpu: 'it took more processor time than it may',
  time: 'it took longer than it may',
  output: 'it said more at once than it may',
  signal: 'the process that read it died',
  killed: 'it was stopped',
};

const OVER_BUDGET: ReadonlySet<JailEnd['cause']> = new Set(['memory', 'cpu', 'time', 'output']);

/** An end before its time, as a gap says it. */
function stoppedBy({ cause, detail }: JailEnd): NonNullable<Ending['stopped']> {
  if (cause === undefined)
    return { code: 'stage-failed', detail: `the process that read it was given up: ${detail}` };
  // Numbers of signals and words of libraries differ between machines: they are not evidence.
  const code = OVER_BUDGET.has(cause) ? 'over-budget' : 'stage-failed';
  return { code, detail: CAUSES[cause] };
}

/** A jailed process, and the conversation with it. */
interface Session extends Started {
  /** The next message that is no question; how it ended, where there is none. */
  readonly next: () => Promise<Message | JailEnd>;
  readonly send: (frame: FrameHead, body?: Uint8Array) => Promise<void>;
}

const NONE = new Uint8Array(0);
// A lookup takes some dozens; answers that nobody takes must not pile up.
const MOST_OPEN_QUESTIONS = 256;
// Evidence and the answers of verify come as one line; nothing else is long.
const LONGEST_OTHER = 4 * 1024 * 1024;
const LONG = ['{"type":"event","event":{"type":"examined"', '{"type":"verified"'].map(encodeUtf8);

async function openSession(setup: JailSetup): Promise<Session> {
  const started = await start(setup);
  const { program, lines } = started;
  let broken: string | undefined;
  let heard = 0;
  let open = 0;

  const send = async (frame: FrameHead, body: Uint8Array = NONE) => {
    // Both parts at once: answers come as they come, and must not get between them.
    await Promise.all(encodeFrame(frame, body).map((part) => program.send(part)));
  };

  async function reply(id: number, question: PortQuestion): Promise<void> {
    try {
      const { sumdb, fetchModule } = setup;
      const bytes = await (question.port === 'module'
        ? fetchModule?.(question, question.file)
        : answer(sumdb, question));
      await send({ type: 'answer', id, isThere: bytes !== undefined }, bytes);
    } catch (error) {
      // A note that does not hold is refused as the log's own answers are.
      const code = error instanceof SumdbError ? error.code : 'STATE';
      if (!(error instanceof CodedError)) throw error;
      await send({ type: 'refusal', id, code, message: error.message });
    }
  }

  /** Nothing is heard any more of a side that does not keep to its words. */
  async function breakOff(reason: string): Promise<JailEnd> {
    broken = reason;
    program.kill();
    await program.ended;
    return { cause: undefined, detail: broken };
  }

  /** A line as a message; a text says why nothing more is heard. */
  function read(line: Uint8Array): Message | string {
    heard += line.length;
    const isLong = LONG.some((start) => equalBytes(line.subarray(0, start.length), start));
    // Before it is parsed, which takes ten times its memory.
    if (heard > setup.limits.totalBytes || (line.length > LONGEST_OTHER && !isLong))
      return 'it said more than it may';
    const message = parseMessage(line);
    if (typeof message === 'string') return `it said what was not understood, ${message}`;
    return message.type === 'ask' && ++open > MOST_OPEN_QUESTIONS
      ? 'it asked more at once than it may'
      : message;
  }

  async function next(): Promise<Message | JailEnd> {
    for (;;) {
      if (broken !== undefined) return { cause: undefined, detail: broken };
      const line = await lines.next();
      if (line.done) return program.ended;
      const message = read(line.value);
      if (typeof message === 'string') return breakOff(message);
      if (message.type !== 'ask') return message;
      void reply(message.id, message.question).finally(() => open--);
    }
  }

  const { goSum = null, profile = null, version } = setup;
  // Not waited for: what does not read it is stopped by its deadline.
  void send({ type: 'setup', goSum, profile, version, sumdb: setup.sumdb.setup });
  return { ...started, next, send };
}

function isEnd(message: Message | JailEnd): message is JailEnd {
  return 'cause' in message;
}

/** The error of a refusal that has a code. */
function errorOf({ code, message }: Extract<Message, { readonly type: 'failed' }>): Error {
  if (code === 'NOT_A_ZIP') return new ModuleError('NOT_A_ZIP', message);
  return new CaseError('PARSER', message);
}

/** Memory that ran out is a limit, also where the language still could say so. */
const OUT_OF_MEMORY =
  /allocation failed|out of memory|Invalid (typed )?array length|Cannot create a string/i;

/** What a message says of the examination as a whole: how it was stopped, that it is done, or nothing. */
function outcomeOf(message: Message | JailEnd): Pick<Ending, 'stopped'> | undefined {
  if (isEnd(message)) return { stopped: stoppedBy(message) };
  if (message.type === 'examined') return { stopped: undefined };
  if (message.type !== 'failed') return undefined;
  if (message.code !== null) throw errorOf(message);
  return { stopped: stoppedBy(endOfFailure(message)) };
}

/** A fault inside is no fault out here: what was said before it is sealed. */
function endOfFailure({ message }: Extract<Message, { readonly type: 'failed' }>): JailEnd {
  if (OUT_OF_MEMORY.test(message)) return { cause: 'memory', detail: '' };
  return {
    cause: undefined,
    detail: cutText(`it failed, which is a bug of Glovebox to be reported: ${message}`, 500),
  };
}

/** An examination in a jailed process of its own. */
export interface JailedExaminer {
  readonly examine: Examiner;
  /** Ends the process, also one that never examined anything. */
  close(): Promise<void>;
}

/**
 * Starts a process for one examination, at once: it loads its code while the other side still reads what
 * it was given. What keeps it from starting is told when the examination is asked for.
 */
export function createJailedExaminer(setup: JailSetup): JailedExaminer {
  const opened = openSession(setup);
  opened.catch(() => undefined);

  async function examine(
    { zip, stated, why, with: others = [] }: ExaminationRequest,
    emit: Emit<ExaminationEvent>,
    signal: AbortSignal,
  ): Promise<Ending> {
    const { program, isolation, send, next } = await opened;
    signal.addEventListener('abort', () => program.kill(), { once: true });
    program.deadline(setup.limits.wallSeconds * 1000);
    const frame = {
      type: 'examine',
      stated: stated ?? null,
      why: why ?? null,
      with: others.map(({ length }) => length),
      modcache: setup.fetchModule !== undefined,
    } as const;
    void send(frame, others.length === 0 ? zip : concatBytes(zip, ...others));
    try {
      for (;;) {
        const message = await next();
        const outcome = outcomeOf(message);
        if (outcome !== undefined) return { ...outcome, isolation };
        if (!isEnd(message) && message.type === 'event') emit(message.event as ExaminationEvent);
      }
    } finally {
      program.kill();
    }
  }

  return {
    examine,
    async close() {
      const session = await opened.catch(() => undefined);
      session?.program.kill();
    },
  };
}

/** The answer about this zip; undefined for anything else. */
function verificationOf(message: Message | JailEnd, zip: Uint8Array): Verification | undefined {
  if (isEnd(message) || message.type !== 'verified') return undefined;
  const verification = message.verification as unknown as Verification;
  const { size, sha256 } = verification.zip;
  return size === zip.length && sha256 === sha256Hex(zip) ? verification : undefined;
}

/** Why there is no answer. Throws what has a code of its own. */
function failureOf(message: Message | JailEnd): NonNullable<Ending['stopped']> {
  if (isEnd(message)) return stoppedBy(message);
  if (message.type !== 'failed') return stoppedBy(OTHER_ANSWER);
  if (message.code !== null) throw errorOf(message);
  return stoppedBy(endOfFailure(message));
}

const OTHER_ANSWER: JailEnd = { cause: undefined, detail: 'it answered what was not asked' };

/** Verifies zips in one jailed process for as many as there are; a new one where one was killed. */
export interface JailedVerifier {
  /** @throws CaseError `STOPPED` for a zip that could not be read to its end, `ISOLATION`. */
  verify(zip: Uint8Array, stated: ModuleVersion | undefined): Promise<Verification>;
  close(): Promise<void>;
}

/** Starts nothing before the first zip. */
export function createJailedVerifier(setup: JailSetup): JailedVerifier {
  let session: Promise<Session> | undefined;
  return {
    async verify(zip, stated) {
      session ??= openSession(setup);
      const { program, next, send } = await session;
      program.deadline(setup.limits.wallSeconds * 1000);
      void send({ type: 'verify', stated: stated ?? null }, zip);
      const message = await next();
      program.deadline(undefined);
      const answered = verificationOf(message, zip);
      if (answered !== undefined) return answered;
      session = undefined;
      program.kill();
      throw new CaseError('STOPPED', `Cannot verify it to its end: ${failureOf(message).detail}`);
    },
    async close() {
      const opened = await session?.catch(() => undefined);
      opened?.program.kill();
      await opened?.program.ended;
    },
  };
}

/** What each level gives on this machine: started, or the reason why not. */
export async function probeJail(
  setup: Pick<JailSetup, 'jail' | 'limits'>,
): Promise<readonly { readonly level: JailLevel; readonly reason: string | undefined }[]> {
  const found: { level: JailLevel; reason: string | undefined }[] = [];
  for (const level of LEVELS) {
    const started = await tryLevel(setup, level);
    if (typeof started !== 'string') started.program.kill();
    found.push({ level, reason: typeof started === 'string' ? started : undefined });
  }
  return found;
}
