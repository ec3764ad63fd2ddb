import { readFileSync } from 'node:fs';
import type { CaseTools, ExaminationRequest, ExaminationTools } from '#case';
import { RULES } from '#detection';
import { formatSecretKey, openSigner } from '#evidence';
import { createDisk, createFixedClock } from '#host';
import { parseProfile } from '#sandbox';
import { openTestParser } from './analyze.ts';
import { ROOT, temporaryFolder } from './program.ts';

/** Everything for a case in this process, as the program composes it: from source, not from `dist`. */
export async function composeInProcess(zip: string): Promise<{
  readonly request: ExaminationRequest;
  readonly tools: Omit<CaseTools, 'examine'>;
  readonly examination: ExaminationTools;
}> {
  const read = (name: string) => new Uint8Array(readFileSync(`${ROOT}/${name}`));
  const context = {
    shipped: ['strict'],
    read: () => read('sandbox-profiles/strict.yaml'),
    rules: RULES.map(({ id }) => id),
  };
  const profile = await parseProfile(context.read(), 'strict', context);
  const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as {
    version: string;
  };
  const key = formatSecretKey(new Uint8Array(32).fill(7));
  return {
    request: {
      zip: new Uint8Array(readFileSync(zip)),
      stated: undefined,
      goSum: undefined,
      profile,
      version,
    },
    tools: {
      disk: createDisk(),
      clock: createFixedClock(1_700_000_000),
      signer: openSigner(key, 'key'),
      directory: temporaryFolder(),
      machine: undefined,
      onOpen: () => undefined,
    },
    examination: {
      openParser: openTestParser,
      reopenParser: async () => undefined,
      breathe: async () => undefined,
      sumdb: undefined,
    },
  };
}
