import { rm } from 'node:fs/promises';
import { exactJson } from '../../core/dataset/longNumber';
import type { ClassNumbers } from '../../core/formats/classNumbers';
import { cocoAnnotation, cocoBox, cocoImage } from '../../core/formats/coco/exportCoco';
import type { SampleWriter } from './rowsFile';
import { SharedImages } from './sharedImages';
import { TextFile } from './textFile';

/** A COCO file. Images are written as they come, annotations wait in a file beside it until all images are there. */
export async function createCocoFile(file: string, classes: ClassNumbers): Promise<SampleWriter> {
  const text = await TextFile.create(file);
  const waiting = `${file}.annotations`;
  const annotations = await TextFile.create(waiting);
  const images = new SharedImages();
  let number = 0;
  return {
    add: sample => {
      const { number: image, isFirst, fresh } = images.add(sample.images[0]?.file ?? '', sample.boxes.map(box => cocoBox(box, classes.of(box.label))));
      let lines = '';
      for (const box of fresh) lines += `${number === 0 ? '\n' : ',\n'}${cocoAnnotation(box, ++number, image)}`;
      const waits = [annotations.write(lines), isFirst ? text.write(`${image === 1 ? '{"images": [\n' : ',\n'}${exactJson(cocoImage(sample, image), sample.extra)}`) : undefined].filter(wait => wait !== undefined);
      return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
    },
    finish: async () => {
      await annotations.closeUnsynced();
      await text.write('\n],\n"annotations": [');
      await text.append(waiting);
      await text.write(`\n],\n"categories": ${JSON.stringify(classes.names.map((name, at) => ({ id: at + 1, name })))}}\n`);
      await text.close();
      await rm(waiting);
    },
    abandon: async () => {
      await text.abandon();
      await annotations.abandon();
    },
  };
}
