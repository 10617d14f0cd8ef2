import type { RowText } from '../../platform/dataset/datasetFile';
import { inspectRow, type RowContext } from '../../platform/dataset/inspectRow';
import { thumbnail } from '../../platform/dataset/thumbnail';
import { viewableImage } from '../../platform/dataset/viewableImage';

const sidePx = 320;

/** A row's first image as a small JPEG in a `data:` address; null where there is none or it cannot be shown, which the row's problems tell. */
export async function smallPicture(at: RowText, context: RowContext): Promise<string | null> {
  const [image] = (await inspectRow(at, context)).images;
  if (!image?.size || image.file === undefined) return null;
  try {
    return `data:image/jpeg;base64,${(await thumbnail(image.file, [], sidePx)).toString('base64')}`;
  } catch {
    return null;
  }
}

/** One of a row's images as a JPEG that any page can show, in a `data:` address; null where there is none or it is damaged, which is said where it would be. */
export async function viewablePicture(at: RowText, place: number, context: RowContext): Promise<string | null> {
  const image = (await inspectRow(at, context)).images[place];
  if (!image?.size || image.file === undefined) return null;
  try {
    return `data:image/jpeg;base64,${(await viewableImage(image.file)).toString('base64')}`;
  } catch {
    return null;
  }
}
