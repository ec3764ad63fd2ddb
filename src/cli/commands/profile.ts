import { encodeYaml, formatCanonicalJson, printable, printableJson, printableLines } from '#base';
import { formatFault, parseProfile, readProfile } from '#sandbox';
import { composeDisk, LARGEST_SMALL_FILE } from '../compose-machine.ts';
import { composeProfileContext, readProfileFile } from '../compose-profile.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit-code.ts';

interface Json {
  readonly json?: true;
}

function write(value: unknown, { out, outIsTerminal }: Console): void {
  const json = formatCanonicalJson(value);
  out(`${outIsTerminal ? printableJson(json) : json}\n`);
}

/** Lists the shipped profiles. */
export async function listProfiles({ json }: Json, console: Console): Promise<number> {
  const context = composeProfileContext(composeDisk());
  const loaded = await Promise.all(
    context.shipped.map((name) => parseProfile(context.read(name), name, context)),
  );
  const rows = loaded.map(({ profile: { name, description, isolation }, sha256 }) => ({
    name,
    description,
    isolation,
    sha256,
  }));
  if (json) write(rows, console);
  else
    for (const { name, description, sha256 } of rows)
      console.out(`${name.padEnd(12)}${description} (${sha256.slice(0, 12)})\n`);
  return EXIT.clean;
}

/** Shows all that holds in a profile, what it extends included. */
export async function showProfile(
  profile: string,
  { json }: Json,
  console: Console,
): Promise<number> {
  const disk = composeDisk();
  const context = composeProfileContext(disk);
  const loaded = await parseProfile(readProfileFile(disk, profile, context), profile, context);
  if (json) write(loaded, console);
  else
    console.out(`# sha256 ${loaded.sha256}\n${printableLines(await encodeYaml(loaded.profile))}`);
  return EXIT.clean;
}

/** Says all that is wrong with a profile. */
export async function checkProfile(
  file: string,
  { json }: Json,
  console: Console,
): Promise<number> {
  const disk = composeDisk();
  const context = composeProfileContext(disk);
  const { loaded, faults } = await readProfile(disk.read(file, LARGEST_SMALL_FILE), context);
  if (json) write({ ok: loaded !== undefined, faults, sha256: loaded?.sha256 ?? null }, console);
  else if (loaded === undefined)
    for (const fault of faults) console.out(`${printable(`${file}:${formatFault(fault)}`)}\n`);
  else console.out(`${printable(file)}: no faults, sha256 ${loaded.sha256}\n`);
  return loaded === undefined ? EXIT.input : EXIT.clean;
}
