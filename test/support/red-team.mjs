// What somebody would try who runs code inside the jail. Plain JavaScript, because it runs there as it is.
// One line of JSON comes in (places that the test knows of), one goes out for each attempt.
import { spawnSync } from 'node:child_process';
import { promises as dns } from 'node:dns';
import fs from 'node:fs';
import net from 'node:net';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';

const say = (value) => {
  const line = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let at = 0; at < line.length; ) at += fs.writeSync(1, line, at);
};

let text = '';
for await (const chunk of process.stdin) {
  text += chunk;
  if (text.includes('\n')) break;
}
const { attempt, key, port, link, socket, own } = JSON.parse(text);

const connect = (options) =>
  new Promise((resolve, reject) => {
    const client = net.connect(options, () => resolve(client.destroy()));
    client.on('error', reject);
  });

const ATTEMPTS = {
  'read /etc/passwd': () => fs.readFileSync('/etc/passwd'),
  'read the signing key': () => fs.readFileSync(key),
  'read the key through a link that lies beside the program': () => fs.readFileSync(link),
  'read the key through /proc/self/root': () => fs.readFileSync(`/proc/self/root${key}`),
  'import a file of the machine': () => import(pathToFileURL(key).href),
  'list /proc': () => fs.readdirSync('/proc'),
  'list the home folder': () => fs.readdirSync('/root'),
  'see environment variables': () => {
    const names = Object.keys(process.env).filter((name) => name !== 'PWD');
    if (names.length === 0) throw Object.assign(new Error('none'), { code: 'EMPTY' });
  },
  'connect to a server': () => connect({ host: '127.0.0.1', port }),
  'connect to a local socket': () => connect({ path: socket }),
  'listen on a port': () =>
    new Promise((resolve, reject) => {
      const server = net.createServer();
      server.on('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(server.close()));
    }),
  'resolve a name': () => dns.lookup('localhost'),
  'write to /tmp': () => fs.writeFileSync(`/tmp/red-team-${process.pid}`, 'x'),
  'write beside the program': () => fs.writeFileSync(`${own}/red-team`, 'x'),
  'write where it stands': () => fs.writeFileSync('red-team', 'x'),
  'make a folder': () => fs.mkdirSync('/tmp/red-team-folder'),
  'change the program': () => fs.appendFileSync(`${own}/red-team.mjs`, '//'),
  'start a program': () => {
    const { error, status } = spawnSync(process.execPath, ['-e', '0']);
    if (error) throw error;
    if (status !== 0) throw Object.assign(new Error('failed'), { code: `exit ${status}` });
  },
  'start a thread': () =>
    new Promise((resolve, reject) => {
      const worker = new Worker('', { eval: true });
      worker.on('exit', resolve);
      worker.on('error', reject);
    }),
  'signal its parent': () => {
    // Without a parent in its own world, it is told zero: that would be its own group.
    if (process.ppid === 0) throw Object.assign(new Error('none'), { code: 'NO_PARENT' });
    process.kill(process.ppid, 0);
  },
  'signal the examiner': () => process.kill(own === '' ? 1 : JSON.parse(text).pid, 0),
  'load an addon': () => process.dlopen({ exports: {} }, '/usr/lib/x86_64-linux-gnu/libm.so.6'),
  'run code from text': () => new Function('return 1')(),
  'run code from text in another context': () => vm.runInNewContext('new Function("return 1")()'),
  'open the inspector': async () => {
    const inspector = await import('node:inspector');
    inspector.open(0, '127.0.0.1');
    if (inspector.url() === undefined) throw Object.assign(new Error('closed'), { code: 'CLOSED' });
  },
  'reach the binding of the runtime': () => process.binding('fs'),
};

/** Those that end the process, if the limits hold. */
const FATAL = {
  'take memory in buffers': () => {
    const all = [];
    for (let i = 0; i < 64; i++) all.push(Buffer.alloc(64 << 20, 1));
    return all.length;
  },
  'take memory in objects': () => {
    const all = [];
    for (;;) all.push({ a: [1, 2, 3, all.length], b: String(all.length) });
  },
  'take the processor': () => {
    for (;;) Math.sqrt(2);
  },
  'say a line without an end': () => {
    const part = Buffer.alloc(1 << 16, 120);
    for (;;) fs.writeSync(1, part);
  },
};

try {
  const result = await (ATTEMPTS[attempt] ?? FATAL[attempt])();
  say({ attempt, outcome: 'works', detail: String(result).slice(0, 80) });
} catch (error) {
  say({ attempt, outcome: 'refused', detail: String(error.code ?? error.name ?? error) });
}
process.exit(0);
