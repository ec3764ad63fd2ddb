/** Writes functions that move a secret about, or do not; whether it arrives, their run says. */
export interface RandomFlow {
  /** The file of the function `p<number>`, in package main. */
  readonly code: string;
}

/** What all of them use: a source, a sink that tells, coins, types and helpers. */
export const RANDOM_HEAD = `package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

type T struct {
	a, b string
	p    *T
	l    []string
}

type holder interface {
	put(string)
	take() string
}

type box struct{ v string }

func (b *box) put(x string) { b.v = x }
func (b *box) take() string { return b.v }

var state uint32 = 1

func flip() bool {
	state = state*1664525 + 1013904223
	return state>>24&1 == 0
}

func observe(n int, c *exec.Cmd) {
	for _, arg := range c.Args {
		if strings.Contains(arg, "SECRET") {
			fmt.Println(n)
		}
	}
}

func id(x string) string           { return x }
func both(x, y string) (string, string) { return y, x }
func set(p *T, x string)           { p.a = x }
func get(p *T) string              { return p.b }
func fill(l []string, x string)    { l[1] = x }
func apply(f func(string) string, x string) string { return f(x) }
func ignore(...any)                {}
func text(l []string) string       { return strings.Join(l, "-") }
func source() string               { return os.Getenv("KEY") }
`;

/** Writes one function after the other, the same for the same numbers. */
export function createRandomFlows(random: () => number): (n: number) => RandomFlow {
  const any = (below: number) => Math.floor(random() * below);
  const pick = <One>(list: readonly One[]): One => list[any(list.length)] as One;
  const s = () => `s${any(4)}`;
  const t = () => `t${any(2)}`;
  const p = () => `p${any(2)}`;
  const l = () => `l${any(2)}`;
  const f = () => pick(['a', 'b']);

  function statement(depth: number, n: number): string {
    const inner = () => block(depth - 1, n);
    const simple: readonly (() => string)[] = [
      () => `${s()} = ${s()}`,
      () => `${s()} = "c"`,
      () => `${s()} = ${s()} + ${s()}`,
      () => `${s()} += ${s()}`,
      () => `${s()} = os.Getenv("KEY")`,
      () => `${s()}, ${s()} = ${s()}, ${s()}`,
      () => `${t()}.${f()} = ${s()}`,
      () => `${s()} = ${t()}.${f()}`,
      () => `${t()} = ${t()}`,
      () => `${t()} = T{a: ${s()}, b: ${s()}, l: make([]string, 2)}`,
      () => `${p()} = &${t()}`,
      () => `${p()} = &T{${f()}: ${s()}, l: make([]string, 2)}`,
      () => `${p()}.${f()} = ${s()}`,
      () => `${s()} = ${p()}.${f()}`,
      () => `${p()} = ${p()}`,
      () => `*${p()} = ${t()}`,
      () => `${t()} = *${p()}`,
      () => `${p()}.l[${any(2)}] = ${s()}`,
      () => `${s()} = ${t()}.l[${any(2)}]`,
      () => `m["${f()}"] = ${s()}`,
      () => `${s()} = m["${f()}"]`,
      () => `${l()}[${any(2)}] = ${s()}`,
      () => `${s()} = ${l()}[${any(2)}]`,
      () => `${l()} = ${l()}`,
      () => `${l()} = append(${l()}, ${s()})`,
      () => `${l()} = append([]string{"x", "y"}, ${l()}...)`,
      () => `copy(${l()}, ${l()})`,
      () => `${s()} = text(${l()})`,
      () => `${s()} = strings.ToUpper(${s()} + "x")`,
      () => `${s()} = fmt.Sprintf("%s", ${s()})`,
      () => `${s()} = id(${s()})`,
      () => `${s()}, ${s()} = both(${s()}, ${s()})`,
      () => `set(${p()}, ${s()})`,
      () => `set(&${t()}, ${s()})`,
      () => `${s()} = get(${p()})`,
      () => `fill(${l()}, ${s()})`,
      () => `${s()} = apply(func(x string) string { return x + ${s()} }, ${s()})`,
      () => `${s()} = apply(id, ${s()})`,
      () => `func() { ${s()} = ${s()} }()`,
      () => `func(x string) { ${t()}.${f()} = x }(${s()})`,
      () => `h.put(${s()})`,
      () => `${s()} = h.take()`,
      () => `g${n} = ${s()}`,
      () => `${s()} = g${n}`,
      () => `select { case c <- ${s()}: default: }`,
      () => `select { case ${s()} = <-c: default: }`,
      () => `${s()} = source()`,
      () => `{ var b strings.Builder; b.WriteString(${s()}); ${s()} = b.String() }`,
      () => `for _, x := range ${l()} { ${s()} = x }`,
      () => `for _, x := range m { ${s()} = x }`,
      () => `observe(${n}, exec.Command("a", ${s()}))`,
    ];
    const nested: readonly (() => string)[] = [
      () => `if flip() {\n${inner()}\n}`,
      () => `if flip() {\n${inner()}\n} else {\n${inner()}\n}`,
      () =>
        `for i := 0; i < 2; i++ {\n${inner()}\nif flip() { ${pick(['break', 'continue'])} }\n${inner()}\n}`,
      () => `switch { case flip():\n${inner()}\ncase flip():\n${inner()}\ndefault:\n${inner()}\n}`,
      () => `func() {\n${inner()}\n}()`,
      () => `{\ns0 := ${s()}\n${inner()}\nignore(s0)\n}`,
    ];
    return depth > 0 && random() < 0.2 ? pick(nested)() : pick(simple)();
  }

  function block(depth: number, n: number): string {
    return Array.from({ length: 1 + any(5) }, () => statement(depth, n)).join('\n');
  }

  return (n) => {
    const body = Array.from({ length: 12 }, () => statement(2, n)).join('\n');
    return {
      code: `package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

var g${n} string

func p${n}() {
	var s0, s1, s2, s3 string
	t0, t1 := T{l: make([]string, 2)}, T{l: make([]string, 2)}
	p0, p1 := &T{l: make([]string, 2)}, &T{l: make([]string, 2)}
	l0, l1 := make([]string, 2), make([]string, 2)
	m := map[string]string{}
	c := make(chan string, 4)
	var h holder = &box{}
	ignore(s0, s1, s2, s3, t0, t1, p0, p1, l0, l1, m, c, h, fmt.Sprint, os.Args, exec.ErrDot, strings.ToLower)
	${pick(['s0', 's1', 't0.a', 'p0.b', 'l0[0]', 'm["a"]'])} = os.Getenv("KEY")
${body}
	observe(${n}, exec.Command("a", s${any(4)}, t0.${f()}, p1.${f()}, l0[0]))
}
`,
    };
  };
}
