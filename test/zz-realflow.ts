import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeModule } from '#golang';
import { createFlowReader } from '#value';
import { openTestParser } from './support/analyze.ts';

const parser = await openTestParser();
for (const dir of process.argv.slice(2)) {
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name).slice(dir.length + 1))
    .sort();
  const mod = /^module (\S+)/m.exec(readFileSync(join(dir, 'go.mod'), 'utf8'))![1]!;
  const r = createFlowReader({ nodes: 4e6, steps: 4e6 });
  let ms = 0;
  let out: any;
  const t0 = performance.now();
  await analyzeModule(
    mod,
    { list: () => paths, read: (p) => readFileSync(join(dir, p)) },
    {
      parser,
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
      packages: {
        show(s) {
          const t = performance.now();
          r.show(s);
          ms += performance.now() - t;
        },
        finish() {
          const t = performance.now();
          out = r.finish();
          const f = performance.now() - t;
          console.log('   show', ms.toFixed(0), 'finish', f.toFixed(0));
          ms += f;
        },
      },
    },
  );
  const count: Record<string, number> = {};
  for (const f of out.flows)
    count[f.source + '>' + f.sink] = (count[f.source + '>' + f.sink] ?? 0) + 1;
  const g: Record<string, number> = {};
  for (const f of out.gates) g[f.kind + ':' + f.guards] = (g[f.kind + ':' + f.guards] ?? 0) + 1;
  console.log(
    mod,
    'total',
    (performance.now() - t0).toFixed(0),
    'flow',
    ms.toFixed(0),
    out.isWhole,
    JSON.stringify(count),
    JSON.stringify(g),
  );
  if (process.env['SHOW'])
    for (const f of out.flows)
      console.log(
        '    ',
        f.source,
        f.sink,
        f.path.map((s: any) => `${s.function}@${s.file}:${s.line}`).join(' -> '),
      );
  if (process.env['GATES'])
    for (const f of out.gates)
      console.log('    ', f.kind, f.guards, `${f.file}:${f.line} ${f.function}`);
}
