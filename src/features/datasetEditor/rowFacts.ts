import type { DifficultyRecord } from '../../core/dataset/sample';
import { parseRow } from '../../core/dataset/parseRow';
import type { DatasetService } from '../../host/datasetService';
import type { DatasetDocument } from './document';

/** Rows that are read for the labels in use; enough to know a dataset's vocabulary without reading it through. */
const rowsForLabels = 500;
const mostLabels = 200;

/** What the editor knows of rows besides their text; read once, and again after `forget`. */
export class RowFacts {
  private found: Promise<ReadonlyMap<string, DifficultyRecord>> | undefined;
  private used: Promise<readonly string[]> | undefined;

  constructor(
    private readonly document: DatasetDocument,
    private readonly datasets: DatasetService,
  ) {}

  /** What sampling found, by qid; nothing for held-out rows and for files that no project names. */
  records(): Promise<ReadonlyMap<string, DifficultyRecord>> {
    this.found ??= this.datasets.byFile(this.document.uri.fsPath).then(async dataset => (dataset ? (await this.datasets.difficulty(dataset)).records : new Map()));
    return this.found;
  }

  /** Labels of boxes in the first rows, the most used first. */
  labels(): Promise<readonly string[]> {
    this.used ??= this.countLabels();
    return this.used;
  }

  forget(): void {
    this.found = undefined;
  }

  private async countLabels(): Promise<readonly string[]> {
    const uses = new Map<string, number>();
    for (const { text } of await this.document.readRows(0, rowsForLabels)) {
      for (const { label } of parseRow(text, this.document.context.columns).row?.boxes ?? []) if (label) uses.set(label, (uses.get(label) ?? 0) + 1);
    }
    return [...uses].sort((a, b) => b[1] - a[1]).slice(0, mostLabels).map(([label]) => label);
  }
}
