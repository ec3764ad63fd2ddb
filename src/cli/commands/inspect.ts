import { type Disk, formatCanonicalJson, nearestName, printable, printableJson } from '#base';
import {
  type CaseEvent,
  type ClosedCase,
  createJailedExaminer,
  type JailedExaminer,
  runCase,
} from '#case';

import { CAPABILITIES, type Why, type WhyQuestion } from '#golang';
import { ModuleError } from '#module';
import { renderCapabilities, renderText, renderWhy } from '#report';
import type { LoadedProfile } from '#sandbox';
import { composeJail, parseIsolation } from '../compose-jail.ts';
import { type ComposedSigner, composeSigner } from '../compose-key.ts';
import { composeClock, composeDisk, packageVersion } from '../compose-machine.ts';
import { composeModcache, readModules } from '../compose-modules.ts';
import { composeProfile } from '../compose-profile.ts';
import { composeSumdb } from '../compose-sumdb.ts';
import type { Console } from '../console.ts';
import { CliError } from '../errors.ts';
import { exitCodeOf, type FailOn } from '../exit-code.ts';
import { createProgress } from '../output/progress.ts';
import { parseStated } from '../parse-subjects.ts';
import { readGoSums } from '../read-go-sums.ts';
import { readSubject } from '../read-subject.ts';
import { UsageError } from '../usage-error.ts';

/** The options of `glovebox inspect`. */
export interface InspectOptions {
  readonly as?: string;
  readonly goSum: readonly string[];
  readonly sumdb?: string;
  readonly sumdbKey?: string;
  readonly out: string;
  readonly key?: string;
  readonly profile: string;
  readonly isolation: string;
  readonly format: 'plain' | 'json' | 'evidence';
  /** A module cache to follow calls into other modules. */
  readonly modcache?: string;
  /** Zips of other modules. */
  readonly with: readonly string[];
  /** Shows the matrix of packages and capabilities behind the summary. */
  readonly capabilities?: boolean;
  /** A function and a capability, with a space between. */
  readonly why?: string;
  readonly color: boolean;
  readonly failOn: FailOn;
}

/** The question of `--why`, its capability known. */
function parseWhy(why: string | undefined): WhyQuestion | undefined {
  if (why === undefined) return undefined;
  const [name = '', asked = ''] = why.split(' ');
  const capability = CAPABILITIES.find((known) => known === asked.toUpperCase());
  if (capability !== undefined) return { function: name, capability };
  const nearest = nearestName(asked, CAPABILITIES);
  const hint = nearest === undefined ? CAPABILITIES.join(', ') : `did you mean ${nearest}?`;
  throw new UsageError(`Cannot say why: there is no capability ${JSON.stringify(asked)}; ${hint}`);
}

/** What to do with each event in the chosen format. */
function createListener(options: InspectOptions, console: Console): (event: CaseEvent) => void {
  if (options.format === 'json') {
    const show = console.outIsTerminal ? printableJson : (json: string) => json;
    return (event) => {
      if (event.type !== 'progress') console.out(`${show(JSON.stringify(event))}\n`);
    };
  }
  const progress = createProgress(console);
  return (event) => progress(event);
}

/** What was asked for, read and checked before anything of the suspect is. */
interface Prepared {
  readonly profile: LoadedProfile;
  readonly goSum: ReturnType<typeof readGoSums>;
  readonly stated: ReturnType<typeof parseStated>;
  readonly version: string;
  readonly examiner: JailedExaminer;
}

async function prepare(disk: Disk, options: InspectOptions, console: Console): Promise<Prepared> {
  const stated = parseStated(options.as);
  const profile = await composeProfile(disk, options.profile);
  const goSum = readGoSums(disk, options.goSum);
  const version = packageVersion(disk);
  const { stops, isolation } = profile.profile;
  const examiner = createJailedExaminer({
    jail: composeJail(console),
    level: parseIsolation(options.isolation),
    weakest: isolation,
    limits: {
      ...stops,
      lineBytes: stops.evidenceBytes,
      // The log once, evidence twice, and findings and progress beside it.
      totalBytes: 2 * stops.logBytes + 4 * stops.evidenceBytes,
    },
    goSum,
    sumdb: composeSumdb(disk, console, options),
    fetchModule: composeModcache(disk, options.modcache, profile.profile.limits.zipBytes),
    profile,
    version,
  });
  return { profile, goSum, stated, version, examiner };
}

/** A file that is no zip at all is a wrong input, and no case. */
function asInput(path: string, error: unknown): unknown {
  if (!(error instanceof ModuleError && error.code === 'NOT_A_ZIP')) return error;
  const reason = error.message.replace(/^.*?: /, '');
  return new CliError(
    'INPUT',
    `Cannot read ${path} as a zip: ${reason}; give a module zip or a folder`,
    { cause: error },
  );
}

/** Examines one module; the exit code is the verdict's. */
export async function inspect(
  path: string,
  options: InspectOptions,
  console: Console,
): Promise<number> {
  const disk = composeDisk();
  const { clock, isFixed } = composeClock(console);
  const why = parseWhy(options.why);
  const { examiner, profile, ...prepared } = await prepare(disk, options, console);
  try {
    const { zipBytes } = profile.profile.limits;
    const subject = readSubject(disk, path, { stated: prepared.stated, zipBytes });
    const others = readModules(disk, options.with, zipBytes);
    const key = composeSigner(disk, console, options.key);
    const closed = await runCase(
      { ...prepared, profile, zip: subject.zip, stated: subject.stated, why, with: others },
      {
        examine: examiner.examine,
        disk,
        clock,
        signer: key.signer,
        directory: options.out.replace(/(?<=.)\/+$/, ''),
        machine: isFixed ? undefined : console.machine,
        onOpen(discard) {
          const undo = () => {
            discard?.();
            return 'nothing was written';
          };
          console.onInterrupt(discard && undo);
        },
      },
      createListener(options, console),
    );
    show(closed, { options, console, key, notes: subject.notes });
    return exitCodeOf(closed.evidence.verdict, options.failOn);
  } catch (error) {
    throw asInput(path, error);
  } finally {
    await examiner.close();
  }
}

interface Shown {
  readonly options: InspectOptions;
  readonly console: Console;
  readonly key: ComposedSigner;
  readonly notes: readonly string[];
}

/** The answer; a name that means no function, or several, is said apart, as the verdict stands. */
function showWhy(
  why: Why,
  { evidence, console }: { readonly evidence: ClosedCase['evidence']; readonly console: Console },
): void {
  if (why.function !== null) {
    const modulePath = evidence.subject.path;
    console.out(`\n${renderWhy(why, { modulePath, width: console.width })}`);
    return;
  }
  const names = printable(why.candidates.join(', '));
  const reason =
    names === ''
      ? 'no function has that name'
      : `which function is meant: ${names}; give one of these`;
  console.err(`Cannot say why: ${reason}\n`);
}

function show(
  { evidence, directory, isolation, why }: ClosedCase,
  { options, console, key, notes }: Shown,
): void {
  if (options.format === 'evidence') {
    const json = formatCanonicalJson(evidence);
    console.out(console.outIsTerminal ? `${printableJson(json)}\n` : json);
  }
  const made =
    key.created === undefined ? '' : `A signing key was made for you: ${printable(key.created)}\n`;
  if (options.format !== 'plain') {
    console.err(made);
    return;
  }
  const left =
    notes.length === 0
      ? ''
      : `  left out   ${notes.length} names of the folder, such as ${printable(notes[0] ?? '')}\n`;
  console.out(renderText(evidence, { color: options.color, width: console.width }));
  if (options.capabilities === true) console.out(`\n${renderCapabilities(evidence)}`);
  if (why !== undefined) showWhy(why, { evidence, console });
  const missed = isolation.missed.map(
    ({ level, reason }) => `             not ${level}: ${printable(reason)}\n`,
  );
  console.out(`${left}\n  isolation  ${isolation.level}\n${missed.join('')}`);
  console.out(`  case       ${printable(directory)}\n`);
  console.err(made);
}
