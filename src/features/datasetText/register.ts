import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { DatasetTexts } from './datasetTexts';
import { DifficultyMarks } from './difficultyMarks';
import { PeekRollouts } from './peekRollouts';
import { RowHover } from './rowHover';
import { RowLenses } from './rowLenses';

/** What integration tests look at. */
export interface DatasetTextHands {
  readonly marks: DifficultyMarks;
}

/** Dataset files in the text editor: lenses, hovers and marks of their rows, and responses peeked from a row or a reward case. */
export function registerDatasetText(services: Services): DatasetTextHands {
  const { lifetime, log } = services;
  const texts = lifetime.add(new DatasetTexts(services));
  lifetime.add(new RowLenses(texts));
  lifetime.add(new RowHover(texts));
  const marks = lifetime.add(new DifficultyMarks(texts, error => log.warn(`Difficulty of rows: ${String(error)}`)));
  const peek = lifetime.add(new PeekRollouts(services, texts));
  lifetime.add(registerCommand(log, 'pebr.rollouts.peek', sample => peek.peek(sample)));
  return { marks };
}
