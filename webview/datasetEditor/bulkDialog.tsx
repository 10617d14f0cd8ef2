import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type BulkEdit, describeBulk } from '../../src/core/labels/bulkEdit';
import type { BulkPreview } from '../../src/core/labels/bulkPreview';
import type { EditorStore } from './editorStore';

interface BulkDialogProps {
  readonly store: EditorStore;
  readonly edit: BulkEdit;
  readonly rows: Uint32Array;
  /** The document's when the rows were selected. */
  readonly numbering: number;
  readonly done: (isApplied: boolean) => void;
}

/** What the edit would do, before it does it; applying is one step to undo. */
export function BulkDialog({ store, edit, rows, numbering, done }: BulkDialogProps): preact.JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const preview = useSignal<BulkPreview | undefined>(undefined);
  const isApplying = useSignal(false);
  const fault = useSignal<string | undefined>(undefined);
  const fail = (error: unknown): void => void (fault.value = error instanceof Error ? error.message : String(error));
  useEffect(() => {
    dialog.current?.showModal();
    store.host.request('previewBulk', { rows, edit, numbering }).then(found => (preview.value = found), fail);
  }, []);
  const close = (): void => {
    if (!preview.value || isApplying.value) store.host.send('cancelBulk', null);
    leave(false);
  };
  const leave = (isApplied: boolean): void => {
    dialog.current?.close(); // gives the focus back to what had it
    done(isApplied);
  };
  const apply = async (): Promise<void> => {
    isApplying.value = true;
    try {
      await store.host.request('bulk', { rows, edit, numbering });
      leave(true);
    } catch (error) {
      isApplying.value = false;
      fail(error);
    }
  };
  const found = preview.value;
  const verb = edit.type === 'deleteRows' ? 'Delete' : 'Change';
  return (
    <dialog
      ref={dialog} class="bulk-dialog" aria-label={describeBulk(edit)}
      onCancel={event => {
        event.preventDefault();
        close();
      }}
    >
      <h2>{describeBulk(edit)}</h2>
      {found ? <Found found={found} done={edit.type === 'deleteRows' ? 'be deleted' : 'change'} /> : fault.value === undefined && <p class="dim">Looking at {rows.length.toLocaleString('en')} rows…</p>}
      {fault.value !== undefined && <p class="error" role="alert">{fault.value}</p>}
      <div class="bulk-buttons">
        <vscode-button appearance="secondary" onClick={close}>Cancel</vscode-button>
        <vscode-button disabled={!found || found.changed === 0 || isApplying.value} onClick={() => void apply()}>
          {isApplying.value ? `${verb.slice(0, -1)}ing…` : found ? `${verb} ${rowsInWords(found.changed)}` : verb}
        </vscode-button>
      </div>
    </dialog>
  );
}

function Found({ found, done }: { readonly found: BulkPreview; readonly done: string }): preact.JSX.Element {
  const { changed, unchanged, refusedCount, refused, examples, isFinalOnceSaved } = found;
  return (
    <>
      <p>
        <b>{rowsInWords(changed)}</b> would {done}{unchanged > 0 && <>, <b>{unchanged.toLocaleString('en')}</b> {unchanged === 1 ? 'is' : 'are'} as wished already</>}
        {refusedCount > 0 && <>, <b class="error">{refusedCount.toLocaleString('en')}</b> cannot be changed</>}. One undo takes it back{isFinalOnceSaved && <> <b>until the dataset is saved</b>; so many rows are not kept beyond that, but in your version control</>}.
      </p>
      {examples.length > 0 && (
        <table class="bulk-examples">
          <thead><tr><th>Sample</th><th>Now</th><th>Then</th></tr></thead>
          <tbody>{examples.map(({ row, qid, before, after }) => <tr key={row}><td>{qid || `row ${row + 1}`}</td><td class="mono">{before || '–'}</td><td class="mono">{after || '–'}</td></tr>)}</tbody>
        </table>
      )}
      {refused.length > 0 && (
        <ul class="bulk-refused">
          {refused.map(({ row, reason }) => <li key={row}>Row {(row + 1).toLocaleString('en')}: {reason}</li>)}
          {refusedCount > refused.length && <li class="dim">and {(refusedCount - refused.length).toLocaleString('en')} more</li>}
        </ul>
      )}
    </>
  );
}

function rowsInWords(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`;
}
