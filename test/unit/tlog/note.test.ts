import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#base';
import {
  createSignerKey,
  formatSignerKey,
  formatTreeHead,
  formatVerifierKey,
  openNote,
  openTreeHead,
  parseSignerKey,
  parseTreeHead,
  parseVerifierKey,
  signNote,
} from '#tlog';

const GO_KEY = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETERS_SECRET =
  'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETERS_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCHS_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

/** Signed heads that sum.golang.org published: size, root, signature. */
const HEADS = [
  [
    3935567,
    'SapHtgdNCeF00Cx8kqztePV24kgzNg++Xovae42HAMw=',
    'Az3grsm7Wm4CVNR1RHq9BFnu9jzcRlU2uw7lr0gfUWgO6+rqPNjT+fUTl9gH0NRTgdwW9nItuQSMbhSaLCsk8YeYSAs=',
  ],
  [
    6476701,
    'mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=',
    'Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=',
  ],
  [
    15368405,
    '/g9am3I6YWNKaZX/jkne1fqd9zEyjss+JXyPXG0WfkY=',
    'Az3grqJGUaSGukG9p8nI2vKgiFn7qGHxn0W+mrwyI6Gz3F0t1J3LzmWk/p96Ybf295EjwdSwlzgijq5WA9d1Ded7owM=',
  ],
  [
    52544510,
    '+TGlZfnTizQCJgyZR56QixD8+X4dd8Wefy8U1w6k0Ig=',
    'Az3grn6d1PSjcypDf9bfcFVU5fvJB7VkLc0MAbz8jqeQVnSbAj9pKcsB5dJt5VdswPDUtiFar5LPRBu+uEQAT1CDfAc=',
  ],
  [
    65209736,
    '5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=',
    'Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=',
  ],
] as const;

const note = (text: string) => encodeUtf8(text);

function refusal(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe('keys', () => {
  test('verifier keys are what they say', () => {
    expect(parseVerifierKey(GO_KEY)).toMatchObject({ name: 'sum.golang.org', hash: 0x033de0ae });
    expect(createSignerKey('EnochRoot', new Uint8Array(32)).verifier).toBe(ENOCH);
    expect(parseSignerKey(PETERS_SECRET).verifier).toBe(PETER);
    expect(
      formatVerifierKey('EnochRoot', Buffer.from(ENOCH.split('+')[2]!, 'base64').subarray(1)),
    ).toBe(ENOCH);
    expect(parseSignerKey(formatSignerKey('é', new Uint8Array(32).fill(7))).name).toBe('é');
  });

  test.each([
    ['', 'MALFORMED_KEY'],
    ['a+b', 'MALFORMED_KEY'],
    [PETER.replace('c74f20a3', 'c74f20a'), 'MALFORMED_KEY'],
    [PETER.replace('c74f20a3', 'c74f20a4'), 'KEY_HASH'],
    [PETER.replace('PeterNeumann', 'Peter Neumann'), 'MALFORMED_KEY'],
    [PETER.replace('PeterNeumann', 'Peter\u0085Neumann'), 'MALFORMED_KEY'],
    ['PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'KEY_ALGORITHM'],
    ['PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==', 'NOT_CANONICAL'],
  ])('%s is refused', (key, code) => {
    expect(refusal(() => parseVerifierKey(key))).toBe(code);
  });

  test('a refused signer key is not repeated', () => {
    for (const key of [PETERS_SECRET.slice(0, -4), PETERS_SECRET.replace('c74f20a3', '00000000')]) {
      expect(() => parseSignerKey(key)).toThrow(/^(?!.*AYEKFALV)/);
      expect(refusal(() => parseSignerKey(key))).toMatch(/MALFORMED_KEY|KEY_HASH/);
    }
  });
});

describe('notes', () => {
  const keys = [parseVerifierKey(PETER), parseVerifierKey(ENOCH)];

  test('signing makes the published bytes', () => {
    const signers = [
      parseSignerKey(PETERS_SECRET),
      createSignerKey('EnochRoot', new Uint8Array(32)),
    ];
    const signed = signNote(TEXT, signers);
    expect(Buffer.from(signed).toString()).toBe(`${TEXT}\n${PETERS_LINE}${ENOCHS_LINE}`);
    expect(openNote(signed, keys).signers.map(({ name }) => name)).toEqual([
      'PeterNeumann',
      'EnochRoot',
    ]);
  });

  test('unknown keys are passed over, known ones have to hold', () => {
    const both = note(`${TEXT}\n${PETERS_LINE}${ENOCHS_LINE}`);
    const opened = openNote(both, [keys[1]!]);
    expect(opened.signers.map(({ name }) => name)).toEqual(['EnochRoot']);
    expect(opened.unverified).toEqual([PETERS_LINE.slice(2, -1)]);
    expect(refusal(() => openNote(both, []))).toBe('UNKNOWN_KEYS');
    expect(refusal(() => openNote(both, [keys[0]!, keys[0]!]))).toBe('AMBIGUOUS_KEY');
    // A bad one beside a good one.
    const bad = ENOCHS_LINE.replace('zmZa0', 'zmZa1');
    expect(refusal(() => openNote(note(`${TEXT}\n${PETERS_LINE}${bad}`), keys))).toBe(
      'INVALID_SIGNATURE',
    );
    expect(
      refusal(() => openNote(note(`${TEXT}\n${PETERS_LINE}${bad}`), [keys[0]!])),
    ).toBeUndefined();
  });

  test.each([
    ['a changed text', `${TEXT} \n${PETERS_LINE}`, 'MALFORMED_NOTE'],
    ['a changed word', `${TEXT.replace('know', 'knew')}\n${PETERS_LINE}`, 'INVALID_SIGNATURE'],
    ['no blank line', `${TEXT}${PETERS_LINE}`, 'MALFORMED_NOTE'],
    ['no line feed at its end', `${TEXT}\n${PETERS_LINE.trimEnd()}`, 'MALFORMED_NOTE'],
    ['a tab', `${TEXT}\t\n\n${PETERS_LINE}`, 'MALFORMED_NOTE'],
    ['a carriage return', `${TEXT}\n${PETERS_LINE.replace('\n', '\r\n')}`, 'MALFORMED_NOTE'],
    ['a hyphen', `${TEXT}\n${PETERS_LINE.replace('—', '-')}`, 'MALFORMED_NOTE'],
    ['a short signature', `${TEXT}\n— PeterNeumann AAAAAA==\n`, 'MALFORMED_NOTE'],
    ['stray bits', `${TEXT}\n${PETERS_LINE.replace('AM=', 'AN=')}`, 'NOT_CANONICAL'],
    ['101 signatures', `${TEXT}\n${'— x AAAAAAA=\n'.repeat(101)}`, 'MALFORMED_NOTE'],
  ])('%s is refused', (_, text, code) => {
    expect(refusal(() => openNote(note(text), keys))).toBe(code);
  });

  test('the message names the line', () => {
    expect(() => openNote(note(`${TEXT}\n— PeterNeumann !\n`), keys)).toThrow(/line 4/);
    expect(() => openNote(note(`a\nb\tc\n\n${PETERS_LINE}`), keys)).toThrow(/line 2/);
  });
});

describe('tree heads', () => {
  const key = parseVerifierKey(GO_KEY);

  test.each(HEADS)('the head of %i records holds, and no other size', (size, root, signature) => {
    const text = `go.sum database tree\n${size}\n${root}\n`;
    const signed = note(`${text}\n— sum.golang.org ${signature}\n`);
    const head = openTreeHead(signed, [key]);
    expect([head.size, Buffer.from(head.root).toString('base64')]).toEqual([size, root]);
    expect(formatTreeHead(head)).toBe(text);
    const changed = note(text.replace(String(size), String(size + 1)));
    const line = note(`\n— sum.golang.org ${signature}\n`);
    expect(refusal(() => openTreeHead(Buffer.concat([changed, line]), [key]))).toBe(
      'INVALID_SIGNATURE',
    );
  });

  test.each([
    ['go.sum database tree\n1\n', 'MALFORMED_TREE'],
    [`go.sum database tree\n01\n${HEADS[0][1]}\n`, 'MALFORMED_TREE'],
    [`go.sum database tree\n-1\n${HEADS[0][1]}\n`, 'MALFORMED_TREE'],
    [`go.sum database tree\n1\n${HEADS[0][1].slice(4)}\n`, 'MALFORMED_TREE'],
    [`go.sum database tree\n9223372036854775808\n${HEADS[0][1]}\n`, 'MALFORMED_TREE'],
    [`go.sum database tree\n9223372036854775807\n${HEADS[0][1]}\n`, 'NOT_CANONICAL'],
    [`go.sum database tree\n4503599627370497\n${HEADS[0][1]}\n`, 'NOT_CANONICAL'],
    [`go.sum database tree\n4503599627370496\n${HEADS[0][1]}\n`, undefined],
    [`go.sum database tree\n1\n${HEADS[0][1].replace('w=', 'x=')}\n`, 'NOT_CANONICAL'],
    [`example.com/log\n1\n${HEADS[0][1]}\nextension\n`, undefined],
  ])('%j', (text, code) => {
    expect(refusal(() => parseTreeHead(text))).toBe(code);
  });

  test("the head of another ecosystem's log is not one of a checksum database", () => {
    const signer = createSignerKey('log', new Uint8Array(32));
    const head = { size: 1, root: new Uint8Array(32) };
    const signed = signNote(formatTreeHead(head, 'example.com/log'), [signer]);
    const keys = [parseVerifierKey(signer.verifier)];
    expect(refusal(() => openTreeHead(signed, keys))).toBe('MALFORMED_TREE');
    expect(openTreeHead(signed, keys, 'example.com/log').origin).toBe('example.com/log');
  });
});
