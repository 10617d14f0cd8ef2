import { messageOf } from '../../core/errors';
import { ImageTextModel } from './imageTextModel';
import type { ImageTextPair, Similarity } from './similarity';

/** The image-text models of this process, each opened when it is first asked and kept. */
export class ImageTextModels {
  private readonly open = new Map<string, Promise<ImageTextModel>>();

  /** As many results as pairs. A model that cannot be used is the error of every pair, an image that cannot be read of its own. */
  async similarities(folder: string, pairs: readonly ImageTextPair[]): Promise<readonly Similarity[]> {
    if (pairs.length === 0) return [];
    try {
      const model = this.open.get(folder) ?? ImageTextModel.open(folder);
      this.open.set(folder, model);
      return await (await model).similarities(pairs);
    } catch (error) {
      this.open.delete(folder); // the next asking finds a repaired folder
      return pairs.map(() => ({ error: `The image-text model in ${folder} cannot be used: ${messageOf(error)}` }));
    }
  }
}
