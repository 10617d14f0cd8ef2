import type { ReadonlySignal } from '@preact/signals';
import { passRate } from '../../src/core/dataset/difficulty';
import type { RowView } from '../../src/protocol/datasetEditor';
import type { ViewportHandle } from '../shared/canvasViewport';
import { drawModes } from './drawTool';
import type { EditorStore } from './editorStore';

interface HeaderProps {
  readonly store: EditorStore;
  readonly view: RowView | undefined;
  readonly viewport: { readonly current: ViewportHandle | null };
  /** Read where it is shown, so that zooming draws nothing else anew. */
  readonly scale: ReadonlySignal<number>;
}

/** Where one is, what the sample is worth, and the tools. */
export function Header({ store, view, viewport, scale }: HeaderProps): preact.JSX.Element {
  const count = store.cursor.count.value;
  const position = store.cursor.position.value;
  return (
    <header class="header">
      <IconButton icon="arrow-left" label="Previous sample (A)" isDisabled={position === 0} run={() => store.cursor.step(-1)} />
      <button class="position number" title="Go to sample… (G)" onClick={() => store.host.send('goToSample', null)}>
        {position < 0 ? '–' : (position + 1).toLocaleString('en')} of {count.toLocaleString('en')}
      </button>
      <IconButton icon="arrow-right" label="Next sample (D)" isDisabled={position >= count - 1} run={() => store.cursor.step(1)} />
      <strong class="qid">{view?.row?.qid || (view ? `line ${view.line}` : '')}</strong>
      {view?.difficulty && <Badge difficulty={view.difficulty} />}
      <span class="grow" />
      <IconButton icon="eye-closed" label="Label blindly a second time (Shift+S)" isPressed={store.blind.isOn.value} run={() => store.review.toggleBlind()} />
      <IconButton icon="add" label="Draw boxes (B)" isPressed={store.boxes.isDrawing.value} text="Draw" run={() => store.boxes.setDrawing(!store.boxes.isDrawing.value)} />
      {store.boxes.isDrawing.value && (
        <select
          class="draw-mode" aria-label="How boxes are drawn (Shift+B)" title="How boxes are drawn (Shift+B)" value={store.boxes.drawMode.value}
          onChange={event => {
            store.boxes.drawMode.value = drawModes.find(({ mode }) => mode === event.currentTarget.value)?.mode ?? 'drag';
            event.currentTarget.blur(); // letters are keys of the picture again
          }}
        >
          {drawModes.map(({ mode, title }) => <option key={mode} value={mode}>{title}</option>)}
        </select>
      )}
      <span class="separator" />
      <IconButton icon="zoom-out" label="Zoom out (wheel)" run={() => viewport.current?.zoomBy(1 / 1.25)} />
      <Zoom scale={scale} />
      <IconButton icon="zoom-in" label="Zoom in (wheel)" run={() => viewport.current?.zoomBy(1.25)} />
      <IconButton icon="screen-full" label="Fit image (F)" run={() => viewport.current?.fit()} />
    </header>
  );
}

function Zoom({ scale }: { readonly scale: ReadonlySignal<number> }): preact.JSX.Element {
  return <span class="zoom number">{Math.round(scale.value * 100)} %</span>;
}

function Badge({ difficulty }: { readonly difficulty: NonNullable<RowView['difficulty']> }): preact.JSX.Element {
  const icons = { easy: 'circle-filled', medium: 'color-mode', hard: 'circle-outline' } as const;
  const title = `${difficulty.correct} of ${difficulty.responses} responses of ${difficulty.checkpoint || difficulty.policy || 'the policy'} were right`;
  return (
    <span class={`badge is-${difficulty.difficulty}`} title={title}>
      <i class={`codicon codicon-${icons[difficulty.difficulty]}`} aria-hidden="true" /> {difficulty.difficulty} <span class="number">{passRate(difficulty)}</span>
    </span>
  );
}

interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly text?: string;
  readonly isDisabled?: boolean;
  readonly isPressed?: boolean;
  readonly run: () => void;
}

function IconButton({ icon, label, text, isDisabled = false, isPressed, run }: IconButtonProps): preact.JSX.Element {
  return (
    <button class="icon-button" aria-label={label} title={label} disabled={isDisabled} {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })} onClick={run}>
      <i class={`codicon codicon-${icon}`} aria-hidden="true" />
      {text}
    </button>
  );
}
