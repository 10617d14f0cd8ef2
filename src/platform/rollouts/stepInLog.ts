import * as path from 'node:path';
import { parseRunEvent } from '../../core/runs/parseRunEvent';
import { byteLines } from '../dataset/byteLines';

/** Where the record of a run tells of a step: the step's event, or else the start of its stage; undefined where neither is there. */
export async function stepInLog(runFolder: string, stage: string, step: number): Promise<{ readonly file: string; readonly line: number } | undefined> {
  const file = path.join(runFolder, 'events.jsonl');
  let ofStage: number | undefined;
  try {
    for await (const lines of byteLines(file)) {
      for (const { line, bytes } of lines) {
        const { value } = parseRunEvent(bytes.toString('utf8'));
        if (value?.type === 'step' && value.stage === stage && value.step === step) return { file, line };
        if (value?.type === 'stage-started' && value.stage === stage) ofStage ??= line;
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // rollouts of another tool have no record of the run
  }
  return ofStage === undefined ? undefined : { file, line: ofStage };
}
