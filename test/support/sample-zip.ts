import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildZip } from './zip-builder.ts';

/** How the archive of a sample is built where its files alone do not show the lesson. */
export interface SampleArchive {
  readonly subject: string;
  /** The file whose bytes stand behind the compressed stream of another. */
  readonly smuggle: string;
  readonly behind: string;
}

/** Builds the zip of a sample: its `source` folder, with one file hidden in the entry of another. */
export function buildSampleZip(
  folder: string,
  { subject, smuggle, behind }: SampleArchive,
): Uint8Array {
  const source = join(folder, 'source');
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(source, name)).isFile())
    .sort();
  return buildZip({
    entries: names.map((name) => ({
      name: `${subject}/${name}`,
      content: readFileSync(join(source, name)),
      ...(name === behind ? { smuggled: readFileSync(join(folder, smuggle)) } : {}),
    })),
  });
}
