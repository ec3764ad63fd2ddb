import { baseName } from '#base';
import type { FileFact, FileUse } from '#detection';
import type { SourceFacts } from '#golang';
import type { Contents } from './read-contents.ts';
import type { SourceFiles } from './source-files.ts';

/** Files that one archive is said to hold; more are counted. */
const MOST_INNER = 1000;
const BUILT = new Set(['go', 'assembly', 'c', 'header', 'syso']);
const OF_MODULE = new Set(['go.mod', 'go.sum']);

function useOf(
  { path, isTest, isIgnored, embeddedBy }: SourceFacts['files'][number],
  kind: string,
  named: Contents['named'],
): FileUse {
  if (OF_MODULE.has(kind)) return 'built';
  if (embeddedBy.length > 0) return 'embedded';
  const mention = named.get(baseName(path));
  // Data of tests that built code names as well is not for tests alone.
  if (mention?.onlyByTests === false && !BUILT.has(kind)) return 'named';
  if (isTest || /(?:^|\/)testdata\//.test(path)) return 'tested';
  if (BUILT.has(kind)) return isIgnored ? 'none' : 'built';
  return mention === undefined ? 'none' : 'named';
}

/** What every file of the module is, and what becomes of it. */
export function fileFacts(
  files: SourceFiles,
  { files: contents, named }: Contents,
  source: SourceFacts,
): readonly FileFact[] {
  return source.files.map((file) => {
    const { path, constraint, embeddedBy } = file;
    const { entry } = files.placedAt(path);
    const { kind = 'binary', format = 'data', inside, ...more } = contents.get(path) ?? {};
    return {
      path,
      size: entry.size,
      sha256: entry.sha256 ?? '',
      kind,
      constraint,
      embeddedBy,
      format,
      use: useOf(file, kind, named),
      ...more,
      ...(inside === undefined
        ? {}
        : {
            inside: {
              files: inside.files.slice(0, MOST_INNER),
              count: inside.files.length,
              end: inside.end,
            },
          }),
    };
  });
}
