import type { EditorStore } from './editorStore';

const keyed = 9;

/** The labels that number keys give, the most used first. A click does what the key does: it names what is selected, or readies the label for the next boxes. */
export function LabelRuler({ store }: { readonly store: EditorStore }): preact.JSX.Element | null {
  const { boxes } = store;
  const labels = boxes.labels.value;
  const chosen = new Set(boxes.selection.value);
  const used = new Set(boxes.row?.boxes.filter(box => chosen.has(box.index)).map(box => box.label));
  if (labels.length === 0) return null;
  return (
    <div class="ruler" role="toolbar" aria-label="Labels by number key">
      {labels.slice(0, keyed).map((label, at) => {
        const isArmed = boxes.armed.value === label;
        return (
          <button
            key={label} class={`ruler-label ${used.has(label) ? 'is-used' : ''}`} aria-pressed={isArmed} aria-label={`${at + 1} ${label}${isArmed ? ', given to the next boxes' : ''}`}
            title={chosen.size > 0 ? `Name the selected ${chosen.size === 1 ? 'box' : `${chosen.size} boxes`} “${label}” (${at + 1})` : isArmed ? `Ask for the label of the next box again (${at + 1})` : `Give the next boxes the label “${label}” (${at + 1})`}
            onPointerDown={event => event.preventDefault()} // the picture keeps the focus
            onClick={() => boxes.setLabel(label)}
          >
            <kbd>{at + 1}</kbd> {label}
          </button>
        );
      })}
      {boxes.armed.value !== undefined && !labels.slice(0, keyed).includes(boxes.armed.value) && (
        <button class="ruler-label" aria-pressed={true} onClick={() => (boxes.armed.value = undefined)}>{boxes.armed.value}</button>
      )}
      {labels.length > keyed && <span class="dim ruler-more" title="E finds every label by its letters">+ {labels.length - keyed}</span>}
    </div>
  );
}
