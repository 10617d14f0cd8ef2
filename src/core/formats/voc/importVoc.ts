import { messageOf } from '../../errors';
import type { FrameBox } from '../../dataset/row';
import type { ForeignBox, Imported, ImportFault, ImportOptions } from '../importedRow';
import { labelledRow } from '../labelledRow';
import { childText, parseXml, type XmlElement } from './xmlElements';

export interface VocFile {
  readonly xml: string;
  /** Name of the annotation file without `.xml`. */
  readonly name: string;
  /** The image that the reader found for it, relative to the folder; where it found none, what the file says is kept. */
  readonly image?: string;
}

const flags = ['difficult', 'truncated', 'occluded', 'pose'];

/**
 * Pascal VOC: an XML file an image. The original counts pixels from 1 and includes the last one; other tools write the same form from 0, which shows at
 * boxes that begin at 0.
 */
export function importVoc({ xml, name, image }: VocFile, options: ImportOptions): Imported {
  const faults: ImportFault[] = [];
  let root: XmlElement;
  try {
    root = parseXml(xml);
    if (root.name !== 'annotation') throw new Error(`it is <${root.name}>, not <annotation>`);
  } catch (error) {
    return { rows: [], faults: [{ severity: 'error', rule: 'import/malformed-xml', message: `The annotation cannot be read: ${messageOf(error)}.`, remedy: 'It is left out; correct the file.' }] };
  }
  const boxes = root.children.filter(child => child.name === 'object').flatMap((object, index) => {
    const box = boxOf(object);
    if (!box) faults.push({ severity: 'warning', rule: 'import/malformed-box', message: `Object ${index + 1} has no bndbox of four numbers.`, remedy: 'It is left out; correct it in the annotation.' });
    return box ? [box] : [];
  });
  const size = root.children.find(child => child.name === 'size');
  const width = Number(size && childText(size, 'width'));
  const height = Number(size && childText(size, 'height'));
  const row = labelledRow({
    qid: name, images: [image ?? childText(root, 'filename') ?? `${name}.jpg`], boxes, extra: {}, ...(width > 0 && height > 0 ? { size: { width, height } } : {}),
    sources: { qid: 'the file name', images: image === undefined ? 'filename' : 'the file name', boxes: 'object/bndbox' },
  }, options);
  return { rows: [row], faults };
}

function boxOf(object: XmlElement): ForeignBox | undefined {
  const bounds = object.children.find(child => child.name === 'bndbox');
  const numbers = ['xmin', 'ymin', 'xmax', 'ymax'].map(key => (bounds ? Number(childText(bounds, key) || NaN) : NaN));
  if (!numbers.every(number => Number.isFinite(number))) return undefined;
  const said = flags.flatMap(flag => {
    const value = childText(object, flag);
    return value === undefined || value === '0' || value === '' || value === 'Unspecified' ? [] : [[flag, value === '1' ? true : value] as const];
  });
  return { label: childText(object, 'name') ?? '', numbers: numbers as unknown as FrameBox, claim: 'voc', layout: 'xyxy', ...(said.length > 0 ? { extra: Object.fromEntries(said) } : {}) };
}
