import { imageFault } from '../../core/lint/imageFault';
import { readImageHeaderSync, resolveImage } from '../dataset/imageInfo';
import { ImageLinks } from '../dataset/imageLinks';
import { imageOfHeader, type RowImage, unreadableImage } from '../dataset/inspectRow';

/** Images that are kept in mind; past that the shelf is emptied, so that a million names do not fill the memory. */
const mostKept = 50_000;

/** What the headers of images told, so that rows of one image read it once. */
export class ImageShelf {
  private readonly images = new Map<string, RowImage>();
  private readonly links: ImageLinks;

  constructor(private readonly imageRoot: string) {
    this.links = new ImageLinks(imageRoot);
  }

  get(name: string): RowImage {
    const known = this.images.get(name);
    if (known) return known;
    if (this.images.size >= mostKept) this.images.clear();
    const image = this.read(name);
    this.images.set(name, image);
    return image;
  }

  private read(name: string): RowImage {
    const file = resolveImage(this.imageRoot, name);
    if (file === undefined) return { name, faults: [imageFault.outside(name, this.imageRoot)] };
    const target = this.links.leadsTo(file);
    if (target !== undefined) return { name, faults: [imageFault.linkedOutside(name, target)] };
    try {
      return imageOfHeader(name, file, readImageHeaderSync(file));
    } catch (error) {
      return unreadableImage(name, file, error);
    }
  }
}
