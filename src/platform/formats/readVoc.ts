import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import type { VocFile } from '../../core/formats/voc/importVoc';
import { textOfBytes } from './fileChunks';
import type { ForeignRecord, ReadProgress } from './foreignRecord';
import { imageName } from './imageLists';
import { slashes } from './readYolo';
import { isOfSplit } from './splits';
import { compare, walkFiles } from './walkFiles';

/** The annotation files of a Pascal VOC folder, each with the image of its name. */
export async function* readVoc(folder: string, split: string | undefined, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord> {
  const files = await walkFiles(folder, signal);
  const images = imagesByName(files);
  const annotations = files.filter(file => file.toLowerCase().endsWith('.xml') && isOfSplit(file, split)).sort(compare);
  progress.total = annotations.length;
  for (const annotation of annotations) {
    signal?.throwIfAborted();
    progress.done++;
    const file = path.join(folder, annotation);
    const bare = annotation.slice(0, -'.xml'.length);
    try {
      const { text, faults } = textOfBytes(await readFile(file));
      const name = path.basename(bare);
      const image = images.get(bare) ?? images.get(bare.replace(/(^|[\\/])Annotations([\\/])/, '$1JPEGImages$2')) ?? images.get(bare.replace(/(^|[\\/])annotations([\\/])/i, '$1images$2')) ?? only(images, name);
      const value: VocFile = { xml: text.replace(/^\ufeff/, ''), name, ...(image === undefined ? {} : { image: slashes(image) }) };
      yield { file, faults, value };
    } catch (error) {
      yield { file, faults: [{ severity: 'error', rule: 'import/unreadable', message: `The annotation cannot be read: ${messageOf(error)}.`, remedy: 'It is left out.' }] };
    }
  }
}

/** Images by their path without the ending, and by their bare name where that is not ambiguous (then the value is the path). */
function imagesByName(files: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const twice = new Set<string>();
  for (const file of files) {
    if (!imageName.test(file)) continue;
    const bare = file.replace(/\.[^.]+$/, '');
    found.set(bare, file);
    const key = `name:${path.basename(bare)}`;
    if (found.has(key)) twice.add(key);
    found.set(key, file);
  }
  for (const key of twice) found.delete(key);
  return found;
}

function only(images: ReadonlyMap<string, string>, name: string): string | undefined {
  return images.get(`name:${name}`);
}
