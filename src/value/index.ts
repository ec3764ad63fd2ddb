/**
 * What the code's expressions come to, without running it: constants folded, texts decoded, pure
 * functions followed with what is known. What cannot be followed is unknown, never guessed.
 *
 * @module
 */

export { createEvaluation, type Evaluation, type EvaluationTools } from './evaluate.ts';
export { createFlowReader, type FlowLimits, type FlowReader, type Flows } from './flow/flows.ts';
export type { ValueGap } from './follow.ts';
