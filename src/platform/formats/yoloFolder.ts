import { mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import type { ClassNumbers } from '../../core/formats/classNumbers';
import type { Split } from '../../core/formats/exportSample';
import { yoloLines } from '../../core/formats/yolo/exportYolo';
import type { SampleWriter } from './rowsFile';
import { SharedImages } from './sharedImages';
import type { SmallFiles } from './smallFiles';
import { TextFile } from './textFile';

/** What `data.yaml` names for a split: the folder of its images, or where they are seen through links to their folders the list of them. */
export function yoloSplit(split: Split, isLinked: boolean): string {
  return `images/${split === 'train' ? 'train' : 'val'}${isLinked ? '.txt' : ''}`;
}

/** Label files of one split, one an image; an image without boxes has an empty one, which says that it shows nothing. `list`: names the images too. */
export async function createYoloLabels(folder: string, list: string | undefined, classes: ClassNumbers, files: SmallFiles): Promise<SampleWriter> {
  const images = new SharedImages();
  const names = list === undefined ? undefined : await listFile(path.join(folder, list));
  return {
    add: sample => {
      const name = sample.images[0]?.name ?? '';
      const below = name.slice('images/'.length);
      const { fresh, isFirst } = images.add(name, yoloLines(sample, classes));
      const file = path.join(folder, 'labels', below.replace(/\.[^.]*$/, '.txt'));
      const waits = [files.add({ kind: isFirst ? 'write' : 'append', file, text: fresh.map(line => `${line}\n`).join('') }), isFirst ? names?.write(`./${below}\n`) : undefined].filter(wait => wait !== undefined);
      return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
    },
    finish: async () => {
      await files.finish();
      await names?.close();
    },
    abandon: async () => {
      await files.abandon();
      await names?.abandon();
    },
  };
}

async function listFile(file: string): Promise<TextFile> {
  await mkdir(path.dirname(file), { recursive: true });
  return TextFile.create(file);
}
