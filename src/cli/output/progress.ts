import type { Clock } from '#base';
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

/** Shows on a terminal how many of a number of things are done, how fast, and how long the rest takes. */
export function createCounter(
  console: Console,
  clock: Clock,
  things: string,
): (done: number, total: number) => void {
  if (!console.errIsTerminal) return () => undefined;
  const start = clock.elapsed();
  return (done, total) => {
    const seconds = Math.max(0.001, (clock.elapsed() - start) / 1000);
    const rate = done / seconds;
    const left = Math.ceil((total - done) / rate);
    const line = `${done} of ${total} ${things}, ${rate.toFixed(1)}/s, ${left} s left`;
    console.err(`\r\u001b[K${done === total ? '' : line}`);
  };
}
