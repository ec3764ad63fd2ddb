import type { EvidenceBundle } from '#evidence';

type Flow = EvidenceBundle['facts']['flows'][number];

/** Flows that are shown on a screen. */
const MOST = 4;
/** What a reader wants to see first: secrets that leave, and what comes from outside and runs. */
const WEIGHTS: Readonly<Record<string, number>> = {
  'credential network': 6,
  'network exec': 6,
  'network memory': 6,
  'credential exec': 5,
  'environment network': 4,
  'parameter network': 3,
  'host network': 3,
};

/** A flow on one line: from where, to where. */
export interface FlowLine {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** How much a flow says by itself. */
export const weightOfFlow = ({ source, sink }: Flow): number => WEIGHTS[`${source} ${sink}`] ?? 0;

/** The most telling flows; of those from one place to one kind of use, one. */
export function tellingFlows({ facts }: EvidenceBundle): {
  readonly flows: readonly FlowLine[];
  readonly more: number;
} {
  const seen = new Set<string>();
  const found = facts.flows
    .filter((flow) => weightOfFlow(flow) > 0)
    .toSorted((a, b) => weightOfFlow(b) - weightOfFlow(a))
    .filter(({ source, sink, path: [first] }) => {
      const key = `${source} ${sink} ${first?.file} ${first?.line}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
  const placeOf = (step: Flow['path'][number] | undefined) =>
    step === undefined ? '' : `${step.function} (${step.file}:${step.line})`;
  const flows = found.slice(0, MOST).map(({ source, sink, path }) => ({
    what: `${source} to ${sink}`,
    from: placeOf(path[0]),
    to: placeOf(path.at(-1)),
  }));
  return { flows, more: found.length - flows.length };
}
