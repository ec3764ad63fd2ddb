import { expect, test } from 'vitest';
import { groupBy } from '#base';

test('items are grouped in their order', () => {
  const groups = groupBy(['ab', 'c', 'de', 'f'], ({ length }) => length);
  expect([...groups]).toEqual([
    [2, ['ab', 'de']],
    [1, ['c', 'f']],
  ]);
  expect(groupBy([], String).size).toBe(0);
});
