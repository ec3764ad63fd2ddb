import { writeSync } from 'node:fs';
import { serveJail } from '#case';
import { composeParser } from './compose-examination.ts';

// The program that is jailed: it is given bytes, says lines, and has nothing else.

/** The pipe is the only way out; a line is written whole before anything goes on. */
function write(line: Uint8Array): void {
  let at = 0;
  while (at < line.length) {
    try {
      at += writeSync(1, line, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

for (const name of Object.keys(process.env)) delete process.env[name];
write(new TextEncoder().encode('{"type":"ready"}\n'));
await serveJail({
  input: process.stdin,
  write,
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  ...composeParser(),
});
