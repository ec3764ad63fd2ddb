import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONFORMANCE = fileURLToPath(new URL('../conformance', import.meta.url));

/** A question to the program goref: an operation and its arguments, as text or bytes. */
export interface Question {
  readonly op: string;
  readonly args: readonly (string | Uint8Array)[];
}

/** Asks the built program; the answers are the decoded JSON, bytes as base64. */
export function askReference(program: string, questions: readonly Question[]): unknown[] {
  const input = questions
    .map(({ op, args }) => {
      const encoded = args.map((arg) => Buffer.from(arg as string).toString('base64'));
      return `${JSON.stringify({ op, args: encoded })}\n`;
    })
    .join('');
  const out = execFileSync(program, { input, maxBuffer: 1 << 30, encoding: 'utf8' });
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** Base64 of the reference as text; null stays null. */
export function fromBase64(value: unknown): string | null {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : null;
}

/** The same as a byte string. */
export function fromBase64Bytes(value: unknown): string {
  return Buffer.from(String(value), 'base64').toString('latin1');
}

/** The folder of golang.org/x/mod in the module cache. */
export function modDirectory(): string {
  return execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', 'golang.org/x/mod'], {
    cwd: CONFORMANCE,
    encoding: 'utf8',
  }).trim();
}

/** The text literals of test files of golang.org/x/mod: what it checks itself with. */
export function tableTexts(program: string, ...files: readonly string[]): readonly Uint8Array[] {
  const root = modDirectory();
  const paths = files.map((file) => join(root, file));
  const out = execFileSync(program, paths, { maxBuffer: 1 << 28, encoding: 'utf8' });
  return out
    .trimEnd()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as string[]).map((text) => Buffer.from(text, 'base64')));
}
