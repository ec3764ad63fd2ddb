/** The process as the commands see it; made by `main` alone. */
export interface Console {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The lines of standard input. */
  readonly lines: () => AsyncIterable<string>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly width: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly homeDirectory: string;
  /** Facts about the machine for the record of a case. */
  readonly machine: () => Readonly<Record<string, string | number>>;
  /** What to do before the process ends on an interruption, which gives what is left; undefined for nothing. */
  readonly onInterrupt: (undo: (() => string) | undefined) => void;
  readonly breathe: () => Promise<void>;
}
