import type * as vscode from 'vscode';
import type { WebviewLink } from '../../host/webviewLink';
import type { DatasetEditorContract } from '../../protocol/datasetEditor';
import type { DatasetDocument } from './document';

export interface EditorPanel {
  readonly document: DatasetDocument;
  readonly panel: vscode.WebviewPanel;
  readonly link: WebviewLink<DatasetEditorContract>;
  /** The row it shows, counted from 0. */
  shown: number;
  /** Whether the page has come up and shows a row. */
  isLoaded: boolean;
}

/** The open editors, and which row one that is about to open should start at. */
export class EditorPanels {
  private readonly panels = new Set<EditorPanel>();
  private readonly starts = new Map<string, number>();

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

  startAt(file: string, index: number): void {
    this.starts.set(file, index);
  }

  /** Where a panel of this file should start, told once. */
  takeStart(file: string): number | undefined {
    const index = this.starts.get(file);
    this.starts.delete(file);
    return index;
  }
}
