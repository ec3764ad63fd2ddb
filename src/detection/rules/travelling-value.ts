import type { FlowFact } from '#golang';
import type { Rule } from '../rule.ts';

/** What is said of a flow; of others nothing, as honest programs are made of them. */
function messageOf({ source, sink, path }: FlowFact): string | undefined {
  const [from, to] = [path[0]?.function ?? '', path.at(-1)?.function ?? ''];
  if (source === 'credential') return `a secret that ${from} gives goes to ${to} (${sink})`;
  if (source === 'environment' && sink === 'network' && /\.(?:Environ|ExpandEnv)$/.test(from))
    return `the whole environment (${from}) goes to ${to}`;
  if (source === 'network' && (sink === 'exec' || sink === 'memory'))
    return `what ${from} gets from outside is run by ${to}`;
  return undefined;
}

/** A value that was followed from a secret out of the machine, or from outside into what runs. */
export const travellingValue: Rule = {
  id: 'travelling-value',
  title: 'Moves a secret out, or runs what comes from outside',
  description:
    'A value is followed step by step from a secret file or the whole environment to the network or a program, or from the network to a program or to memory. Clients that sign in, and programs that run what they are asked to, do the same.',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1041', 'T1105'],
  cwe: ['CWE-506', 'CWE-200'],
  advice: 'Read the steps of the path: what travels, and who can choose where it goes.',
  check: ({ flows }) =>
    flows.flatMap((flow) => {
      const message = messageOf(flow);
      const [first] = flow.path;
      if (message === undefined || first === undefined) return [];
      const { file, line, column } = first;
      return [{ message, file, line, column, callPath: flow.path }];
    }),
};
