import { CodedError, printable } from '#base';
import { EXIT, exitCodeOfError } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';

/** One sentence for people and the exit code; a stack only for a bug of ours. */
export function describeError(error: unknown): { readonly code: number; readonly text: string } {
  const code = exitCodeOfError(error);
  if (error instanceof CodedError || error instanceof UsageError)
    return { code, text: `glovebox: ${printable(error.message)}\n` };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = stack.split('\n').map((line) => printable(line));
  return {
    code: EXIT.bug,
    text: `glovebox: This is a bug of Glovebox. Please report it with the lines below and the command you ran.\n${lines.join('\n')}\n`,
  };
}
