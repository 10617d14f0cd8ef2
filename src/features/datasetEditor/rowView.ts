import * as vscode from 'vscode';
import { untouched } from '../../core/curation/curation';
import { parseRow } from '../../core/dataset/parseRow';
import type { DifficultyRecord } from '../../core/dataset/sample';
import { inspectRow, type RowImage } from '../../platform/dataset/inspectRow';
import type { RowText } from '../../platform/dataset/datasetFile';
import type { ImageView, RowView } from '../../protocol/datasetEditor';
import type { DatasetDocument } from './document';

/** A row as a panel shows it: its images as addresses that the panel may load, its problems, what sampling found about it. */
export async function rowView(
  at: RowText,
  document: DatasetDocument,
  records: ReadonlyMap<string, DifficultyRecord>,
  webview: vscode.Webview,
): Promise<RowView> {
  const { version } = document; // before anything is waited for: `at` is of this version
  const { row, images, problems } = await inspectRow(at, document.context);
  const theirs = document.rows.at(at.row)?.theirs;
  return {
    version,
    index: at.row,
    line: at.line,
    row,
    text: row ? '' : at.text.slice(0, 2000),
    images: images.map(image => imageView(image, webview)),
    problems,
    difficulty: row && records.get(row.qid),
    isEdited: document.isEdited(at.row),
    isDeleted: document.isDeleted(at.row, at.text),
    curation: row ? document.curationOf(row.qid) : untouched,
    theirs: theirs === undefined ? undefined : { row: parseRow(theirs, document.context.columns).row },
  };
}

function imageView(image: RowImage, webview: vscode.Webview): ImageView {
  const { name, file, faults: [fault], size } = image;
  if (size === undefined || file === undefined) return { name, fault: fault && { message: fault.message, remedy: fault.remedy } };
  return { name, size, uri: webview.asWebviewUri(vscode.Uri.file(file)).toString() };
}
