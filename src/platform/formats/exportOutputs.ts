import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { ClassNumbers } from '../../core/formats/classNumbers';
import type { Split } from '../../core/formats/exportSample';
import type { ExportPlace, RowContext } from '../../core/formats/exportTarget';
import { vlmR1Yaml } from '../../core/formats/vlmR1/exportVlmR1';
import { yoloYaml } from '../../core/formats/yolo/exportYolo';
import { createCocoFile } from './cocoFile';
import { mergedDatasetInfo } from './datasetInfo';
import type { ExportPlan } from './exportPlan';
import { createJsonArray, createJsonLines, createParquet, type SampleWriter } from './rowsFile';
import { SmallFiles } from './smallFiles';
import { createYoloLabels, yoloSplit } from './yoloFolder';

/** Rows files of an export, by split. */
export function placeOf({ name, container, folder, inputs }: ExportPlan): ExportPlace {
  const ending = container === 'coco' ? 'json' : container;
  const splits = [...new Set(inputs.map(({ split }) => split))];
  const files = container === 'yolo' ? {} : Object.fromEntries(splits.map(split => [split, split === 'train' ? `${name}.${ending}` : `${name}.heldout.${ending}`]));
  return { name, folder, files };
}

/** Names in the folder that the export would write, but those that it adds to. */
export function outputsOf(plan: ExportPlan): readonly string[] {
  const { target, name, images } = plan;
  if (target.id === 'yolo') return ['data.yaml', 'classes.txt', 'images', 'labels'];
  return [...Object.values(placeOf(plan).files), ...(images === 'copy' ? [`${name}-images`] : []), ...(target.id === 'vlm-r1' ? [`${name}.yaml`] : [])];
}

/** The writers of an export, and the files that go with what they wrote. */
export class ExportOutputs {
  private readonly writers = new Map<Split, Promise<SampleWriter>>();
  private readonly classes: ClassNumbers;

  constructor(
    private readonly plan: ExportPlan,
    private readonly staging: string,
    /** `dist/smallFilesThread.js` */
    private readonly filesThread: string | undefined,
  ) {
    this.classes = new ClassNumbers(plan.target.id === 'yolo' ? 0 : 1);
  }

  of(split: Split): Promise<SampleWriter> {
    const writer = this.writers.get(split) ?? this.create(split);
    this.writers.set(split, writer);
    return writer;
  }

  async finish(): Promise<void> {
    for (const writer of this.writers.values()) await (await writer).finish();
    const { target, folder, force, inputs } = this.plan;
    const { files, name } = placeOf(this.plan);
    const write = (file: string, text: string): Promise<void> => writeFile(path.join(this.staging, file), text);
    if (target.id === 'llama-factory') {
      const entries = { ...(files.train === undefined ? {} : { [name]: files.train }), ...(files.heldOut === undefined ? {} : { [`${name}_heldout`]: files.heldOut }) };
      await write('dataset_info.json', await mergedDatasetInfo(path.join(folder, 'dataset_info.json'), entries, force));
    }
    if (target.id === 'vlm-r1') await write(`${name}.yaml`, vlmR1Yaml(path.join(folder, files.train ?? files.heldOut ?? ''), folder));
    if (target.id === 'yolo') {
      const splits = inputs.map(({ split }) => yoloSplit(split, this.isLinked));
      const [train = yoloSplit('train', this.isLinked)] = splits;
      await write('data.yaml', yoloYaml({ train, val: splits.at(-1) ?? train }, this.classes.names));
      await write('classes.txt', this.classes.names.map(label => `${label}\n`).join(''));
    }
  }

  async abandon(): Promise<void> {
    for (const writer of this.writers.values()) await writer.then(each => each.abandon(), () => undefined); // one that could not be made holds nothing
  }

  private get isLinked(): boolean {
    return this.plan.images === 'link';
  }

  private create(split: Split): Promise<SampleWriter> {
    const { target, container, name, frame, images } = this.plan;
    const context: RowContext = { dataset: name, frame, images, container };
    const rowOf = (sample: Parameters<SampleWriter['add']>[0]): ReturnType<NonNullable<typeof target.row>> => target.row?.(sample, context) ?? {};
    const file = path.join(this.staging, placeOf(this.plan).files[split] ?? '');
    switch (container) {
      case 'json': return createJsonArray(file, rowOf);
      case 'jsonl': return createJsonLines(file, rowOf);
      case 'parquet': return createParquet(file, target, images, rowOf);
      case 'coco': return createCocoFile(file, this.classes);
      case 'yolo': return createYoloLabels(this.staging, this.isLinked ? yoloSplit(split, true) : undefined, this.classes, new SmallFiles(this.filesThread));
    }
  }
}
