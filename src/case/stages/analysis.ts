import type { Emit } from '#base';
import type { Indicator, InvisibleCharacter } from '#content';
import type { FileFact } from '#detection';
import { analyzeModule, type Gap, type SourceFacts } from '#golang';
import type { GoMod, Replacement, Requirement } from '#module';
import type { Profile } from '#sandbox';
import { type Contents, readContents } from '../read-contents.ts';
import type { SourceFiles } from '../source-files.ts';
import type { ExaminationTools } from '../tools.ts';

/** What the files say, the Go source and all others. */
export interface Analysis {
  readonly source: SourceFacts;
  readonly files: readonly FileFact[];
  readonly invisible: readonly InvisibleCharacter[];
  readonly indicators: readonly Indicator[];
  readonly requires: readonly Requirement[];
  readonly replaces: readonly Replacement[];
  readonly gaps: readonly Gap[];
}

function goModGaps(goMod: GoMod | undefined): readonly Gap[] {
  return (goMod?.faults ?? []).map(({ line, detail }) => ({
    code: 'parse-error',
    file: 'go.mod',
    line,
    detail,
  }));
}

function fileFacts(
  files: SourceFiles,
  { kinds }: Contents,
  source: SourceFacts,
): readonly FileFact[] {
  return source.files.map(({ path, constraint, embeddedBy }) => {
    const { entry } = files.placedAt(path);
    return {
      path,
      size: entry.size,
      sha256: entry.sha256 ?? '',
      kind: kinds.get(path) ?? 'binary',
      constraint,
      embeddedBy,
    };
  });
}

/**
 * Reads every file through the sandbox and says what it holds. The files are opened here: the stacks of
 * accesses are cut at this function, so that they are the same whoever calls it.
 */
export async function analysisStage(
  modulePath: string,
  openFiles: () => SourceFiles,
  {
    limits,
    tools,
    emit,
  }: {
    readonly limits: Profile['limits'];
    readonly tools: ExaminationTools;
    readonly emit: Emit<{ readonly done: number; readonly total: number }>;
  },
): Promise<Analysis> {
  const files = openFiles();
  const total = files.list().filter((path) => path.endsWith('.go')).length;
  const contents = await readContents(files, tools.breathe);
  let done = 0;
  const source = await analyzeModule(modulePath, files, {
    parser: await tools.openParser(),
    reopen: tools.reopenParser,
    limits: { steps: limits.parserSteps, nodes: limits.nodes, sourceBytes: limits.sourceBytes },
    breathe: () => {
      emit({ done: ++done, total });
      return tools.breathe();
    },
  });
  return {
    source,
    files: fileFacts(files, contents, source),
    invisible: contents.invisible,
    indicators: contents.indicators,
    requires: contents.goMod?.requires ?? [],
    replaces: contents.goMod?.replaces ?? [],
    gaps: goModGaps(contents.goMod),
  };
}
