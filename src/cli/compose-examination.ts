import type { Disk } from '#base';
import type { ExaminationTools } from '#case';
import { type GoParser, openGoParser, type ParserPrograms, reopenGoParser } from '#golang';
import type { SumdbAsker } from '#sumdb';
import { LARGEST_SMALL_FILE, pathOf } from './compose-machine.ts';
import type { Console } from './console.ts';

const MOST_PARSER_RELOADS = 3;

function readPrograms(disk: Disk): ParserPrograms {
  const read = (name: string) => disk.read(pathOf(import.meta.resolve(name)), LARGEST_SMALL_FILE);
  return {
    core: read('web-tree-sitter/web-tree-sitter.wasm'),
    grammar: read('tree-sitter-go/tree-sitter-go.wasm'),
    library: import.meta.resolve('web-tree-sitter'),
  };
}

/** The parser, opened when the first stage asks for it, and whom to ask about the hashes. */
export function composeExamination(
  disk: Disk,
  { breathe }: Console,
  sumdb: SumdbAsker | undefined,
): ExaminationTools {
  let programs: ParserPrograms | undefined;
  let reloads = 0;
  const open = (opener: (from: ParserPrograms) => Promise<GoParser>) => {
    programs ??= readPrograms(disk);
    return opener(programs);
  };
  return {
    breathe,
    sumdb,
    openParser: () => open(openGoParser),
    reopenParser: async () => (++reloads > MOST_PARSER_RELOADS ? undefined : open(reopenGoParser)),
  };
}
