/** What says that a file was written by a program, and whether it looks so. */
export interface Generated {
  readonly line: number;
  /** The program that the marker names; null where it names none. */
  readonly by: string | null;
  /** False where the program is known and its hand is not seen in the file; null where it is not known. */
  readonly looksSo: boolean | null;
}

/** The marker that the go command and its tools know (`go help generate`). */
const MARKER = /^\/\/ Code generated (.*)DO NOT EDIT\.$/m;
/** What stands in every file of a generator. */
const HANDS: Readonly<Record<string, RegExp>> = {
  'protoc-gen-go': /\bproto(?:impl|reflect)?\.|\bprotoc/,
  'protoc-gen-go-grpc': /\bgrpc\./,
  'protoc-gen-gogo': /\bproto\./,
  mockgen: /\bgomock\./,
  mockery: /\bmock\./,
  moq: /\bMock\b|\bcalls\b/,
  stringer: /_index|_name|_map/,
  easyjson: /\bjlexer\b|\bjwriter\b/,
  msgp: /\bmsgp\./,
  'deepcopy-gen': /\bDeepCopy/,
  'client-gen': /\brest\.|\bclientset\b|\bscheme\b/i,
  'lister-gen': /\bLister\b/,
  'informer-gen': /\bInformer\b|\binternalinterfaces\b/,
  'conversion-gen': /\bconversion\./,
  'go-bindata': /\bbindata|\bAsset\b/i,
};

/** The line of the marker and its program, where a line before the package clause has one. */
export function generatedOf(text: string): Generated | undefined {
  const clause = /^package /m.exec(text)?.index ?? text.length;
  const found = MARKER.exec(text.slice(0, clause));
  if (found === null) return undefined;
  const [, words = ''] = found;
  const [, by = null] = /\bby (?:"?(?:go run )?)?([\w./-]{1,80})/.exec(words) ?? [];
  const name = by?.split('/').pop()?.replace(/\.$/, '') ?? '';
  const hand = HANDS[name];
  return {
    line: text.slice(0, found.index).split('\n').length,
    by: by?.replace(/\.$/, '') ?? null,
    looksSo: hand === undefined ? null : hand.test(text.slice(clause)),
  };
}
