import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Rect } from '../../src/core/geometry/viewTransform';
import { rankLabels } from '../../src/core/labels/rankLabels';
import type { ViewportHandle } from '../shared/canvasViewport';
import type { EditorStore } from './editorStore';

interface LabelInputProps {
  readonly store: EditorStore;
  readonly viewport: { readonly current: ViewportHandle | null };
  readonly rect: Rect;
  readonly initial: string;
}

const mostShown = 9;
const roomPx = { width: 192, height: 208 };

/**
 * The field that names a box, at the box, with the labels that what is typed may mean. Enter takes the marked one, and so does leaving the field once
 * something was typed or marked; a number key takes the label beside it at once; Escape keeps the old name, or drops a box just drawn.
 */
export function LabelInput({ store, viewport, rect, initial }: LabelInputProps): preact.JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  const typed = useSignal<string | undefined>(undefined);
  const marked = useSignal(0);
  const { boxes } = store;
  const choices = choicesFor(boxes.labels.value, typed.value, initial);
  const hasNumbers = typed.value === undefined && !boxes.labels.value.some(label => /^\d/.test(label)); // digits are text where labels begin with them
  const latest = useRef({ chosen: initial, isTouched: false });
  latest.current = { chosen: choices[marked.value]?.label ?? typed.value?.trim() ?? initial, isTouched: typed.value !== undefined || marked.value > 0 };

  const finish = (label: string | undefined): void => {
    if (isDone.current) return;
    isDone.current = true;
    if (label === undefined) boxes.drawn.value = undefined;
    else if (boxes.drawn.value) boxes.addDrawn(label);
    else boxes.rename(label);
    boxes.isRenaming.value = false;
    viewport.current?.focus();
  };
  /** The next thing is done already: a box just drawn has the label that it was offered, another one keeps its own. */
  const leave = (): void => finish(latest.current.isTouched ? latest.current.chosen : boxes.drawn.value ? initial : undefined);
  // Before the next event: a label typed right after the drag must not be taken for keys of the picture.
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
    const forget = store.fields.add(leave);
    return () => {
      forget();
    };
  }, [store]);
  const keyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const number = hasNumbers && /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey ? boxes.labels.value[Number(event.key) - 1] : undefined;
    if (step !== undefined) marked.value = (marked.value + step + choices.length) % Math.max(1, choices.length);
    else if (number !== undefined) finish(number);
    else if (event.key === 'Enter') finish(latest.current.chosen);
    else if (event.key === 'Escape') finish(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the picture has the focus afterwards, and must not take the same key
  };
  // Beside the box, so that it can be seen; `roomPx` are the sizes of the palette.
  const left = `max(4px, min(${Math.round(rect.x + rect.width + 12)}px, calc(100% - ${roomPx.width}px)))`;
  const top = `max(4px, min(${Math.round(rect.y)}px, calc(100% - ${roomPx.height}px)))`;
  return (
    <div class="label-palette" style={{ left, top }}>
      <input
        ref={input} class="label-input" role="combobox" aria-expanded="true" aria-controls="label-choices" aria-activedescendant={choices.length > 0 ? `label-choice-${marked.value}` : undefined}
        aria-label={boxes.selection.value.length > 1 && !boxes.drawn.value ? `Label of ${boxes.selection.value.length} boxes` : 'Label of the box'} placeholder="Label" defaultValue={initial} autocomplete="off"
        onInput={event => {
          typed.value = event.currentTarget.value;
          marked.value = 0;
        }}
        onKeyDown={keyDown}
        onBlur={leave}
      />
      <ul id="label-choices" class="label-choices" role="listbox" aria-label="Labels">
        {choices.map(({ label, isNew }, at) => {
          const place = boxes.labels.value.indexOf(label);
          return (
            <li
              key={`${label}${isNew}`} id={`label-choice-${at}`} role="option" aria-selected={at === marked.value}
              onPointerDown={event => {
                event.preventDefault(); // before the field is left
                finish(label);
              }}
            >
              <span class="label-key number">{hasNumbers && place >= 0 && place < 9 ? place + 1 : ''}</span>
              <span class="grow label-name">{label}</span>
              {isNew && <span class="dim">new</span>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface Choice {
  readonly label: string;
  readonly isNew: boolean;
}

/** Nothing typed: the label that it has, or had last, first. Else what fits, and the text itself as a new label. */
function choicesFor(labels: readonly string[], typed: string | undefined, initial: string): readonly Choice[] {
  const known = (label: string): Choice => ({ label, isNew: false });
  if (typed === undefined) return [...(initial === '' ? [] : [initial]), ...labels.filter(label => label !== initial)].slice(0, mostShown).map(known);
  const text = typed.trim();
  const found = rankLabels(labels, text);
  const at = found.indexOf(text);
  const ranked = at > 0 ? [text, ...found.filter(label => label !== text)] : found; // of labels that differ in case the one that was typed
  const shown = ranked.slice(0, mostShown - 1).map(known);
  return text === '' || at >= 0 ? shown : [...shown, { label: text, isNew: true }];
}
