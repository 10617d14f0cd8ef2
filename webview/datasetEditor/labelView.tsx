import type { Signal } from '@preact/signals';
import type { ViewportHandle } from '../shared/canvasViewport';
import type { EditorStore } from './editorStore';
import { Header } from './header';
import { LabelRuler } from './labelRuler';
import { SidePanel } from './sidePanel';
import { Stage } from './stage';
import { Strip } from './strip';

interface LabelViewProps {
  readonly store: EditorStore;
  readonly viewport: { current: ViewportHandle | null };
  readonly scale: Signal<number>;
  readonly shownImage: Signal<number>;
}

/** One sample: its picture with its boxes, and its fields. */
export function LabelView({ store, viewport, scale, shownImage }: LabelViewProps): preact.JSX.Element {
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
                <button key={at} role="tab" aria-selected={at === shownImage.value} onClick={() => (shownImage.value = at)}>{at + 1} {image.name}</button>
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
