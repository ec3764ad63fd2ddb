import { expect, test } from 'vitest';
import { textsOf } from '../../support/values.ts';

const program = (declaration: string, use: string) => `package m

import (
	"net/http"
	"os"
)
${declaration}
func f() { ${use} }
var _, _ = http.Get, os.ReadFile
`;

test.each([
  ['', 'http.Get("ht" + "tp://split2-" + "host.com/y")', 'http://split2-host.com/y'],
  ['var u = "ht" + "tp://split2-" + "host.com/y"', 'http.Get(u)', 'http://split2-host.com/y'],
  ['const u = "ht" + "tp://split2-" + "host.com/y"', 'http.Get(u)', 'http://split2-host.com/y'],
  ['const u = "\\x68\\x74tp://a-host.com/y"', 'http.Get(u)', 'http://a-host.com/y'],
  ['var u = "\\150\\164tp://a-host.com/y"', 'http.Get(u)', 'http://a-host.com/y'],
  ['', 'http.Get("http://\\u0065vil-uni.com/x")', 'http://evil-uni.com/x'],
  ['var t = []string{"\\x68ttp://a.example.com/", "b"}', 'http.Get(t[0])', 'http://a.example.com/'],
  ['', 'os.ReadFile("\\x2fetc\\x2fshadow")', '/etc/shadow'],
  ['', 'os.ReadFile("/root/.s"+"sh/id_rsa")', '/root/.ssh/id_rsa'],
  [
    '',
    'os.WriteFile("x", []byte("#!/bin/sh\\n" + "cu" + "rl ht" + "tp://evil.example/x"), 0o755)',
    '#!/bin/sh\ncurl http://evil.example/x',
  ],
  ['', 'os.Setenv("A", "\\nht" + "tp://evil.example/y")', '\nhttp://evil.example/y'],
  [
    '',
    't := "ghp_" + "0123456789abcdef0123456789abcdef0123"; os.Setenv("A", t)',
    'ghp_0123456789abcdef0123456789abcdef0123',
  ],
])('%s %s', async (declaration, use, expected) => {
  const { strings } = await textsOf({ 'a.go': program(declaration, use) });
  expect(strings.map(({ value }) => value)).toEqual([expected]);
});

test.each([
  ['const u = "https://a.example.com/y"', 'http.Get(u)'],
  ['', 'http.Get("https://a.example.com/\\x00\\n\\"")'],
  ['const bytes = "\\x00\\x01\\xff"', 'os.ReadFile(bytes)'],
])('what stands there as it is says nothing more: %s %s', async (declaration, use) => {
  const { strings } = await textsOf({ 'a.go': program(declaration, use) });
  expect(strings).toEqual([]);
});
