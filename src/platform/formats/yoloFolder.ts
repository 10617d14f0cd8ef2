import { mkdirSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { ClassNumbers } from '../../core/formats/classNumbers';
import { yoloLines } from '../../core/formats/yolo/exportYolo';
import { AtOnce } from './atOnce';
import type { SampleWriter } from './rowsFile';
import { SharedImages } from './sharedImages';

/** Label files of one split, one an image; an image without boxes has an empty one, which says that it shows nothing. */
export function createYoloLabels(folder: string, classes: ClassNumbers): SampleWriter {
  const images = new SharedImages();
  const writing = new AtOnce(32);
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
      if (isFirst) return writing.add(writeFile(file, lines));
      return writing.finish().then(() => appendFile(file, lines)); // a further row about the image
    },
    finish: () => writing.finish(),
    abandon: () => writing.finish().catch(() => undefined), // the failure that ended the export is told
  };
}
