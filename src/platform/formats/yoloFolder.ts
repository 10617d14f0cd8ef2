import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { ClassNumbers } from '../../core/formats/classNumbers';
import { yoloLines } from '../../core/formats/yolo/exportYolo';
import type { SampleWriter } from './rowsFile';
import { SharedImages } from './sharedImages';

/** Label files of one split, one an image; an image without boxes has an empty one, which says that it shows nothing. */
export function createYoloLabels(folder: string, classes: ClassNumbers): SampleWriter {
  const images = new SharedImages();
  const folders = new Set<string>();
  return {
    add: sample => {
      const name = sample.images[0]?.name ?? '';
      const file = path.join(folder, name.replace(/^images\//, 'labels/').replace(/\.[^.]*$/, '.txt'));
      const { fresh } = images.add(name, sample.boxes);
      const parent = path.dirname(file);
      if (!folders.has(parent)) mkdirSync(parent, { recursive: true });
      folders.add(parent);
      writeFileSync(file, yoloLines({ ...sample, boxes: fresh }, classes), { flag: 'a' }); // a second row about the image adds to it
      return undefined;
    },
    finish: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
}
