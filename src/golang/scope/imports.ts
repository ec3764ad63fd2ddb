/** The name that an import has when the file gives none: the last element without a version. */
export function guessPackageName(path: string): string {
  const elements = path.split('/');
  const last = elements.at(-1) ?? '';
  const named = /^v[0-9]+$/.test(last) && elements.length > 1 ? (elements.at(-2) ?? '') : last;
  return named
    .replace(/\.v[0-9]+(-unstable)?$/, '')
    .replace(/^go-|[.-]go$/, '')
    .replaceAll('-', '_');
}
