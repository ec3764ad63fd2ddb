/** Every feature that the memory walk must get right: aliases, hidden and inherited fields, errors. */
export const SELF_CHECK_SAMPLE = `// Package a: ä 世界 😀
package a

import ( . "fmt"; _ "os" // x
\tb "é/ü" )

${' '.repeat(300)}
type T[K comparable, V ~int | ~string] struct { a, b int \`json:"a"\`; *U; c.D }
type I interface { M(x int, y ...string) (a, b error); ~int | E; G[int] }
type F = func(int, string) (r chan<- <-chan int)
const ( c0 = iota + 1<<3 /* c */; c1, c2 )
var x, y = map[string][]int{"a": {1, 2}, "${'z'.repeat(400)}": nil}, [...]int{0: 1}
func (t *T[K, V]) M(a, b int, _ ...func()) (n int, err error) {
L: for i, v := range x { if a := f(i); a > 0 && !v { break L } else if b { continue } else { goto L } }
\tfor i := 0; i < 3; i++ { x[i], y = y, x[1:2:3]; a &^= 1 }
\tswitch z := v.(type) { case int, *T[int, string]: default: fallthrough }
\tselect { case c <- 1: case v, ok := <-c: default: }
\tdefer func() { go g(T[int]{}, (*T)(nil), a.b.c(d...)) }(); new(int); make([]int, 2)
\tr := 'ä'; s := "\\n世" + \`raw
😀\`; return -r*^s | 0x1p-2i, nil
}
func bad( { x := [ ; if } 世 @ $ "unterminated
var ok = 1
func missing() { a := }
`;
