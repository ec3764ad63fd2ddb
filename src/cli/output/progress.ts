import type { CaseEvent } from '#case';
import type { Console } from '../console.ts';

const STEP = 25;

/** Shows on a terminal how far a case is, on one line of standard error that is wiped at the end. */
export function createProgress(console: Console): (event: CaseEvent) => void {
  if (!console.errIsTerminal) return () => undefined;
  const write = (text: string) => console.err(`\r\u001b[K${text}`);
  return (event) => {
    if (event.type === 'stage.started') write(`${event.stage} …`);
    if (event.type === 'progress' && event.done % STEP === 0)
      write(`${event.stage} ${event.done}/${event.total} files`);
    if (event.type === 'case.closed') write('');
  };
}
