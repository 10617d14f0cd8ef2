import { signal } from '@preact/signals';
import type { DatasetEditorContract, RowView } from '../../src/protocol/datasetEditor';
import type { Host } from '../shared/connect';

/** An image with more pixels is shown small from a copy: a screen full of photographs would take seconds and gigabytes to decode. */
const largePixels = 600_000;
const mostKept = 600;
/** Beyond it an image without a copy is not drawn at all: decoded it would take hundreds of megabytes. */
const mostPixels = 40_000_000;
/** Kinds that browsers do not show. */
const unshown = /\.tiff?$/i;

/** Small copies of large images, as addresses; asked for when they are first drawn. */
export class Thumbnails {
  private readonly addresses = new Map<string, string | null>();
  private readonly version = signal(0);

  constructor(private readonly host: Host<DatasetEditorContract>) {}

  /** Address of a small picture of the sample's first image; undefined while it is made. */
  of(view: RowView): string | undefined {
    const image = view.images[0];
    if (!image?.uri || !image.size) return undefined;
    if (image.size.width * image.size.height <= largePixels && !unshown.test(image.name)) return image.uri;
    void this.version.value;
    const known = this.addresses.get(image.uri);
    if (known === undefined) void this.fetch(image.uri, view.index, image.size.width * image.size.height <= mostPixels ? image.uri : null);
    return known ?? undefined;
  }

  private async fetch(key: string, index: number, instead: string | null): Promise<void> {
    this.addresses.set(key, null);
    try {
      const { uri } = await this.host.request('thumbnail', { index });
      this.addresses.set(key, uri ?? instead);
    } catch {
      this.addresses.set(key, instead); // the image itself, then
    }
    for (const oldest of this.addresses.keys()) {
      if (this.addresses.size <= mostKept) break;
      this.addresses.delete(oldest);
    }
    this.version.value++;
  }
}
