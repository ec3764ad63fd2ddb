import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { describeWith } from '../support/go.ts';
import { pick } from '../support/grammar.ts';
import { mutate, seededRandom } from '../support/mutate.ts';
import { evaluateFiles } from '../support/values.ts';

const A_DECODER = Math.max(60, Math.ceil(Number(process.env['GLOVEBOX_RUNS'] ?? 600) / 10));

const quote = (bytes: Uint8Array) =>
  `"${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
const reader = (make: string) =>
  `r, err := ${make}; if err != nil { return "refused" }; b, err := io.ReadAll(r); return out(b, err)`;
const plain = (make: string) => `b, err := io.ReadAll(${make}); return out(b, err)`;
const latin = (text: string) => Buffer.from(text, 'latin1');

/** How valid input is made, and the Go code that reads `x`. */
const DECODERS: Readonly<Record<string, readonly [(bytes: Uint8Array) => Uint8Array, string]>> = {
  hex: [
    (b) => latin(Buffer.from(b).toString('hex')),
    'b, err := hex.DecodeString(x); return out(b, err)',
  ],
  base64: [
    (b) => latin(Buffer.from(b).toString('base64')),
    'b, err := base64.StdEncoding.DecodeString(x); return out(b, err)',
  ],
  'base64 raw': [
    (b) => latin(Buffer.from(b).toString('base64url')),
    'b, err := base64.RawURLEncoding.DecodeString(x); return out(b, err)',
  ],
  'base64 strict': [
    (b) => latin(Buffer.from(b).toString('base64')),
    'b, err := base64.StdEncoding.Strict().DecodeString(x); return out(b, err)',
  ],
  'base64 in lines': [
    (b) => latin(Buffer.from(b).toString('base64').replace(/.{8}/g, '$&\r\n')),
    'b, err := base64.StdEncoding.DecodeString(x); return out(b, err)',
  ],
  base32: [
    (b) => latin(base32(b)),
    'b, err := base32.StdEncoding.DecodeString(x); return out(b, err)',
  ],
  url: [
    (b) => latin([...b].map((byte) => `%${byte.toString(16).padStart(2, '0')}+`).join('')),
    's, err := url.QueryUnescape(x); return out([]byte(s), err)',
  ],
  gzip: [(b) => gzipSync(b), reader('gzip.NewReader(strings.NewReader(x))')],
  zlib: [(b) => deflateSync(b), reader('zlib.NewReader(strings.NewReader(x))')],
  flate: [(b) => deflateRawSync(b), plain('flate.NewReader(strings.NewReader(x))')],
  numbers: [
    (b) => latin(String(b.reduce((sum, byte) => (sum * 7 + byte) % 1e15, 0))),
    'n, err := strconv.ParseInt(x, 10, 64); return out([]byte(strconv.FormatInt(n, 10)), err)',
  ],
  csv: [
    (b) =>
      latin(
        [...b]
          .map(
            (byte) =>
              `${'a"b,\n'[byte % 5]}${byte % 7 === 0 ? '"x","y"' : byte % 3 === 0 ? ',\n' : 'z'}`,
          )
          .join(''),
      ),
    'l, err := csv.NewReader(strings.NewReader(x)).ReadAll(); s := strconv.Itoa(len(l)); for _, r := range l { s += "|" + strings.Join(r, ";") }; if err != nil { return "refused" }; return out([]byte(s), nil)',
  ],
  'csv with its own comma': [
    (b) => latin([...b].map((byte) => `${byte % 4},${byte % 9};"q${byte}"\r\n`).join('')),
    'c := csv.NewReader(strings.NewReader(x)); c.Comma = \';\'; l, err := c.ReadAll(); s := ""; for _, r := range l { s += "|" + strings.Join(r, "+") }; if err != nil { return "refused" }; return out([]byte(s), nil)',
  ],
  'one record': [
    (b) => latin([...b].map((byte) => `${byte % 4}`).join(',')),
    'r, err := csv.NewReader(strings.NewReader(x)).Read(); if err != nil { return "refused" }; return out([]byte(strings.Join(r, "+")), nil)',
  ],
  quoted: [
    (b) =>
      latin(
        JSON.stringify(
          Buffer.from(b)
            .toString('latin1')
            .replace(/[^ -~]/g, '~'),
        ),
      ),
    's, err := strconv.Unquote(x); return out([]byte(s), err)',
  ],
};

function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const digits = bits.replace(
    /.{1,5}/g,
    (part) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(part.padEnd(5, '0'), 2)]!,
  );
  return digits.padEnd(Math.ceil(digits.length / 8) * 8, '=');
}

const HEAD = `package main

import (
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base32"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"io"
	"net/url"
	"strconv"
	"strings"
)

var _ = []any{csv.NewReader, flate.NewReader, gzip.NewReader, zlib.NewReader, base32.StdEncoding, base64.StdEncoding, url.Parse, strconv.Itoa}

func out(b []byte, err error) string {
	if err != nil {
		return "refused " + hex.EncodeToString(b)
	}
	return hex.EncodeToString(b)
}

`;

describeWith('go', ['version'], 'decoders against those of Go', () => {
  test(`${A_DECODER} inputs each, valid and damaged`, { timeout: 300_000 }, async () => {
    const random = seededRandom(7);
    const functions: string[] = [];
    const owners: string[] = [];
    for (const [name, [encode, code]] of Object.entries(DECODERS)) {
      for (let i = 0; i < A_DECODER; i++) {
        const letters = Array.from({ length: Math.floor(random() * 60) }, () =>
          i % 2 === 0 ? Math.floor(random() * 256) : pick(random, [97, 98, 32]),
        );
        const valid = encode(Uint8Array.from(letters));
        const input = i % 3 === 0 ? valid : mutate(valid, random);
        functions.push(`func d${owners.length}() string { x := ${quote(input)}; ${code} }`);
        owners.push(name);
      }
    }
    const main = `package main\n\nimport "fmt"\n\nfunc main() {\n${owners.map((_, i) => `\tfmt.Println(d${i}())`).join('\n')}\n}\n`;
    const source = HEAD + functions.join('\n');
    const dir = mkdtempSync(join(tmpdir(), 'glovebox-decoders-'));
    writeFileSync(join(dir, 'go.mod'), 'module example.com/m\n\ngo 1.24\n');
    writeFileSync(join(dir, 'd.go'), source);
    writeFileSync(join(dir, 'main.go'), main);
    const real = execFileSync('go', ['run', '.'], {
      cwd: dir,
      encoding: 'utf8',
      maxBuffer: 1e9,
    }).split('\n');
    const evaluation = await evaluateFiles({ 'd.go': source });
    const wrong: string[] = [];
    const unknown = new Map<string, number>();
    for (const [i, name] of owners.entries()) {
      const ours = evaluation.resultOf('example.com/m', `d${i}`);
      if (ours === undefined) unknown.set(name, (unknown.get(name) ?? 0) + 1);
      else if (ours !== real[i]) wrong.push(`${name}: ${functions[i]}: ${ours}, not ${real[i]}`);
    }
    const total = [...unknown.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `DECODERS ${owners.length} inputs, ${wrong.length} wrong, ${total} not known (${[...unknown].join('; ')})`,
    );
    expect(wrong).toEqual([]);
    // Damaged base32 is refused by Go with what came before, which differs between its releases.
    expect(total / owners.length).toBeLessThan(0.1);
  });
});
