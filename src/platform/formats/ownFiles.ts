import { realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError } from '../../core/errors';
import type { EncodedSample } from '../../core/formats/exportSample';
import { outputsOf } from './exportOutputs';
import type { ExportPlan } from './exportPlan';

/** What is exported is never replaced by its export, whatever is allowed: neither a file of rows nor an image. */
export class OwnFiles {
  private constructor(
    private readonly folder: string,
    /** Folders that would be replaced, and that images may be in. */
    private readonly replaced: readonly string[],
  ) {}

  /** Throws `argument.invalid` where the rows, or all images, would be replaced. */
  static async of(plan: ExportPlan): Promise<OwnFiles> {
    const folder = await realOf(plan.folder);
    const outputs = outputsOf(plan).map(name => path.join(folder, name));
    const replaced: string[] = [];
    for (const { file, imageRoot } of plan.inputs) {
      const [rows, images] = await Promise.all([realOf(file), realOf(imageRoot)]);
      for (const output of outputs) {
        if (isWithin(rows, output) || isWithin(images, output)) throw refused(plan.folder, output);
        if (isWithin(output, images) && path.extname(output) === '' && (await isThere(output))) replaced.push(path.join(imageRoot, path.relative(images, output)));
      }
    }
    return new OwnFiles(plan.folder, replaced);
  }

  /** Throws `argument.invalid` where an image of the sample would be replaced. */
  refuse({ images }: EncodedSample): void {
    for (const output of this.replaced) if (images.some(({ file }) => isWithin(file, output))) throw refused(this.folder, output);
  }
}

function refused(folder: string, output: string): AppError {
  return new AppError('argument.invalid', { argument: folder, reason: `${path.basename(output)} there belongs to the dataset itself and would be replaced. Export into another folder or under another name.` });
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}${path.sep}`);
}

/** The path without links; of what is not there yet, its parent's. */
async function realOf(place: string): Promise<string> {
  return realpath(place).catch(async () => (path.dirname(place) === place ? place : path.join(await realOf(path.dirname(place)), path.basename(place))));
}

function isThere(place: string): Promise<boolean> {
  return stat(place).then(() => true, () => false);
}
