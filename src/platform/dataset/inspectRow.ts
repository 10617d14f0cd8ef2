import * as path from 'node:path';
import { errorInWords } from '../../core/errorWords';
import { parseRow } from '../../core/dataset/parseRow';
import type { ParsedRow, Row, RowFault } from '../../core/dataset/row';
import type { ImageSize } from '../../core/geometry/boxFrame';
import { lintBoxes } from '../../core/lint/lintBoxes';
import { type ImageHeader, lintImage } from '../../core/lint/lintImage';
import { lintRow } from '../../core/lint/lintRow';
import { problemOfFault } from '../../core/lint/problemOfFault';
import type { Problem } from '../../core/problem';
import type { BoxFrame, Columns, StageKind } from '../../core/project/project';
import type { RowText } from './datasetFile';
import { readImageHeader, resolveImage } from './imageInfo';

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
  readonly types: ParsedRow['types'];
  readonly images: readonly RowImage[];
  readonly problems: readonly Problem[];
}

/** Reads a row and its images' headers, and applies every rule of one row. `headerOf` may remember headers between rows. */
export async function inspectRow(at: RowText, context: RowContext, headerOf: (file: string) => Promise<ImageHeader> = readImageHeader): Promise<InspectedRow> {
  const parsed = parseRow(at.text, context.columns);
  const images = await Promise.all((parsed.row?.images ?? []).map(name => inspectImage(name, context.imageRoot, headerOf)));
  const faults = [
    ...lintRow(parsed, context),
    ...images.flatMap(image => image.faults),
    ...(parsed.row ? lintBoxes(parsed.row, context.boxFrame, images[0]?.size) : []),
  ];
  const place = { file: context.file, line: at.line, text: at.text, qid: parsed.row?.qid };
  return { row: parsed.row, types: parsed.types, images, problems: faults.map(fault => problemOfFault(fault, place, context.columns)) };
}

async function inspectImage(name: string, imageRoot: string, headerOf: (file: string) => Promise<ImageHeader>): Promise<RowImage> {
  const file = resolveImage(imageRoot, name);
  if (file === undefined) {
    return {
      name,
      faults: [{
        severity: 'error', rule: 'dataset/image-outside-root', field: 'images', message: `The image "${name}" leaves the image root ${imageRoot} and is not read.`,
        remedy: 'Move the image below the root, or set "imageRoot" in pebr.json.',
      }],
    };
  }
  try {
    const header = await headerOf(file);
    return { name, file, size: { width: header.width, height: header.height }, faults: lintImage(name, header) };
  } catch (error) {
    const reason = errorInWords(error);
    const isMissing = reason.includes('no such file');
    return {
      name, file,
      faults: [isMissing
        ? {
            severity: 'error', rule: 'dataset/missing-image', field: 'images', message: `The image "${name}" is missing: there is no ${path.normalize(file)}.`,
            remedy: 'Put the file there, correct the path in the row, or set "imageRoot" in pebr.json.',
          }
        : { severity: 'error', rule: 'dataset/unreadable-image', field: 'images', message: reason, remedy: 'Replace the file with a PNG, JPEG, WebP, GIF or BMP image.' }],
    };
  }
}
