import type { UseFact } from '#golang';

/** The place and trigger of a use, as an observation gives them. */
export function placeOfUse({ file, line, column, endLine, endColumn, trigger }: UseFact) {
  return { file, line, column, endLine, endColumn, trigger };
}
