import { formatCanonicalJson } from '#base';
import { RULES } from '#detection';
import type { Console } from '../console.ts';
import { EXIT } from '../exit-code.ts';

/** Lists the rules, a line each or as JSON. */
export function listRules(options: { readonly json?: true }, console: Console): number {
  if (options.json) {
    const rows = RULES.map(({ id, title, severity, confidence, attack, cwe, description }) => ({
      id,
      title,
      severity,
      confidence,
      attack,
      cwe,
      description,
    }));
    console.out(`${formatCanonicalJson(rows)}\n`);
    return EXIT.clean;
  }
  for (const { id, title, severity } of RULES)
    console.out(`${severity.padEnd(9)} ${id.padEnd(28)} ${title}\n`);
  return EXIT.clean;
}
