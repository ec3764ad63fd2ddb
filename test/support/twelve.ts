import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Real modules of every size and kind: no go.mod, generated code, cgo, assembly, 5,000 files. */
export const TWELVE = [
  'github.com/pkg/errors@v0.9.1',
  'github.com/google/uuid@v1.6.0',
  'github.com/spf13/cobra@v1.8.1',
  'github.com/gin-gonic/gin@v1.10.0',
  'golang.org/x/crypto@v0.31.0',
  'golang.org/x/net@v0.33.0',
  'github.com/mattn/go-sqlite3@v1.14.24',
  'google.golang.org/protobuf@v1.35.2',
  'k8s.io/client-go@v0.31.3',
  'github.com/hashicorp/consul/api@v1.30.0',
  'gopkg.in/yaml.v3@v3.0.1',
  'github.com/aws/aws-sdk-go@v1.55.5',
] as const;

/** A module as the go command fetched it. */
export interface FetchedModule {
  readonly name: string;
  readonly zip: string;
  readonly goSum: string;
  /** The h1 that the go command wrote into go.sum. */
  readonly h1: string;
}

/** Fetches a module into an empty one, so that the go command writes its go.sum. */
export function fetchModule(name: string): FetchedModule {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-fetch-'));
  const go = (...args: readonly string[]) =>
    execFileSync('go', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  writeFileSync(join(folder, 'go.mod'), 'module empty.example/m\n\ngo 1.24\n');
  go('get', name);
  const { Zip } = JSON.parse(go('mod', 'download', '-json', name)) as { Zip: string };
  const goSum = join(folder, 'go.sum');
  const line = readFileSync(goSum, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name.replace('@', ' ')} h1:`));
  return { name, zip: Zip, goSum, h1: line?.split(' ')[2] ?? '' };
}
