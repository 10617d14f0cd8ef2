import { signal } from '@preact/signals';
import type { DatasetEditorContract, RowView } from '../../src/protocol/datasetEditor';
import type { Host } from '../shared/connect';

/** An image with more pixels is shown small from a copy: a screen full of photographs would take seconds and gigabytes to decode. */
const largePixels = 600_000;
const mostKept = 600;

/** Small copies of large images, as addresses; asked for when they are first drawn. */
export class Thumbnails {
  private readonly addresses = new Map<string, string | null>();
  private readonly version = signal(0);

  constructor(private readonly host: Host<DatasetEditorContract>) {}

  /** Address of a small picture of the sample's first image; undefined while it is made. */
  of(view: RowView): string | undefined {
    const image = view.images[0];
    if (!image?.uri || !image.size) return undefined;
    if (image.size.width * image.size.height <= largePixels) return image.uri;
    void this.version.value;
    const known = this.addresses.get(image.uri);
    if (known === undefined) void this.fetch(image.uri, view.index);
    return known ?? undefined;
  }

  private async fetch(key: string, index: number): Promise<void> {
    this.addresses.set(key, null);
    try {
      const { uri } = await this.host.request('thumbnail', { index });
      this.addresses.set(key, uri ?? key);
    } catch {
      this.addresses.set(key, key); // the image itself, then
    }
    for (const oldest of this.addresses.keys()) {
      if (this.addresses.size <= mostKept) break;
      this.addresses.delete(oldest);
    }
    this.version.value++;
  }
}
