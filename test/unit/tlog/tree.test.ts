import { expect, test } from 'vitest';
import { createTree, nodeHash, recordHash } from '#tlog';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
// The records and the roots of the first 0 to 8 of them, from the test vectors of RFC 6962's authors.
const RECORDS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('createTree() gives the roots of RFC 6962', () => {
  const tree = createTree();
  expect(hex(tree.root())).toBe(ROOTS[0]);
  for (const [i, record] of RECORDS.entries()) {
    tree.append(Buffer.from(record, 'hex'));
    expect([tree.size(), hex(tree.root())]).toEqual([i + 1, ROOTS[i + 1]]);
  }
});

/** The definition itself, split at the largest power of two. */
function rootOf(records: readonly Uint8Array[]): Uint8Array {
  if (records.length === 1) return recordHash(records[0]!);
  let half = 1;
  while (half * 2 < records.length) half *= 2;
  return nodeHash(rootOf(records.slice(0, half)), rootOf(records.slice(half)));
}

test('createTree() gives the root that the definition gives for every size', () => {
  const tree = createTree();
  const records: Uint8Array[] = [];
  for (let i = 0; i < 130; i++) {
    const record = Buffer.from(`record ${i}`);
    records.push(record);
    tree.append(record);
    expect(hex(tree.root())).toBe(hex(rootOf(records)));
  }
});
