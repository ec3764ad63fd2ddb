import { type CipherName, decipher, digestOf, encipher, openGcm, sha256 } from '#base';
import type { CallContext, Native } from '../compile/model.ts';
import { fromByteText } from '../run/convert.ts';
import { asSlice } from '../run/stores.ts';
import { INT, type NamedType, STRING, structOf } from '../run/types.ts';
import { type How, intValue, NIL, Tuple, textValue, UNKNOWN, Value } from '../run/value.ts';
import { madeBytes, writeInto } from './encodings.ts';
import type { LibraryPart } from './part.ts';
import { errorValue } from './strconv.ts';
import { bytes, count, howOf, pointerTo, receiver, text } from './support.ts';
import { byteText } from './text-kinds.ts';

function typeOf(path: string, name: string, fields: readonly string[]): NamedType {
  const struct = structOf(
    fields.map((one) => ({ name: one, type: STRING, isEmbedded: false, tag: '' })),
  );
  return { kind: 'named', path, name, under: () => struct };
}

/** A block cipher: its name and key. */
const BLOCK = typeOf('crypto/cipher', 'Block', ['name', 'key']);
/** A mode of one, or a stream: name, key, vector, and how much went through. */
const MODE = typeOf('crypto/cipher', 'Mode', ['name', 'key', 'iv', 'done']);
const AEAD = typeOf('crypto/cipher', 'AEAD', ['key', 'nonce']);
/** A hash: its name and what was written so far. */
const HASH = typeOf('hash', 'Hash', ['name', 'written']);

const known = (value: Value | undefined, { m }: CallContext): Uint8Array | undefined =>
  bytes(m, value);

/** The fields of a receiver as text. */
function fields(
  context: CallContext,
  target: Value | undefined,
  count: number,
): readonly string[] | undefined {
  const items = receiver(context, target);
  if (items === undefined) return undefined;
  const all = Array.from({ length: count }, (_, i) => text(context.m.get(items, i)));
  return all.includes(undefined) ? undefined : (all as string[]);
}

const AES_KEYS = new Set([16, 24, 32]);

/** `NewCipher(key) (Block, error)`. */
const newCipher =
  (name: string, sizes: ReadonlySet<number>): Native =>
  (context, [key]) => {
    const found = known(key, context);
    if (found === undefined) return UNKNOWN;
    if (!sizes.has(found.length)) return new Tuple([NIL, errorValue(context, UNKNOWN)]);
    return new Tuple([
      pointerTo(context, BLOCK, [textValue(name), textValue(byteText(found))]),
      NIL,
    ]);
  };

const blockSize: Native = (context, [target]) => {
  const found = fields(context, target, 1);
  return found === undefined ? UNKNOWN : intValue(found[0] === 'aes' ? 16 : 8);
};

/** A mode over a block cipher and a vector. */
const newMode =
  (mode: string): Native =>
  (context, [block, iv]) => {
    const found = fields(context, block, 2);
    const vector = known(iv, context);
    if (found === undefined || vector === undefined) return UNKNOWN;
    const [name = '', key = ''] = found;
    const parts = [`${name}:${mode}`, key, byteText(vector), ''];
    return pointerTo(
      context,
      MODE,
      parts.map((part) => textValue(part)),
    );
  };

function cipherName(name: string, key: string, mode: string): CipherName | undefined {
  if (name === 'aes') return `aes-${(key.length * 8) as 256}-${mode as 'cbc'}`;
  return mode === 'cbc' ? 'des-ede3-cbc' : undefined;
}

/** Three keys of DES from one, or from the two that some use. */
function desKey(name: string, key: string): string {
  return name === 'des' ? key.repeat(3) : key;
}

/** What a mode makes of data, given what went through it before. */
function pass(
  [kind = '', key = '', iv = '', done = '']: readonly string[],
  data: Uint8Array,
): Uint8Array | undefined {
  const all = fromByteText(done + byteText(data));
  const [name = '', mode = ''] = kind.split(':');
  const whole = runMode(name, mode, { key, iv, all });
  return whole?.subarray(done.length);
}

function runMode(
  name: string,
  mode: string,
  { key, iv, all }: { readonly key: string; readonly iv: string; readonly all: Uint8Array },
): Uint8Array | undefined {
  if (name === 'rc4') return rc4(fromByteText(key), all);
  const [base = '', direction] = mode.split('-');
  if (name === 'chacha20') {
    const vector = fromByteText(`\0\0\0\0${iv}`);
    return encipher({ name: 'chacha20', key: fromByteText(key), iv: vector }, all);
  }
  const cipher = cipherName(name, key, base);
  if (cipher === undefined) return undefined;
  const run = { name: cipher, key: fromByteText(desKey(name, key)), iv: fromByteText(iv) };
  return direction === 'in' ? encipher(run, all) : decipher(run, all);
}

/** RC4; keys of 1 to 256 bytes. */
function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const swap = (i: number, j: number) => {
    const before = state[i] ?? 0;
    state[i] = state[j] ?? 0;
    state[j] = before;
  };
  let j = 0;
  for (let i = 0; i < 256; i++) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let i = 0;
  j = 0;
  return data.map((byte) => {
    i = (i + 1) & 255;
    j = (j + (state[i] ?? 0)) & 255;
    swap(i, j);
    return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) & 255] ?? 0);
  });
}

/** `CryptBlocks(dst, src)` and `XORKeyStream(dst, src)`. */
const crypt: Native = (context, [target, to, from]) => {
  const found = fields(context, target, 4);
  const data = known(from, context);
  const into = asSlice(to?.v);
  const items = receiver(context, target);
  if (into === null || into === undefined || !('items' in into)) return UNKNOWN;
  const result = found && data && pass(found, data);
  if (
    found === undefined ||
    data === undefined ||
    result === undefined ||
    result.length > into.length
  ) {
    context.m.escape(into.items);
    return UNKNOWN;
  }
  context.m.step(data.length >> 4);
  const [kind = ''] = found;
  const how: How = howOf(kind.split(':')[0] ?? 'aes', context, [from]);
  writeInto(context, into, [result, how]);
  if (items !== undefined) context.m.put(items, 3, textValue((found[3] ?? '') + byteText(data)));
  return UNKNOWN;
};

const newGcm: Native = (context, [block, size]) => {
  const found = fields(context, block, 2);
  const nonce = size === undefined ? 12 : count(size);
  if (found?.[0] !== 'aes' || nonce === undefined) return UNKNOWN;
  const made = pointerTo(context, AEAD, [textValue(found[1] ?? ''), textValue(String(nonce))]);
  return new Tuple([made, NIL]);
};

const openSealed: Native = (context, [target, to, nonce, sealed, additional]) => {
  const found = fields(context, target, 2);
  const [vector, data, more] = [nonce, sealed, additional].map((one) => known(one, context));
  const isNew = to?.v === null;
  if (
    found === undefined ||
    vector === undefined ||
    data === undefined ||
    more === undefined ||
    !isNew
  )
    return UNKNOWN;
  const opened = openGcm({ key: fromByteText(found[0] ?? ''), iv: vector }, data, more);
  if (opened === undefined) return new Tuple([new Value(to.t, null), errorValue(context, UNKNOWN)]);
  return new Tuple([madeBytes(context, 'aes', [opened, [sealed]]), NIL]);
};

/** `NewCipher(key) (*Cipher, error)` of a stream. */
const newStream =
  (name: string): Native =>
  (context, [key, nonce]) => {
    const found = known(key, context);
    const vector = nonce === undefined ? new Uint8Array(0) : known(nonce, context);
    if (found === undefined || found.length === 0 || vector === undefined) return UNKNOWN;
    const parts = [`${name}:`, byteText(found), byteText(vector), ''];
    return new Tuple([
      pointerTo(
        context,
        MODE,
        parts.map((part) => textValue(part)),
      ),
      NIL,
    ]);
  };

const DIGESTS: Readonly<Record<string, (data: Uint8Array) => Uint8Array>> = {
  md5: (data) => digestOf('md5', data),
  sha1: (data) => digestOf('sha1', data),
  sha256: (data) => sha256(data),
  sha224: (data) => digestOf('sha224', data),
  sha384: (data) => digestOf('sha384', data),
  sha512: (data) => digestOf('sha512', data),
};

const newHash =
  (name: string): Native =>
  (context) =>
    pointerTo(context, HASH, [textValue(name), textValue('')]);

const writeHash: Native = (context, [target, value]) => {
  const items = receiver(context, target);
  const before = items && text(context.m.get(items, 1));
  const more = known(value, context);
  if (items === undefined) return UNKNOWN;
  if (before === undefined || more === undefined) {
    context.m.put(items, 1, UNKNOWN);
    return UNKNOWN;
  }
  context.m.put(items, 1, textValue(before + byteText(more), value?.how));
  return new Tuple([intValue(more.length), NIL]);
};

const sumHash: Native = (context, [target, value]) => {
  const found = fields(context, target, 2);
  const front = value?.v === null ? new Uint8Array(0) : known(value, context);
  const run = DIGESTS[found?.[0] ?? ''];
  if (found === undefined || front === undefined || run === undefined) return UNKNOWN;
  const result = run(fromByteText(found[1] ?? ''));
  return madeBytes(context, found[0] ?? '', [Uint8Array.from([...front, ...result]), []]);
};

/** Packages crypto/… as far as keys are known. */
export const CIPHERS_LIBRARY: LibraryPart = {
  functions: {
    'crypto/aes.NewCipher': newCipher('aes', AES_KEYS),
    'crypto/des.NewCipher': newCipher('des', new Set([8])),
    'crypto/des.NewTripleDESCipher': newCipher('3des', new Set([24])),
    'crypto/cipher.Block.BlockSize': blockSize,
    'crypto/cipher.NewCBCDecrypter': newMode('cbc-out'),
    'crypto/cipher.NewCBCEncrypter': newMode('cbc-in'),
    'crypto/cipher.NewCTR': newMode('ctr-in'),
    'crypto/cipher.NewCFBDecrypter': newMode('cfb-out'),
    'crypto/cipher.NewCFBEncrypter': newMode('cfb-in'),
    'crypto/cipher.NewOFB': newMode('ofb-in'),
    'crypto/cipher.NewGCM': newGcm,
    'crypto/cipher.NewGCMWithNonceSize': newGcm,
    'crypto/cipher.Mode.CryptBlocks': crypt,
    'crypto/cipher.Mode.XORKeyStream': crypt,
    'crypto/cipher.AEAD.Open': openSealed,
    'crypto/cipher.AEAD.NonceSize': (context, [target]) => {
      const size = fields(context, target, 2)?.[1];
      return size === undefined ? UNKNOWN : intValue(Number(size));
    },
    'crypto/cipher.AEAD.Overhead': () => intValue(16),
    'crypto/rc4.NewCipher': newStream('rc4'),
    'golang.org/x/crypto/chacha20.NewUnauthenticatedCipher': newStream('chacha20'),
    ...Object.fromEntries(
      [
        ['crypto/md5.New', 'md5'],
        ['crypto/sha1.New', 'sha1'],
        ['crypto/sha256.New', 'sha256'],
        ['crypto/sha256.New224', 'sha224'],
        ['crypto/sha512.New', 'sha512'],
        ['crypto/sha512.New384', 'sha384'],
      ].map(([path = '', name = '']) => [path, newHash(name)]),
    ),
    'hash.Hash.Write': writeHash,
    'hash.Hash.Sum': sumHash,
  },
  values: { 'crypto/aes.BlockSize': new Value(INT, 16), 'crypto/des.BlockSize': new Value(INT, 8) },
};
