import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { ClassNumbers } from '../../core/formats/classNumbers';
import { yoloLines } from '../../core/formats/yolo/exportYolo';
import type { SampleWriter } from './rowsFile';
import { SharedImages } from './sharedImages';

/**
 * Label files of one split, one an image; an image without boxes has an empty one, which says that it shows nothing. They are written without
 * waiting: for files this small a promise costs more than the file, and the caller lets others run every few milliseconds.
 */
export function createYoloLabels(folder: string, classes: ClassNumbers): SampleWriter {
  const images = new SharedImages();
  const folders = new Set<string>();
  return {
    add: sample => {
      const name = sample.images[0]?.name ?? '';
      const file = path.join(folder, name.replace(/^images\//, 'labels/').replace(/\.[^.]*$/, '.txt'));
      const { fresh, isFirst } = images.add(name, sample.boxes);
      const parent = path.dirname(file);
      if (!folders.has(parent)) mkdirSync(parent, { recursive: true });
      folders.add(parent);
      const lines = yoloLines({ ...sample, boxes: fresh }, classes);
      if (isFirst) writeFileSync(file, lines);
      else appendFileSync(file, lines); // a further row about the image
      return undefined;
    },
    finish: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
}
