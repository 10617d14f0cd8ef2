import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ConflictView, DatasetEditorContract } from '../../src/protocol/datasetEditor';
import { ConflictFields } from './conflictFields';
import { ConflictPicture } from './conflictPicture';
import type { EditorStore } from './editorStore';

type Take = DatasetEditorContract['requests']['resolve']['params']['take'];
type Side = 'mine' | 'theirs';

/** Rows that were changed here and on disk, one at a time, mine beside theirs. Each decision is one step to undo; nothing is written before the next save. */
export function ConflictDialog({ store, first, close }: { readonly store: EditorStore; readonly first: number | undefined; readonly close: () => void }): preact.JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const conflicts = useSignal<readonly ConflictView[] | undefined>(undefined);
  const shown = useSignal(first);
  const choices = useSignal<ReadonlyMap<string, Side>>(new Map());
  const fault = useSignal<string | undefined>(undefined);
  const fail = (error: unknown): void => void (fault.value = error instanceof Error ? error.message : String(error));
  const total = store.document.value?.conflicts ?? 0;
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (total === 0) return leave();
    store.host.request('conflicts', null).then(found => (conflicts.value = found), fail);
  }, [total]);
  const leave = (): void => {
    dialog.current?.close(); // gives the focus back to what had it
    close();
  };
  const resolve = (keys: readonly number[] | null, take: Take): void => void store.host.request('resolve', { keys, take }).catch(fail);
  const all = conflicts.value ?? [];
  const place = Math.max(0, all.findIndex(({ key }) => key === shown.value));
  const conflict = all[place];
  const go = (by: number): void => void (shown.value = all[(place + by + all.length) % all.length]?.key);
  return (
    <dialog
      ref={dialog} class="bulk-dialog conflict-dialog" aria-label="Rows changed here and on disk"
      onCancel={event => {
        event.preventDefault();
        leave();
      }}
    >
      <div class="row">
        <h2 class="grow">Changed here and on disk</h2>
        <span class="dim" role="status">{place + 1} of {total.toLocaleString('en')}</span>
        <button class="icon-button" aria-label="Previous row" disabled={all.length < 2} onClick={() => go(-1)}><i class="codicon codicon-arrow-left" aria-hidden="true" /></button>
        <button class="icon-button" aria-label="Next row" disabled={all.length < 2} onClick={() => go(1)}><i class="codicon codicon-arrow-right" aria-hidden="true" /></button>
      </div>
      {fault.value !== undefined && <p class="error" role="alert">{fault.value}</p>}
      {conflict ? <Conflict key={conflict.key} conflict={conflict} store={store} choices={choices.value} choose={(name, side) => (choices.value = new Map(choices.value).set(`${conflict.key} ${name}`, side))} resolve={take => resolve([conflict.key], take)} /> : <p class="dim">Reading…</p>}
      <div class="bulk-buttons">
        <span class="grow dim">Each choice can be undone. Nothing is written before you save.</span>
        {total > 1 && <vscode-button appearance="secondary" onClick={() => resolve(null, 'mine')}>Keep All Mine</vscode-button>}
        {total > 1 && <vscode-button appearance="secondary" onClick={() => resolve(null, 'theirs')}>Take All on Disk</vscode-button>}
        <vscode-button appearance="secondary" onClick={leave}>Later</vscode-button>
      </div>
    </dialog>
  );
}

interface ConflictProps {
  readonly conflict: ConflictView;
  readonly store: EditorStore;
  /** By key and name of the property. */
  readonly choices: ReadonlyMap<string, Side>;
  readonly choose: (name: string, side: Side) => void;
  readonly resolve: (take: Take) => void;
}

function Conflict({ conflict, store, choices, choose, resolve }: ConflictProps): preact.JSX.Element {
  const { key, qid, index, mine, theirs, fields } = conflict;
  const sideOf = (name: string, changedBy: Side | undefined): Side | undefined => choices.get(`${key} ${name}`) ?? changedBy;
  const sides = fields?.map(({ name, changedBy }) => ({ name, side: sideOf(name, changedBy) })) ?? [];
  const [keep, take] = theirs === null ? ['Write It Again', 'Drop It'] : mine === null ? ['Delete It', 'Keep the One on Disk'] : ['Keep Mine', 'Take the One on Disk'];
  return (
    <>
      <p>
        <b>{qid || 'Without an id'}</b>{index !== null && <span class="dim"> · row {(index + 1).toLocaleString('en')}</span>}
        {theirs === null && ' is not in the file any more, and has edits here.'}
        {mine === null && ' is deleted here, and was changed on disk.'}
        {(mine === undefined || theirs === undefined) && ' is no row on one side; it can only be taken as a whole.'}
      </p>
      <div class="conflict-sides">
        <ConflictPicture title="Mine" row={mine} other={theirs ?? undefined} conflict={conflict} frame={store.document.value?.boxFrame ?? 'pixel'} />
        <ConflictPicture title="On disk" row={theirs} other={mine ?? undefined} conflict={conflict} frame={store.document.value?.boxFrame ?? 'pixel'} />
      </div>
      {fields && <ConflictFields fields={fields} sideOf={sideOf} choose={choose} />}
      <div class="bulk-buttons">
        <vscode-button appearance="secondary" onClick={() => resolve('mine')}>{keep}</vscode-button>
        <vscode-button appearance="secondary" onClick={() => resolve('theirs')}>{take}</vscode-button>
        {fields && <vscode-button disabled={sides.some(({ side }) => side === undefined)} onClick={() => resolve({ mine: sides.filter(({ side }) => side === 'mine').map(({ name }) => name) })}>Take as Chosen</vscode-button>}
      </div>
    </>
  );
}
