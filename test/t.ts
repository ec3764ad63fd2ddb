import { readFileSync, readdirSync } from 'node:fs';
import { createBudget } from '#base';
import { inspectZip } from '#module';
import { openGoParser } from '../src/golang/syntax/go-parser.ts';
import { findDifference, createFlatTree } from '../src/golang/syntax/flat-tree.ts';
const u = (s: string) => new URL(import.meta.resolve(s));
const parser = await openGoParser({ core: readFileSync(u('web-tree-sitter/web-tree-sitter.wasm')), grammar: readFileSync(u('tree-sitter-go/tree-sitter-go.wasm')), library: import.meta.resolve('web-tree-sitter') });
console.log('memory', parser.readsMemory);
const texts: string[] = [];
for (const f of ['golang.org_x_net_v0.33.0.zip', 'k8s.io_client-go_v0.31.3.zip']) {
  const b = new Uint8Array(readFileSync('/tmp/gomods/' + f));
  await inspectZip(b, { stated: undefined, entries: 1e6, inflated: createBudget(1e9), keep: (e, c) => { if (e.name.endsWith('.go')) texts.push(new TextDecoder().decode(c)); } });
}
const lim = { steps: 16, nodes: 4e6 };
for (let k = 0; k < 2; k++) {
let t0 = performance.now(); let n = 0, len = 0;
for (const t of texts) { const r = parser.parse(t, lim); if (typeof r === 'string') console.log(r); else n += r.count; len += t.length; }
console.log('mem', (len / 1e6 / ((performance.now() - t0) / 1000)).toFixed(2), 'MB/s', n);
t0 = performance.now();
if (k === 0) { n = 0; for (const t of texts) { const r = parser.parseWithCursor(t, lim); if (typeof r === 'string') console.log(r); else n += r.count; }
console.log('cursor', (len / 1e6 / ((performance.now() - t0) / 1000)).toFixed(2), 'MB/s', n); }
}
