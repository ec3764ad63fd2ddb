import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DECOY_KINDS, plantDecoys } from '#sandbox';
import { describeWith } from '../../support/go.ts';
import { temporaryFolder } from '../../support/program.ts';

const ZIP = '3f9a1c2b4d5e'.padEnd(64, '0');

const read = (zip: string) => {
  const { layer, decoys } = plantDecoys(zip, DECOY_KINDS);
  return new Map(decoys.map(({ path }) => [path, String(layer.volume.readFileSync(path, 'utf8'))]));
};

test('every decoy names its case, and a run repeats byte for byte', () => {
  const files = read(ZIP);
  for (const [path, text] of files) {
    const shown = path.endsWith('id_ed25519')
      ? Buffer.from(text.replace(/-----.*-----|\n/g, ''), 'base64').toString('latin1')
      : text;
    expect(shown.toLowerCase(), path).toContain(ZIP.slice(0, 12));
  }
  expect(read(ZIP)).toEqual(files);
  const others = read('4'.repeat(64));
  for (const [path, text] of files) expect(others.get(path), path).not.toBe(text);
  expect(plantDecoys(ZIP, ['netrc']).decoys.map(({ path }) => path)).toEqual(['/home/user/.netrc']);
});

describeWith('sh', ['-c', 'command -v ssh-keygen'], 'ssh-keygen', () => {
  test('the private key is one, and fits its public line', () => {
    const files = read(ZIP);
    const key = `${temporaryFolder()}/key`;
    writeFileSync(key, files.get('/home/user/.ssh/id_ed25519') ?? '', { mode: 0o600 });
    const line = execFileSync('ssh-keygen', ['-y', '-f', key], { encoding: 'utf8' });
    expect(line).toBe(files.get('/home/user/.ssh/id_ed25519.pub'));
  });
});
