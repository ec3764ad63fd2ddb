import { expect, test } from 'vitest';
import { flowsOf } from '../../support/values.ts';

const HEAD =
  'package m\n\nimport (\n\t"crypto/sha256"\n\t"net/http"\n\t"os"\n\t"os/exec"\n\t"os/user"\n\t"runtime"\n\t"strings"\n\t"time"\n)\n\nvar _, _, _, _, _, _, _, _ = sha256.New, http.NoBody, os.Args, exec.ErrDot, user.Current, runtime.GOOS, strings.ToLower, time.Now\n\nfunc run() { exec.Command("a").Run() }\n';

const gates = async (code: string) =>
  (await flowsOf({ 'a.go': `${HEAD}\n${code}\n` })).gates.map(
    ({ kind, guards }) => `${kind} ${guards}`,
  );

test.each([
  ['platform', 'func F() { if runtime.GOOS == "linux" { run() } }', ['platform EXEC']],
  ['early return', 'func F() { if runtime.GOOS != "linux" { return }; run() }', ['platform EXEC']],
  [
    'other branch',
    'func F() { if runtime.GOOS != "linux" { _ = 1 } else { run() } }',
    ['platform EXEC'],
  ],
  ['switch', 'func F() { switch runtime.GOOS { case "linux": run() } }', ['platform EXEC']],
  ['nothing guarded', 'func F() { if runtime.GOOS == "linux" { _ = 1 }; run() }', []],
  ['no condition', 'func F() { _ = runtime.GOOS; run() }', []],
  [
    'host, through a variable and a helper',
    'func isIt() bool { h, _ := os.Hostname(); return strings.HasPrefix(h, "build") }\nfunc F() { if isIt() { http.Get("https://c2.example/") } }',
    ['host NETWORK'],
  ],
  ['user', 'func F() { u, _ := user.Current(); if u.Uid == "0" { run() } }', ['user EXEC']],
  ['name of the user', 'func F() { if os.Getenv("USER") == "root" { run() } }', ['user EXEC']],
  ['date', 'func F() { if time.Now().Year() > 2026 { os.RemoveAll("/x") } }', ['date FILES']],
  ['waiting', 'func F() { for time.Now().Unix() < 9 { run() } }', ['date EXEC']],
  ['waiting first', 'func F() { for time.Now().Year() < 2026 { _ = 1 }; run() }', ['date EXEC']],
  [
    'whether there is a variable',
    'func F() { if _, ok := os.LookupEnv("CI"); ok { return }; run() }',
    ['ci EXEC'],
  ],
  [
    'a function of the library under another name',
    'func F() { get := os.Getenv; if get("CI") != "" { return }; run() }',
    ['ci EXEC'],
  ],
  ['environment', 'func F() { if os.Getenv("A") == "1" { run() } }', ['environment EXEC']],
  ['ci', 'func F() { if os.Getenv("GITHUB_ACTIONS") != "" { return }; run() }', ['ci EXEC']],
  [
    'hash of the input',
    'func F(x string) { if sha256.Sum256([]byte(x)) == [32]byte{1} { run() } }',
    ['input-hash EXEC'],
  ],
  [
    'debugger',
    'func F() { d, _ := os.ReadFile("/proc/self/status"); if strings.Contains(string(d), "TracerPid:\\t0") { run() } }',
    ['debugger EXEC'],
  ],
  [
    'in a closure',
    'func F() { f := func() { if runtime.GOARCH == "arm" { run() } }; f() }',
    ['platform EXEC'],
  ],
  ['combined', 'func F(x bool) { if x && runtime.GOOS == "linux" { run() } }', ['platform EXEC']],
  [
    'return from an inner block',
    'func F() { { if runtime.GOOS == "a" { return }; _ = 1 }; run() }',
    ['platform EXEC'],
  ],
  [
    'rest of a turn alone',
    'func F() { for i := 0; i < 2; i++ { if runtime.GOOS == "a" { continue }; _ = 1 }; run() }',
    [],
  ],
])('%s', async (_, code, wanted) => {
  expect(await gates(code)).toEqual(wanted);
});
