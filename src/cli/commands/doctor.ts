import { formatCanonicalJson, printable } from '#base';
import { probeJail } from '#case';
import { composeJail } from '../compose-jail.ts';
import { composeDisk, packageVersion } from '../compose-machine.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit-code.ts';

const LIMITS = {
  memoryBytes: 1024 * 1024 * 1024,
  cpuSeconds: 20,
  wallSeconds: 20,
  lineBytes: 1024 * 1024,
  totalBytes: 1024 * 1024,
};

const KEEPS = {
  bwrap: 'no network, no files but the program, system calls filtered',
  userns: 'no network, no other processes; files by the permissions of Node.js',
  permission: 'no files, no programs; the network is not kept away',
} as const;

/** How to get a level that did not start. */
function helpFor(reason: string): string {
  if (/Operation not permitted|Permission denied|uid_map|setting up/i.test(reason))
    return 'let users make namespaces: sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap; in a container, allow them on the host';
  return '';
}

type Probe = Awaited<ReturnType<typeof probeJail>>[number];

/** One level: whether it works here, and what helps where it does not. */
function lines({ level, reason }: Probe, isBest: boolean): string {
  const name = level.padEnd(10);
  if (reason === undefined) return `  ${isBest ? 'used' : 'ok  '}  ${name}  ${KEEPS[level]}\n`;
  const help = helpFor(reason);
  return `  no    ${name}  ${printable(reason)}\n${help === '' ? '' : `        ${name.replace(/./g, ' ')}  ${help}\n`}`;
}

/** Says what this machine offers, and how to get more. */
export async function doctor(options: { readonly json?: true }, console: Console): Promise<number> {
  const { machine, out } = console;
  const levels = await probeJail({ jail: composeJail(console), limits: LIMITS });
  const best = levels.find(({ reason }) => reason === undefined)?.level;
  const { platform, node } = machine();
  if (options.json) {
    const rows = levels.map(({ level, reason = null }) => ({ level, ok: reason === null, reason }));
    out(`${formatCanonicalJson({ isolation: rows, best: best ?? null, platform, node })}\n`);
  } else {
    out(`glovebox ${packageVersion(composeDisk())} on ${platform}, Node.js ${node}\n\n`);
    for (const probe of levels) out(lines(probe, probe.level === best));
    if (best === undefined)
      out('\nNothing can be isolated here: inspect and verify end with 69.\n');
  }
  return best === undefined ? EXIT.missing : EXIT.clean;
}
