import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createDisk } from '#host';

const bytes = (text: string) => new TextEncoder().encode(text);
const folderOf = () => mkdtempSync(join(tmpdir(), 'glovebox-disk-'));

test('replace() swaps a file only where it is what was seen', () => {
  const folder = folderOf();
  const disk = createDisk();
  const file = join(folder, 'deep/er/latest');
  expect(disk.replace(file, bytes('x'), bytes('a'))).toBe(false);
  expect(disk.replace(file, undefined, bytes('a'))).toBe(true);
  expect(disk.replace(file, undefined, bytes('b'))).toBe(false);
  expect(disk.replace(file, bytes('c'), bytes('b'))).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('a');
  expect(disk.replace(file, bytes('a'), bytes('b'))).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('b');
  expect(readdirSync(join(folder, 'deep/er'))).toEqual(['latest']);
});

test('replace() takes over the lock of one that was killed, and no other', () => {
  const disk = createDisk();
  const file = join(folderOf(), 'latest');
  mkdirSync(`${file}.lock`);
  writeFileSync(join(`${file}.lock`, 'killed'), '');
  utimesSync(`${file}.lock`, new Date(), new Date(Date.now() - 60_000));
  expect(disk.replace(file, undefined, bytes('a'))).toBe(true);
  expect(existsSync(`${file}.lock`)).toBe(false);
});

test('replace() loses no change of several programs', async () => {
  const folder = folderOf();
  const file = join(folder, 'count');
  const program = join(folder, 'count.mjs');
  const host = fileURLToPath(new URL('../../../dist/host/index.js', import.meta.url));
  writeFileSync(
    program,
    `import { createDisk } from ${JSON.stringify(host)};
     import { existsSync, readFileSync } from 'node:fs';
     const disk = createDisk();
     for (let done = 0; done < 25; ) {
       const before = existsSync(${JSON.stringify(file)}) ? new Uint8Array(readFileSync(${JSON.stringify(file)})) : undefined;
       const next = Number(new TextDecoder().decode(before)) + 1;
       if (disk.replace(${JSON.stringify(file)}, before, new TextEncoder().encode(String(next)))) done++;
     }`,
  );
  const codes = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const [code] = await once(spawn(process.execPath, [program], { stdio: 'inherit' }), 'exit');
      return code as number;
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(file, 'utf8')).toBe('100');
});
