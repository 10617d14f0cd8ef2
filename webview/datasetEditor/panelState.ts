import type { RowQuery } from '../../src/core/query/rowQuery';
import type { EditorMode } from '../../src/protocol/editorCommand';
import type { CopiedBox } from './boxClipboard';
import type { DrawMode } from './drawTool';
import type { EditorStore } from './editorStore';

/** What VS Code keeps of a panel while its page is hidden. */
export interface PanelState {
  readonly index: number;
  readonly isDrawing: boolean;
  readonly drawMode?: DrawMode;
  readonly copied?: readonly CopiedBox[];
  readonly mode: EditorMode;
  readonly query: RowQuery;
  readonly isBlind?: boolean;
}

export function panelState({ cursor, boxes, clipboard, mode, query, blind }: EditorStore): PanelState {
  return {
    index: cursor.index.value,
    isDrawing: boxes.isDrawing.value,
    drawMode: boxes.drawMode.value,
    copied: clipboard.kept,
    mode: mode.value,
    query: query.query.value,
    isBlind: blind.isOn.value,
  };
}
