import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { changeInWords } from '../../core/diff/changeInWords';
import { type DiffFilter, isShown, type RowChange } from '../../core/diff/datasetDiff';
import { valueOf } from '../../core/diff/rowDiff';
import { parseRow } from '../../core/dataset/parseRow';
import type { ParsedRow } from '../../core/dataset/row';
import type { Box } from '../../core/dataset/sample';
import { type ImageSize, toPixels } from '../../core/geometry/boxFrame';
import { DatasetFile } from '../../platform/dataset/datasetFile';
import { readImageSize, resolveImage } from '../../platform/dataset/imageInfo';
import type { RowContext } from '../../platform/dataset/inspectRow';
import { type DatasetDiff, diffDatasets } from '../../platform/diff/diffDatasets';
import type { RevisionFile } from '../../platform/diff/gitRevision';
import type { DiffDetail, DiffField, DiffListRow, DiffOverview } from '../../protocol/datasetDiff';

/** Longer texts are cut: the row can be opened. */
const longestText = 4000;

export interface ComparisonJob {
  readonly onProgress?: (done: number, what: string) => void;
  readonly signal?: AbortSignal;
}

/** Two revisions of a dataset, compared, with both files open for as long as they are looked at. */
export class Comparison {
  private shown: readonly RowChange[];
  private filterNow: DiffFilter = {};
  version = 1;

  private constructor(
    readonly context: RowContext,
    private readonly labels: { readonly name: string; readonly from: string; readonly to: string },
    private readonly old: DatasetFile,
    private readonly now: DatasetFile,
    private readonly revision: RevisionFile,
    private readonly diff: DatasetDiff,
  ) {
    const { counts } = diff;
    // Rows that are only written otherwise would bury the others.
    if (counts.rewritten > 0 && counts.added + counts.removed + counts.changed > 0) this.filterNow = { kinds: ['added', 'removed', 'changed'] };
    this.shown = diff.changes.filter(change => isShown(change, this.filterNow));
  }

  /** Takes over `revision`. */
  static async open(context: RowContext, labels: { readonly name: string; readonly from: string; readonly to: string }, revision: RevisionFile, job: ComparisonJob): Promise<Comparison> {
    const opened: DatasetFile[] = [];
    try {
      for (const file of [revision.file, context.file]) opened.push(await DatasetFile.open(file));
      const [old, now] = opened;
      if (!old || !now) throw new Error('A revision could not be opened');
      const diff = await diffDatasets(old, now, { columns: context.columns, boxFrame: context.boxFrame, ...job });
      return new Comparison(context, labels, old, now, revision, diff);
    } catch (error) {
      await Promise.all(opened.map(each => each.close()));
      await revision.remove();
      throw error;
    }
  }

  filter(filter: DiffFilter): void {
    this.filterNow = filter;
    this.shown = this.diff.changes.filter(change => isShown(change, filter));
    this.version++;
  }

  overview(): DiffOverview {
    const { counts, oldRows, nowRows, changes } = this.diff;
    const fields = new Map<string, number>();
    for (const { diff } of changes) for (const field of diff?.fields ?? []) fields.set(field, (fields.get(field) ?? 0) + 1);
    return { version: this.version, ...this.labels, oldRows, nowRows, counts, fields: [...fields].sort(([, a], [, b]) => b - a).slice(0, 20), filter: this.filterNow, matching: this.shown.length };
  }

  page(from: number, to: number): readonly DiffListRow[] {
    return this.shown.slice(from, to).map(change => this.listRow(change));
  }

  at(place: number): RowChange | undefined {
    return this.shown[place];
  }

  /** The row of a change with both texts; undefined where the list is shorter. */
  async detail(place: number, uriOf: (file: string) => string): Promise<DiffDetail | null> {
    const change = this.shown[place];
    if (!change) return null;
    const [old, now] = await Promise.all([this.read(this.old, change.old), this.read(this.now, change.now)]);
    const picture = await this.picture(now?.parsed ?? old?.parsed, uriOf);
    const size = picture.size ?? { width: 1, height: 1 };
    return {
      ...this.listRow(change), oldLine: old?.line ?? null, nowLine: now?.line ?? null, fields: this.fieldsOf(change, old?.parsed, now?.parsed),
      oldBoxes: this.boxesOf(old?.parsed, size), nowBoxes: this.boxesOf(now?.parsed, size), boxes: change.diff?.boxes ?? [], imageUri: picture.uri, imageNote: picture.note,
    };
  }

  /** Both texts of a row, each value on a line of its own. */
  async texts(place: number): Promise<readonly [old: string, now: string]> {
    const change = this.shown[place];
    const [old, now] = await Promise.all([this.read(this.old, change?.old ?? null), this.read(this.now, change?.now ?? null)]);
    const pretty = (side: typeof old): string => (side === undefined ? '' : side.parsed.fields ? `${JSON.stringify(side.parsed.fields, null, 2)}\n` : side.text);
    return [pretty(old), pretty(now)];
  }

  /** Line of a change in the file as it is now; undefined for a removed row. */
  async lineOf(place: number): Promise<number | undefined> {
    return (await this.read(this.now, this.shown[place]?.now ?? null))?.line;
  }

  async close(): Promise<void> {
    await Promise.all([this.old.close(), this.now.close()]);
    await this.revision.remove();
  }

  private listRow({ kind, qid, diff, now, old }: RowChange): DiffListRow {
    return { kind, qid: qid || `row ${(now ?? old ?? 0) + 1}`, words: diff ? changeInWords(diff, this.context.columns.boxes) : '' };
  }

  private async read(dataset: DatasetFile, row: number | null): Promise<{ readonly line: number; readonly text: string; readonly parsed: ParsedRow } | undefined> {
    if (row === null) return undefined;
    const [at] = await dataset.readRows(row, row + 1);
    return at && { line: at.line, text: at.text, parsed: parseRow(at.text, this.context.columns) };
  }

  private fieldsOf({ diff, kind }: RowChange, old: ParsedRow | undefined, now: ParsedRow | undefined): readonly DiffField[] {
    const { boxes } = this.context.columns;
    const names = diff?.fields ?? Object.keys((kind === 'added' ? now : old)?.fields ?? {});
    return names.filter(name => name !== boxes).map(name => ({ name, old: textOf(old, name), now: textOf(now, name) }));
  }

  private boxesOf(parsed: ParsedRow | undefined, size: ImageSize): readonly Box[] {
    return (parsed?.row?.boxes ?? []).map(({ label, numbers }) => ({ label, bbox: toPixels(numbers, this.context.boxFrame, size) }));
  }

  private async picture(parsed: ParsedRow | undefined, uriOf: (file: string) => string): Promise<{ readonly uri: string | null; readonly note: string | null; readonly size?: ImageSize }> {
    const name = parsed?.row?.images[0];
    if (name === undefined) return { uri: null, note: 'The row has no image.' };
    const file = resolveImage(this.context.imageRoot, name);
    if (file === undefined) return { uri: null, note: `The image "${name}" leaves the image root and is not read.` };
    try {
      return { uri: uriOf(file), note: null, size: await readImageSize(file) };
    } catch (error) {
      return { uri: null, note: errorInWords(error) };
    }
  }
}

function textOf(parsed: ParsedRow | undefined, name: string): string | null {
  const value = parsed && valueOf(parsed, name);
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** Folders from which the panel may load pictures. */
export function pictureRoots({ imageRoot }: RowContext): readonly vscode.Uri[] {
  return [vscode.Uri.file(imageRoot)];
}
