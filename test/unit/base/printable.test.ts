import { string } from 'fast-check';
import { expect, test } from 'vitest';
import { compareUtf8, cutText, printable, printableJson, printableLines } from '#base';
import { forAll } from '../../support/for-all.ts';

const ACTS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;

test('printable() leaves nothing that acts on a terminal or hides', () => {
  expect(printable('\u001b]0;title\u0007 a\u202eb\u200bc\n')).toBe(
    '\\x1b]0;title\\x07 a\\u202eb\\u200bc\\n',
  );
  forAll(string({ unit: 'binary' }), (text) => !ACTS.test(printable(text)));
});

test('printableLines() keeps line feeds and tabs alone', () => {
  expect(printableLines('a\n\tb\r\u001b')).toBe('a\n\tb\\r\\x1b');
});

test('printableJson() is the same JSON value', () => {
  forAll(string({ unit: 'binary' }), (text) => {
    const json = printableJson(JSON.stringify({ text }));
    return !ACTS.test(json) && (JSON.parse(json) as { text: string }).text === text;
  });
});

test('cutText() never cuts a character in half', () => {
  expect(cutText('ab😀cd', 4)).toBe('ab…');
  expect(cutText('abc', 3)).toBe('abc');
});

test('compareUtf8() orders as bytes', () => {
  forAll(string({ unit: 'grapheme' }), (text) => {
    const parts = text.split('a');
    const bytes = [...parts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return JSON.stringify([...parts].sort(compareUtf8)) === JSON.stringify(bytes);
  });
  expect(['𠀀', 'ｚ'].sort(compareUtf8)).toEqual(['ｚ', '𠀀']);
});
