import type { Emit } from '#base';
import { ExaminationStopped } from './errors.ts';
import type { ExaminationEvent } from './event.ts';
import type { Examiner } from './examiner.ts';
import { examine } from './open.ts';
import type { ExaminationTools } from './tools.ts';

/** Examines in this process: for programs that have shut themselves in, and for tests. */
export function createExaminer(tools: ExaminationTools): Examiner {
  return async (request, emit, signal) => {
    const guarded: Emit<ExaminationEvent> = (event) => {
      if (signal.aborted) throw new ExaminationStopped('Nothing more is wanted');
      emit(event);
    };
    try {
      await examine(request, tools, guarded);
    } catch (error) {
      if (!(error instanceof ExaminationStopped)) throw error;
    }
    const detail = 'examined in the process that sealed: nothing shuts it in';
    return { stopped: undefined, isolation: { level: 'none', detail, missed: [] } };
  };
}
