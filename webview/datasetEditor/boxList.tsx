import type { Row } from '../../src/core/dataset/row';
import type { EditorStore } from './editorStore';
import { MouseSign } from './mouseSign';

/** More list entries than this make every click slow; the picture shows all boxes. */
const mostListed = 300;

/** The boxes of the sample with the numbers that the file has. */
export function BoxList({ store, row }: { readonly store: EditorStore; readonly row: Row }): preact.JSX.Element {
  const selectedAt = row.boxes.findIndex(box => box.index === store.boxes.selected.value);
  const from = Math.max(0, Math.min(selectedAt - mostListed / 2, row.boxes.length - mostListed));
  const listed = row.boxes.slice(from, from + mostListed);
  const chosen = new Set(store.boxes.selection.value);
  const frame = store.document.value?.boxFrame ?? 'pixel';
  return (
    <div class="field">
      <div class="field-name row">
        <span class="grow">Boxes{listed.length < row.boxes.length && ` ${from + 1} – ${from + listed.length} of ${row.boxes.length.toLocaleString('en')}`}</span>
        <span class="dim">{frame === 'pixel' ? 'x1, y1, x2, y2 px' : frame}</span>
      </div>
      {row.boxes.length === 0 ? (
        <p class="dim hint">No boxes. Press B and drag over the image to draw one.</p>
      ) : (
        <ul class="boxes" role="listbox" aria-label="Boxes" aria-multiselectable="true">
          {listed.map((box, at) => {
            const isSelected = chosen.has(box.index);
            return (
              <li
                key={box.index} role="option" aria-selected={isSelected} aria-posinset={from + at + 1} aria-setsize={row.boxes.length} tabIndex={0} class={isSelected ? 'box is-selected' : 'box'}
                onClick={event => store.boxes.select(event.ctrlKey || event.metaKey ? toggled(store.boxes.selection.value, box.index) : event.shiftKey ? through(row, store.boxes.selection.value, box.index) : [box.index])}
                onFocus={event => event.currentTarget.matches(':focus-visible') && !isSelected && store.boxes.select([box.index])}
                onDblClick={() => (store.boxes.isRenaming.value = true)}
              >
                <span class="grow box-label">{box.label || <em class="dim">unnamed</em>}</span>
                <span class="number mono dim">{box.numbers.join(', ')}</span>
                <MouseSign
                  icon="trash" title="Delete (Del)"
                  run={() => {
                    store.boxes.select([box.index]);
                    store.boxes.removeSelected();
                  }}
                />
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function toggled(selection: readonly number[], index: number): readonly number[] {
  return selection.includes(index) ? selection.filter(each => each !== index) : [...selection, index];
}

/** From the box that was selected last to another one, in the order of the list. */
function through(row: Row, selection: readonly number[], index: number): readonly number[] {
  const order = row.boxes.map(box => box.index);
  const [from, to] = [order.indexOf(selection.at(-1) ?? index), order.indexOf(index)];
  return [...order.slice(Math.min(from, to), Math.max(from, to) + 1).filter(each => each !== index), index];
}
