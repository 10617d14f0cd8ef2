import { AppError } from '../errors';
import { coco } from './coco/exportCoco';
import { easyR1 } from './easyr1/exportEasyR1';
import type { ExportTarget } from './exportTarget';
import { llamaFactory } from './llamaFactory/exportLlamaFactory';
import { msSwift } from './msSwift/exportMsSwift';
import { trl } from './trl/exportTrl';
import { verl } from './verl/exportVerl';
import { vlmR1 } from './vlmR1/exportVlmR1';
import { yolo } from './yolo/exportYolo';

/** What a dataset can be exported to, in the order in which it is offered. */
export const exportTargets: readonly ExportTarget[] = [easyR1, verl, trl, msSwift, llamaFactory, vlmR1, coco, yolo];

/** Throws `argument.invalid` naming the targets there are. */
export function exportTargetOf(id: string): ExportTarget {
  const target = exportTargets.find(each => each.id === id);
  if (!target) throw new AppError('argument.invalid', { argument: '--to', reason: `there is no export "${id}". Known: ${exportTargets.map(each => each.id).join(', ')}.` });
  return target;
}
