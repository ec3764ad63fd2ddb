/**
 * What the standard library lends to a caller. One rule a line: capability, package, symbols.
 *
 * A line without symbols is the package's default: what no later line names has it, so that an
 * unknown function of a newer release is never taken for safe. Later lines win. A symbol is a
 * function, `Type.Method`, a variable, or `Type{}` for making a value of the type; `*` stands for
 * any characters. Constants, types and variables lend nothing unless a line names them.
 */
export const CAPABILITY_TABLE = `
# Programs.
EXEC                 os/exec
EXEC                 os/exec        Cmd{}
FILES                os/exec        LookPath
SAFE                 os/exec        Cmd.String Cmd.Environ Error.* ExitError.*
EXEC                 net/http/cgi
EXEC                 os             StartProcess
EXEC                 syscall        Exec ForkExec StartProcess CreateProcess* 
ARBITRARY_EXECUTION  plugin

# The system.
SYSTEM_CALLS         syscall
SYSTEM_CALLS         syscall/js
SYSTEM_CALLS         golang.org/x/sys/unix
SYSTEM_CALLS         golang.org/x/sys/windows
SYSTEM_CALLS         golang.org/x/sys/windows/registry
SYSTEM_CALLS         golang.org/x/sys/windows/svc/mgr
SYSTEM_CALLS         golang.org/x/sys/plan9
EXEC                 syscall        Exec ForkExec StartProcess CreateProcess CreateProcessAsUser
EXEC                 golang.org/x/sys/unix Exec ForkExec
EXEC                 golang.org/x/sys/windows CreateProcess CreateProcessAsUser ShellExecute
READ_SYSTEM_STATE    syscall        Getenv Environ Getpid Getppid Getuid Geteuid Getgid Getegid Getpagesize Uname
SAFE                 syscall        Errno.* Signal.* Timespec.* Timeval.* WaitStatus.* ByteSliceFromString BytePtrFromString UTF16* StringByteSlice
OPERATING_SYSTEM     os/signal
READ_SYSTEM_STATE    os/user

# Files and the process itself.
FILES                os
OPERATING_SYSTEM     os             FindProcess Process.* Pipe
READ_SYSTEM_STATE    os             Getenv LookupEnv Environ ExpandEnv Hostname Getpid Getppid Getuid Geteuid Getgid Getegid Getgroups Getpagesize Executable Getwd UserHomeDir UserCacheDir UserConfigDir TempDir
MODIFY_SYSTEM_STATE  os             Setenv Unsetenv Clearenv Chdir
SAFE                 os             Exit Expand IsExist IsNotExist IsPermission IsTimeout IsPathSeparator NewSyscallError SameFile Stdin.* Stdout.* Stderr.* *Error.* FileMode.* File.Name File.Fd ProcessState.*
FILES                io/ioutil
SAFE                 io/ioutil      ReadAll NopCloser Discard
SAFE                 path/filepath
FILES                path/filepath  Walk WalkDir Glob EvalSymlinks
FILES                archive/zip    OpenReader
FILES                go/parser      ParseFile ParseDir
FILES                go/build       Import ImportDir Context.*
FILES                debug/elf      Open
FILES                debug/macho    Open OpenFat
FILES                debug/pe       Open
FILES                debug/plan9obj Open
FILES                debug/buildinfo ReadFile
FILES                html/template  ParseFiles ParseGlob Template.ParseFiles Template.ParseGlob
FILES                text/template  ParseFiles ParseGlob Template.ParseFiles Template.ParseGlob
FILES                crypto/tls     LoadX509KeyPair
FILES                crypto/x509    SystemCertPool
FILES                time           LoadLocation
FILES                runtime/debug  WriteHeapDump
FILES                runtime/coverage WriteCountersDir WriteMetaDir

# The network.
NETWORK              net
SAFE                 net            Parse* IPv4 IPv4Mask CIDRMask JoinHostPort SplitHostPort IP.* IPMask.* IPNet.* HardwareAddr.* *Addr.String *Addr.Network *Error.* TCPAddrFromAddrPort UDPAddrFromAddrPort Flags.* Pipe
READ_SYSTEM_STATE    net            Interfaces Interface* InterfaceAddrs InterfaceBy*
NETWORK              net            DefaultResolver Dialer{} ListenConfig{} Resolver{}
NETWORK              net/http
SAFE                 net/http       CanonicalHeaderKey DetectContentType Parse* StatusText NewRequest NewRequestWithContext NewResponseController NewServeMux Handle HandleFunc StripPrefix TimeoutHandler NotFoundHandler RedirectHandler MaxBytesReader MaxBytesHandler AllowQuerySemicolons ConnState.* Cookie.* Header.* *Error.* ProxyURL SameSite* Error NotFound Redirect SetCookie HandlerFunc.* ServeMux.* DefaultServeMux.* Request.BasicAuth Request.Clone Request.Context Request.Cookie* Request.FormValue Request.PathValue Request.ProtoAtLeast Request.Referer Request.SetBasicAuth Request.SetPathValue Request.AddCookie Request.UserAgent Request.WithContext Response.Cookies Response.Location Response.ProtoAtLeast Transport.Clone Transport.CloseIdleConnections NewFileTransport
READ_SYSTEM_STATE    net/http       ProxyFromEnvironment
FILES                net/http       ServeFile ServeFileFS FileServer FileServerFS FS Dir.Open
NETWORK              net/http       DefaultClient DefaultTransport Client{} Server{} Transport{}
NETWORK              net/http/fcgi
NETWORK              net/http/httputil NewSingleHostReverseProxy ReverseProxy.* ReverseProxy{} NewClientConn NewProxyClientConn
NETWORK              net/http/httptest NewServer NewTLSServer NewUnstartedServer
NETWORK              net/rpc
SAFE                 net/rpc        NewServer Register RegisterName
NETWORK              net/rpc/jsonrpc
NETWORK              net/smtp
SAFE                 net/smtp       PlainAuth CRAMMD5Auth
NETWORK              net/textproto  Dial
NETWORK              log/syslog
NETWORK              crypto/tls     Dial DialWithDialer Listen NewListener Dialer.* Dialer{} Conn.*

# The language's own back doors.
UNSAFE_POINTER       unsafe         *
SAFE                 unsafe         Sizeof Alignof Offsetof
REFLECT              reflect
SAFE                 reflect        ArrayOf Chan* DeepEqual FuncOf Indirect Kind.* MapOf SliceOf Method.* Pointer* Ptr* Struct* Type.* TypeOf TypeFor ValueOf VisibleFields ValueError.* Zero Value.Addr Value.Bool Value.Bytes Value.Can* Value.Cap Value.Complex Value.Elem Value.Field Value.FieldByIndex* Value.FieldByName Value.Float Value.Index Value.Int Value.Is* Value.Kind Value.Len Value.MapIndex Value.MapKeys Value.MapRange Value.Num* Value.Overflow* Value.String Value.Type Value.Uint
RUNTIME              runtime
SAFE                 runtime        *Profile* Caller* Frames.* Func* GC GOMAXPROCS Goexit GOROOT Gosched KeepAlive LockOSThread UnlockOSThread Num* *Error.* ReadMemStats ReadTrace Set*Rate SetMutexProfileFraction SetFinalizer AddCleanup Stack* Start* Stop* Version
RUNTIME              runtime/debug
SAFE                 runtime/debug  FreeOSMemory PrintStack ReadGCStats ReadBuildInfo ParseBuildInfo Stack BuildInfo.*
CGO                  runtime/cgo
`;
