import * as vscode from 'vscode';
import { untouched } from '../../core/curation/curation';
import { parseRow } from '../../core/dataset/parseRow';
import type { DifficultyRecord } from '../../core/dataset/sample';
import type { ImageSize } from '../../core/geometry/boxFrame';
import type { Row } from '../../core/dataset/row';
import type { EditedRow } from '../../core/labels/editedRows';
import { fieldConflicts } from '../../core/labels/mergeFields';
import type { LineText } from '../../core/labels/rowEdit';
import { fixOf } from '../../core/lint/fixes/fixOf';
import type { Problem } from '../../core/problem';
import { inspectRow, type RowImage } from '../../platform/dataset/inspectRow';
import { readSignature, type RowText } from '../../platform/dataset/datasetFile';
import type { ConflictView, ImageView, ProblemView, RowView } from '../../protocol/datasetEditor';
import type { DatasetDocument } from './document';
import type { Proposals } from './proposals';

/** A row as a panel shows it: its images as addresses that the panel may load, its problems, what sampling found about it. */
export async function rowView(
  at: RowText,
  document: DatasetDocument,
  records: ReadonlyMap<string, DifficultyRecord>,
  webview: vscode.Webview,
  proposals: Proposals,
): Promise<RowView> {
  const touched = document.rows.at(at.row);
  const { version } = document; // before anything is waited for: `at` is of this version
  const { row, images, problems } = await inspectRow(at, document.context);
  const proposed = row && (await proposals.of(row));
  return {
    version,
    index: at.row,
    line: at.line,
    row,
    text: row ? '' : at.text.slice(0, 2000),
    images: await Promise.all(images.map(image => imageView(image, webview))),
    problems: problems.map(problem => withFix(problem, at.text, document, images[0]?.size)),
    difficulty: row && records.get(row.qid),
    isEdited: document.isEdited(at.row),
    isDeleted: document.isDeleted(at.row, at.text),
    curation: row ? document.curationOf(row.qid) : untouched,
    ...(proposed && { proposals: proposed }),
    conflict: touched?.theirs === undefined ? undefined : touched.key,
  };
}

/** A row that was changed here and on disk, with both and what they come from. */
export async function conflictView({ key, row, base, text, theirs = null }: EditedRow, document: DatasetDocument, webview: vscode.Webview): Promise<ConflictView> {
  const rowOf = (line: LineText): Row | null | undefined => (line === null ? null : parseRow(line, document.context.columns).row);
  const rows = { base: rowOf(base), mine: rowOf(text), theirs: rowOf(theirs) };
  const { images } = await inspectRow({ row, line: row + 1, text: text ?? theirs ?? base ?? '' }, document.context);
  return {
    key,
    index: theirs === null ? null : row,
    qid: (rows.mine ?? rows.theirs ?? rows.base)?.qid ?? '',
    ...rows,
    fields: fieldConflicts(base, text, theirs) ?? null,
    images: await Promise.all(images.map(image => imageView(image, webview))),
  };
}

function withFix(problem: Problem, text: string, { context: { columns, boxFrame } }: DatasetDocument, size: ImageSize | undefined): ProblemView {
  const fix = fixOf(problem.rule, text, { columns, boxFrame, ...(size && { size }) });
  return fix ? { ...problem, fix: fix.title } : problem;
}

/** Its address has the file's version in it, so that a page which shows a picture that is replaced loads it again. */
async function imageView(image: RowImage, webview: vscode.Webview): Promise<ImageView> {
  const { name, file, faults: [fault], size } = image;
  if (size === undefined || file === undefined) return { name, fault: fault && { message: fault.message, remedy: fault.remedy } };
  const version = await readSignature(file).catch(() => undefined); // gone since its header was read: the page tells that it does not load
  return { name, size, uri: webview.asWebviewUri(vscode.Uri.file(file)).with({ query: `v=${version ?? ''}` }).toString() };
}
