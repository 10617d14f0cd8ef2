import { isObject, type JsonObject, own } from './importedRow';

/** What a record is whose fields are known here, though it is not read: what a labeling tool keeps for itself. Undefined for any other. */
export function toolFormatOf(record: JsonObject): string | undefined {
  if (Array.isArray(own(record, 'shapes')) && own(record, 'imagePath') !== undefined) return labelme;
  if (own(record, 'shape_type') !== undefined && Array.isArray(own(record, 'points'))) return labelme;
  const [annotation] = Array.isArray(own(record, 'annotations')) ? (own(record, 'annotations') as readonly unknown[]) : [];
  if (isObject(own(record, 'data')) && isObject(annotation) && Array.isArray(own(annotation, 'result'))) return 'it is Label Studio’s own JSON. Export it there as COCO, YOLO, Pascal VOC, CSV or JSON-MIN, which are read; or say --format rows and name its fields with --map.';
  return undefined;
}

/** What a file of XML is that is read as no Pascal VOC; undefined for any other. */
export function toolXmlOf(text: string): string | undefined {
  return /<annotations[\s>]/.test(text) ? 'it is CVAT’s own XML. Export the task from CVAT as COCO, YOLO or Pascal VOC, which are read.' : undefined;
}

const labelme = 'it is the JSON of LabelMe or X-AnyLabeling, a file an image. Write it there as COCO, YOLO or Pascal VOC, which are read (labelme2coco, "Export" of X-AnyLabeling).';
