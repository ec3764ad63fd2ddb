import { Command, CommanderError, Option } from 'commander';
import { parseDecimal } from '#base';
import type { AuditOptions, AuditProveOptions } from './commands/audit.ts';
import type { SumdbFetchOptions } from './commands/sumdb-fetch.ts';
import type { SumdbProveOptions } from './commands/sumdb-prove.ts';
import type { SumdbVerifyOptions } from './commands/sumdb-verify.ts';
import type { VerifyOptions } from './commands/verify.ts';
import type { Console } from './console.ts';
import { UsageError } from './usage-error.ts';

const EXAMPLES = {
  inspect:
    'Example:\n  glovebox inspect evil@v0.1.0.zip --go-sum go.sum\n\nExit codes: 0 clean, 1 malicious or suspicious, 2 inconclusive.',
  check:
    'Example:\n  glovebox check cases/example.com!evil@v0.1.0-3f9a1c2b4d5e\n\nExit codes: 0 intact and signed by you or by --key, 2 intact and the signer is unknown, 1 anything else.',
  verify:
    'Example:\n  glovebox verify evil@v0.1.0.zip --go-sum go.sum --sumdb saved/\n\nExit codes: 0 all match, 1 refused or another hash, 2 asked and not proven.',
  sumdbFetch:
    'Example:\n  glovebox sumdb fetch --from-go-sum go.sum --sumdb https://sum.golang.org --out saved',
  sumdbProve: 'Example:\n  glovebox sumdb prove rsc.io/quote@v1.5.2 --sumdb saved',
  sumdbVerify:
    'Example:\n  glovebox sumdb verify saved rsc.io!quote@v1.5.2.tlog-proof\n\nExit codes: 0 proven, 1 does not hold, 2 not shown, 65 malformed.',
  audit:
    'Example:\n  glovebox audit cases/example.com!evil@v0.1.0-3f9a1c2b4d5e --action read --by stack',
  prove: 'Example:\n  glovebox audit prove cases/example.com!evil@v0.1.0-3f9a1c2b4d5e 17',
  profile: 'Example:\n  glovebox profile check ./ours.yaml',
  rules: 'Example:\n  glovebox rules list --json',
};

const SUMDB = 'ask a checksum database: https address, saved folder or .tlog-proof';
const SUMDB_KEY = 'its verifier key, name+hash+key (default: of sum.golang.org)';

/** An option that may be given many times; none of them is an empty list. */
function repeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([], 'none');
}

/** How the process that reads hostile bytes is shut in. */
function isolationOption(): Option {
  return new Option(
    '--isolation <level>',
    'how the reading side is shut in; auto: the best there is',
  )
    .choices(['auto', 'bwrap', 'userns', 'permission'])
    .default('auto');
}

interface Flags {
  readonly as?: string;
  readonly goSum: readonly string[];
  readonly sumdb?: string;
  readonly sumdbKey?: string;
  readonly modcache?: string;
  readonly with: readonly string[];
  readonly out: string;
  readonly key?: string;
  readonly profile: string;
  readonly isolation: string;
  readonly plain?: true;
  readonly json?: true;
  readonly evidence?: true;
  readonly color: boolean;
  readonly failOn: 'malicious' | 'suspicious' | 'inconclusive' | 'never';
}

function formatOf({ plain, json, evidence }: Flags): 'plain' | 'json' | 'evidence' {
  if ([plain, json, evidence].filter(Boolean).length > 1) {
    throw new UsageError(
      'Cannot write two formats at once: choose one of --plain, --json and --evidence',
    );
  }
  if (json) return 'json';
  return evidence ? 'evidence' : 'plain';
}

const WHY = 'such as --why example.com/m.Run EXEC';

/** Commander knows no options with two values: those of `--why` become one, with a space between. */
export function joinPairs(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--why');
  if (at < 0 || argv.slice(0, at).includes('--')) return argv;
  const [name, capability] = argv.slice(at + 1, at + 3);
  if (name === undefined || capability === undefined || /^--?[a-z]/.test(capability))
    throw new UsageError(`Cannot say why: --why takes a function and a capability, ${WHY}`);
  return [...argv.slice(0, at), `--why=${name} ${capability}`, ...argv.slice(at + 3)];
}

function addInspect(program: Command, console: Console, finish: (code: number) => void): void {
  program
    .command('inspect')
    .description('examine one module: a zip, or a folder that is packed in memory')
    .argument('<subject>', 'a module zip or a folder')
    .option('--as <path@version>', 'what the module is, when its entries do not say')
    .addOption(repeatable('--go-sum <file>', 'compare with a go.sum (repeatable)'))
    .option('--sumdb <where>', SUMDB)
    .option('--sumdb-key <key>', SUMDB_KEY)
    .option('--modcache <dir>', 'follow calls into the modules of a Go module cache')
    .addOption(repeatable('--with <zip>', 'follow calls into this module (repeatable)'))
    .option('--out <dir>', 'where cases are written', 'cases')
    .option('--key <file>', 'sign with this Ed25519 key (PKCS #8 PEM)')
    .option('--profile <name|file>', 'limits, path rules and thresholds', 'strict')
    .addOption(isolationOption())
    .option('--plain', 'lines of text (default)')
    .option('--json', 'case events, one JSON object a line')
    .option('--capabilities', 'what each package can do, as a table behind the summary')
    .option(
      '--why <function> <capability>',
      'every way by which a function can reach a capability, behind the summary',
    )
    .option('--evidence', 'the canonical evidence alone')
    .option('--no-color', 'no colors, as with NO_COLOR')
    .addOption(
      new Option('--fail-on <verdict>', 'the mildest verdict that fails')
        .choices(['malicious', 'suspicious', 'inconclusive', 'never'])
        .default('inconclusive'),
    )
    .addHelpText('after', `\n${EXAMPLES.inspect}`)
    .action(async (subject: string, flags: Flags) => {
      const { inspect } = await import('./commands/inspect.ts');
      const color =
        flags.color &&
        console.outIsTerminal &&
        !console.env['NO_COLOR'] &&
        console.env['TERM'] !== 'dumb';
      finish(await inspect(subject, { ...flags, format: formatOf(flags), color }, console));
    });
}

function addVerify(program: Command, console: Console, finish: (code: number) => void): void {
  program
    .command('verify')
    .description('integrity alone: archive, hashes, go.sum, checksum database')
    .argument('<subject...>', 'module zips or folders; - for one a line of standard input')
    .option('--as <path@version>', 'what the module is, when its entries do not say')
    .addOption(repeatable('--go-sum <file>', 'compare with a go.sum (repeatable)'))
    .option('--sumdb <where>', SUMDB)
    .option('--sumdb-key <key>', SUMDB_KEY)
    .addOption(isolationOption())
    .option('--json', 'one JSON object for each subject')
    .addHelpText('after', `\n${EXAMPLES.verify}`)
    .action(async (subjects: readonly string[], flags: VerifyOptions) => {
      const { verify } = await import('./commands/verify.ts');
      finish(await verify(subjects, flags, console));
    });
}

function addSumdb(program: Command, console: Console, finish: (code: number) => void): Command {
  const sumdb = program
    .command('sumdb')
    .description('save and check proofs of a checksum database')
    .helpCommand(false)
    .addHelpText('after', `\n${EXAMPLES.sumdbFetch}`);
  sumdb
    .command('fetch')
    .description('save records, tiles and the signed head as a folder that verifies offline')
    .argument('[modules...]', 'modules as path@version')
    .addOption(repeatable('--from-go-sum <file>', 'every module of a go.sum (repeatable)'))
    .requiredOption('--sumdb <url>', 'the database, or a module proxy that relays it')
    .option('--sumdb-key <key>', SUMDB_KEY)
    .requiredOption('--out <dir>', 'the folder; what it holds is kept and proven anew')
    .addHelpText('after', `\n${EXAMPLES.sumdbFetch}`)
    .action(async (modules: readonly string[], flags: SumdbFetchOptions) => {
      const { sumdbFetch } = await import('./commands/sumdb-fetch.ts');
      finish(await sumdbFetch(modules, flags, console));
    });
  sumdb
    .command('prove')
    .description('write the proof of one record as one file (c2sp.org/tlog-proof@v1)')
    .argument('<module>', 'the module as path@version')
    .requiredOption('--sumdb <where>', 'an https address or a saved folder')
    .option('--sumdb-key <key>', SUMDB_KEY)
    .option('--out <file>', 'the file; - for standard output')
    .addHelpText('after', `\n${EXAMPLES.sumdbProve}`)
    .action(async (module: string, flags: SumdbProveOptions) => {
      const { sumdbProve } = await import('./commands/sumdb-prove.ts');
      finish(await sumdbProve(module, flags, console));
    });
  sumdb
    .command('verify')
    .description('say what signed notes, proofs and saved folders prove')
    .argument('<files...>', 'notes, .tlog-proof files, saved folders')
    .option('--sumdb-key <key>', SUMDB_KEY)
    .option('--json', 'one JSON object for each file')
    .addHelpText('after', `\n${EXAMPLES.sumdbVerify}`)
    .action(async (files: readonly string[], flags: SumdbVerifyOptions) => {
      const { sumdbVerify } = await import('./commands/sumdb-verify.ts');
      finish(await sumdbVerify(files, flags, console));
    });
  return sumdb;
}

function addAudit(program: Command, console: Console, finish: (code: number) => void): Command {
  const audit = program
    .command('audit')
    .description('query the access log of a case')
    .helpCommand(false)
    .argument('<case>', 'the folder of a case')
    .option('--action <name>', 'read, write, create, delete, rename, list, stat or readlink')
    .option('--decision <name>', 'allowed, denied, decoy or absent')
    .option('--path <glob>', '* is a part of one element, ** is anything')
    .option('--stack <hash>', 'a stack hash, or how it starts')
    .addOption(new Option('--by <what>', 'group and count').choices(['stack', 'path']))
    .option('--json', 'the lines as they are sealed; with --by, one JSON object a group')
    .addHelpText('after', `\n${EXAMPLES.audit}`)
    .action(async (directory: string, flags: AuditOptions) => {
      const { audit: query } = await import('./commands/audit.ts');
      finish(query(directory, flags, console));
    });
  audit
    .command('prove')
    .description('write the proof of one line as one file (c2sp.org/tlog-proof@v1)')
    .argument('<case>', 'the folder of a case')
    .argument('<line>', 'its number, from 1', parseLineNumber)
    .option('--out <file>', 'the file; - for standard output')
    .addHelpText('after', `\n${EXAMPLES.prove}`)
    .action(async (directory: string, line: number, flags: AuditProveOptions) => {
      const { auditProve } = await import('./commands/audit.ts');
      finish(await auditProve(directory, line, flags, console));
    });
  return audit;
}

function parseLineNumber(text: string): number {
  const number = parseDecimal(text);
  if (number !== undefined && number > 0) return number;
  throw new UsageError(`Cannot prove line ${JSON.stringify(text)}: lines are numbered from 1`);
}

function addProfile(program: Command, console: Console, finish: (code: number) => void): Command {
  const profile = program
    .command('profile')
    .description('the rules of an examination: limits, path rules, thresholds')
    .helpCommand(false)
    .addHelpText('after', `\n${EXAMPLES.profile}`);
  type Flags = { readonly json?: true };
  const add = (name: string, description: string) =>
    profile
      .command(name)
      .description(description)
      .option('--json', 'as JSON')
      .addHelpText('after', `\n${EXAMPLES.profile}`);
  add('list', 'the profiles that are shipped').action(async (flags: Flags) => {
    const { listProfiles } = await import('./commands/profile.ts');
    finish(await listProfiles(flags, console));
  });
  add('show <name|file>', 'all that holds in a profile, what it extends included').action(
    async (name: string, flags: Flags) => {
      const { showProfile } = await import('./commands/profile.ts');
      finish(await showProfile(name, flags, console));
    },
  );
  add('check <file>', 'every fault in a profile, with line and column').action(
    async (file: string, flags: Flags) => {
      const { checkProfile } = await import('./commands/profile.ts');
      finish(await checkProfile(file, flags, console));
    },
  );
  return profile;
}

/** Builds the command line; `finish` is given the exit code. */
export function buildProgram(console: Console, finish: (code: number) => void): Command {
  const program = new Command('glovebox')
    .description('Opens a suspect Go module without touching it.')
    .option('-V, --version', 'print the version')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: Math.min(console.width, 100) })
    .configureOutput({ writeOut: console.out, writeErr: () => undefined })
    .exitOverride()
    .addHelpText('after', '\nExample:\n  glovebox inspect evil@v0.1.0.zip');
  addInspect(program, console, finish);
  addVerify(program, console, finish);
  const sumdb = addSumdb(program, console, finish);
  program
    .command('check')
    .description('verify a sealed case offline: signature, digests, audit log')
    .argument('<case>', 'the folder of a case')
    .option('--key <file>', "the examiner's public key")
    .option('--json', 'the checks as JSON')
    .addHelpText('after', `\n${EXAMPLES.check}`)
    .action(async (directory: string, flags: { readonly key?: string; readonly json?: true }) => {
      const { check } = await import('./commands/check.ts');
      finish(check(directory, flags, console));
    });
  const audit = addAudit(program, console, finish);
  const profile = addProfile(program, console, finish);
  program
    .command('doctor')
    .description('what this machine offers for isolation, and how to get more')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  glovebox doctor')
    .action(async (flags: { readonly json?: true }) => {
      const { doctor } = await import('./commands/doctor.ts');
      finish(await doctor(flags, console));
    });
  const rules = program
    .command('rules')
    .description('the rules that findings come from')
    .addHelpText('after', `\n${EXAMPLES.rules}`);
  rules
    .command('list')
    .description('every rule with its severity')
    .option('--json', 'as JSON')
    .addHelpText('after', `\n${EXAMPLES.rules}`)
    .action(async (flags: { readonly json?: true }) => {
      const { listRules } = await import('./commands/rules.ts');
      finish(listRules(flags, console));
    });
  const groups = [program, rules, sumdb, profile, audit];
  for (const command of [program, ...groups.flatMap(({ commands }) => commands)]) {
    command.exitOverride().configureOutput({ writeOut: console.out, writeErr: () => undefined });
  }
  return program;
}

/** One sentence for what commander refuses; undefined for help and version, which are no errors. */
export function usageError(error: unknown): UsageError | undefined {
  if (!(error instanceof CommanderError) || error.exitCode === 0) return undefined;
  if (error.code === 'commander.help')
    return new UsageError(
      'Cannot guess what to do: name a command, such as inspect; see glovebox --help',
    );
  const [first = '', hint = ''] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /Did you mean (.+)\?/.exec(hint)?.[1];
  const help = suggestion === undefined ? 'see glovebox --help' : `did you mean ${suggestion}?`;
  return new UsageError(`Cannot read the command line: ${first}; ${help}`);
}
