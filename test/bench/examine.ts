// A whole examination in one process, so that its cost can be read off it: the jail's own process is killed
// when it has answered, and the cost of what is killed is nobody's.
//
//	node --import tsx test/bench/examine.ts ZIP
import { createExaminer, runCase } from '#case';
import { composeInProcess } from '../support/in-process.ts';

const { request, tools, examination } = await composeInProcess(process.argv[2] ?? '');
await runCase(request, { ...tools, examine: createExaminer(examination) }, () => undefined);
