import type { ExaminationTools } from '#case';
import { type GoParser, openGoParser, type ParserPrograms, reopenGoParser } from '#golang';
import { composeDisk, LARGEST_SMALL_FILE, pathOf } from './compose-machine.ts';

const MOST_PARSER_RELOADS = 3;

function readPrograms(): ParserPrograms {
  const disk = composeDisk();
  const read = (name: string) => disk.read(pathOf(import.meta.resolve(name)), LARGEST_SMALL_FILE);
  return {
    core: read('web-tree-sitter/web-tree-sitter.wasm'),
    grammar: read('tree-sitter-go/tree-sitter-go.wasm'),
    library: import.meta.resolve('web-tree-sitter'),
  };
}

/** The parser, opened when the first stage asks for it. */
export function composeParser(): Pick<ExaminationTools, 'openParser' | 'reopenParser'> {
  let programs: ParserPrograms | undefined;
  let reloads = 0;
  const open = (opener: (from: ParserPrograms) => Promise<GoParser>) => {
    programs ??= readPrograms();
    return opener(programs);
  };
  return {
    openParser: () => open(openGoParser),
    reopenParser: async () => (++reloads > MOST_PARSER_RELOADS ? undefined : open(reopenGoParser)),
  };
}
