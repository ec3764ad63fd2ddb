import type { StringFact } from '#golang';
import { judgeCombination } from '../combination.ts';
import type { Facts } from '../facts.ts';
import type { Observation, Rule } from '../rule.ts';

/** Operations that no one needs to write a command down. */
const HIDING = new Set(
  'xor shift map base64 base32 hex ascii85 quoted-printable gzip zlib flate bzip2 lzw aes des 3des rc4 chacha20'.split(
    ' ',
  ),
);
/** Single letters of a table, and not the words of a list of arguments. */
const FEWEST_PLACES = 4;

/** True for a command line that was put together or decoded so that nobody reads it. */
function isHiddenCommand({ how, steps = [] }: StringFact): boolean {
  if (!how.includes('command')) return false;
  const places = steps.filter(({ operation }) => operation === 'index');
  return how.some((operation) => HIDING.has(operation)) || places.length >= FEWEST_PLACES;
}

/** Hiding is the sign, whenever it runs; a program's own main is no excuse. */
function toObservation(found: StringFact, message: string): Observation {
  const { file, line, column, value } = found;
  return { severity: 'critical', confidence: 'high', message, file, line, column, value };
}

/** Commands that following the code found out, in files where nothing else did. */
function decoded(
  facts: Facts,
  known: ReadonlySet<string | null | undefined>,
): readonly Observation[] {
  return facts.source.strings
    .filter((found) => isHiddenCommand(found) && !known.has(found.file))
    .map((found) => {
      const ways = found.how.filter((operation) => operation !== 'command').join(', ');
      return toObservation(
        found,
        `starts a program with a command that the code hides (${ways}): ${found.value}`,
      );
    });
}

/** A command that is put together from a table, or decoded, before a program is started with it. */
export const hiddenCommand: Rule = {
  id: 'hidden-command',
  title: 'Hides the command that it runs',
  description:
    'A command is put together from single places of a constant table, or decoded, decrypted or unpacked from constants, and a program is started with it. Honest code has no reason to write a command that way.',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1027', 'T1059'],
  cwe: ['CWE-506'],
  advice: 'Read the value: it is what the code passes on. Treat the module as hostile.',
  check: (facts) => {
    const assembled = judgeCombination(
      facts,
      ['assembled', 'exec'],
      (first, second) => `puts together ${first} from a table and starts a program (${second})`,
    ).map((observation): Observation => {
      const inFile = facts.source.strings.filter((found) => found.file === observation.file);
      const built = inFile.find(isHiddenCommand) ?? inFile[0];
      return {
        ...observation,
        severity: 'critical',
        confidence: 'high',
        ...(built === undefined ? {} : { value: built.value }),
      };
    });
    return [...assembled, ...decoded(facts, new Set(assembled.map(({ file }) => file)))];
  },
};
