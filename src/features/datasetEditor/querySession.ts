import * as path from 'node:path';
import { AppError } from '../../core/errors';
import type { Disposable } from '../../core/lifecycle';
import type { Facet } from '../../core/query/queryAnswer';
import type { KnownColumn } from '../../core/query/queryColumns';
import type { RowQuery } from '../../core/query/rowQuery';
import type { Services } from '../../host/services';
import { curationFile } from '../../platform/dataset/curationFile';
import type { DatasetQuery } from '../../platform/query/datasetQuery';
import type { EditedText, SourcePart } from '../../platform/query/querySource';
import type { QueryReply } from '../../protocol/datasetEditor';
import type { DatasetDocument } from './document';
import type { Proposals } from './proposals';
import { waitingCounts } from './waitingProposals';

/** The queries of one panel; the newest one wins. DuckDB is loaded with the first of them. */
export class QuerySession implements Disposable {
  /** Whether a second person labels in this panel, who is told nothing of the first labels. */
  isBlind = false;
  private opened: Promise<DatasetQuery> | undefined;
  private running = new AbortController();

  constructor(
    private readonly document: DatasetDocument,
    private readonly services: Services,
    private readonly proposals: Proposals,
  ) {}

  async answer(query: RowQuery): Promise<QueryReply> {
    this.running.abort();
    const { signal } = (this.running = new AbortController());
    if (query.text.trim() === '' && query.sort.length === 0 && query.groupBy === null) return { kind: 'rows', rows: null, groups: [], milliseconds: 0 };
    try {
      const database = await this.database();
      const { rows, groups, milliseconds } = await database.answer(query, signal, this.isBlind);
      return { kind: 'rows', rows, groups, milliseconds };
    } catch (error) {
      if (signal.aborted) return { kind: 'superseded' };
      if (AppError.is(error, 'query.invalid')) return { kind: 'fault', fault: error.details };
      throw error;
    }
  }

  async columns(): Promise<readonly KnownColumn[]> {
    return (await this.database()).columns(this.isBlind);
  }

  /** Null where the query it belongs to is faulty, which the query itself tells, or not the newest any more: a new query does not wait for old counts. */
  async facet(column: string, query: RowQuery): Promise<Facet | null> {
    const { signal } = this.running;
    try {
      return await (await this.database()).facet(column, query, signal, this.isBlind);
    } catch (error) {
      if (signal.aborted || AppError.is(error, 'query.invalid')) return null;
      throw error;
    }
  }

  /** Parts of what is asked changed. */
  refresh(parts: readonly SourcePart[]): void {
    void this.opened?.then(database => database.refresh(parts), () => undefined); // whoever asks is told
  }

  /** The file is another one: the next query opens it anew. */
  forget(): void {
    const { opened } = this;
    this.opened = undefined;
    void opened?.then(database => database.close(), () => undefined);
  }

  dispose(): void {
    this.running.abort();
    this.forget();
  }

  private database(): Promise<DatasetQuery> {
    if (!this.opened) {
      const opened = this.open();
      this.opened = opened;
      opened.catch(() => {
        if (this.opened === opened) this.opened = undefined; // the next one tries again
      });
    }
    return this.opened;
  }

  private async open(): Promise<DatasetQuery> {
    const { document, services, proposals } = this;
    const file = document.uri.fsPath;
    const dataset = await services.datasets.byFile(file);
    const { DatasetQuery } = await import('../../platform/query/datasetQuery'); // DuckDB is nothing for the start of the window
    return DatasetQuery.open({
      dataset: document.saved,
      columns: document.context.columns,
      boxFrame: document.context.boxFrame,
      curationFile: curationFile(file),
      ...(dataset && { difficultyFile: dataset.difficultyFile, rollouts: { runsFolder: path.join(dataset.project.folder, '.pebr', 'runs'), dataset: dataset.config.id } }),
      unsavedCuration: () => document.unsavedCuration,
      edited: () => numberedRows(document),
      proposals: () => waitingCounts(document, proposals),
      problems: () => services.lint.marksOf(file),
    });
  }
}

/** Unsaved rows that have a number: a line that is only to be put in has none before the save. */
async function* numberedRows({ editedRows }: DatasetDocument): AsyncGenerator<EditedText> {
  for await (const rows of editedRows) for (const { row, base, text } of rows) if (base !== null) yield { row, text };
}
