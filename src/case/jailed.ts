import {
  decodeBase64,
  type Emit,
  HostError,
  type Jail,
  type JailEnd,
  type JailedProgram,
  type JailLevel,
} from '#base';
import { type GoSumLine, ModuleError, type ModuleVersion } from '#module';
import type { LoadedProfile } from '#sandbox';
import { type LatestTree, type LogCache, type LogReader, SumdbError } from '#sumdb';
import { CaseError } from './errors.ts';
import type { ExaminationEvent } from './event.ts';
import type { Ending, Examiner, IsolationRecord } from './examiner.ts';
import type { ExaminationRequest } from './tools.ts';
import type { Verification } from './verify.ts';
import {
  encodeFrame,
  type FrameHead,
  type Message,
  type PortQuestion,
  parseMessage,
  type SumdbSetup,
} from './wire.ts';

/** What the jailed side may reach through the pipe, and how it is told of it. */
export interface SumdbPorts {
  readonly setup: SumdbSetup;
  readonly log?: LogReader;
  readonly latest?: LatestTree;
  readonly cache?: LogCache;
}

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
  };
  readonly goSum: readonly GoSumLine[] | undefined;
  readonly sumdb: SumdbPorts;
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
    return { code: 'stage-failed', detail: `the process that read it ended: ${detail}` };
  // Numbers of signals and words of libraries differ between machines: they are not evidence.
  const code = OVER_BUDGET.has(cause) ? 'over-budget' : 'stage-failed';
  return { code, detail: cause === 'signal' ? `${CAUSES.signal}: ${detail}` : CAUSES[cause] };
}

/** A jailed process, and the conversation with it. */
interface Session extends Started {
  /** The next message that is no question; how it ended, where there is none. */
  readonly next: () => Promise<Message | JailEnd>;
  readonly send: (frame: FrameHead, body?: Uint8Array) => Promise<void>;
}

const NONE = new Uint8Array(0);

/** Answers what the jailed side asks for: bytes of the log, which it proves itself. */
async function answer(
  { log, latest, cache }: SumdbPorts,
  question: PortQuestion,
): Promise<Uint8Array | undefined> {
  switch (question.port) {
    case 'log':
      return log?.read(question.path, question.limit);
    case 'cache':
      return cache?.read(question.path, question.limit);
    case 'latest':
      return latest?.load();
    case 'keep':
      await cache?.write(question.path, decodeBase64(question.bytes) ?? NONE);
      return undefined;
    case 'replace': {
      const before = question.before === null ? undefined : decodeBase64(question.before);
      const done = await latest?.replace(before, decodeBase64(question.after) ?? NONE);
      return done ? NONE : undefined;
    }
  }
}

async function open(setup: JailSetup): Promise<Session> {
  const started = await start(setup);
  const { program, lines } = started;
  let broken: string | undefined;

  const send = async (frame: FrameHead, body: Uint8Array = NONE) => {
    // Both parts at once: answers come as they come, and must not get between them.
    await Promise.all(encodeFrame(frame, body).map((part) => program.send(part)));
  };

  async function reply(id: number, question: PortQuestion): Promise<void> {
    try {
      const bytes = await answer(setup.sumdb, question);
      await send({ type: 'answer', id, isThere: bytes !== undefined }, bytes);
    } catch (error) {
      if (!(error instanceof SumdbError)) throw error;
      await send({ type: 'refusal', id, code: error.code, message: error.message });
    }
  }

  async function next(): Promise<Message | JailEnd> {
    for (;;) {
      const line = await lines.next();
      if (line.done) {
        const end = await program.ended;
        return broken === undefined ? end : { cause: 'output', detail: broken };
      }
      const message = parseMessage(line.value);
      if (typeof message === 'string') {
        broken = message;
        program.kill();
        continue;
      }
      if (message.type !== 'ask') return message;
      void reply(message.id, message.question);
    }
  }

  const { goSum = null, profile = null, version } = setup;
  await send({ type: 'setup', goSum, profile, version, sumdb: setup.sumdb.setup });
  return { ...started, next, send };
}

function isEnd(message: Message | JailEnd): message is JailEnd {
  return 'cause' in message;
}

/** The error of a refusal that has a code; a plain one, with the stack from inside, for a fault of ours. */
function errorOf({ code, message, detail }: Extract<Message, { readonly type: 'failed' }>): Error {
  if (code === 'NOT_A_ZIP') return new ModuleError('NOT_A_ZIP', message);
  if (code === 'PARSER') return new CaseError('PARSER', message);
  const error = new Error(message);
  error.stack = detail;
  return error;
}

/** Memory that ran out is a limit, also where the language still could say so. */
const OUT_OF_MEMORY =
  /allocation failed|out of memory|Invalid (typed )?array length|Cannot create a string/i;

/** What a message says of the examination as a whole: how it was stopped, that it is done, or nothing. */
function outcomeOf(message: Message | JailEnd): Pick<Ending, 'stopped'> | undefined {
  if (isEnd(message)) return { stopped: stoppedBy(message) };
  if (message.type === 'examined') return { stopped: undefined };
  if (message.type !== 'failed') return undefined;
  if (!OUT_OF_MEMORY.test(message.message)) throw errorOf(message);
  return { stopped: stoppedBy({ cause: 'memory', detail: '' }) };
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
  const opened = open(setup);
  opened.catch(() => undefined);

  async function examine(
    { zip, stated }: ExaminationRequest,
    emit: Emit<ExaminationEvent>,
    signal: AbortSignal,
  ): Promise<Ending> {
    const { program, isolation, send, next } = await opened;
    signal.addEventListener('abort', () => program.kill(), { once: true });
    program.deadline(setup.limits.wallSeconds * 1000);
    void send({ type: 'examine', stated: stated ?? null }, zip);
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
      session ??= open(setup);
      const { program, next, send } = await session;
      program.deadline(setup.limits.wallSeconds * 1000);
      void send({ type: 'verify', stated: stated ?? null }, zip);
      const message = await next();
      program.deadline(undefined);
      if (!isEnd(message) && message.type === 'verified')
        return message.verification as unknown as Verification;
      session = undefined;
      program.kill();
      if (!isEnd(message) && message.type === 'failed' && !OUT_OF_MEMORY.test(message.message))
        throw errorOf(message);
      const { detail } = isEnd(message)
        ? stoppedBy(message)
        : stoppedBy({ cause: 'memory', detail: '' });
      throw new CaseError('STOPPED', `Cannot verify it to its end: ${detail}`);
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
