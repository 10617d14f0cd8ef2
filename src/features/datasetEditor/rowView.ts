import * as vscode from 'vscode';
import { untouched } from '../../core/curation/curation';
import { parseRow } from '../../core/dataset/parseRow';
import type { DifficultyRecord } from '../../core/dataset/sample';
import type { ImageSize } from '../../core/geometry/boxFrame';
import { fixOf } from '../../core/lint/fixes/fixOf';
import type { Problem } from '../../core/problem';
import { inspectRow, type RowImage } from '../../platform/dataset/inspectRow';
import type { RowText } from '../../platform/dataset/datasetFile';
import type { ImageView, ProblemView, RowView } from '../../protocol/datasetEditor';
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
  const { version } = document; // before anything is waited for: `at` is of this version
  const { row, images, problems } = await inspectRow(at, document.context);
  const proposed = row && (await proposals.of(row));
  const theirs = document.rows.at(at.row)?.theirs;
  return {
    version,
    index: at.row,
    line: at.line,
    row,
    text: row ? '' : at.text.slice(0, 2000),
    images: images.map(image => imageView(image, webview)),
    problems: problems.map(problem => withFix(problem, at.text, document, images[0]?.size)),
    difficulty: row && records.get(row.qid),
    isEdited: document.isEdited(at.row),
    isDeleted: document.isDeleted(at.row, at.text),
    curation: row ? document.curationOf(row.qid) : untouched,
    ...(proposed && { proposals: proposed }),
    theirs: theirs === undefined ? undefined : { row: parseRow(theirs, document.context.columns).row },
  };
}

function withFix(problem: Problem, text: string, { context: { columns, boxFrame } }: DatasetDocument, size: ImageSize | undefined): ProblemView {
  const fix = fixOf(problem.rule, text, { columns, boxFrame, ...(size && { size }) });
  return fix ? { ...problem, fix: fix.title } : problem;
}

function imageView(image: RowImage, webview: vscode.Webview): ImageView {
  const { name, file, faults: [fault], size } = image;
  if (size === undefined || file === undefined) return { name, fault: fault && { message: fault.message, remedy: fault.remedy } };
  return { name, size, uri: webview.asWebviewUri(vscode.Uri.file(file)).toString() };
}
