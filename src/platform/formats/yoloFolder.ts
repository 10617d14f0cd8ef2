import * as path from 'node:path';
import type { ClassNumbers } from '../../core/formats/classNumbers';
import { yoloLines } from '../../core/formats/yolo/exportYolo';
import type { SampleWriter } from './rowsFile';
import { SharedImages } from './sharedImages';
import type { SmallFiles } from './smallFiles';

/** Label files of one split, one an image; an image without boxes has an empty one, which says that it shows nothing. */
export function createYoloLabels(folder: string, classes: ClassNumbers, files: SmallFiles): SampleWriter {
  const images = new SharedImages();
  return {
    add: sample => {
      const name = sample.images[0]?.name ?? '';
      const file = path.join(folder, name.replace(/^images\//, 'labels/').replace(/\.[^.]*$/, '.txt'));
      const { fresh, isFirst } = images.add(name, sample.boxes);
      return files.add({ kind: isFirst ? 'write' : 'append', file, text: yoloLines({ ...sample, boxes: fresh }, classes) });
    },
    finish: () => files.finish(),
    abandon: () => files.abandon(),
  };
}
