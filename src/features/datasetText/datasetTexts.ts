import * as vscode from 'vscode';
import { parseRow } from '../../core/dataset/parseRow';
import type { Row } from '../../core/dataset/row';
import type { DifficultyRecord } from '../../core/dataset/sample';
import { DisposableStore } from '../../core/lifecycle';
import type { ProjectDataset } from '../../host/datasetService';
import type { Services } from '../../host/services';
import type { RowContext } from '../../platform/dataset/inspectRow';
import { SampleResponses } from '../../platform/runs/sampleResponses';
import { listRunFolders } from '../../platform/runs/runFolders';

/** A dataset as it is open in a text editor, with what stands beside its rows. */
export interface DatasetText {
  readonly dataset: ProjectDataset;
  readonly context: RowContext;
  /** By qid. */
  readonly records: ReadonlyMap<string, DifficultyRecord>;
  readonly hasRuns: boolean;
  readonly responses: SampleResponses;
}

export const datasetTextSelector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.jsonl' };

/** Which documents are datasets of a project; read once, and again after something of it changed on disk. */
export class DatasetTexts implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<void>());
  private readonly texts = new Map<string, Promise<DatasetText | undefined>>();
  /** By project and dataset; indexes of rollouts outlive a change of the rows. */
  private readonly responses = new Map<string, SampleResponses>();

  readonly onDidChange = this.changed.event;

  constructor(private readonly services: Services) {
    this.lifetime.add(services.datasets.onDidChange(() => {
      this.texts.clear();
      this.changed.fire();
    }));
  }

  /** Undefined for a file that no project names. */
  of(file: string): Promise<DatasetText | undefined> {
    const known = this.texts.get(file) ?? this.read(file).catch((error: unknown) => {
      this.texts.delete(file);
      throw error;
    });
    this.texts.set(file, known);
    return known;
  }

  responsesOf({ project, config }: ProjectDataset): SampleResponses {
    const key = `${project.folder}\0${config.id}`;
    const known = this.responses.get(key) ?? new SampleResponses(project.folder, config.id);
    this.responses.set(key, known);
    return known;
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private async read(file: string): Promise<DatasetText | undefined> {
    const { datasets } = this.services;
    const dataset = await datasets.byFile(file);
    if (!dataset) return undefined;
    const [context, { records }, runs] = await Promise.all([datasets.contextOf(file), datasets.difficulty(dataset), listRunFolders(dataset.project.folder)]);
    return { dataset, context, records, hasRuns: runs.length > 0, responses: this.responsesOf(dataset) };
  }
}

/** The row on a line; undefined where the line is none. */
export function rowOnLine(document: vscode.TextDocument, line: number, { context }: DatasetText): Row | undefined {
  return line < document.lineCount ? parseRow(document.lineAt(line).text, context.columns).row : undefined;
}

/** Lines that somebody may soon see: all of a short document, else those in view with some around them. */
export function linesInView(document: vscode.TextDocument, mostWhole: number, margin: number): readonly number[] {
  const last = document.lineCount - 1;
  const seen = vscode.window.visibleTextEditors.filter(editor => editor.document === document).flatMap(editor => editor.visibleRanges);
  const ranges = document.lineCount <= mostWhole ? [[0, last] as const] : seen.map(({ start, end }) => [Math.max(0, start.line - margin), Math.min(last, end.line + margin)] as const);
  const lines = new Set<number>();
  for (const [from, to] of ranges) for (let line = from; line <= to && line - from <= mostWhole; line++) lines.add(line);
  return [...lines];
}
