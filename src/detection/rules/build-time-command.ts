import type { Rule } from '../rule.ts';

/** Flags with which a compiler or linker loads or runs something else. */
const POWERFUL =
  /-fplugin|-Wl,-?-?(plugin|dynamic-linker|rpath)|-specs=|-B\s|--sysroot|@\S|-wrapper|\$\(|`/;

/** Something runs when the module is generated or built. */
export const buildTimeCommand: Rule = {
  id: 'build-time-command',
  title: 'Runs commands when built or generated',
  description:
    'A //go:generate line names a command for whoever runs go generate; #cgo flags steer the C compiler on every build. Both are common; flags that load other code are not.',
  severity: 'info',
  confidence: 'high',
  attack: ['T1127'],
  cwe: ['CWE-506'],
  advice:
    'Do not run go generate in this module. Build it only where its C compiler may do no harm.',
  check: ({ source }) =>
    source.directives
      .filter(({ kind }) => kind === 'generate' || kind === 'cgo-flags')
      .map(({ kind, file, line, text }) => {
        const isGenerate = kind === 'generate';
        const isPowerful = !isGenerate && POWERFUL.test(text);
        const isFetched = isGenerate && /\b(curl|wget|bash|sh -c|powershell|certutil)\b/.test(text);
        return {
          message: isGenerate ? 'go generate runs a command' : 'The C compiler is given flags',
          severity: isPowerful
            ? ('high' as const)
            : isFetched
              ? ('medium' as const)
              : ('info' as const),
          file,
          line,
          column: 1,
          trigger: isGenerate ? ('generate' as const) : ('build' as const),
          value: text,
        };
      }),
};
