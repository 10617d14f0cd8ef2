import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { isObject, type JsonObject, own } from '../../core/formats/importedRow';
import type { ForeignRecord, ForeignSource } from './foreignRecord';
import { readJson } from './readJson';

/**
 * RefCOCO's references name their box by `ann_id`; the boxes are in `instances*.json` beside them. Gives a source whose records have their annotation and image
 * with them, or the same source where the records have boxes or no such file is there.
 */
export async function joinAnnotations(source: ForeignSource, first: readonly JsonObject[], signal: AbortSignal | undefined): Promise<ForeignSource> {
  if (!first.some(record => own(record, 'ann_id') !== undefined && own(record, 'bbox') === undefined && own(record, 'raw_anns') === undefined)) return source;
  const names = await readdir(source.folder).catch(() => []); // no folder to list: nothing to join
  const instances = names.find(name => /^instances.*\.json$/i.test(name));
  if (instances === undefined) return source;
  let tables: Promise<Tables> | undefined;
  return {
    ...source, container: `${source.container}, joined with ${instances}`,
    async *read(progress, stop): AsyncGenerator<ForeignRecord> {
      tables ??= readTables(path.join(source.folder, instances), signal);
      const { annotations, images } = await tables;
      for await (const record of source.read(progress, stop)) {
        if (!isObject(record.value)) {
          yield record;
          continue;
        }
        const annotation = annotations.get(own(record.value, 'ann_id'));
        const image = images.get(own(record.value, 'image_id'));
        yield { ...record, value: { ...record.value, ...(annotation ? { annotation } : {}), ...(image ? { image_record: image } : {}) } };
      }
    },
  };
}

interface Tables {
  readonly annotations: ReadonlyMap<unknown, JsonObject>;
  readonly images: ReadonlyMap<unknown, JsonObject>;
}

async function readTables(file: string, signal: AbortSignal | undefined): Promise<Tables> {
  const annotations = new Map<unknown, JsonObject>();
  const images = new Map<unknown, JsonObject>();
  for await (const { key, value } of readJson(file, { done: 0, total: 0 }, signal)) {
    if (!isObject(value)) continue;
    if (key === 'annotations') annotations.set(own(value, 'id'), { bbox: own(value, 'bbox') });
    else if (key === 'images') images.set(own(value, 'id'), { width: own(value, 'width'), height: own(value, 'height'), file_name: own(value, 'file_name') });
  }
  return { annotations, images };
}
