import { decodeLoosely, decodeUtf8, sha256Hex } from '#base';
import type { StringFact, StringStep, StringUse } from '#golang';
import { type Command, showCommand } from './commands.ts';
import type { Sight, Sighting } from './compile/model.ts';
import { fromByteText } from './run/convert.ts';
import type { How, Site } from './run/value.ts';

/** Characters of a value that are given; longer ones have their length and digest beside them. */
const LONGEST = 4096;
const LONGEST_CODE = 200;
const MOST_STEPS = 24;
const MOST_USES = 8;
/** Values of fewer characters say nothing. */
const SHORTEST = 3;
/** Telling places of a text that are compared with the source. */
const MOST_PLACES = 50;

/** Operations that no one needs to write a text down: they hide it, or find it hidden. */
const HIDING = new Set(
  'index bytes xor shift map base64 base32 base16 hex ascii85 quoted-printable rot gzip zlib flate bzip2 lzw zstd aes rc4 chacha20 des json gob xml csv asn1 pem url html unquote embed escape'.split(
    ' ',
  ),
);

/** What a text looks like that names a place outside, a command, or something to steal. */
const TELLING =
  /:\/\/\S|\b\d{1,3}(?:\.\d{1,3}){3}\b|^(?:\/|~\/|[A-Za-z]:\\)[\w.-]+[/\\]|\b(?:sh|bash|zsh|cmd|powershell|curl|wget|certutil|nc|chmod|sudo|systemctl|crontab|rundll32|regsvr32|mshta|schtasks)\b|\.(?:ssh|aws|kube|netrc|npmrc|docker|gnupg|git-credentials)\b|HKEY_|\b(?:gh[pousr]_|github_pat_|glpat-|AKIA|xox[abp]-|AIza|npm_|hf_)[\w-]{8}/g;
/** A name of a host, where it is all of a text. */
const HOST =
  /^[a-z0-9.-]+\.(?:com|net|org|io|icu|tech|top|xyz|ru|cn|onion|dev|site|example)(?::\d+)?(?:\/\S*)?$/;

/** A call of something outside that got a text. */
export interface Use {
  readonly how: How;
  readonly function: string;
  readonly site: Site;
}

/** What was done to a text, in the order in which it was done; each operation at a place once. */
export function stepsOf(how: How): readonly How[] {
  const steps: How[] = [];
  const seen = new Set<How>();
  const places = new Set<string>();
  const work: { readonly how: How; readonly isOpen: boolean }[] = [{ how, isOpen: true }];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (!next.isOpen) {
      const { operation, site } = next.how;
      const place = `${operation} ${site?.file.path} ${site?.start}`;
      if (!places.has(place)) steps.push(next.how);
      places.add(place);
      continue;
    }
    if (seen.has(next.how) || seen.size > 4 * MOST_STEPS) continue;
    seen.add(next.how);
    work.push({ how: next.how, isOpen: false });
    for (const from of next.how.from.toReversed()) work.push({ how: from, isOpen: true });
  }
  return steps;
}

/** The code at a place, on one line. */
function codeOf({ file, start, end }: Site): string {
  const code = file.textOf(start, Math.min(end, start + 4 * LONGEST_CODE)).replace(/\s+/g, ' ');
  return code.length <= LONGEST_CODE ? code : `${code.slice(0, LONGEST_CODE)}…`;
}

function toSteps(steps: readonly How[]): readonly StringStep[] {
  // Of very many, how it begins and how it ends.
  const few =
    steps.length <= MOST_STEPS
      ? steps
      : [...steps.slice(0, MOST_STEPS / 2), ...steps.slice(-MOST_STEPS / 2)];
  return few.flatMap(({ operation, site }) =>
    site === undefined ? [] : [{ operation, ...placeOf(site) }],
  );
}

function placeOf(site: Site): {
  readonly file: string;
  readonly line: number;
  readonly column: number;
} {
  return { file: site.file.path, ...site.file.positionOf(site.start) };
}

/** Text for JSON: UTF-8, or with bytes that are none as Go's `%q` writes them. */
function shown(value: string): string {
  const bytes = fromByteText(value.slice(0, 4 * LONGEST));
  const whole = decodeUtf8(bytes);
  if (whole !== undefined) return whole;
  const loose = decodeLoosely(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what it is about.
  const odd = loose.match(/[\ufffd\x00-\x08\x0e-\x1f]/g)?.length ?? 0;
  if (odd * 8 < loose.length) return loose;
  return value
    .slice(0, LONGEST / 4)
    .replace(/[^\x20-\x7e]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Whether a text has letters that someone can read, and not bytes of a program or a picture. */
function isReadable(value: string): boolean {
  if (value.length < SHORTEST || value.trim() === '') return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what it is about.
  const odd = value.slice(0, LONGEST).match(/[\x00-\x08\x0e-\x1f\x7f]/g)?.length ?? 0;
  return odd * 8 <= Math.min(value.length, LONGEST);
}

/** Where a text names a place outside, a command, or something to steal. */
function tellingPlaces(value: string): readonly number[] {
  const places: number[] = [];
  for (const { index } of value.slice(0, LONGEST).matchAll(TELLING)) {
    places.push(index);
    if (places.length === MOST_PLACES) break;
  }
  return places;
}

/** What stands there between blanks. */
function wordAt(value: string, at: number): string {
  const before = /\S*$/.exec(value.slice(Math.max(0, at - LONGEST_CODE), at))?.[0] ?? '';
  return before + (/^\s*\S*/.exec(value.slice(at, at + LONGEST_CODE))?.[0] ?? '');
}

/** True where the value says more than the source does that makes it. */
function saysMore(value: string, operations: ReadonlySet<string>, source: string): boolean {
  if (!isReadable(value)) return false;
  const isHidden = [...operations].some((operation) => HIDING.has(operation));
  if (isHidden) return /[A-Za-z0-9]{2}/.test(value);
  const telling = HOST.test(value) ? [0] : tellingPlaces(value);
  if (telling.length > 0)
    return operations.size > 1 || telling.some((at) => !source.includes(wordAt(value, at)));
  const pieces = source.match(/"(?:[^"\\]|\\.)*"|`[^`]*`/g) ?? [];
  return operations.has('concat') && pieces.length > 2 && value.length / pieces.length < 4;
}

/** The command lines that say more than the call does that starts them. */
export function commandFacts(commands: readonly Command[]): readonly StringFact[] {
  const seen = new Set<string>();
  return commands.flatMap((command) => {
    const { site, words, how } = command;
    const source = site.file.textOf(site.start, site.end);
    const isHidden = words.some((word) => word !== undefined && !source.includes(word));
    const value = shown(showCommand(words));
    const key = `${site.file.path} ${site.start} ${value}`;
    if (!isHidden || seen.has(key) || !isReadable(value)) return [];
    seen.add(key);
    const steps = stepsOf(how);
    return [
      {
        ...placeOf(site),
        value: value.slice(0, LONGEST),
        how: [...new Set(steps.map(({ operation }) => operation))],
        code: codeOf(site),
        steps: toSteps(steps),
        uses: [{ function: command.function, ...placeOf(site) }],
      },
    ];
  });
}

/** The texts that are worth saying: of nested ones the outermost, each value of a place once. */
export function stringFacts(
  sightings: readonly Sighting[],
  usesOf: (how: How) => readonly Use[],
): readonly StringFact[] {
  const facts: StringFact[] = [];
  const sorted = sightings
    .filter(({ values }) => values.length > 0)
    .toSorted((a, b) => a.site.start - b.site.start || b.site.end - a.site.end);
  let outer: Sighting | undefined;
  for (const sighting of sorted) {
    const { site, code } = sighting;
    const isInner =
      outer?.code === code && outer.site.file === site.file && site.end <= outer.site.end;
    if (isInner) continue;
    const found = sighting.values.flatMap((value) => factOf(sighting, value, usesOf));
    if (found.length > 0 || !sighting.varies) outer = sighting;
    for (const fact of found) facts.push(fact);
  }
  return facts;
}

function factOf(
  sighting: Sighting,
  { text, how, length, sha256 }: Sight,
  usesOf: (how: How) => readonly Use[],
): readonly StringFact[] {
  const steps = stepsOf(how);
  const operations = new Set(steps.map(({ operation }) => operation));
  const { site } = sighting;
  if (!saysMore(text, operations, site.file.textOf(site.start, site.end))) return [];
  const full = shown(text);
  const uses = usesOf(how).slice(0, MOST_USES);
  return [
    {
      ...placeOf(site),
      value: full.slice(0, LONGEST),
      how: [...operations],
      code: codeOf(site),
      steps: toSteps(steps),
      ...(sighting.variable === undefined ? {} : { variable: sighting.variable }),
      ...(uses.length === 0
        ? {}
        : {
            uses: uses.map((use): StringUse => ({ function: use.function, ...placeOf(use.site) })),
          }),
      ...(full.length <= LONGEST
        ? {}
        : { length, sha256: sha256 ?? sha256Hex(fromByteText(text)) }),
    },
  ];
}
