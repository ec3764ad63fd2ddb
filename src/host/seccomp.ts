/** The machines that a filter can be made for. */
export type SeccompArch = 'x64' | 'arm64';

// linux/bpf_common.h, linux/seccomp.h, linux/audit.h.
const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
const JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const JUMP_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const JUMP_SET = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const RETURN = 0x06; // BPF_RET | BPF_K
const ALLOW = 0x7fff0000;
const KILL = 0x80000000; // SECCOMP_RET_KILL_PROCESS
const ERRNO = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;
const EROFS = 30;
/** struct seccomp_data: the number, the machine, then six arguments of eight bytes. */
const NUMBER = 0;
const ARCH = 4;
const argument = (index: number) => 16 + 8 * index;

const AUDIT_ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
/** x32 calls have this bit, and would get around a filter by number. */
const X32 = 0x40000000;

/** Open flags that write or make something: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND; O_TMPFILE has O_RDWR. */
const WRITES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000;
/** A new thread and nothing else that clone can make. */
const CLONE_THREAD = 0x00010000;

type Calls = Readonly<Record<string, readonly [x64: number | null, arm64: number | null]>>;

// Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.

/** No network, no other processes, no kernel interfaces that were made for anything else. */
const REFUSED: Calls = {
  socket: [41, 198],
  connect: [42, 203],
  accept: [43, 202],
  sendto: [44, 206],
  sendmsg: [46, 211],
  bind: [49, 200],
  listen: [50, 201],
  socketpair: [53, 199],
  accept4: [288, 242],
  sendmmsg: [307, 269],
  fork: [57, null],
  vfork: [58, null],
  ptrace: [101, 117],
  kill: [62, 129],
  tkill: [200, 130],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  pidfd_open: [434, 434],
  pidfd_send_signal: [424, 424],
  pidfd_getfd: [438, 438],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  kcmp: [312, 272],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97],
  setns: [308, 268],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  execveat: [322, 281],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  inotify_init1: [294, 26],
  inotify_init: [253, null],
  shmget: [29, 194],
  msgget: [68, 186],
  semget: [64, 190],
  mq_open: [240, 180],
  setuid: [105, 146],
  setgid: [106, 144],
  setresuid: [117, 147],
  setresgid: [119, 149],
  setgroups: [116, 159],
  landlock_create_ruleset: [444, 444],
};

/** No path can be made, changed or removed. */
const READ_ONLY: Calls = {
  creat: [85, null],
  truncate: [76, 45],
  rename: [82, null],
  renameat: [264, 38],
  renameat2: [316, 276],
  mkdir: [83, null],
  mkdirat: [258, 34],
  rmdir: [84, null],
  link: [86, null],
  linkat: [265, 37],
  unlink: [87, null],
  unlinkat: [263, 35],
  symlink: [88, null],
  symlinkat: [266, 36],
  mknod: [133, null],
  mknodat: [259, 33],
  chmod: [90, null],
  fchmod: [91, 52],
  fchmodat: [268, 53],
  fchmodat2: [452, 452],
  chown: [92, null],
  fchown: [93, 55],
  lchown: [94, null],
  fchownat: [260, 54],
  utime: [132, null],
  utimes: [235, null],
  futimesat: [261, null],
  utimensat: [280, 88],
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  fsetxattr: [190, 7],
  removexattr: [197, 14],
  lremovexattr: [198, 15],
  fremovexattr: [199, 16],
};

/**
 * Calls that are said not to exist, so that libraries fall back to ones whose arguments can be seen:
 * clone3 and openat2 pass them behind a pointer, and io_uring does anything past the filter.
 */
const ABSENT: Calls = {
  clone3: [435, 435],
  openat2: [437, 437],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
};

const OPEN = { x64: 2, arm64: undefined } as const;
const OPENAT = { x64: 257, arm64: 56 } as const;
const CLONE = { x64: 56, arm64: 220 } as const;

interface Instruction {
  readonly code: number;
  readonly value: number;
  readonly ifTrue?: number;
  readonly ifFalse?: number;
}

const finish = (value: number): Instruction => ({ code: RETURN, value });

/** Returns `answer` for one call; a filter looks at the number again after each. */
function refuseCall(number: number, answer: number): readonly Instruction[] {
  return [{ code: JUMP_EQUAL, value: number, ifFalse: 1 }, finish(answer)];
}

/** For one call, answers by bits of an argument; any other call goes on. */
function refuseByBits(
  number: number,
  {
    index,
    bits,
    whenSet,
    otherwise,
  }: {
    readonly index: number;
    readonly bits: number;
    readonly whenSet: number;
    readonly otherwise: number;
  },
): readonly Instruction[] {
  return [
    { code: JUMP_EQUAL, value: number, ifFalse: 4 },
    { code: LOAD, value: argument(index) },
    { code: JUMP_SET, value: bits, ifFalse: 1 },
    finish(whenSet),
    finish(otherwise),
  ];
}

/**
 * A filter for seccomp(2) in classic BPF: what a program needs that only computes and speaks over open
 * pipes is allowed; sockets, processes, writes to paths and the kernel's other doors are not. A call by
 * another machine's numbers kills the process.
 */
export function createSeccompFilter(arch: SeccompArch): Uint8Array {
  const at = arch === 'x64' ? 0 : 1;
  const refuse = (calls: Calls, answer: number) =>
    Object.values(calls).flatMap((numbers) => {
      const number = numbers[at];
      return number === null || number === undefined ? [] : refuseCall(number, answer);
    });
  const writes = (number: number, index: number) =>
    refuseByBits(number, { index, bits: WRITES, whenSet: ERRNO | EROFS, otherwise: ALLOW });
  const open = OPEN[arch];
  const program: readonly Instruction[] = [
    { code: LOAD, value: ARCH },
    { code: JUMP_EQUAL, value: AUDIT_ARCH[arch], ifTrue: 1 },
    finish(KILL),
    { code: LOAD, value: NUMBER },
    ...(arch === 'x64' ? [{ code: JUMP_AT_LEAST, value: X32, ifFalse: 1 }, finish(KILL)] : []),
    ...refuse(ABSENT, ERRNO | ENOSYS),
    ...refuse(REFUSED, ERRNO | EPERM),
    ...refuse(READ_ONLY, ERRNO | EROFS),
    ...(open === undefined ? [] : writes(open, 1)),
    ...writes(OPENAT[arch], 2),
    ...refuseByBits(CLONE[arch], {
      index: 0,
      bits: CLONE_THREAD,
      whenSet: ALLOW,
      otherwise: ERRNO | EPERM,
    }),
    finish(ALLOW),
  ];
  return assemble(program);
}

/** struct sock_filter: code, two jumps, value; little-endian on both machines. */
function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(8 * program.length);
  const view = new DataView(bytes.buffer);
  for (const [i, { code, value, ifTrue = 0, ifFalse = 0 }] of program.entries()) {
    view.setUint16(8 * i, code, true);
    view.setUint8(8 * i + 2, ifTrue);
    view.setUint8(8 * i + 3, ifFalse);
    view.setUint32(8 * i + 4, value, true);
  }
  return bytes;
}
