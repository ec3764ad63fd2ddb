import { printable } from '#base';
import type { FileFact } from '../facts.ts';
import type { Observation, Rule } from '../rule.ts';

const CARRIED = new Set([
  'elf',
  'pe',
  'mach-o',
  'wasm',
  'zip',
  'gzip',
  'xz',
  'zstd',
  '7z',
  'rar',
  'sh',
  'bash',
  'python',
  'perl',
]);

const PROGRAMS = new Set(['executable', 'archive', 'script']);

/** Test data of readers of formats is what it should not be, and nobody runs it. */
const severityOf = ({ use }: FileFact): 'high' | 'low' => (use === 'tested' ? 'low' : 'high');

/** Bytes that no one can read, under the name of a text that built code reads. */
const isUnreadable = ({ kind, promises, use }: FileFact): boolean =>
  kind === 'binary' && promises === 'text' && (use === 'embedded' || use === 'named');

function sightingsOf(file: FileFact): readonly Observation[] {
  const { path, kind, format, promises, trailing, use } = file;
  const found: Observation[] = [];
  const place = { file: path, line: 1 };
  if (promises !== undefined && isUnreadable(file)) {
    const message = `${printable(path)} is no text, as it is named, and code reads it; ${use}`;
    found.push({ ...place, severity: 'medium', value: format, message });
  }
  if (promises !== undefined && PROGRAMS.has(kind)) {
    const severity = severityOf(file);
    const message = `${printable(path)} is ${format} and is named as ${promises}; ${use === 'none' ? 'no code names it' : use}`;
    found.push({ ...place, severity, value: format, message });
  }
  if (trailing !== undefined && CARRIED.has(trailing.format)) {
    const severity = severityOf(file);
    const message = `${printable(path)} is ${format}, and ${trailing.format} starts at byte ${trailing.offset} of it`;
    found.push({ ...place, severity, value: trailing.format, message });
  }
  return found;
}

/** A program or an archive under the name of another thing, or behind the end of one. */
export const disguisedFile: Rule = {
  id: 'disguised-file',
  title: 'Hides a program or an archive in another kind of file',
  description:
    'A file whose content is a program or an archive has the name of a text, a picture or a database, or carries one inside or behind its end. Test data of programs that read such formats looks the same.',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1036.008', 'T1027.009'],
  cwe: ['CWE-506'],
  advice: 'Take the file out of the module unopened, and look which code reads it.',
  check: ({ files }) => files.flatMap(sightingsOf),
};
