import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Bbox } from '../../src/core/dataset/sample';
import { roundBox } from '../../src/core/geometry/shapeBox';
import { useImage } from '../shared/canvasImage';
import type { CanvasBox } from '../shared/canvasPaint';
import { CanvasViewport, type ViewportHandle } from '../shared/canvasViewport';
import { boxTool, type ToolBox } from './boxTool';
import type { EditorStore } from './editorStore';
import { LabelInput } from './labelInput';
import { useStageKeys } from './stageKeys';

/** The picture with its boxes: drawing, moving, resizing, naming. */
export function Stage({ store, shownImage, onScale, viewport }: StageProps): preact.JSX.Element {
  const view = store.current.value;
  const imageView = view?.images[shownImage];
  const image = useImage(imageView?.uri);
  const preview = useSignal<{ readonly bbox: Bbox; readonly index: number | undefined } | undefined>(undefined);
  const hovered = useSignal<number | undefined>(undefined);
  const size = image.state === 'ready' ? image.size : undefined;
  const hasBoxes = shownImage === 0; // boxes belong to the first image of a row

  useEffect(() => {
    if (hasBoxes) store.boxes.imageSize.value = size;
  }, [size?.width, size?.height, imageView?.uri, hasBoxes]);

  const boxes: readonly ToolBox[] = hasBoxes
    ? (view?.row?.boxes ?? []).flatMap(box => {
        const bbox = preview.value?.index === box.index ? preview.value.bbox : store.boxes.pixelsOf(box);
        return bbox ? [{ index: box.index, bbox }] : [];
      })
    : [];
  const labelOf = (index: number): string => view?.row?.boxes.find(box => box.index === index)?.label ?? '';
  const drawn = store.boxes.drawn.value?.bbox ?? (preview.value?.index === undefined ? preview.value?.bbox : undefined);
  const painted: CanvasBox[] = boxes.map(({ index, bbox }) => ({
    bbox,
    label: labelOf(index) || 'unnamed',
    look: 'gold',
    isSelected: store.boxes.selected.value === index,
    hasHandles: store.boxes.selected.value === index,
    isHovered: hovered.value === index,
  }));
  if (drawn) painted.push({ bbox: drawn, label: '', look: 'gold', isSelected: true });

  const latest = useRef({ boxes, size });
  latest.current = { boxes, size };
  const tool = useMemo(
    () =>
      boxTool({
        get size() { return latest.current.size ?? { width: 0, height: 0 }; },
        get boxes() { return latest.current.boxes; },
        get selected() { return store.boxes.selected.value; },
        get isDrawing() { return store.boxes.isDrawing.value; },
        select: index => {
          store.flush();
          store.boxes.isRenaming.value = false;
          store.boxes.selected.value = index;
        },
        hover: (index, point) => {
          hovered.value = index;
          store.boxes.pointer.value = point;
        },
        preview: (bbox, index) => (preview.value = bbox && { bbox: roundBox(bbox), index }),
        commitBox: (index, bbox) => store.boxes.setBox(index, roundBox(bbox)),
        commitDrawn: bbox => {
          store.flush();
          store.boxes.drawn.value = { bbox: roundBox(bbox) };
        },
        rename: index => {
          store.boxes.selected.value = index;
          store.boxes.isRenaming.value = true;
        },
      }),
    [store],
  );
  useStageKeys(store, viewport, latest, preview);

  const selectedBox = boxes.find(box => box.index === store.boxes.selected.value);
  const measured = preview.value?.bbox ?? selectedBox?.bbox;
  useEffect(() => {
    store.boxes.measured.value = measured;
  }, [measured?.join()]);
  const naming = store.boxes.drawn.value?.bbox ?? (store.boxes.isRenaming.value ? selectedBox?.bbox : undefined);
  const count = painted.length;
  const fault = imageView?.fault ?? (image.state === 'failed' && imageView?.uri ? { message: `The image "${imageView.name}" cannot be shown.`, remedy: 'The file may be damaged; open it in another viewer, or replace it.' } : undefined);
  return (
    <div class="stage">
      {fault ? (
        <div class="stage-message" role="alert">
          <i class="codicon codicon-file-media" aria-hidden="true" />
          <p>{fault.message}</p>
          <p class="dim">{fault.remedy}</p>
          <p class="dim">The labels can still be edited.</p>
        </div>
      ) : view && view.images.length === 0 ? (
        <div class="stage-message">
          <i class="codicon codicon-file-media" aria-hidden="true" />
          <p>{view.row ? 'This row has no image.' : 'This line is no row.'}</p>
        </div>
      ) : (
        <CanvasViewport
          image={image}
          boxes={painted}
          label={`${view?.row?.qid ?? 'sample'}, ${count} ${count === 1 ? 'box' : 'boxes'}`}
          {...(hasBoxes && view?.row ? { tool } : {})}
          handle={viewport}
          onScale={onScale}
          crosshair={store.boxes.isDrawing.value && hasBoxes && !naming ? store.boxes.pointer.value : undefined}
          overlay={place => naming && <LabelInput store={store} viewport={viewport} rect={place(naming)} initial={store.boxes.drawn.value ? store.boxes.lastLabel.value : labelOf(store.boxes.selected.value ?? -1)} />}
        />
      )}
    </div>
  );
}

export interface StageProps {
  readonly store: EditorStore;
  readonly shownImage: number;
  readonly viewport: { current: ViewportHandle | null };
  readonly onScale: (scale: number) => void;
}
