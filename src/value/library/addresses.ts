import { encodeUtf8, toByteString } from '#base';
import type { Native } from '../compile/model.ts';
import { NIL, Tuple, textValue, UNKNOWN } from '../run/value.ts';
import { HTML_ENTITIES } from './entities.ts';
import type { LibraryPart } from './part.ts';
import { errorValue } from './strconv.ts';
import { made, onTexts, text } from './support.ts';

/** path.Clean. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const isRooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isRooted) parts.push('..');
  }
  const joined = parts.join('/');
  return isRooted ? `/${joined}` : joined === '' ? '.' : joined;
}

const join =
  (operation: string): Native =>
  (context, args) => {
    const parts = args.map(text);
    if (parts.includes(undefined)) return UNKNOWN;
    const some = parts.filter((part) => part !== '');
    return made(context, operation, [some.length === 0 ? '' : cleanPath(some.join('/')), args]);
  };

function base(path: string): string {
  if (path === '') return '.';
  const bare = path.replace(/\/+$/, '');
  return bare === '' ? '/' : bare.slice(bare.lastIndexOf('/') + 1);
}

const extension = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
};

/** Functions of path; path/filepath has the same on systems whose separator is a slash. */
function pathFunctions(name: string): Readonly<Record<string, Native>> {
  return {
    [`${name}.Join`]: join('path'),
    [`${name}.Base`]: onTexts('path', base),
    [`${name}.Ext`]: onTexts('path', extension),
    [`${name}.Clean`]: onTexts('path', cleanPath),
    [`${name}.Dir`]: onTexts('path', (path = '') =>
      cleanPath(path.slice(0, path.lastIndexOf('/') + 1)),
    ),
    [`${name}.IsAbs`]: onTexts('path', (path = '') => path.startsWith('/')),
    [`${name}.Split`]: (context, args) => {
      const known = text(args[0]);
      if (known === undefined) return UNKNOWN;
      const at = known.lastIndexOf('/') + 1;
      const parts = [known.slice(0, at), known.slice(at)];
      return new Tuple(parts.map((part) => made(context, 'path', [part, args])));
    },
  };
}

const QUERY = /[^A-Za-z0-9\-_.~]/g;
const PATH = /[^A-Za-z0-9\-_.~$&+:=@]/g;

function escapeWith(unsafe: RegExp, isQuery: boolean): (known?: string) => string {
  return (known = '') =>
    known.replace(unsafe, (one) =>
      isQuery && one === ' '
        ? '+'
        : `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}

/** Decodes percent signs; undefined where one is no escape. */
function decodePercents(known: string, isQuery: boolean): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(known)) return undefined;
  const plain = isQuery ? known.replaceAll('+', ' ') : known;
  return plain.replace(/%(..)/g, (_, pair: string) => String.fromCharCode(Number(`0x${pair}`)));
}

const unescapeNative =
  (isQuery: boolean): Native =>
  (context, args) => {
    const known = text(args[0]);
    if (known === undefined) return UNKNOWN;
    const result = decodePercents(known, isQuery);
    if (result === undefined) return new Tuple([textValue(''), errorValue(context, UNKNOWN)]);
    return new Tuple([made(context, 'url', [result, args]), NIL]);
  };

/** url.JoinPath of a plain address. */
const joinPath: Native = (context, args) => {
  const parts = args.map(text);
  const [first = '', ...rest] = parts as string[];
  const isPlain = /^[a-z]+:\/\/[\w.:-]+(\/[\w./~-]*)?$/.test(first);
  if (parts.includes(undefined) || !isPlain || rest.some((part) => !/^[\w./~-]*$/.test(part)))
    return UNKNOWN;
  const [, origin = '', path = ''] = /^([a-z]+:\/\/[\w.:-]+)(.*)$/.exec(first) ?? [];
  const joined = cleanPath(`/${[path, ...rest].join('/')}`);
  const ends = (rest.at(-1) ?? path).endsWith('/') && joined !== '/';
  return new Tuple([made(context, 'url', [`${origin}${joined}${ends ? '/' : ''}`, args]), NIL]);
};

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
};

/** Numbers that HTML reads as something else: those of windows-1252. */
const REPLACED = [
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152,
  0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122,
  0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
];

function numbered(point: number): string {
  const known = point >= 0x80 && point <= 0x9f ? (REPLACED[point - 0x80] ?? point) : point;
  const isValid = known > 0 && known <= 0x10ffff && !(known >= 0xd800 && known <= 0xdfff);
  return toByteString(encodeUtf8(String.fromCodePoint(isValid ? known : 0xfffd)));
}

/** html.UnescapeString; undefined for names that are not in the list. */
function unescapeHtml(known: string): string | undefined {
  let isSure = true;
  const result = known.replace(
    /&(#[xX][0-9a-fA-F]+;?|#\d+;?|[A-Za-z][A-Za-z0-9]*;?)/g,
    (whole, body: string) => {
      const number = /^#(?:[xX]([0-9a-fA-F]+)|(\d+));?$/.exec(body);
      if (number !== null) {
        const [, hex, decimal = ''] = number;
        return numbered(hex === undefined ? Number(decimal) : Number(`0x${hex}`));
      }
      const entity = HTML_ENTITIES[body.replace(/;$/, '')];
      if (entity !== undefined && body.endsWith(';')) return toByteString(encodeUtf8(entity));
      isSure = false;
      return whole;
    },
  );
  return isSure ? result : undefined;
}

const joinHostPort: Native = (context, args) => {
  const [host, port] = [text(args[0]), text(args[1])];
  if (host === undefined || port === undefined) return UNKNOWN;
  const shown = host.includes(':') || host.includes('%') ? `[${host}]` : host;
  return made(context, 'join', [`${shown}:${port}`, args]);
};

/** Packages path, net/url, html, and what else puts addresses together. */
export const ADDRESSES_LIBRARY: LibraryPart = {
  functions: {
    ...pathFunctions('path'),
    ...pathFunctions('path/filepath'),
    'path/filepath.ToSlash': onTexts('path', (path) => path),
    'path/filepath.FromSlash': onTexts('path', (path) => path),
    'net.JoinHostPort': joinHostPort,
    'net/url.QueryEscape': onTexts('to-url', escapeWith(QUERY, true)),
    'net/url.PathEscape': onTexts('to-url', escapeWith(PATH, false)),
    'net/url.QueryUnescape': unescapeNative(true),
    'net/url.PathUnescape': unescapeNative(false),
    'net/url.JoinPath': joinPath,
    'html.EscapeString': onTexts('to-html', (known = '') =>
      known.replace(/[&'<>"]/g, (one) => HTML_ESCAPES[one] ?? one),
    ),
    'html.UnescapeString': onTexts('html', (known = '') => unescapeHtml(known)),
  },
};
