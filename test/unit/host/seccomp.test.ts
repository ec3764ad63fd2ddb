import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createSeccompFilter, type SeccompArch } from '../../../src/host/seccomp.ts';

const ALLOWED = 0x7fff0000;
const KILLED = 0x80000000;
const errno = (code: number) => 0x00050000 | code;
const [EPERM, EROFS, ENOSYS] = [errno(1), errno(30), errno(38)];
const MACHINES = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

/** Runs a filter as the kernel does: classic BPF over struct seccomp_data. */
function decide(
  filter: Uint8Array,
  number: number,
  { arch, args = [] }: { arch: number; args?: number[] },
): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, arch, true);
  for (const [i, value] of args.entries()) data.setBigUint64(16 + 8 * i, BigInt(value), true);
  const program = new DataView(filter.buffer);
  let accumulator = 0;
  for (let at = 0; 8 * at < filter.length; at++) {
    const [code, jt, jf, k] = [
      program.getUint16(8 * at, true),
      program.getUint8(8 * at + 2),
      program.getUint8(8 * at + 3),
      program.getUint32(8 * at + 4, true),
    ];
    if (code === 0x06) return k;
    if (code === 0x20) accumulator = data.getUint32(k, true);
    else if (code === 0x15) at += accumulator === k ? jt : jf;
    else if (code === 0x35) at += accumulator >= k ? jt : jf;
    else if (code === 0x45) at += (accumulator & k) === 0 ? jf : jt;
    else throw new Error(`code ${code} at ${at}`);
  }
  throw new Error('the filter runs off its end');
}

// The kernel's own tables: nothing of ours says which number is which call.
const HEADERS: Readonly<Record<SeccompArch, string>> = {
  x64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h',
  arm64: '/usr/include/asm-generic/unistd.h',
};

function numbersOf(arch: SeccompArch): Map<string, number> {
  const text = readFileSync(HEADERS[arch], 'utf8');
  return new Map(
    [...text.matchAll(/#define __NR(?:3264)?_(\w+)\s+(\d+)/g)].map(([, name, number]) => [
      name!,
      Number(number),
    ]),
  );
}

const REFUSED =
  `socket connect bind listen accept accept4 sendto sendmsg sendmmsg socketpair fork vfork ptrace kill tkill
  rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd process_vm_readv process_vm_writev kcmp mount umount2
  pivot_root chroot unshare setns open_tree move_mount fsopen fsconfig fsmount fspick bpf perf_event_open userfaultfd add_key
  request_key keyctl init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl syslog
  settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname iopl ioperm modify_ldt memfd_create execveat
  name_to_handle_at open_by_handle_at fanotify_init inotify_init inotify_init1 shmget msgget semget mq_open setuid setgid
  setresuid setresgid setgroups`.split(/\s+/);
const READ_ONLY =
  `creat truncate rename renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat symlink symlinkat mknod
  mknodat chmod fchmod fchmodat chown fchown lchown fchownat utime utimes futimesat utimensat setxattr lsetxattr fsetxattr
  removexattr lremovexattr fremovexattr`.split(/\s+/);
const ABSENT = ['clone3', 'openat2', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'];
const NEEDED =
  `read write readv writev pread64 close mmap mprotect munmap madvise brk futex epoll_create1 epoll_ctl epoll_pwait
  eventfd2 pipe2 fstat lseek getrandom clock_gettime exit exit_group rt_sigaction rt_sigprocmask tgkill execve prctl sched_yield
  getpid gettid sysinfo prlimit64 set_robust_list rseq dup fcntl ioctl shutdown recvmsg`.split(
    /\s+/,
  );

describe.each(['x64', 'arm64'] as const)('the filter for %s', (arch) => {
  const filter = createSeccompFilter(arch);
  const ask = (number: number, ...args: number[]) =>
    decide(filter, number, { arch: MACHINES[arch], args });

  test('kills a call by the numbers of another machine', () => {
    for (const other of [0, 0x40000003, arch === 'x64' ? MACHINES.arm64 : MACHINES.x64])
      expect(decide(filter, 0, { arch: other })).toBe(KILLED);
    if (arch === 'x64') expect(ask(0x40000000)).toBe(KILLED);
  });

  test('has no more than the kernel takes, and no jump that leads outside', () => {
    expect(filter.length / 8).toBeLessThan(4096);
    for (let number = 0; number < 600; number++) ask(number, 0, 0, 0);
  });

  if (!existsSync(HEADERS[arch])) {
    process.stderr.write(`SKIPPED the numbers of ${arch}: linux-libc-dev is not on this machine\n`);
    return;
  }
  const numbers = numbersOf(arch);
  const number = (name: string) => numbers.get(name)!;

  test.each([
    ['refused', REFUSED, EPERM],
    ['refused as on a read-only system', READ_ONLY, EROFS],
    ['said not to exist', ABSENT, ENOSYS],
    ['allowed', NEEDED, ALLOWED],
  ] as const)('what is %s, by the numbers of the kernel', (_, names, answer) => {
    const known = names.filter((name) => numbers.has(name));
    // Old calls that AArch64 never had are missing there, and only those.
    expect(known.length).toBeGreaterThan(names.length * 0.55);
    if (arch === 'x64') expect(known).toEqual(names);
    for (const name of known)
      expect(`${name} ${ask(number(name)).toString(16)}`).toBe(`${name} ${answer.toString(16)}`);
  });

  test('a file can be opened for reading, and not for anything else', () => {
    const open = (flags: number) => ask(number('openat'), 0, 0, flags);
    expect(open(0o2000000)).toBe(ALLOWED);
    for (const flags of [0o1, 0o2, 0o100, 0o1000, 0o2000, 0o20200000 | 0o2])
      expect(open(flags)).toBe(EROFS);
    if (arch === 'x64') expect([ask(2, 0, 0), ask(2, 0, 0o102)]).toEqual([ALLOWED, EROFS]);
  });

  test('a thread can be made, and no process', () => {
    const THREAD = 0x3d0f00;
    expect(ask(number('clone'), THREAD)).toBe(ALLOWED);
    for (const flags of [17, 0x10000000, 0x4000 | 17])
      expect(ask(number('clone'), flags)).toBe(EPERM);
  });
});
