import { type CocoAnnotation, cocoAnnotation, cocoId, type CocoImage } from '../../core/formats/coco/importCoco';
import { isObject, own } from '../../core/formats/importedRow';
import type { ForeignRecord, ReadProgress } from './foreignRecord';
import { asRecord, readJson } from './readJson';

type Id = number | string;

/**
 * The images of a COCO file, each with its annotations. The file is read twice, because annotations may stand before or behind their images: first the annotations, which
 * are held small, then the images, one at a time.
 */
export async function* readCoco(file: string, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord> {
  const categories = new Map<Id, string>();
  const annotations = new Map<Id, CocoAnnotation[]>();
  for await (const element of readJson(file, progress, signal)) {
    if (element.key !== 'images') yield* problemsOf(element);
    if (!isObject(element.value)) continue;
    if (element.key === 'categories') {
      const id = idOf(element.value, 'id');
      if (id !== undefined) categories.set(id, String(own(element.value, 'name') ?? id));
    } else if (element.key === 'annotations') {
      const image = idOf(element.value, 'image_id');
      if (image === undefined) {
        yield { file, ...lineOf(element), faults: [{ severity: 'warning', rule: 'import/no-image-id', message: 'The annotation names no image.', remedy: 'It is left out.' }] };
        continue;
      }
      const list = annotations.get(image);
      if (list) list.push(cocoAnnotation(element.value));
      else annotations.set(image, [cocoAnnotation(element.value)]);
    }
  }
  const ids = new Set<Id>();
  for await (const element of readJson(file, progress, signal)) {
    if (element.key !== 'images') continue;
    const { value, ...place } = asRecord(element);
    if (!isObject(value)) {
      yield place;
      continue;
    }
    const id = idOf(value, 'id');
    if (id !== undefined && ids.has(id)) {
      yield { ...place, faults: [{ severity: 'warning', rule: 'import/repeated-image', message: `The image id ${id} stands more than once.`, remedy: 'Its annotations belong to the first; this one is left out.' }] };
      continue;
    }
    if (id !== undefined) ids.add(id);
    const joined: CocoImage = { image: value, annotations: (id === undefined ? undefined : annotations.get(id)) ?? [], categories };
    if (id !== undefined) annotations.delete(id);
    yield { ...place, value: joined };
  }
  const orphans = [...annotations.values()].reduce((sum, list) => sum + list.length, 0);
  if (orphans > 0) yield { file, faults: [{ severity: 'warning', rule: 'import/no-such-image', message: `${orphans} annotations belong to ${annotations.size} images that the file does not list.`, remedy: 'They are left out; add the images under "images".' }] };
}

function* problemsOf(element: ForeignRecord): Generator<ForeignRecord> {
  if (element.faults.length > 0) yield { file: element.file, ...lineOf(element), faults: element.faults };
}

function lineOf({ line, element }: ForeignRecord): Pick<ForeignRecord, 'line' | 'element'> {
  return { ...(line === undefined ? {} : { line }), ...(element === undefined ? {} : { element }) };
}

function idOf(value: Readonly<Record<string, unknown>>, key: string): Id | undefined {
  return cocoId(own(value, key));
}
