#!/usr/bin/env node
import { homedir, hostname } from 'node:os';
import { CommanderError } from 'commander';
import { buildProgram, joinPairs, usageError } from './arguments.ts';
import type { Console } from './console.ts';

let undo: (() => string) | undefined;

function interrupt(): void {
  process.stderr.write(`\nInterrupted: ${undo?.() ?? 'nothing was written'}.\n`);
  process.exit(130);
}

/** From the environment: asking the system for an account may ask a name service on the network. */
function userName(): string {
  return process.env['USER'] ?? process.env['USERNAME'] ?? `uid ${process.getuid?.() ?? 'unknown'}`;
}

/** EX_IOERR of sysexits: as in `EXIT.output`, which is not loaded for this. */
const OUTPUT_FAILED = 74;

const LONGEST_LINE = 1024 * 1024;

/** Lines end in a line feed and in nothing else: a name may hold what other readers split at. */
async function* readLines(): AsyncGenerator<string> {
  let rest = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) {
      const { CliError } = await import('./errors.ts');
      throw new CliError(
        'INPUT',
        `Cannot read standard input: a line is over ${LONGEST_LINE} bytes`,
      );
    }
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}

const console: Console = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  lines: readLines,
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  width: process.stdout.columns ?? 100,
  env: process.env,
  workingDirectory: process.cwd(),
  homeDirectory: homedir(),
  machine: () => ({
    host: hostname(),
    user: userName(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    pid: process.pid,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }),
  onInterrupt: (discard) => {
    undo = discard;
  },
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};

async function report(error: unknown): Promise<number> {
  const usage = usageError(error);
  if (error instanceof CommanderError && usage === undefined) return 0;
  const { describeError } = await import('./output/describe-error.ts');
  const { code, text } = describeError(usage ?? error);
  console.err(text);
  return code;
}

process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
process.on('SIGHUP', interrupt);
// Output that cannot be written is no success, whatever was found; a reader that went away (a pipe into
// head) has what it wanted, and is told nothing.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  undo?.();
  if (error.code !== 'EPIPE') {
    process.stderr.write(`glovebox: Cannot write the output: ${error.code ?? error.message}\n`);
    process.exit(OUTPUT_FAILED);
  }
  process.exit(process.exitCode ?? OUTPUT_FAILED);
});

async function printVersion(): Promise<void> {
  const { composeDisk, packageVersion } = await import('./compose-machine.ts');
  console.out(`glovebox ${packageVersion(composeDisk())}\n`);
}

async function run(): Promise<void> {
  const program = buildProgram(console, (code) => {
    process.exitCode = code;
  });
  await program.parseAsync(joinPairs(process.argv));
}

try {
  const isVersion = ['-V', '--version'].includes(process.argv[2] ?? '');
  await (isVersion ? printVersion() : run());
} catch (error) {
  process.exitCode = await report(error);
}
