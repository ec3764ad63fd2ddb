import { expect, test } from 'vitest';
import { analyzeFiles } from '../../support/analyze.ts';

const HEAD = `package a

import (
	"container/heap"
	"container/ring"
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"hash"
	"io"
	"iter"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"text/template"
)

var _ = json.Marshal
var _ = errors.New
var _ = fmt.Sprint
var _ = sort.Sort
var _ sync.Once
var _ atomic.Value
var _ ring.Ring
var _ = heap.Init
var _ context.Context
var _ = hmac.New
var _ ast.Node
var _ hash.Hash
var _ io.Writer
var _ iter.Seq[int]
var _ = maps.Keys[map[int]int]
var _ net.Conn
var _ http.Client
var _ = os.Stdout
var _ = slices.Sort[[]int]
var _ template.Template

func run() { exec.Command("x").Run() }
`;

/** Ways from an initialiser to a program, each through another part of the language or its library. */
const WAYS: Readonly<Record<string, string>> = {
  'a pointer to a function': 'func init() { f := run; p := &f; (*p)() }',
  'a store through a pointer': 'func init() { var f func(); p := &f; *p = run; f() }',
  'copied elements':
    'func init() { a := []func(){run}; b := make([]func(), 1); copy(b, a); b[0]() }',
  'spread arguments':
    'func v(fs ...func()) { fs[0]() }\nfunc init() { a := []func(){run}; v(a...) }',
  'a shadowed builtin': 'var len = func(f func()) int { f(); return 0 }\nfunc init() { len(run) }',
  'a panic that carries it': 'func init() { defer func() { recover().(func())() }(); panic(run) }',
  'a method that fmt calls':
    'type T struct{}\nfunc (T) String() string { run(); return "" }\nfunc init() { fmt.Sprint(T{}) }',
  'a method that json calls':
    'type T struct{}\nfunc (T) MarshalJSON() ([]byte, error) { run(); return nil, nil }\nfunc init() { json.Marshal(T{}) }',
  'a method that sort calls':
    'type T []int\nfunc (T) Len() int { return 2 }\nfunc (T) Less(i, j int) bool { run(); return false }\nfunc (T) Swap(i, j int) {}\nfunc init() { sort.Sort(T{}) }',
  'a method that sort calls through a pointer':
    'type T []int\nfunc (*T) Len() int { return 2 }\nfunc (*T) Less(i, j int) bool { run(); return false }\nfunc (*T) Swap(i, j int) {}\nfunc init() { sort.Sort(&T{}) }',
  'a method that errors calls':
    'type E struct{}\nfunc (E) Error() string { return "" }\nfunc (E) Is(error) bool { run(); return true }\nfunc init() { errors.Is(E{}, errors.New("")) }',
  'an atomic value': 'var v atomic.Value\nfunc init() { v.Store(run); v.Load().(func())() }',
  'an atomic pointer':
    'var v atomic.Pointer[func()]\nfunc init() { f := run; v.Store(&f); (*v.Load())() }',
  'a converted struct':
    'type A struct{ f func() }\ntype B struct{ f func() }\nfunc init() { a := A{run}; B(a).f() }',
  'a generic type':
    'type L[T any] struct{ v T }\nfunc (l L[T]) Get() T { return l.v }\nfunc init() { L[func()]{run}.Get()() }',
  'a generic function': 'func id[T any](t T) T { return t }\nfunc init() { id(run)() }',
  'a constraint on functions': 'func call[F ~func()](f F) { f() }\nfunc init() { call(run) }',
  'a method expression':
    'type T struct{}\nfunc (T) M() { run() }\nfunc init() { f := T.M; f(T{}) }',
  "an interface's method expression":
    'type I interface{ M() }\ntype T struct{}\nfunc (T) M() { run() }\nfunc init() { f := I.M; f(T{}) }',
  "an interface's method expression, called":
    'type I interface{ M() }\ntype T struct{}\nfunc (T) M() { run() }\nfunc init() { I.M(T{}) }',
  'a range over a function': 'func init() { for range func(y func() bool) { run() } {} }',
  'a result that a deferred function sets':
    'func g() (f func()) { defer func() { f = run }(); return }\nfunc init() { g()() }',
  'a map of structs':
    'var m = map[string]struct{ f func() }{"a": {run}}\nfunc init() { m["a"].f() }',
  'an array with an index': 'var m = [...]func(){2: run}\nfunc init() { m[2]() }',
  'a swap': 'func init() { a, b := run, func() {}; a, b = b, a; b() }',
  'a second result': 'func g() (int, func()) { return 1, run }\nfunc init() { _, f := g(); f() }',
  'a type switch': 'func init() { var x any = run; switch f := x.(type) { case func(): f() } }',
  'a channel of channels':
    'func init() { c := make(chan chan func(), 1); d := make(chan func(), 1); d <- run; c <- d; (<-<-c)() }',
  'a range over what yields it':
    'func seq(y func(func()) bool) { y(run) }\nfunc init() { for f := range seq { f() } }',
  'a value that is new': 'func init() { p := new(run); (*p)() }',
  'a converted pointer':
    'type A struct{ f func() }\ntype B struct{ f func() }\nfunc init() { (*B)(&A{run}).f() }',
  'a nameless interface that a range yields':
    'type N struct{}\nfunc (N) M() { run() }\nfunc seq(y func(interface{ M() }) bool) { y(N{}) }\nfunc init() { for n := range seq { n.M() } }',
  'a nameless interface out of a lost value':
    'type T int\nfunc (T) M() { run() }\nfunc init() { var o = sync.OnceValue(func() interface{ M() } { return T(1) }); o().M() }',
  'a method that json calls one level down':
    'type T struct{}\nfunc (*T) UnmarshalJSON([]byte) error { run(); return nil }\ntype W struct{ X T }\nfunc init() { var w W; json.Unmarshal(nil, &w) }',
  'a method that fmt calls on an element':
    'type T struct{}\nfunc (T) String() string { run(); return "" }\nfunc init() { fmt.Sprint([]T{{}}) }',
  'a method that json calls on what a field holds':
    'type T struct{}\nfunc (T) MarshalText() ([]byte, error) { run(); return nil, nil }\ntype W struct{ X any }\nfunc init() { json.Marshal(W{T{}}) }',
  'a nameless struct that is assigned':
    'type A struct{ f func() }\nfunc init() { var x struct{ f func() } = A{run}; x.f() }',
  'a tower of embedded types': `type T0 struct{}\nfunc (T0) M() { run() }\n${Array.from({ length: 20 }, (_, i) => `type T${i + 1} struct{ T${i} }\n`).join('')}func init() { T20{}.M() }`,
  'elements of a type parameter':
    'func each[F func()](fs []F) { for _, f := range fs { f() } }\nfunc init() { each([]func(){run}) }',
  'a core type': 'func at[S ~[]F, F func()](s S) { s[0]() }\nfunc init() { at([]func(){run}) }',
  'a core type that is a map':
    'func get[M ~map[K]V, K comparable, V any](m M, k K) V { return m[k] }\nfunc init() { get(map[int]func(){1: run}, 1)() }',
  'elements that a generic function passes on':
    'func each[T any](ts []T, do func(T)) { for _, t := range ts { do(t) } }\nfunc init() { each([]func(){run}, func(f func()) { f() }) }',
  'a type argument without a value':
    'type T struct{}\nfunc (T) Do() { run() }\nfunc do[D interface{ Do() }]() { var d D; d.Do() }\nfunc init() { do[T]() }',
  'a field of a type argument':
    'type T struct{}\nfunc (T) Do() { run() }\ntype B[D interface{ Do() }] struct{ d D }\nfunc (b B[D]) do() { b.d.Do() }\nfunc init() { var b B[T]; b.do() }',
  'an instance that is kept':
    'type T struct{}\nfunc (T) Do() { run() }\nfunc do[D interface{ Do() }]() { var d D; d.Do() }\nfunc init() { f := do[T]; f() }',
  'what slices iterates': 'func init() { for _, f := range slices.All([]func(){run}) { f() } }',
  'what maps yields and slices collects':
    'func init() { slices.Collect(maps.Values(map[int]func(){1: run}))[0]() }',
  'what slices gives to a callback':
    'func init() { slices.IndexFunc([]func(){run}, func(f func()) bool { f(); return true }) }',
  'what a pulled iterator yields':
    'func init() { next, stop := iter.Pull(func(y func(func()) bool) { y(run) }); defer stop(); f, _ := next(); f() }',
  'what a value that is made once gives':
    'func init() { sync.OnceValue(func() func() { return run })()() }',
  'a ring': 'func init() { r := ring.New(1); r.Value = run; r.Do(func(v any) { v.(func())() }) }',
  'a field of the library':
    'type T struct{}\nfunc (T) RoundTrip(*http.Request) (*http.Response, error) { run(); return nil, nil }\nfunc init() { c := http.Client{Transport: T{}}; c.Get("http://a.example") }',
  'a variable of the library':
    'type T struct{}\nfunc (T) RoundTrip(*http.Request) (*http.Response, error) { run(); return nil, nil }\nfunc init() { http.DefaultTransport = T{}; http.Get("http://a.example") }',
  'a function in a field of the library':
    'func init() { http.DefaultTransport.(*http.Transport).Dial = func(string, string) (net.Conn, error) { run(); return nil, nil }; http.Get("http://a.example") }',
  'a method that a template names':
    'type T struct{}\nfunc (T) M() string { run(); return "" }\nfunc init() { template.Must(template.New("").Parse("{{.M}}")).Execute(os.Stdout, T{}) }',
  'spread arguments of the library':
    'type W struct{}\nfunc (W) Write([]byte) (int, error) { run(); return 0, nil }\nfunc init() { ws := []io.Writer{W{}}; io.MultiWriter(ws...).Write(nil) }',
  'what a method gives back to the library':
    'type V struct{}\nfunc (V) Visit(ast.Node) ast.Visitor { return W{} }\ntype W struct{}\nfunc (W) Visit(ast.Node) ast.Visitor { run(); return nil }\nfunc init() { ast.Walk(V{}, ast.NewIdent("x")) }',
  'what a function gives back to the library':
    'type H struct{ hash.Hash }\nfunc (H) Size() int { run(); return 0 }\nfunc init() { hmac.New(func() hash.Hash { return H{} }, nil) }',
  'what a function of a template gives':
    'type S struct{}\nfunc (S) String() string { run(); return "" }\nfunc init() { template.Must(template.New("").Funcs(template.FuncMap{"f": func() S { return S{} }}).Parse("{{f}}")).Execute(os.Stdout, nil) }',
  'the value of a context':
    'type I interface{ M() }\ntype T struct{}\nfunc (T) M() { run() }\nfunc init() { context.WithValue(context.Background(), 1, T{}).Value(1).(I).M() }',
  'a heap':
    'type I interface{ M() }\ntype T struct{}\nfunc (T) M() { run() }\ntype H []any\nfunc (H) Len() int { return 1 }\nfunc (H) Less(i, j int) bool { return false }\nfunc (H) Swap(i, j int) {}\nfunc (h *H) Push(x any) { *h = append(*h, x) }\nfunc (h *H) Pop() any { return (*h)[0] }\nfunc init() { heap.Pop(&H{T{}}).(I).M() }',
  'a generic alias': 'type A[T any] = []T\nfunc init() { x := make(A[exec.Cmd], 1); x[0].Run() }',
  'a type that is inferred from a method':
    'type T struct{}\nfunc (T) M() { run() }\ntype G[T any] interface{ Get() T }\ntype X struct{}\nfunc (X) Get() T { return T{} }\nfunc get[T any](g G[T]) T { return g.Get() }\nfunc init() { get(X{}).M() }',
  'a core type of several':
    'type T struct{}\nfunc (T) M() { run() }\nfunc r[S ~[]T | ~[2]T](s S) { s[0].M() }\nfunc init() { r([]T{{}}) }',
  'a tower of names': `type T0 struct{ E }\ntype E struct{}\nfunc (E) M() { run() }\n${Array.from({ length: 25 }, (_, i) => `type T${i + 1} T${i}\n`).join('')}func init() { T25{}.M() }`,
  'a receiver in parentheses':
    'type T struct{}\nfunc (t (((((((T)))))))) M() { run() }\nfunc init() { T{}.M() }',
  'a channel of nameless structs':
    'type J interface{ M(chan struct{}) }\ntype T struct{}\nfunc (T) M(chan struct{}) { run() }\nfunc init() { var x any = T{}; x.(J).M(nil) }',
  'a list of nameless structs, and a decoy':
    'var a = []struct{ f func() }{{run}}\nfunc Decoy() { d := run; d() }\nfunc init() { var b []struct{ f func() } = a; b[0].f() }',
  'another name of a pointer, and a decoy':
    'type A struct{ f func() }\ntype B struct{ f func() }\nfunc Decoy() { (&B{}).f() }\nfunc init() { a := A{}; b := (*B)(&a); b.f = run; a.f() }',
  'the result of a method value, and a decoy':
    'type I interface{ Get() func() }\ntype T struct{}\nfunc (T) Get() func() { return run }\nfunc Decoy() { d := run; d() }\nfunc init() { var x I = T{}; g := x.Get; g()() }',
  'the argument of a method value, and a decoy':
    'type I interface{ Set(func()) }\ntype T struct{}\nfunc (T) Set(f func()) { f() }\nfunc Decoy() { d := run; d() }\nfunc init() { var x I = T{}; g := x.Set; g(run) }',
  'a pointer to another function type, and a decoy':
    'type F func()\nvar g func()\nfunc Decoy() { d := run; d() }\nfunc init() { p := (*F)(&g); *p = run; g() }',
  'a method expression through an embedded interface':
    'type I interface{ M() }\ntype T struct{}\nfunc (T) M() { run() }\ntype S struct{ I }\nfunc init() { f := S.M; f(S{T{}}) }',
  'a once': 'var o sync.Once\nfunc init() { o.Do(run) }',
  'a field that is promoted':
    'type A struct{ F func() }\ntype B struct{ *A }\nfunc init() { B{&A{run}}.F() }',
  'a command without a constructor': 'func init() { var c exec.Cmd; c.Path = "x"; c.Run() }',
  'a command that is embedded': 'func init() { type T struct{ exec.Cmd }; var t T; t.Run() }',
};

test.each(Object.entries(WAYS))('a program is reached on import through %s', async (_, body) => {
  const { uses, gaps } = await analyzeFiles({ 'a.go': `${HEAD}\n${body}\n` });
  expect(gaps).toEqual([]);
  const found = uses.filter(
    ({ capability, trigger, reach }) =>
      capability === 'EXEC' && trigger === 'import' && reach !== null && reach !== 'stored',
  );
  expect(found.length).toBeGreaterThan(0);
});

/** Code under one name that is not the same for all systems, or not where it is looked for. */
const PLACES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'in a folder that is left out unless it is imported',
    {
      'a.go': 'package a\n\nimport _ "example.com/m/testdata/_x"\n',
      'testdata/_x/x.go':
        'package x\n\nimport "os/exec"\n\nfunc init() { exec.Command("x").Run() }\n',
    },
  ],
  [
    'behind a type of another system',
    {
      'a_windows.go': 'package a\n\ntype run int\n',
      'b_linux.go':
        'package a\n\nimport "os/exec"\n\nfunc run(int) int { exec.Command("x").Run(); return 1 }\n',
      'c.go': 'package a\n\nvar _ = run(1)\n',
    },
  ],
  [
    'behind a variable of another system',
    {
      'a_windows.go': 'package a\n\nvar run func(int) int\n',
      'b_linux.go':
        'package a\n\nimport "os/exec"\n\nfunc run(int) int { exec.Command("x").Run(); return 1 }\n',
      'c.go': 'package a\n\nvar _ = run(1)\n',
    },
  ],
  [
    'behind the result of another system',
    {
      'a_windows.go': 'package a\n\nfunc get() int { return 1 }\n',
      'b_linux.go':
        'package a\n\nimport "os/exec"\n\ntype E struct{}\n\nfunc (E) Go() { exec.Command("x").Run() }\nfunc get() E { return E{} }\nfunc init() { get().Go() }\n',
    },
  ],
  [
    'behind a method that only another system has',
    {
      'a_windows.go': 'package a\n\ntype E struct{}\n\nfunc (E) Go() {}\n',
      'b_linux.go':
        'package a\n\nimport "os/exec"\n\ntype E struct{ F }\ntype F struct{}\n\nfunc (F) Go() { exec.Command("x").Run() }\n',
      'c.go': 'package a\n\nfunc init() { E{}.Go() }\n',
    },
  ],
  [
    'in a package with more files that say another name',
    {
      'a.go': 'package a\n\nimport _ "example.com/m/b"\n',
      'b/e.go': 'package b\n\nimport "os/exec"\n\nfunc init() { exec.Command("x").Run() }\n',
      'b/x.go': '//go:build ignore\n\npackage x\n',
      'b/y.go': '//go:build ignore\n\npackage x\n',
    },
  ],
  [
    'in a variable that is another one',
    {
      'a.go':
        'package a\n\nimport (\n\t"os/exec"\n\t_ "unsafe"\n\n\t"example.com/m/b"\n)\n\n//go:linkname h example.com/m/b.hook\nvar h func()\n\nfunc run() { exec.Command("x").Run() }\nfunc init() { h = run; b.Run() }\nfunc Decoy() { d := run; d() }\n',
      'b/b.go': 'package b\n\nvar hook func()\n\nfunc Run() { hook() }\n',
    },
  ],
];

test.each(PLACES)('a program is reached on import %s', async (_, files) => {
  const { uses, gaps } = await analyzeFiles(files);
  expect(gaps).toEqual([]);
  const reached = uses.filter(
    ({ capability, trigger, reach }) =>
      capability === 'EXEC' && trigger === 'import' && reach !== null && reach !== 'stored',
  );
  expect(reached.length).toBeGreaterThan(0);
});

test('what is not seen of what runs on import is a limit', async () => {
  const { limits } = await analyzeFiles({
    'a.go':
      'package a\n\nimport _ "other.example/x"\n\nvar hook func()\n\nfunc init() { hook() }\n',
    'a_amd64.s': 'DATA \u00b7hook+0(SB)/8, $\u00b7fv(SB)\nGLOBL \u00b7hook(SB),16,$8\n',
    'b_amd64.s': 'DATA \u00b7table+0(SB)/8, $0x1234\n',
  });
  expect(limits).toMatchObject([
    {
      code: 'external-call',
      detail: 'imports other.example/x, which was not given',
      onImport: false,
    },
    { code: 'assembly', file: 'a_amd64.s', onImport: true },
  ]);
});
