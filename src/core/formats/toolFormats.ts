import { isObject, type JsonObject, own } from './importedRow';

/** What a record is whose fields are known here, though it is not read: what a labeling tool keeps for itself. Undefined for any other. */
export function toolFormatOf(record: JsonObject): string | undefined {
  if (Array.isArray(own(record, 'shapes')) && own(record, 'imagePath') !== undefined) return labelme;
  if (own(record, 'shape_type') !== undefined && Array.isArray(own(record, 'points'))) return labelme;
  const annotation = firstOf(record, 'annotations');
  if (isObject(own(record, 'data')) && Array.isArray(own(annotation, 'result'))) return 'it is Label Studio’s own JSON. Export it there as COCO, YOLO, Pascal VOC, CSV or JSON-MIN, which are read; or say --format rows and name its fields with --map.';
  if (own(annotation, 'label_id') !== undefined && typeof own(annotation, 'type') === 'string') return 'it is Datumaro’s JSON, whose labels stand elsewhere in it. Export it as COCO, YOLO or Pascal VOC, which are read.';
  if (own(firstOf(record, 'regions'), 'shape_attributes') !== undefined || own(record, '_via_settings') !== undefined) return 'it is the JSON of VGG Image Annotator (VIA). Export the annotations there as COCO, which is read.';
  if ([record, firstOf(record, 'objects')].some(each => own(each, 'classTitle') !== undefined)) return 'it is the JSON of Supervisely, a file an image. Export the project there as COCO, YOLO or Pascal VOC, which are read.';
  if (own(record, 'data_row') !== undefined && own(record, 'projects') !== undefined) return 'it is Labelbox’s own export. Convert it to COCO (labelbox.data.serialization, or Roboflow), which is read.';
  if (own(record, 'ImageID') !== undefined && own(record, 'LabelName') !== undefined && own(record, 'XMin') !== undefined) return 'it is a table of Open Images: a box a line, with codes in place of class names. Write it as COCO (FiftyOne, openimages2coco), which is read.';
  if (own(record, 'row_idx') !== undefined && isObject(own(record, 'row'))) return 'it is a page of the Hugging Face dataset viewer, with links that expire in place of images. Get the dataset itself: datasets.load_dataset("NAME", split="train").to_parquet("data.parquet").';
  if (isColumnwise(record)) return 'it is a table written by its columns, a list each. Write a row an object: python -c "import json, pandas; pandas.DataFrame(json.load(open(\'FILE\'))).to_json(\'rows.jsonl\', orient=\'records\', lines=True)"; or say --format rows if it is one row.';
  return undefined;
}

/** KITTI's label files: class, truncated, occluded, angle, four corners in pixels, seven numbers of the box in space, and a score where it is a prediction. */
export function isKitti(text: string): boolean {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
  return lines.length > 0 && lines.every(line => /^[A-Za-z_]+(?:\s+-?\d+(?:\.\d+)?(?:e-?\d+)?){14,15}\s*$/.test(line));
}

/** Lists of one length and nothing else: what `Dataset.to_dict()` and pandas' `orient="list"` write. */
function isColumnwise(record: JsonObject): boolean {
  const columns: readonly unknown[] = Object.values(record);
  const [first] = columns;
  return columns.length > 1 && Array.isArray(first) && first.length > 1 && columns.every(column => Array.isArray(column) && column.length === first.length);
}

/** What a file of XML is that is read as no Pascal VOC; undefined for any other. */
export function toolXmlOf(text: string): string | undefined {
  return /<annotations[\s>]/.test(text) ? 'it is CVAT’s own XML. Export the task from CVAT as COCO, YOLO or Pascal VOC, which are read.' : undefined;
}

const labelme = 'it is the JSON of LabelMe or X-AnyLabeling, a file an image. Write it there as COCO, YOLO or Pascal VOC, which are read (labelme2coco, "Export" of X-AnyLabeling).';

/** The first entry of a list of objects; an empty object where there is none. */
function firstOf(record: JsonObject, key: string): JsonObject {
  const list = own(record, key);
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(first) ? first : {};
}
