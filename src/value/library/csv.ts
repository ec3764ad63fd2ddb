import type { CallContext, Native } from '../compile/model.ts';
import { sliceOf } from '../run/convert.ts';
import { Items } from '../run/stores.ts';
import { BOOL, INT, INT32, type NamedType, STRING, structOf, type Type } from '../run/types.ts';
import {
  boolValue,
  type How,
  intValue,
  NIL,
  Tuple,
  textValue,
  UNKNOWN,
  type Value,
} from '../run/value.ts';
import type { LibraryPart } from './part.ts';
import { drain } from './readers.ts';
import { errorValue } from './strconv.ts';
import { howOf, pointerTo, receiver } from './support.ts';

const field = (name: string, type: Type) => ({ name, type, isEmbedded: false, tag: '' });
const FIELDS = structOf([
  field('rest', STRING),
  field('Comma', INT32),
  field('Comment', INT32),
  field('FieldsPerRecord', INT),
  field('LazyQuotes', BOOL),
  field('TrimLeadingSpace', BOOL),
  field('ReuseRecord', BOOL),
]);
const READER: NamedType = {
  kind: 'named',
  path: 'encoding/csv',
  name: 'Reader',
  under: () => FIELDS,
};
const TEXTS: Type = { kind: 'slice', element: STRING };
const RECORDS: Type = { kind: 'slice', element: TEXTS };

/** Fields of records as encoding/csv reads them; undefined for what it refuses. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one field after the other, quoted or not.
function parse(text: string, comma: string): readonly (readonly string[])[] | undefined {
  const source = text.replaceAll('\r\n', '\n').replace(/\r$/, '');
  const records: string[][] = [];
  let at = 0;
  while (at < source.length) {
    if (source[at] === '\n') {
      at++;
      continue;
    }
    const record: string[] = [];
    for (let isMore = true; isMore; ) {
      let value = '';
      if (source[at] === '"') {
        at++;
        for (;;) {
          const end = source.indexOf('"', at);
          if (end < 0) return undefined;
          value += source.slice(at, end);
          at = end + 1;
          if (source[at] !== '"') break;
          value += '"';
          at++;
        }
        if (at < source.length && source[at] !== comma && source[at] !== '\n') return undefined;
      } else {
        const start = at;
        while (at < source.length && source[at] !== comma && source[at] !== '\n') at++;
        value = source.slice(start, at);
        if (value.includes('"')) return undefined;
      }
      record.push(value);
      isMore = source[at] === comma;
      at++;
    }
    records.push(record);
  }
  return records;
}

const create: Native = (context, [from]) => {
  const rest = drain(context, from);
  if (rest === undefined || rest.isFaulty) return UNKNOWN;
  const zero = [
    intValue(44),
    intValue(0),
    intValue(0),
    boolValue(false),
    boolValue(false),
    boolValue(false),
  ];
  return pointerTo(context, READER, [rest.value, ...zero]);
};

/** What is said to be read, where all settings are known and usual. */
function recordsOf(context: CallContext, reader: Value | undefined) {
  const { m } = context;
  const items = receiver(context, reader);
  if (items === undefined) return undefined;
  const rest = m.get(items, 0);
  const [comma, comment, count, lazy, trim] = [1, 2, 3, 4, 5].map(
    (place) => m.get(items, place)?.v,
  );
  m.put(items, 0, UNKNOWN);
  const isUsual = comment === 0 && lazy === false && trim === false && typeof count === 'number';
  const isPlain =
    typeof comma === 'number' && comma > 0 && comma < 128 && ![10, 13, 34].includes(comma);
  if (typeof rest?.v !== 'string' || !isUsual || !isPlain) return undefined;
  m.step(rest.v.length >> 3);
  const records = parse(rest.v, String.fromCharCode(comma));
  const wanted = count === 0 ? records?.[0]?.length : count;
  const isEven = records?.every((record) => count < 0 || record.length === wanted);
  return {
    // Undefined where encoding/csv refuses them.
    records: isEven === true ? records : undefined,
    how: howOf('csv', context, [rest]),
  };
}

function listOf({ m }: CallContext, record: readonly string[], how: How): Value {
  m.allocate(record.length * 4);
  const values = record.map((value) => textValue(value, how));
  return sliceOf(TEXTS, new Items(values, STRING, m.epoch));
}

const readAll: Native = (context, [reader]) => {
  const found = recordsOf(context, reader);
  if (found === undefined) return UNKNOWN;
  const { records, how } = found;
  if (records === undefined) return new Tuple([NIL, errorValue(context, UNKNOWN)]);
  if (records.length === 0) return new Tuple([NIL, NIL]);
  const lists = records.map((record) => listOf(context, record, how));
  return new Tuple([sliceOf(RECORDS, new Items(lists, TEXTS, context.m.epoch)), NIL]);
};

/** The first record; the reader is not followed further. */
const read: Native = (context, [reader]) => {
  const found = recordsOf(context, reader);
  if (found?.records === undefined) return UNKNOWN;
  const [first] = found.records;
  return first === undefined
    ? new Tuple([NIL, errorValue(context, UNKNOWN)])
    : new Tuple([listOf(context, first, found.how), NIL]);
};

/** Package encoding/csv, reading. */
export const CSV_LIBRARY: LibraryPart = {
  functions: {
    'encoding/csv.NewReader': create,
    'encoding/csv.Reader.ReadAll': readAll,
    'encoding/csv.Reader.Read': read,
  },
  types: { 'encoding/csv.Reader': READER },
};
