import * as path from 'node:path';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { parseRow } from '../../core/dataset/parseRow';
import type { ParsedRow, Row, RowFault } from '../../core/dataset/row';
import type { ImageSize } from '../../core/geometry/boxFrame';
import { imageFault } from '../../core/lint/imageFault';
import { lintBoxes } from '../../core/lint/lintBoxes';
import { type ImageHeader, lintImage } from '../../core/lint/lintImage';
import { joined, lintRow } from '../../core/lint/lintRow';
import { problemOfFault } from '../../core/lint/problemOfFault';
import type { Problem } from '../../core/problem';
import type { BoxFrame, Columns, StageKind } from '../../core/project/project';
import type { RowText } from './datasetFile';
import { readImageHeader, resolveImage } from './imageInfo';
import { ImageLinks } from './imageLinks';

/** How the rows of a file are to be read; from `pebr.json`, or the defaults for a file that no project names. */
export interface RowContext {
  readonly file: string;
  readonly imageRoot: string;
  readonly stage: StageKind;
  readonly columns: Columns;
  readonly boxFrame: BoxFrame;
  /** Tokens that a prompt may have; null where no project says. */
  readonly maxPromptTokens: number | null;
}

/** An image of a row: where it is and how large, or why it cannot be shown. */
export interface RowImage {
  /** As the row has it. */
  readonly name: string;
  /** Absolute; absent when the name leaves the image root. */
  readonly file?: string;
  readonly size?: ImageSize;
  readonly faults: readonly RowFault[];
}

export interface InspectedRow {
  readonly row: Row | undefined;
  readonly images: readonly RowImage[];
  readonly problems: readonly Problem[];
}

/** Reads a row and its images' headers, and applies every rule of one row. */
export async function inspectRow(at: RowText, context: RowContext): Promise<InspectedRow> {
  const parsed = parseRow(at.text, context.columns);
  const links = new ImageLinks(context.imageRoot);
  const images = await Promise.all((parsed.row?.images ?? []).map(name => inspectImage(name, context.imageRoot, links)));
  const place = { file: context.file, line: at.line, text: at.text, qid: parsed.row?.qid };
  return { row: parsed.row, images, problems: faultsOf(parsed, images, context).map(fault => problemOfFault(fault, place, context.columns)) };
}

/** Every rule of one row, its images having been looked at. */
export function faultsOf(parsed: ParsedRow, images: readonly RowImage[], context: RowContext): readonly RowFault[] {
  const [first, ...more] = images;
  const ofImages = more.length === 0 ? (first?.faults ?? []) : images.flatMap(image => image.faults);
  return joined([lintRow(parsed, context), ofImages, parsed.row ? lintBoxes(parsed.row, context.boxFrame, first?.size) : []]);
}

async function inspectImage(name: string, imageRoot: string, links: ImageLinks): Promise<RowImage> {
  const file = resolveImage(imageRoot, name);
  if (file === undefined) return { name, faults: [imageFault.outside(name, imageRoot)] };
  const target = links.leadsTo(file);
  if (target !== undefined) return { name, faults: [imageFault.linkedOutside(name, target)] };
  try {
    return imageOfHeader(name, file, await readImageHeader(file));
  } catch (error) {
    return unreadableImage(name, file, error);
  }
}

export function imageOfHeader(name: string, file: string, header: ImageHeader): RowImage {
  return { name, file, size: { width: header.width, height: header.height }, faults: lintImage(name, header) };
}

export function unreadableImage(name: string, file: string, error: unknown): RowImage {
  const noFile = imageFault.noFile(name);
  if (noFile) return { name, file, faults: [noFile] };
  const isMissing = AppError.is(error, 'dataset.unreadable') && error.details.reason === 'there is no such file';
  return { name, file, faults: [isMissing ? imageFault.missing(name, path.normalize(file)) : imageFault.unreadable(errorInWords(error))] };
}
