import { type Signal, signal } from '@preact/signals';
import type { AnswerKind } from '../../src/core/grading/answerKind';
import type { DatasetEditorContract, DocumentView } from '../../src/protocol/datasetEditor';
import type { EditorMode } from '../../src/protocol/editorCommand';
import { everyRow } from '../../src/core/query/rowQuery';
import type { Host } from '../shared/connect';
import { BlindPass } from './blindPass';
import { BoxClipboard } from './boxClipboard';
import { BoxEdits } from './boxEdits';
import { firstFacets } from './firstFacets';
import { followHost } from './followHost';
import { Gestures } from './gestures';
import { Nudge } from './nudge';
import { type PanelState, panelState } from './panelState';
import { PendingFields } from './pendingFields';
import { ProposalEdits } from './proposalEdits';
import { QueryStore } from './queryStore';
import { ReviewPass } from './reviewPass';
import { RowCache } from './rowCache';
import { RowCursor } from './rowCursor';
import { RowSelection } from './rowSelection';
import { StoredResponses } from './storedResponses';
import { Thumbnails } from './thumbnails';

/**
 * What the editor shows, from the file to the screen: the document as the host tells it, the rows that were asked for, the query that orders them, the cursor in
 * them, and the boxes of the row under it. It is a copy: gestures go to the host, and what comes back is the truth.
 */
export class EditorStore {
  readonly document: Signal<DocumentView | undefined> = signal(undefined);
  readonly rows: RowCache;
  readonly query: QueryStore;
  readonly cursor: RowCursor;
  readonly boxes: BoxEdits;
  readonly nudge: Nudge;
  readonly gestures: Gestures;

  readonly blind = new BlindPass();
  readonly review: ReviewPass;
  readonly proposals: ProposalEdits;
  readonly responses: StoredResponses;
  readonly clipboard: BoxClipboard;
  readonly selection = new RowSelection();
  readonly thumbnails: Thumbnails;
  readonly fields = new PendingFields();

  readonly mode: Signal<EditorMode> = signal('label');
  /** Why the last thing that was asked for could not be done. */
  readonly failure: Signal<string | undefined> = signal(undefined);
  /** Edits that came back of a window that crashed or was killed, until that was read. */
  readonly restored = signal(0);
  /** Whether the counts of the columns are shown, and of which. */
  readonly hasFacets = signal(false);
  readonly openFacets: Signal<ReadonlySet<string>> = signal(new Set(firstFacets));
  /** Parts of the side panel that are open. */
  readonly openParts: Signal<ReadonlySet<string>> = signal(new Set());
  /** How the answer of the shown sample is edited, where that was chosen. */
  readonly answerKind: Signal<AnswerKind | undefined> = signal(undefined);
  /** Width of the list of rows, px. */
  readonly listWidth = signal(0);

  constructor(readonly host: Host<DatasetEditorContract>) {
    const fail = (error: unknown): void => this.fail(error);
    this.rows = new RowCache(host, fail);
    this.query = new QueryStore(host, isOther => this.takeAnswer(isOther), fail);
    this.cursor = new RowCursor(this);
    this.boxes = new BoxEdits(this);
    this.nudge = new Nudge(this);
    this.gestures = new Gestures(this);
    this.review = new ReviewPass(this);
    this.proposals = new ProposalEdits(this);
    this.responses = new StoredResponses(host, fail);
    this.clipboard = new BoxClipboard(this);
    this.thumbnails = new Thumbnails(host);
    followHost(this);
  }

  /** Takes up where the panel was before it was hidden, unless it was opened for a row or a query. */
  async start(): Promise<void> {
    const state = this.host.getState<PanelState>();
    const { document, index, query, restored } = await this.host.request('load', null);
    this.gestures.await(this.host.request('history', null)); // the steps of earlier windows come before any of this one
    this.restored.value = restored;
    this.document.value = document;
    this.boxes.isDrawing.value = state?.isDrawing ?? false;
    this.boxes.drawMode.value = state?.drawMode ?? 'drag';
    this.clipboard.take(state?.copied ?? []);
    this.blind.isOn.value = state?.isBlind ?? false;
    this.host.send('blind', { isOn: this.blind.isOn.value });
    this.mode.value = query ? 'grid' : index === null ? (state?.mode ?? 'label') : 'label';
    this.cursor.startAt(index ?? state?.index ?? 0);
    const asked = this.review.seenQuery(query ?? (index === null ? state?.query : undefined) ?? everyRow);
    if (JSON.stringify(asked) !== JSON.stringify(everyRow)) await this.query.ask(asked);
  }

  show(mode: EditorMode): void {
    this.fields.flush();
    this.mode.value = mode;
    this.remember();
  }

  /** Another sample is about to be shown: what is half done of this one is finished or given up. */
  leaveSample(): void {
    this.fields.flush();
    this.boxes.leave();
    this.proposals.leave();
    this.failure.value = undefined;
  }

  togglePart(part: string): void {
    const open = new Set(this.openParts.value);
    if (!open.delete(part)) open.add(part);
    this.openParts.value = open;
  }

  fail(error: unknown): void {
    this.failure.value = error instanceof Error ? error.message : String(error);
  }

  /** Keeps where the panel is while it is hidden. */
  remember(): void {
    this.host.setState<PanelState>(panelState(this));
  }

  private takeAnswer(isOther: boolean): void {
    this.remember();
    this.cursor.enterAnswer(isOther);
  }
}
