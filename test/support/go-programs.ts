import { pick } from './grammar.ts';

/** A function that takes nothing and returns a text, and the helpers that it needs. */
export interface GoProgram {
  readonly name: string;
  readonly source: string;
}

type Kind = 'string' | 'int' | 'byte' | 'rune' | 'bool' | 'bytes' | 'strings' | 'uint32' | 'float';

const GO_TYPE: Readonly<Record<Kind, string>> = {
  string: 'string',
  int: 'int',
  byte: 'byte',
  rune: 'rune',
  bool: 'bool',
  bytes: '[]byte',
  strings: '[]string',
  uint32: 'uint32',
  float: 'float64',
};

const WORDS = [
  'curl',
  'https',
  '://',
  'example',
  '/bin/sh',
  ' -c ',
  'a',
  'Zz',
  '',
  'héllo',
  '日本',
  'x=1&y=2',
  'tab\\tnew',
  '%41',
  'foo bar  baz',
  '0123456789',
  'QUJD',
  'ABC',
];

/** Writes random pure functions in Go: every value in them is decided by the source alone. */
export function createGoWriter(random: () => number, id: number) {
  let names = 0;
  const variables = new Map<Kind, string[]>();
  const lines: string[] = [];
  const helpers: string[] = [];
  let indent = 1;

  const below = (n: number) => Math.floor(random() * n);
  const say = (line: string) => void lines.push('\t'.repeat(indent) + line);
  const fresh = () => `v${names++}`;
  const known = (kind: Kind) => variables.get(kind) ?? [];
  const variable = (kind: Kind): string => pick(random, known(kind));
  const literal = () => `"${pick(random, WORDS)}"`;

  function declare(kind: Kind, value: string): string {
    const name = fresh();
    say(`var ${name} ${GO_TYPE[kind]} = ${value}`);
    say(`_ = ${name}`);
    variables.set(kind, [...known(kind), name]);
    return name;
  }

  function text(depth: number): string {
    if (depth <= 0) return random() < 0.5 ? literal() : variable('string');
    const s = () => text(depth - 1);
    const n = () => int(depth - 1);
    const b = () => bytes(depth - 1);
    const list = () => strings(depth - 1);
    return pick<() => string>(random, [
      () => `${s()} + ${s()}`,
      () => `(${s()} + ${s()} + ${literal()})`,
      () => `string(${b()})`,
      () => `string(rune(97 + ${n()}%26))`,
      () => `string([]rune(${s()}))`,
      () => `strings.ToUpper(${s()})`,
      () => `strings.ToLower(${s()})`,
      () => `strings.Title(${s()})`,
      () => `strings.TrimSpace(" " + ${s()} + "\\n")`,
      () => `strings.Trim(${s()}, ${literal()})`,
      () => `strings.TrimLeft(${s()}, "cah")`,
      () => `strings.TrimPrefix(${s()}, ${literal()})`,
      () => `strings.TrimSuffix(${s()}, ${literal()})`,
      () => `strings.Repeat(${s()}, ${below(4)})`,
      () => `strings.ReplaceAll(${s()}, ${literal()}, ${s()})`,
      () => `strings.Replace(${s()}, ${literal()}, ${s()}, ${below(4) - 1})`,
      () => `strings.Join(${list()}, ${literal()})`,
      () =>
        `strings.Map(func(r rune) rune { if r == 'l' { return -1 }; return r + ${below(3)} }, ${s()})`,
      () =>
        `fmt.Sprintf("%s-%d-%v|%5d|%-4s|%q", ${s()}, ${n()}, ${bool(depth - 1)}, ${n()}, ${literal()}, ${s()})`,
      () =>
        `fmt.Sprintf("%x %X %03d %c %t", ${s()}, ${b()}, ${n()}%1000, 65 + ${n()}%26, ${bool(depth - 1)})`,
      () => `fmt.Sprint(${s()}, ${n()}, ${n()}, ${b()}, ${list()})`,
      () => `strconv.Itoa(${n()})`,
      () => `strconv.FormatInt(int64(${n()}), ${2 + below(35)})`,
      () => `strconv.Quote(${s()})`,
      () => `path.Join(${s()}, ${s()})`,
      () => `hex.EncodeToString(${b()})`,
      () => `base64.StdEncoding.EncodeToString(${b()})`,
      () => `unhex${id}(hex.EncodeToString(${b()}))`,
      () => `b64${id}(base64.URLEncoding.EncodeToString(${b()}))`,
      () => `url.QueryEscape(${s()})`,
      () => `url.PathEscape(${s()})`,
      () => `html.UnescapeString("&lt;" + ${s()} + "&#39;&amp;")`,
      () => `cut${id}(${s()}, ${n()}, ${n()})`,
      () => `rev${id}(${s()})`,
      () => `rot${id}(${s()}, ${n()}%26)`,
      () => `xor${id}(${s()}, ${byte(depth - 1)})`,
      () => `map[string]string{"a": ${s()}, "b": ${s()}}[${random() < 0.8 ? '"a"' : '"z"'}]`,
      () => `pair${id}{${s()}, ${n()}}.show()`,
      () => `func() string { if (${bool(depth - 1)}) { return ${s()} }; return ${s()} }()`,
      () => `[]string{${s()}, ${s()}, ${literal()}}[${below(3)}]`,
      () => `[...]string{2: ${s()}, 0: ${s()}}[${below(3)}]`,
      () => `fields${id}(${s()})`,
      () => `strconv.FormatFloat(${float(depth - 1)}, 'f', ${below(4)}, 64)`,
      () =>
        `fmt.Sprintf("%v %.2f %g", ${float(depth - 1)}, ${float(depth - 1)}, ${float(depth - 1)})`,
    ])();
  }

  function int(depth: number): string {
    if (depth <= 0) return random() < 0.3 ? String(below(300)) : variable('int');
    const n = () => int(depth - 1);
    return pick<() => string>(random, [
      () => `(${n()} + ${variable('int')})`,
      () => `(${variable('int')} - ${n()})`,
      () => `(${n()} * ${variable('int')} % 10007)`,
      () => `(${variable('int')} / ${1 + below(9)})`,
      () => `(${variable('int')} % ${2 + below(97)} + 97)`,
      () => `(${variable('int')} ^ ${n()})`,
      () => `(${variable('int')} & 0xff)`,
      () => `(${variable('int')} | ${1 << below(8)})`,
      () => `(${variable('int')} &^ 0x0f)`,
      () => `(${variable('int')} << ${below(5)} & 0xffff)`,
      () => `(${variable('int')} >> ${below(5)})`,
      () => `len(${text(depth - 1)})`,
      () => `len(${bytes(depth - 1)})`,
      () => `int(${byte(depth - 1)})`,
      () => `int(int8(${variable('int')}))`,
      () => `int(uint16(${variable('int')}))`,
      () => `int(${uint(depth - 1)} % 1000)`,
      () => `strings.Index(${text(depth - 1)}, ${literal()})`,
      () => `strings.Count(${text(depth - 1)}, ${literal()})`,
      () => `sum${id}(${n()}, ${n()}, ${n()})`,
      () => `fib${id}(${below(12)})`,
      () => `max(${n()}, ${variable('int')})`,
      () => `min(${variable('int')}, ${n()})`,
    ])();
  }

  function uint(depth: number): string {
    const u = variable('uint32');
    if (depth <= 0) return u;
    const more = () => uint(depth - 1);
    return pick<() => string>(random, [
      () => `(${u}*1664525 + 1013904223 + ${more()})`,
      () => `(${u} ^ ${more()}>>3)`,
      () => `(${u}<<${1 + below(20)} | ${more()}>>7)`,
      () => `uint32(${variable('int')} ^ ${int(depth - 1)})`,
      () => `^${u}`,
      () => `crc32.ChecksumIEEE(${bytes(depth - 1)})`,
    ])();
  }

  function float(depth: number): string {
    const f = variable('float');
    if (depth <= 0) return f;
    return pick<() => string>(random, [
      () => `(${f} * ${below(100) / 8})`,
      () => `(${f} + ${float(depth - 1)})`,
      () => `(${f} / ${1 + below(7)})`,
      () => `float64(${variable('int')} + ${int(depth - 1)})`,
      () => `math.Floor(${float(depth - 1)})`,
      () => `math.Abs(${f} - 3.5)`,
    ])();
  }

  function byte(depth: number): string {
    if (depth <= 0) return variable('byte');
    return pick<() => string>(random, [
      () => `(${variable('byte')} ^ ${byte(depth - 1)})`,
      () => `(${variable('byte')} + ${byte(depth - 1)})`,
      () => `byte(${variable('int')} + ${int(depth - 1)})`,
      () => `(${text(depth - 1)} + "!")[0]`,
      () => `(${variable('byte')}<<${below(8)} | ${variable('byte')}>>${below(8)})`,
    ])();
  }

  function bool(depth: number): string {
    if (depth <= 0) return variable('bool');
    return pick<() => string>(random, [
      () => `${int(depth - 1)} > ${int(depth - 1)}`,
      () => `${text(depth - 1)} == ${text(depth - 1)}`,
      () => `(${bool(depth - 1)} && ${bool(depth - 1)})`,
      () => `(${bool(depth - 1)} || !${variable('bool')})`,
      () => `strings.Contains(${text(depth - 1)}, ${literal()})`,
      () => `strings.HasPrefix(${text(depth - 1)}, ${literal()})`,
      () => `${text(depth - 1)} < ${text(depth - 1)}`,
    ])();
  }

  function bytes(depth: number): string {
    if (depth <= 0) return random() < 0.4 ? `[]byte(${literal()})` : variable('bytes');
    return pick<() => string>(random, [
      () => `[]byte(${text(depth - 1)})`,
      () =>
        `[]byte{${byte(depth - 1)}, ${byte(depth - 1)}, 'x', 0x${(16 + below(200)).toString(16)}}`,
      () => `append([]byte{}, ${bytes(depth - 1)}...)`,
      () => `append([]byte(${text(depth - 1)}), ${byte(depth - 1)}, ${byte(depth - 1)})`,
      () => `bytes.ToUpper(${bytes(depth - 1)})`,
      () => `bytes.Repeat(${bytes(depth - 1)}, ${below(3)})`,
      () => `[]byte(strings.Repeat(${text(depth - 1)}, 1))`,
    ])();
  }

  function strings(depth: number): string {
    if (depth <= 0) return variable('strings');
    return pick<() => string>(random, [
      () => `[]string{${text(depth - 1)}, ${text(depth - 1)}}`,
      () => `append([]string{${text(depth - 1)}}, ${strings(depth - 1)}...)`,
      () => `strings.Split(${text(depth - 1)}, ${literal()})`,
      () => `strings.Fields(${text(depth - 1)})`,
      () => `strings.SplitN(${text(depth - 1)}, ${literal()}, ${1 + below(3)})`,
      () =>
        `${variable('strings')}[:len(${variable('strings')})/2]`.replace(
          /^(v\d+)\[:len\(v\d+\)/,
          '$1[:len($1)',
        ),
    ])();
  }

  const block = (write: () => void) => {
    const before = new Map([...variables].map(([kind, list]) => [kind, [...list]]));
    indent++;
    write();
    indent--;
    variables.clear();
    for (const [kind, list] of before) variables.set(kind, list);
  };

  /** A copy of a loop's counter: whoever wrote to the counter itself might never come to the end. */
  const counter = (name: string) => void declare('int', name);

  const loops: (() => void)[] = [
    () => {
      const i = fresh();
      say(`for ${i} := 0; ${i} < ${1 + below(6)}; ${i}++ {`);
      block(() => {
        counter(i);
        statement(1);
        if (random() < 0.3) say(`if (${bool(1)}) { ${pick(random, ['break', 'continue'])} }`);
        statement(0);
      });
      say('}');
    },
    () => {
      const [i, c] = [fresh(), fresh()];
      say(`for ${i}, ${c} := range (${text(1)}) {`);
      block(() => {
        say(`_, _ = ${i}, ${c}`);
        counter(i);
        variables.set('rune', [...known('rune'), c]);
        say(`${variable('string')} += string(${c}+${below(3)})`);
        say(`if len(${variable('string')}) > 400 { break }`);
      });
      say('}');
    },
    () => {
      const [i, b] = [fresh(), fresh()];
      const target = declare('bytes', `make([]byte, 0, ${below(9)})`);
      say(`for ${i}, ${b} := range (${bytes(1)}) {`);
      block(() => say(`${target} = append(${target}, ${b}^byte(${i}*${below(9)}))`));
      say('}');
    },
    () => {
      const list = variable('bytes');
      say(
        `for i, j := 0, len(${list})-1; i < j; i, j = i+1, j-1 { ${list}[i], ${list}[j] = ${list}[j], ${list}[i] }`,
      );
    },
    () => {
      const i = fresh();
      say(`for ${i} := range ${1 + below(4)} {`);
      block(() => {
        say(`_ = ${i}`);
        counter(i);
        statement(0);
      });
      say('}');
    },
  ];

  function statement(depth: number): void {
    const kinds: (() => void)[] = [
      () => void declare('string', text(2)),
      () => void declare('int', int(2)),
      () => void declare('bytes', bytes(2)),
      () => void declare('strings', strings(1)),
      () => void declare('byte', byte(1)),
      () => void declare('uint32', uint(2)),
      () => void declare('float', float(1)),
      () => say(`${variable('string')} = ${text(2)}`),
      () => say(`${variable('string')} += ${text(1)}`),
      () => say(`${variable('int')} ${pick(random, ['+=', '-=', '^=', '|='])} ${int(1)}`),
      () => say(`${variable('byte')}++`),
      () => {
        const list = variable('bytes');
        say(`if len(${list}) > 0 { ${list}[${int(1)}&0xff%len(${list})] = ${byte(1)} }`);
      },
      () => {
        const sb = fresh();
        say(`var ${sb} strings.Builder`);
        say(
          `for _, x := range (${strings(1)}) { ${sb}.WriteString(x); ${sb}.WriteByte('${pick(random, ['-', '/', '.'])}') }`,
        );
        declare('string', `${sb}.String()`);
      },
      () => {
        const f = fresh();
        say(
          `${f} := func(s string, n int) string { ${variable('string')} += "."; return s + strconv.Itoa(n) }`,
        );
        declare('string', `${f}(${text(1)}, ${int(1)})`);
      },
      () => {
        const p = fresh();
        say(`${p} := &pair${id}{s: ${text(1)}}`);
        say(`${p}.add(${text(1)})`);
        say(`${p}.n += ${int(1)}`);
        declare('string', `${p}.show()`);
      },
      () => {
        const m = fresh();
        say(`${m} := map[string]int{"a": ${int(1)}}`);
        say(`${m}[${text(1)}] += ${below(9)}`);
        say(`${m}["b"]++`);
        declare('int', `${m}["a"] + ${m}["b"] + len(${m})`);
      },
      () => {
        const [a, b] = [fresh(), fresh()];
        say(`${a}, ${b}, _ := strings.Cut(${text(1)}, ${literal()})`);
        say(`_, _ = ${a}, ${b}`);
        variables.set('string', [...known('string'), a, b]);
      },
      () => {
        const p = fresh();
        say(`${p} := &${variable('string')}`);
        say(`*${p} += ${text(1)}`);
      },
      () => {
        const a = fresh();
        say(`${a} := ${bytes(1)}`);
        say(`_ = copy(${a}, ${text(1)})`);
        say(`_ = ${a}`);
        variables.set('bytes', [...known('bytes'), a]);
      },
    ];
    const nested: (() => void)[] = [
      () => {
        say(`if (${bool(1)}) {`);
        block(() => statement(depth - 1));
        say('} else {');
        block(() => statement(depth - 1));
        say('}');
      },
      () => {
        say(`switch (${int(1)}) % 4 {`);
        say(`case 0, 1:`);
        block(() => statement(depth - 1));
        if (random() < 0.3) say('\tfallthrough');
        say(`case 2:`);
        block(() => statement(depth - 1));
        say('default:');
        block(() => statement(depth - 1));
        say('}');
      },
      () => pick(random, loops)(),
    ];
    pick(random, depth > 0 ? [...kinds, ...nested, ...nested] : kinds)();
    // Texts that double again and again would be the limit's test, not that of the values.
    const s = variable('string');
    say(`if len(${s}) > 300 { ${s} = ${s}[:100] }`);
  }

  return {
    write(): GoProgram {
      declare('string', literal());
      declare('int', String(below(200)));
      declare('byte', String(below(256)));
      declare('rune', `'${pick(random, ['a', 'Z', 'é', '世'])}'`);
      declare('bool', pick(random, ['true', 'false']));
      declare('bytes', `[]byte{${Array.from({ length: below(6) }, () => below(256)).join(', ')}}`);
      declare('strings', `[]string{${literal()}, ${literal()}, ${literal()}}`);
      declare('uint32', String(below(4_000_000_000)));
      declare('float', String(below(1000) / 16));
      const count = 2 + below(6);
      for (let i = 0; i < count; i++) statement(2);
      const name = `p${id}`;
      const result = text(2);
      const source = `func ${name}() string {\n${lines.join('\n')}\n\treturn ${result}\n}\n${HELPERS.replaceAll('#', String(id))}${helpers.join('\n')}`;
      return { name, source };
    },
  };
}

const HELPERS = `
type pair# struct {
	s string
	n int
}

func (p pair#) show() string { return p.s + "=" + strconv.Itoa(p.n) }
func (p *pair#) add(s string) { p.s += s; p.n++ }

func unhex#(s string) string { b, err := hex.DecodeString(s); if err != nil { return "bad" }; return string(b) }
func b64#(s string) string { b, _ := base64.URLEncoding.DecodeString(s); return string(b) }
func cut#(s string, i, j int) string {
	if i < 0 || j < i || j > len(s) {
		return s
	}
	return s[i:j]
}
func rev#(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
func rot#(s string, n int) string {
	out := make([]byte, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
			c = 'a' + (c-'a'+byte(n+26))%26
		case c >= 'A' && c <= 'Z':
			c = 'A' + (c-'A'+byte(n+26))%26
		}
		out[i] = c
	}
	return string(out)
}
func xor#(s string, k byte) (out string) {
	for _, b := range []byte(s) {
		out += string([]byte{b ^ k})
		k++
	}
	return
}
func sum#(ns ...int) (total int) {
	for _, n := range ns {
		total += n
	}
	return total
}
func fib#(n int) int {
	if n < 2 {
		return n
	}
	return fib#(n-1) + fib#(n-2)
}
func fields#(s string) string {
	seen := map[string]bool{}
	var out []string
	for _, f := range strings.Fields(s) {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	return strings.Join(out, "+")
}
`;

/** The head of a file with such functions. */
export const GO_HEAD = `package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"html"
	"math"
	"net/url"
	"path"
	"strconv"
	"strings"
)

var _ = []any{bytes.Equal, base64.StdEncoding, hex.Decode, fmt.Sprint, crc32.NewIEEE, html.EscapeString, math.Pi, url.Parse, path.Base, strconv.Itoa, strings.ToUpper}
`;
