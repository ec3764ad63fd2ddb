import type { Library } from '../compile/compiler.ts';
import { ADDRESSES_LIBRARY } from './addresses.ts';
import { BUILDERS_LIBRARY } from './builders.ts';
import { CIPHERS_LIBRARY } from './ciphers.ts';
import { COLLECTIONS_LIBRARY } from './collections.ts';
import { CSV_LIBRARY } from './csv.ts';
import { DOCUMENTS_LIBRARY } from './documents.ts';
import { EMBEDDED_LIBRARY } from './embedded.ts';
import { ENCODINGS_LIBRARY } from './encodings.ts';
import { FMT_LIBRARY } from './fmt.ts';
import { NUMERIC_LIBRARY } from './numeric.ts';
import type { LibraryPart } from './part.ts';
import { READERS_LIBRARY } from './readers.ts';
import { STRCONV_LIBRARY } from './strconv.ts';
import { STRINGS_LIBRARY } from './strings.ts';

const PARTS: readonly LibraryPart[] = [
  STRINGS_LIBRARY,
  BUILDERS_LIBRARY,
  STRCONV_LIBRARY,
  FMT_LIBRARY,
  ENCODINGS_LIBRARY,
  ADDRESSES_LIBRARY,
  NUMERIC_LIBRARY,
  READERS_LIBRARY,
  CIPHERS_LIBRARY,
  COLLECTIONS_LIBRARY,
  CSV_LIBRARY,
  DOCUMENTS_LIBRARY,
  EMBEDDED_LIBRARY,
];

/** The standard library, as far as it is followed. */
export function createLibrary(): Library {
  const natives = new Map(PARTS.flatMap((part) => Object.entries(part.functions)));
  const types = new Map(PARTS.flatMap((part) => Object.entries(part.types ?? {})));
  const values = new Map(PARTS.flatMap((part) => Object.entries(part.values ?? {})));
  return {
    native: (name) => natives.get(name),
    type: (path, name) => types.get(`${path}.${name}`),
    value: (path, name) => values.get(`${path}.${name}`),
    isHarmless: (name) => HARMLESS.test(name),
  };
}

/** Functions that neither keep nor change what they are given. */
const HARMLESS =
  /^(fmt\.(Print|Sprint|Fprint|Errorf)|log\.(Print|Fatal|Panic|SetFlags|SetPrefix)|log\/slog\.(Debug|Info|Warn|Error)|errors\.(New|Is|Unwrap|Join)$|os\.(WriteFile|Open|Create|Mkdir|Remove|Rename|Stat|ReadFile|Setenv|Getenv|Exit|Chmod)|os\/exec\.Command|net\.(Dial|Listen|Lookup|JoinHostPort)|net\/http\.(Get|Post|NewRequest|Head)|(strings|bytes)\.(?!\w*Func)|strconv\.(?!Append)|unicode\.|unicode\/utf8\.(?!EncodeRune|AppendRune)|path\.|path\/filepath\.(?!Walk)|regexp\.|time\.(?!AfterFunc)|syscall\.(Exec|Open)|crypto\/(md5|sha1|sha256|sha512)\.Sum|hash\/)/;
