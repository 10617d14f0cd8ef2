import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ViewportHandle } from '../shared/canvasViewport';
import { FacetPanel } from '../shared/facetPanel';
import { HelpOverlay } from '../shared/helpOverlay';
import { Banners } from './banners';
import { editorCommands } from './editorCommands';
import type { EditorStore } from './editorStore';
import { firstFacets, lastFacets } from './firstFacets';
import { keyTable } from './keyTable';
import { LabelView } from './labelView';
import { LearnedKeys } from './learnedKeys';
import { QueryBar } from './queryBar';
import { ReadOut } from './readOut';
import { RowsView } from './rowsView';
import { statusHint } from './statusHint';

/** The whole page: what is asked for, what is told, the samples, and the line of state. */
export function Editor({ store }: { readonly store: EditorStore }): preact.JSX.Element {
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
    const commands = editorCommands(store, viewport, isHelpShown);
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
          {store.mode.value === 'label' ? <LabelView store={store} viewport={viewport} scale={scale} shownImage={shownImage} /> : <RowsView store={store} />}
        </div>
      </div>
      <HelpOverlay isShown={isHelpShown} groups={keyTable} changeKeys={() => store.host.send('changeKeys', null)} />
      <footer class="status dim">
        <span>{document.edited === 0 ? 'All edits saved' : `${document.edited === 1 ? '1 edit' : `${document.edited.toLocaleString('en')} edits`} not saved`}</span>
        <span>Boxes in frame {document.boxFrame}</span>
        {store.mode.value === 'label' && <ReadOut store={store} />}
        <span class="grow" />
        <span class="status-hint" role="status">{statusHint(store)}</span>
      </footer>
    </div>
  );
}
