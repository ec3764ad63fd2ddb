import type { EvidenceBundle } from '#evidence';

/** The initialisers of what others can import: those of programs run when the program does. */
export function importedInitialisers({
  facts,
}: EvidenceBundle): EvidenceBundle['facts']['onImport'] {
  const programs = new Set(
    facts.packages.filter(({ name }) => name === 'main').flatMap(({ files }) => files),
  );
  return facts.onImport.filter(({ file }) => !programs.has(file));
}
