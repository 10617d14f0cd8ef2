import { useSignal } from '@preact/signals';
import type { BulkEdit } from '../../src/core/labels/bulkEdit';
import { BulkDialog } from './bulkDialog';
import { bulkActions } from './bulkActions';
import type { EditorStore } from './editorStore';
import { selectAll } from './rowKeys';

/** What can be done to the selected rows. */
export function BulkBar({ store }: { readonly store: EditorStore }): preact.JSX.Element | null {
  const asked = useSignal<{ readonly edit: BulkEdit; readonly rows: Uint32Array; readonly numbering: number } | undefined>(undefined);
  const action = useSignal('');
  const { count } = store.selection;
  const chosen = bulkActions.find(each => each.name === action.value);
  if (count === 0 && !asked.value) return null;
  const all = store.cursor.count.value;
  if (store.blind.isOn.value) return <div class="bulk-bar dim" role="status">A blind pass changes one sample at a time. <button class="link" onClick={() => store.selection.clear()}>Select none</button></div>;
  return (
    <div class="bulk-bar" role="toolbar" aria-label="Selected rows">
      <b class="number">{count.toLocaleString('en')}</b> selected
      {count < all && <button class="link" onClick={() => selectAll(store)}>Select all {all.toLocaleString('en')}{store.query.isNarrowed ? ' that match' : ''}</button>}
      <button class="link" onClick={() => store.selection.clear()}>None</button>
      <span class="separator" />
      <select aria-label="What to do with the selected rows" value={action.value} onChange={event => (action.value = event.currentTarget.value)}>
        <option value="">Change…</option>
        {bulkActions.map(({ name }) => <option key={name} value={name}>{name}</option>)}
      </select>
      <button class="link" title="Propose boxes for the selected rows (P)" disabled={store.proposals.isAsking.value} onClick={() => void store.proposals.proposeHere()}>Propose Boxes…</button>
      {chosen && (
        <form
          class="bulk-form" onSubmit={event => {
            event.preventDefault();
            const fields = new FormData(event.currentTarget);
            const texts = chosen.fields.map(field => String(fields.get(field.name) ?? ''));
            asked.value = { edit: chosen.edit(texts), rows: store.selection.rows(), numbering: store.document.value?.numbering ?? 0 };
          }}
        >
          {chosen.fields.map(field => field.options ? (
            <select key={field.name} name={field.name} aria-label={field.title}>{field.options.map(({ value, title }) => <option key={value} value={value}>{title}</option>)}</select>
          ) : (
            <input key={`${chosen.name} ${field.name}`} name={field.name} class="bulk-input" aria-label={field.title} placeholder={field.title} required={field.isNeeded} list={field.isLabel ? 'bulk-labels' : undefined} />
          ))}
          <datalist id="bulk-labels">{store.document.value?.labels.map(label => <option key={label} value={label} />)}</datalist>
          <button type="submit" hidden />{/* Enter previews, from whichever field */}
          <vscode-button onClick={event => (event.currentTarget as HTMLElement).closest('form')?.requestSubmit()}>Preview…</vscode-button>
        </form>
      )}
      {asked.value && (
        <BulkDialog
          store={store} edit={asked.value.edit} rows={asked.value.rows} numbering={asked.value.numbering}
          done={isApplied => {
            asked.value = undefined;
            if (isApplied) action.value = '';
          }}
        />
      )}
    </div>
  );
}
