import type { ChatMessage, ExportImage, ExportSample } from '../../core/formats/exportSample';
import type { ExportFault } from '../../core/formats/checkSample';
import type { JsonObject } from '../../core/parsedLine';
import { parseRow } from '../../core/dataset/parseRow';
import type { ParsedRow, Row } from '../../core/dataset/row';
import { toPixels } from '../../core/geometry/boxFrame';
import { imageFault } from '../../core/lint/imageFault';
import type { RowText } from '../dataset/datasetFile';
import { resolveImage } from '../dataset/imageInfo';
import type { ExportInput, ExportPlan } from './exportPlan';
import type { ImageHeaders } from './imageHeaders';

/** A row as it stands in its file, with where its images are; undefined for one that leaves the root. */
export interface FileRow extends RowText {
  readonly parsed: ParsedRow;
  readonly files: readonly (string | undefined)[];
}

export interface ReadRow {
  readonly qid: string;
  /** Absent where the row cannot be read. */
  readonly sample?: Omit<ExportSample, 'index'>;
  readonly faults: readonly ExportFault[];
}

const noSize = { width: 1, height: 1 };

export function fileRow(at: RowText, { columns, imageRoot }: ExportInput): FileRow {
  const parsed = parseRow(at.text, columns);
  return { ...at, parsed, files: parsed.row?.images.map(image => resolveImage(imageRoot, image)) ?? [] };
}

/** A row of a dataset on its way out, with its images' headers read. What of a row cannot be read is an error: it would be lost without a word. */
export function exportSampleOf({ text, parsed, files }: FileRow, input: ExportInput, plan: ExportPlan, headers: ImageHeaders, nameOf: (file: string, input: ExportInput) => string): ReadRow {
  const { row, faults: found, fields } = parsed;
  const faults = found
    .filter(({ severity, rule }) => severity === 'error' && rule !== 'dataset/missing-qid')
    .map(({ message, remedy }): ExportFault => ({ severity: 'error', rule: 'export/unreadable-row', message, remedy }));
  if (!row || !fields) return { qid: '', faults };
  if (text.includes('\ufffd')) faults.push({ severity: 'warning', rule: 'export/broken-text', message: 'The row holds U+FFFD, which stands for bytes that are no UTF-8.', remedy: 'Write the text anew, or save the file as UTF-8.' });
  const messages = plan.target.needs.conversations && row.problem === '' ? messagesOf(fields, faults) : undefined;
  const images = imagesOf(row, files, input, headers, nameOf, faults);
  if (images.length < row.images.length) return { qid: row.qid, faults }; // what else is said about it would only follow from that
  const dropped = furtherBoxFields(fields, input);
  if (dropped.length > 0) faults.push({ severity: 'warning', rule: 'export/box-fields', message: `Its boxes have ${dropped.map(name => `"${name}"`).join(', ')} beside label and corners, which no trainer reads.`, remedy: 'They are left out; put what is needed into a field of the row.' });
  const size = images[0]?.size ?? noSize;
  const prompt = plan.render && !messages ? plan.render(row.problem, fields) : row.problem;
  return {
    qid: row.qid,
    faults,
    sample: {
      qid: row.qid, problem: row.problem, prompt, answer: row.answer, key_words: row.key_words, images,
      boxes: row.boxes.map(({ label, numbers }) => ({ label, bbox: toPixels(numbers, input.boxFrame, size) })),
      extra: extraOf(fields, input, messages !== undefined), stage: input.stage, split: input.split, ...(messages ? { messages } : {}),
    },
  };
}

function imagesOf(row: Row, files: FileRow['files'], input: ExportInput, headers: ImageHeaders, nameOf: (file: string, input: ExportInput) => string, faults: ExportFault[]): readonly ExportImage[] {
  return row.images.flatMap((image, at): ExportImage[] => {
    const file = files[at];
    if (file === undefined) {
      faults.push({ severity: 'error', rule: 'export/image-outside-root', message: `The image "${image}" leaves the image root ${input.imageRoot}.`, remedy: 'Move it below the root, or set "imageRoot" in pebr.json.' });
      return [];
    }
    const header = headers.of(file);
    if (typeof header === 'string') {
      const noFile = imageFault.noFile(image);
      const isMissing = noFile !== undefined || header === 'there is no such file';
      faults.push({
        severity: 'error', rule: isMissing ? 'export/image-missing' : 'export/image-unreadable', message: noFile?.message ?? (isMissing ? `The image "${image}" is missing: there is no ${file}.` : `The image ${file} cannot be read: ${header}.`),
        remedy: noFile?.remedy ?? (isMissing ? 'Put the file there, or correct the path in the row.' : 'Replace it with a PNG, JPEG, WebP, GIF or BMP image.'),
      });
      return [];
    }
    return [{ file, name: nameOf(file, input), size: { width: header.width, height: header.height }, isTurned: header.isTurned }];
  });
}

/** What boxes say beside label and corners. */
function furtherBoxFields(fields: JsonObject, { columns }: ExportInput): readonly string[] {
  const boxes = Object.hasOwn(fields, columns.boxes) ? fields[columns.boxes] : undefined;
  if (!Array.isArray(boxes)) return [];
  const names = new Set<string>();
  for (const box of boxes as readonly unknown[]) {
    if (typeof box === 'object' && box !== null) for (const name of Object.keys(box)) if (name !== 'label' && name !== 'bbox') names.add(name);
  }
  return [...names].slice(0, 5);
}

function messagesOf(fields: JsonObject, faults: ExportFault[]): readonly ChatMessage[] | undefined {
  const value = Object.hasOwn(fields, 'messages') ? fields.messages : undefined;
  if (!Array.isArray(value)) return undefined;
  const isChat = value.every((turn: unknown): turn is ChatMessage => {
    const { role, content } = (turn ?? {}) as { role?: unknown; content?: unknown };
    return typeof role === 'string' && typeof content === 'string';
  });
  if (!isChat) faults.push({ severity: 'error', rule: 'export/turns', message: 'Its messages are not all {"role", "content"} with texts.', remedy: 'Write each turn as {"role": "user" or "assistant", "content": "…"}.' });
  return isChat ? value.map(({ role, content }) => ({ role, content })) : [];
}

function extraOf(fields: JsonObject, { columns }: ExportInput, hasMessages: boolean): JsonObject {
  const { qid, problem, answer, images, key_words: keyWords, boxes } = columns;
  const extra: Record<string, unknown> = {};
  for (const key in fields) {
    if (key === qid || key === problem || key === answer || key === images || key === keyWords || key === boxes || key === '__proto__' || (hasMessages && key === 'messages')) continue;
    extra[key] = fields[key];
  }
  return extra;
}
