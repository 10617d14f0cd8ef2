import type * as vscode from 'vscode';
import type { WebviewLink } from '../../host/webviewLink';
import type { DatasetEditorContract } from '../../protocol/datasetEditor';
import type { RowQuery } from '../../core/query/rowQuery';
import type { DatasetDocument } from './document';

export interface EditorPanel {
  readonly document: DatasetDocument;
  readonly panel: vscode.WebviewPanel;
  readonly link: WebviewLink<DatasetEditorContract>;
  /** The row it shows, counted from 0. */
  shown: number;
  /** Whether the page has come up and shows a row. */
  isLoaded: boolean;
  /** What it asks for now. */
  query: RowQuery;
}

/** Where a panel starts: at a row, or with the rows of a query. */
export interface PanelStart {
  readonly index?: number;
  readonly query?: RowQuery;
  /** The rollout that led to a sample. */
  readonly origin?: { readonly qid: string; readonly rollout: string };
}

/** The open editors, and which row one that is about to open should start at. */
export class EditorPanels {
  private readonly panels = new Set<EditorPanel>();
  private readonly starts = new Map<string, PanelStart>();

  add(panel: EditorPanel): () => void {
    this.panels.add(panel);
    return () => this.panels.delete(panel);
  }

  get active(): EditorPanel | undefined {
    return [...this.panels].find(({ panel }) => panel.active);
  }

  all(file: string): readonly EditorPanel[] {
    return [...this.panels].filter(({ document }) => document.uri.fsPath === file);
  }

  startAt(file: string, start: PanelStart): void {
    this.starts.set(file, start);
  }

  /** Where a panel of this file should start, told once. */
  takeStart(file: string): PanelStart {
    const start = this.starts.get(file) ?? {};
    this.starts.delete(file);
    return start;
  }
}
