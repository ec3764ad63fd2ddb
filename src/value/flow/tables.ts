import type { FlowFact, GateFact } from '#golang';

export type FlowSource = FlowFact['source'];
export type FlowSink = FlowFact['sink'];
export type GateKind = GateFact['kind'];

/** What a call gives: a source of flows, something that gates ask for, or both. */
export interface SourceRule {
  readonly flow?: FlowSource;
  readonly gate?: GateKind;
}

/** What a call takes: all that it is given; or of its receiver what these fields hold. */
export interface SinkRule {
  readonly sink: FlowSink;
  readonly fields?: readonly string[];
}

type Table<Rule> = ReadonlyMap<string, Rule>;

function table<Rule>(rows: readonly (readonly [names: string, rule: Rule])[]): Table<Rule> {
  return new Map(rows.flatMap(([names, rule]) => names.split(' ').map((name) => [name, rule])));
}

/** Calls and variables outside of the module that give something. */
export const SOURCES: Table<SourceRule> = table<SourceRule>([
  [
    'os.Getenv os.LookupEnv os.Environ os.ExpandEnv syscall.Getenv syscall.Environ',
    { flow: 'environment', gate: 'environment' },
  ],
  [
    'os.ReadFile os.Open os.ReadDir os.OpenFile os.DirFS os.Readlink io/ioutil.ReadFile io/ioutil.ReadDir io/fs.ReadFile syscall.Open',
    { flow: 'file' },
  ],
  [
    'golang.org/x/term.ReadPassword golang.org/x/crypto/ssh/terminal.ReadPassword',
    { flow: 'credential' },
  ],
  [
    'net/http.Get net/http.Post net/http.PostForm net/http.Head net/http.Client.Get net/http.Client.Do net/http.Client.Post net/http.Client.PostForm net/http.Client.Head net/http.Transport.RoundTrip net/http.RoundTripper.RoundTrip net.LookupTXT net.LookupHost net.LookupCNAME net.LookupAddr net.LookupMX net.Resolver.LookupTXT net.Resolver.LookupHost net.Resolver.LookupCNAME net.Listener.Accept net.TCPListener.Accept net.Dial net.DialTimeout net.DialTCP net.DialUDP net.Dialer.Dial net.Dialer.DialContext crypto/tls.Dial crypto/tls.DialWithDialer',
    { flow: 'network' },
  ],
  ['os.Hostname', { flow: 'host', gate: 'host' }],
  [
    'net.Interfaces net.InterfaceAddrs net.InterfaceByName runtime.NumCPU syscall.Uname syscall.Sysinfo',
    { flow: 'host', gate: 'host' },
  ],
  [
    'os/user.Current os/user.Lookup os/user.LookupId os.Getuid os.Geteuid os.Getgid os.Getegid os.Getgroups syscall.Getuid syscall.Geteuid',
    { flow: 'host', gate: 'user' },
  ],
  [
    'os.UserHomeDir os.UserConfigDir os.UserCacheDir os.Getwd os.Executable os.Getppid',
    { flow: 'host', gate: 'host' },
  ],
  ['runtime.GOOS runtime.GOARCH', { gate: 'platform' }],
  ['time.Now time.Since time.Until', { gate: 'date' }],
  [
    'crypto/sha256.Sum256 crypto/sha512.Sum512 crypto/sha1.Sum crypto/md5.Sum hash/crc32.ChecksumIEEE hash.Hash.Sum crypto/sha512.Sum384 crypto/sha256.Sum224 hash.Hash32.Sum32 hash.Hash64.Sum64',
    { gate: 'input-hash' },
  ],
  [
    'syscall.PtraceAttach golang.org/x/sys/unix.PtraceAttach syscall.PtraceTraceme',
    { gate: 'debugger' },
  ],
]);

/** Calls outside of the module that take something. */
export const SINKS: Table<SinkRule> = table<SinkRule>([
  [
    'os/exec.Command os/exec.CommandContext os.StartProcess syscall.Exec syscall.ForkExec syscall.StartProcess',
    { sink: 'exec' },
  ],
  [
    'os/exec.Cmd.Run os/exec.Cmd.Start os/exec.Cmd.Output os/exec.Cmd.CombinedOutput',
    { sink: 'exec', fields: ['Args', 'Path', 'Stdin'] },
  ],
  [
    'net/http.Get net/http.Post net/http.PostForm net/http.Head net/http.NewRequest net/http.NewRequestWithContext net/http.Client.Get net/http.Client.Post net/http.Client.PostForm net/http.Client.Head net/http.Client.Do net/http.Transport.RoundTrip net/http.RoundTripper.RoundTrip net/http.Header.Set net/http.Header.Add net/http.Request.SetBasicAuth net/http.Request.AddCookie net/http.ResponseWriter.Write net/http.Error net/http.SetCookie net.Conn.Write net.TCPConn.Write net.UDPConn.Write net.UDPConn.WriteTo net.UDPConn.WriteToUDP net.PacketConn.WriteTo net.UnixConn.Write crypto/tls.Conn.Write net.LookupHost net.LookupTXT net.LookupIP net.LookupAddr net.LookupCNAME net.Resolver.LookupHost net.Resolver.LookupTXT net.Resolver.LookupIPAddr net.Dial net.DialTimeout net/smtp.SendMail net/rpc.Client.Call net/rpc.Client.Go golang.org/x/crypto/ssh.Client.SendRequest',
    { sink: 'network' },
  ],
  [
    'os.WriteFile io/ioutil.WriteFile os.File.Write os.File.WriteString os.File.WriteAt os.File.ReadFrom os.Symlink os.Link',
    { sink: 'file' },
  ],
  [
    'syscall.Syscall syscall.Syscall6 syscall.SyscallN syscall.LazyProc.Call syscall.Proc.Call golang.org/x/sys/windows.LazyProc.Call golang.org/x/sys/windows.WriteProcessMemory plugin.Open',
    { sink: 'memory' },
  ],
]);

/** What is written to is known by what made it. */
export const CARRIERS: Table<FlowSink> = table<FlowSink>([
  [
    'net.Dial net.DialTimeout net.DialTCP net.DialUDP net.Dialer.Dial net.Dialer.DialContext crypto/tls.Dial crypto/tls.DialWithDialer crypto/tls.Client net.Listener.Accept net.TCPListener.Accept net/smtp.Client.Data',
    'network',
  ],
  ['os.Create os.OpenFile os.CreateTemp io/ioutil.TempFile os.NewFile', 'file'],
  ['os/exec.Cmd.StdinPipe', 'exec'],
  ['syscall.Mmap golang.org/x/sys/unix.Mmap', 'memory'],
]);

/** Calls whose result says nothing of what they were given: sums, tests, sizes. */
const STOPS =
  /^(?:strings|bytes)\.(?:Contains\w*|HasPrefix|HasSuffix|EqualFold|Equal|Compare|Index\w*|LastIndex\w*|Count)$|^crypto\/(?:md5|sha1|sha256|sha512|sha3)\.Sum\w*$|^crypto\/hmac\.Equal$|^crypto\/subtle\.|^hash\.|^hash\/|^golang\.org\/x\/crypto\/(?:bcrypt|scrypt|argon2|blake2b|sha3)\.|^unicode\/utf8\.(?:RuneCount\w*|Valid\w*|RuneLen)$|^errors\.(?:Is|As)$|^regexp\.(?:Match\w*|Regexp\.Match\w*)$|^(?:path|path\/filepath)\.(?:Match|IsAbs)$|^reflect\.DeepEqual$|^(?:os|io\/fs)\.(?:Stat|Lstat|IsNotExist|IsExist|IsPermission|Mkdir\w*|Remove\w*|Chmod|Chdir|Rename)$|^slices\.(?:Contains|Equal|Index|Compare)$|^strconv\.ParseBool$|^bytes\.Buffer\.(?:Len|Cap)$|^strings\.(?:Builder|Reader)\.Len$|^time\.Sleep$/;

/** True where the result only depends on what was given. */
export const isStop = (name: string): boolean => STOPS.test(name);

/** Last names of calls that write data to something. */
const WRITERS =
  /(?:^|\.)(?:Write\w*|Fprint\w*|Encode\w*|Send\w*|Execute\w*|ReadFrom|Flush|Publish|Emit)$/;
export const isWriter = (name: string): boolean => WRITERS.test(name) || /^io\.Copy\w*$/.test(name);

/** Last names of calls that fill what they are given a pointer to. */
const FILLERS =
  /(?:^|\.)(?:\w*Unmarshal\w*|Decode\w*|Read\w*|Fscan\w*|Sscan\w*|Scan\w*|Copy\w*|Bind\w*|XORKeyStream|CryptBlocks|Encrypt|Decrypt|Seal)$/;
export const isFiller = (name: string): boolean => FILLERS.test(name);

/** Calls after which nothing runs. */
export const isEnd = (name: string): boolean =>
  /^(?:os\.Exit|log\.(?:Logger\.)?(?:Fatal|Panic)\w*|runtime\.Goexit|syscall\.Exit)$/.test(name);

const SECRET_PATH =
  /\.ssh\b|id_(?:rsa|dsa|ecdsa|ed25519)|authorized_keys|\.aws\b|\.kube\b|\.docker\b|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.gnupg|\.config\/(?:gcloud|gh)|application_default_credentials|secrets?\/kubernetes|\/etc\/(?:shadow|sudoers)|\.bash_history|\.vault-token|wallet\.dat|Login Data|key4\.db|logins\.json|credentials\b|keychain/i;
/** True for the names of files that hold secrets. */
export const isSecretPath = (text: string): boolean => SECRET_PATH.test(text);

const DEBUGGER =
  /TracerPid|\/proc\/self\/status|IsDebuggerPresent|CheckRemoteDebuggerPresent|NtQueryInformationProcess/;
export const isDebuggerText = (text: string): boolean => DEBUGGER.test(text);

const CI =
  /^(?:CI|CONTINUOUS_INTEGRATION|BUILD_NUMBER|GITHUB_(?:ACTIONS|RUN_ID|WORKFLOW|REPOSITORY)|GITLAB_CI|JENKINS_\w+|TRAVIS|CIRCLECI|BUILDKITE|TEAMCITY_VERSION|TF_BUILD|APPVEYOR|DRONE|BITBUCKET_\w+|CODEBUILD_BUILD_ID)$/;
/** What a condition on a variable of the environment asks for. */
export function gateOfVariable(names: readonly string[]): GateKind {
  if (names.some((name) => CI.test(name))) return 'ci';
  if (names.some((name) => /^(?:USER|USERNAME|LOGNAME|SUDO_USER)$/.test(name))) return 'user';
  return names.some((name) => /^(?:HOSTNAME|COMPUTERNAME)$/.test(name)) ? 'host' : 'environment';
}

const SECRET_NAME =
  /^(?:\w*(?:password|passwd|passphrase|secret|credential|apikey|api_key|accesskey|access_key|privatekey|private_key|privkey|mnemonic|seedphrase)s?\w*|pass|pwd|pw|\w*token)$/i;
/** Names of values that are kept from others. Tokens of parsers have them too: those are no texts. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);
const SECRET_TYPE =
  /(?:^|[.*\]])(?:Password|Secret|Credentials?|PrivateKey|Token|APIKey|Passphrase)$/;
export const isSecretType = (type: string): boolean => SECRET_TYPE.test(type);
/** Types in which secrets are texts. */
export const isTextType = (type: string): boolean =>
  /^(?:string|\[\]byte|\[\]rune|\*string|\[\d*\]string|any|interface\{\}|\.\.\.string)$/.test(type);

/** The capability that a sink stands for in a gate. */
export const CAPABILITY_OF: Readonly<Record<FlowSink, string>> = {
  exec: 'EXEC',
  network: 'NETWORK',
  file: 'FILES',
  memory: 'ARBITRARY_EXECUTION',
};

/** Calls that a condition may guard: sinks, and what destroys. */
const GUARDED: Table<string> = table<string>([
  [
    'os.Remove os.RemoveAll os.Rename os.Truncate os.Chmod os.Chown os.Create os.OpenFile os.Mkdir os.MkdirAll',
    'FILES',
  ],
  [
    'net.Listen net/http.ListenAndServe net.DialTCP net.DialUDP net.Dialer.Dial net.Dialer.DialContext crypto/tls.Dial',
    'NETWORK',
  ],
  ['os.Setenv os.Unsetenv syscall.Kill os.Process.Kill syscall.Setuid', 'MODIFY_SYSTEM_STATE'],
  [
    'syscall.Mmap syscall.Mprotect golang.org/x/sys/unix.Mmap golang.org/x/sys/unix.Mprotect',
    'SYSTEM_CALLS',
  ],
]);

/** What a call outside of the module may do that a condition guards. */
export function guardedBy(name: string): string | undefined {
  const sink = SINKS.get(name);
  return sink === undefined ? GUARDED.get(name) : CAPABILITY_OF[sink.sink];
}
