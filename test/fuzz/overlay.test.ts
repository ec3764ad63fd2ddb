import { mkdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOverlay } from '#sandbox';
import { temporaryFolder } from '../support/program.ts';
import {
  type Call,
  createBase,
  createRandom,
  FUZZ_LIMITS,
  fingerprint,
  overlaySide,
  randomCall,
  realSide,
} from './overlay-ops.ts';

const CALLS = 400;
// 200,000 calls by default and in .ci/run; four times as many with --full.
const RUNS = Math.max(500, Number(process.env['GLOVEBOX_RUNS'] ?? 500) / 5);

/** A folder so deep that no run of `..` leaves what the test owns. */
const DEEP = Array.from({ length: 12 }, (_, i) => `deep${i}`).join('/');

describe.skipIf(process.platform !== 'linux')('overlay against a real folder', () => {
  let before: number;
  beforeAll(() => {
    before = process.umask(0o022);
  });
  afterAll(() => void process.umask(before));

  test(`${RUNS * CALLS} random system calls give the same results, codes and trees`, () => {
    const top = temporaryFolder();
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = createRandom(seed);
      const base = `${top}/${seed}`;
      const root = `${base}/${DEEP}`;
      mkdirSync(root, { recursive: true });
      const layers = createBase(random, root, root);
      const print = fingerprint(layers);
      const ours = overlaySide(createOverlay(layers, FUZZ_LIMITS), root);
      const real = realSide(root);
      const calls: Call[] = [];
      for (let i = 0; i < CALLS; i++) {
        const call = randomCall(random);
        calls.push(call);
        const [got, want] = [ours.do(call), real.do(call)];
        if (got !== want)
          expect.fail(
            `seed ${seed}, call ${i}: ${JSON.stringify(call)}\n  ours ${got}\n  real ${want}\n` +
              calls
                .slice(-40)
                .map((each) => JSON.stringify(each).replace(/n{9,}/g, 'n…'))
                .join('\n'),
          );
      }
      expect(ours.tree(), `tree of seed ${seed}`).toEqual(real.tree());
      ours.close();
      real.close();
      expect(fingerprint(layers), `layers of seed ${seed}`).toBe(print);
      rmSync(base, { recursive: true, force: true });
    }
  }, 1_200_000);
});
