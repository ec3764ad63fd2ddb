// The main job on real modules, fetched with the go command: needs Go and a module proxy.
//
//   node --conditions=source --import tsx test/smoke/main.ts
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from '../support/go.ts';
import { glovebox, MAIN, temporaryFolder } from '../support/program.ts';
import { type FetchedModule, fetchModule, TWELVE } from '../support/twelve.ts';

interface Evidence {
  readonly subject: { readonly h1: string };
  readonly verdict: string;
  readonly integrity: {
    readonly zip: { readonly accepted: boolean };
    readonly goSum: { readonly status: string };
  };
  readonly facts: { readonly files: readonly { readonly path: string }[] };
  readonly gaps: readonly { readonly detail: string }[];
}

let passed = 0;
let failed = 0;

function report(ok: boolean, title: string, detail = ''): void {
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? 'ok    ' : 'not ok'} ${title}${ok || detail === '' ? '' : `: ${detail}`}`);
}

const TOP = [
  'audit',
  'facts',
  'findings',
  'format',
  'gaps',
  'integrity',
  'limits',
  'profile',
  'reasons',
  'subject',
  'tools',
  'verdict',
];

function inspectOne(module: FetchedModule): void {
  const home = temporaryFolder();
  const out = temporaryFolder();
  const run = glovebox(
    ['inspect', module.zip, '--go-sum', module.goSum, '--out', out, '--evidence'],
    { home },
  );
  const evidence = JSON.parse(run.stdout) as Evidence;
  const folder = join(out, readdirSync(out)[0] ?? '');
  report(
    evidence.subject.h1 === module.h1 && module.h1 !== '',
    `${module.name}: h1 is that of the go command`,
    `${evidence.subject.h1} and ${module.h1}`,
  );
  report(
    evidence.integrity.goSum.status === 'match',
    `${module.name}: go.sum matches`,
    evidence.integrity.goSum.status,
  );
  report(evidence.integrity.zip.accepted, `${module.name}: the archive is accepted`);
  report(
    JSON.stringify(Object.keys(evidence)) === JSON.stringify(TOP),
    `${module.name}: the evidence has the parts of the contract`,
    Object.keys(evidence).join(),
  );
  report(
    // The largest has more capabilities than a document can hold, and says so.
    evidence.gaps.every(({ detail }) => / have no room here$/.test(detail)),
    `${module.name}: everything was read`,
    JSON.stringify(evidence.gaps.slice(0, 3)),
  );
  report(
    !['malicious', 'suspicious'].includes(evidence.verdict),
    `${module.name}: no false alarm`,
    evidence.verdict,
  );
  report(
    run.stdout === readFileSync(join(folder, 'evidence.json'), 'utf8'),
    `${module.name}: standard output is the sealed evidence`,
  );
  report(glovebox(['check', folder], { home }).status === 0, `${module.name}: the case is intact`);
}

/** Follows every system call: no name of the archive is opened, and no socket but local ones is made. */
function traceOne(module: FetchedModule): void {
  if (!hasProgram('strace', '-V')) {
    report(false, 'strace is there');
    return;
  }
  const log = join(temporaryFolder(), 'trace');
  const out = temporaryFolder();
  const line = [
    '-f',
    '-qq',
    '-e',
    'trace=%file,%network',
    '-o',
    log,
    process.execPath,
    MAIN,
    'inspect',
    module.zip,
    '--out',
    out,
  ];
  spawnSync('strace', line, {
    env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
    stdio: 'ignore',
  });
  const calls = readFileSync(log, 'utf8').split('\n');
  const opened = calls.flatMap((call) =>
    [...call.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? ''),
  );
  const inside = new Set(
    (
      JSON.parse(
        readFileSync(join(out, readdirSync(out)[0] ?? '', 'evidence.json'), 'utf8'),
      ) as Evidence
    ).facts.files.map(({ path }) => path),
  );
  // LICENSE and the like are names of everybody; a path with a folder is the module's own.
  const touched = opened.filter((path) =>
    [...inside].some((name) => name.includes('/') && path.endsWith(`/${name}`)),
  );
  report(calls.length > 100, 'the trace saw the run', String(calls.length));
  report(
    inside.size > 10 && touched.length === 0,
    'no name of the archive is opened on the host',
    touched.slice(0, 3).join(),
  );
  // bubblewrap asks the kernel for the loopback of the namespace that it made: netlink is no network.
  const network = calls.filter(
    (call) =>
      (/\b(connect|sendto|bind|listen)\(/.test(call) && !/AF_NETLINK|nlmsg_len/.test(call)) ||
      /socket\(AF_INET/.test(call),
  );
  report(network.length === 0, 'the network is not used', network.slice(0, 3).join());
}

for (const name of TWELVE) {
  const module = fetchModule(name);
  inspectOne(module);
  if (name.startsWith('github.com/spf13/cobra')) traceOne(module);
}
console.log(`smoke: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
