import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { imageSize } from 'image-size';
import { AppError, messageOf } from '../../core/errors';
import type { EmbeddedImage, ImportFault } from '../../core/formats/importedRow';
import type { ImageHeader } from '../../core/lint/lintImage';

/** Pillow takes larger images for decompression bombs, and so does the linter. */
const mostPixels = 178_956_970;
const endings: Readonly<Record<string, string>> = { jpg: 'jpg', png: 'png', webp: 'webp', gif: 'gif', bmp: 'bmp', tiff: 'tiff', avif: 'avif' };

export type PlacedImage = { readonly name: string; readonly header: ImageHeader } | { readonly fault: ImportFault };

/** Puts images that data hold into a folder, under names that are safe and of the format that their bytes are. Without a folder they are only looked at. */
export class EmbeddedImages {
  /** Lower-case name → hash, because some disks take two cases for one. */
  private readonly hashes = new Map<string, string>();

  constructor(private readonly folder: string | undefined) {}

  get count(): number {
    return this.hashes.size;
  }

  /** Writes the image; `otherwise` names it where the data do not. Throws `file.unwritable`. */
  async place(image: EmbeddedImage, otherwise: string): Promise<PlacedImage> {
    const bytes = image.bytes ?? Buffer.from(image.base64 ?? '', 'base64');
    const checked = headerOf(bytes);
    if ('reason' in checked) return { fault: { severity: 'error', rule: 'import/bad-image', message: `An image that the row holds ${checked.reason}.`, remedy: 'It is not written; the row names no file for it.' } };
    const hash = createHash('sha1').update(bytes).digest('base64');
    const { name, isNew } = this.nameFor(safeStem(image.name) ?? otherwise, checked.ending, hash);
    if (isNew && this.folder !== undefined) await this.write(path.join(this.folder, name), bytes);
    return { name, header: checked.header };
  }

  private nameFor(stem: string, ending: string, hash: string): { readonly name: string; readonly isNew: boolean } {
    for (let number = 1; ; number++) {
      const name = `${stem}${number === 1 ? '' : `-${number}`}.${ending}`;
      const known = this.hashes.get(name.toLowerCase());
      if (known === hash) return { name, isNew: false };
      if (known !== undefined) continue;
      this.hashes.set(name.toLowerCase(), hash);
      return { name, isNew: true };
    }
  }

  private async write(file: string, bytes: Uint8Array): Promise<void> {
    try {
      if (this.hashes.size === 1) await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, bytes);
    } catch (error) {
      throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
    }
  }
}

function headerOf(bytes: Uint8Array): { readonly header: ImageHeader; readonly ending: string } | { readonly reason: string } {
  try {
    const { width, height, orientation = 1, type = '' } = imageSize(bytes);
    const ending = Object.hasOwn(endings, type) ? endings[type] : undefined;
    if (ending === undefined) return { reason: `is of a format that is not taken (${type || 'unknown'})` };
    if (!(width > 0 && height > 0)) return { reason: 'has no size' };
    if (width * height > mostPixels) return { reason: `has ${width} × ${height} pixels: a decompression bomb` };
    return { header: orientation >= 5 ? { width: height, height: width, isTurned: true } : { width, height, isTurned: orientation > 1 }, ending };
  } catch (error) {
    return { reason: `is none that can be read (${messageOf(error)})` };
  }
}

/** Letters, digits and `. _ -` of a name without folders and ending; undefined where nothing is left. */
function safeStem(name: string | undefined): string | undefined {
  const base = name?.split(/[\\/]/).at(-1)?.replace(/\.[A-Za-z0-9]{1,5}$/, '') ?? '';
  const safe = base.normalize('NFC').replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^[._-]+/, '').slice(0, 100);
  const isReserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(safe); // names that Windows keeps for devices
  return safe === '' ? undefined : isReserved ? `_${safe}` : safe;
}
