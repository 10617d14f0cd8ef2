import './datasetEditor.css';
import { type Signal, useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { DatasetEditorContract, EditorCommand, WorkbenchCommand } from '../../src/protocol/datasetEditor';
import type { ViewportHandle } from '../shared/canvasViewport';
import { connect } from '../shared/connect';
import { chooseOption } from './answerField';
import { Banners } from './banners';
import { boxCommands } from './boxCommands';
import { BulkBar } from './bulkBar';
import { isTextField } from '../shared/isTextField';
import { drawModes } from './drawTool';
import { EditorStore } from './editorStore';
import { FacetPanel } from '../shared/facetPanel';
import { GridView } from './gridView';
import { Header } from './header';
import { HelpOverlay } from '../shared/helpOverlay';
import { firstFacets, lastFacets } from './firstFacets';
import { keyTable } from './keyTable';
import { takeKeyWord } from './keyWords';
import { LearnedKeys } from './learnedKeys';
import { LabelRuler } from './labelRuler';
import { proposalCommands } from './proposalCommands';
import { QueryBar } from './queryBar';
import { ReadOut } from './readOut';
import { showDoubts, takeMajority } from './responses';
import { selectAll } from './rowKeys';
import { SidePanel } from './sidePanel';
import { Stage } from './stage';
import { Strip } from './strip';
import { TableView } from './tableView';

function Editor({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const viewport = useRef<ViewportHandle>(null);
  const scale = useSignal(1);
  const shownImage = useSignal(0);
  const isHelpShown = useSignal(false);
  const view = store.cursor.current.value;
  const document = store.document.value;
  useEffect(() => {
    shownImage.value = 0;
  }, [store.cursor.index.value]);
  useEffect(() => {
    const commands: Readonly<Record<EditorCommand, (place?: number) => void>> = {
      previous: () => store.cursor.step(-1),
      next: () => store.cursor.step(1),
      find: () => store.fields.find(),
      nextToReview: () => void store.review.next(),
      accept: () => void store.review.decide('accepted'),
      reject: () => void store.review.decide('rejected'),
      chooseOption: place => chooseOption(store, place ?? 1),
      takeKeyWord: place => takeKeyWord(store, place ?? 1),
      takeMajority: () => void takeMajority(store),
      showDoubts: () => void showDoubts(store),
      secondPass: () => store.review.toggleBlind(),
      label: () => store.show('label'),
      grid: () => store.show('grid'),
      table: () => store.show('table'),
      selectAll: () => selectAll(store),
      ...boxCommands(store, viewport),
      ...proposalCommands(store),
      help: () => (isHelpShown.value = true),
      fit: () => viewport.current?.fit(),
      focusAnswer: () => focusField('answer-choice', 'answer'),
      focusKeyWords: () => focusField('key-word'),
    };
    const keys = new LearnedKeys(['previous', 'next'], name => commands[name]());
    const unlisten = keys.listen(window);
    const subscription = store.host.on('command', ({ name, place }) => keys.takes(name) || commands[name](place));
    return () => {
      unlisten();
      subscription.dispose();
    };
  }, [store]);
  if (!document) return <div class="empty">{store.failure.value ?? ''}</div>;
  if (document.rowCount === 0) return <div class="empty">This file has no rows yet. Write one JSON object a line into it, with at least "qid", "problem", "answer" and "images".</div>;
  return (
    <div class="editor">
      <QueryBar store={store} />
      <Banners store={store} view={view} />
      <div class="body">
        {store.hasFacets.value && <FacetPanel query={store.query} open={store.openFacets} first={firstFacets} last={lastFacets} />}
        <div class="content">
          {store.mode.value === 'label' ? <Label store={store} viewport={viewport} scale={scale} shownImage={shownImage} /> : <Rows store={store} />}
        </div>
      </div>
      <HelpOverlay isShown={isHelpShown} groups={keyTable} changeKeys={() => store.host.send('changeKeys', null)} />
      <footer class="status dim">
        <span>{document.edited === 0 ? 'All edits saved' : `${document.edited === 1 ? '1 edit' : `${document.edited.toLocaleString('en')} edits`} not saved`}</span>
        <span>Boxes in frame {document.boxFrame}</span>
        {store.mode.value === 'label' && <ReadOut store={store} />}
        <span class="grow" />
        <span class="status-hint" role="status">{hintOf(store)}</span>
      </footer>
    </div>
  );
}

/** The rows of the query, as cards or as lines, and what can be done to many of them. */
function Rows({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  if (store.cursor.count.value === 0) return <div class="empty">No row answers this. Remove a condition, or <button class="link" onClick={() => void store.query.ask({ text: '' })}>show all rows</button>.</div>;
  return (
    <>
      <BulkBar store={store} />
      {store.mode.value === 'grid' ? <GridView store={store} /> : <TableView store={store} />}
    </>
  );
}

interface LabelProps {
  readonly store: EditorStore;
  readonly viewport: { current: ViewportHandle | null };
  readonly scale: Signal<number>;
  readonly shownImage: Signal<number>;
}

/** One sample: its picture with its boxes, and its fields. */
function Label({ store, viewport, scale, shownImage }: LabelProps): preact.JSX.Element {
  const view = store.cursor.current.value;
  return (
    <>
      <Header store={store} view={view} viewport={viewport} scale={scale} />
      <Strip store={store} />
      <main class="main">
        <div class="picture">
          {view && view.images.length > 1 && (
            <div class="images" role="tablist" aria-label="Images">
              {view.images.map((image, at) => (
                <button key={image.name} role="tab" aria-selected={at === shownImage.value} onClick={() => (shownImage.value = at)}>{at + 1} {image.name}</button>
              ))}
            </div>
          )}
          <Stage store={store} shownImage={shownImage.value} viewport={viewport} onScale={value => (scale.value = value)} />
          <LabelRuler store={store} />
        </div>
        {view && <SidePanel store={store} view={view} />}
      </main>
    </>
  );
}

function hintOf(store: EditorStore): string {
  if (store.mode.value !== 'label') return 'Arrows move · Space selects · Shift extends · Enter labels · / searches';
  const { boxes } = store;
  if (boxes.note.value !== '') return boxes.note.value;
  const how = drawModes.find(({ mode }) => mode === boxes.drawMode.value)?.hint;
  if (store.proposals.open.value.length > 0 && !boxes.isDrawing.value) return 'G accepts · X rejects the marked proposed box · W marks the next · Shift+A accepts all';
  return boxes.isDrawing.value ? `${how} · Ctrl: no snapping · Esc ends drawing` : 'B draws · A D previous, next · 1 – 9 E name · C copies the boxes before · ? all keys';
}

/** The first of them that is there. */
function focusField(...ids: readonly string[]): void {
  const field = ids.map(id => document.getElementById(id)).find(element => element !== null);
  const input = field instanceof HTMLInputElement ? field : field?.shadowRoot?.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea'); // the toolkit's fields keep theirs inside
  field?.focus();
  input?.select(); // typing replaces what is there, as it does after double-clicking it
}

/** Says whether keys are typing, and keeps them from being taken for commands until the editor knows. */
function followTyping(store: EditorStore): void {
  const tell = (): void => store.host.send('typing', { isTyping: isTextField(document.activeElement) });
  document.addEventListener('focusin', tell);
  document.addEventListener('focusout', () => setTimeout(tell)); // the next element has the focus only after the event
  document.body.addEventListener('keydown', event => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && isTextField(document.activeElement) && !/^F\d+$/.test(event.key)) event.stopPropagation();
    else if (event.altKey && /^[a-h]$/i.test(event.key)) event.preventDefault(); // keys of options, which a browser takes for its menus
    else if (event.ctrlKey || event.metaKey) {
      store.fields.flush(); // what is typed becomes a step before it is undone or saved
      holdBack(store, event);
    }
  });
}

/** Undo, redo or save straight after a gesture would reach VS Code before the gesture has: another step would be undone, and nothing saved. */
function holdBack(store: EditorStore, event: KeyboardEvent): void {
  const commands: Readonly<Record<string, WorkbenchCommand>> = { z: event.shiftKey ? 'redo' : 'undo', y: 'redo', s: 'workbench.action.files.save' };
  const command = event.altKey || (event.shiftKey && event.key.toLowerCase() !== 'z') ? undefined : commands[event.key.toLowerCase()];
  const taken = command && store.gestures.taken();
  if (!command || !taken) return;
  event.preventDefault();
  event.stopPropagation();
  void taken.then(() => store.host.send('workbench', { command }));
}

const root = document.getElementById('root');
if (root) {
  const store = new EditorStore(connect<DatasetEditorContract>());
  followTyping(store);
  render(<Editor store={store} />, root);
  store.start().catch((error: unknown) => (store.failure.value = error instanceof Error ? error.message : String(error)));
}
