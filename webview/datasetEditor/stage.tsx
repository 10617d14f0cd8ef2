import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { roundBox } from '../../src/core/geometry/shapeBox';
import type { CanvasBox, OverBoxes } from '../shared/canvasPaint';
import { CanvasViewport, type ViewportHandle } from '../shared/canvasViewport';
import { boxTool, type Preview } from './boxTool';
import type { EditorStore } from './editorStore';
import { LabelInput } from './labelInput';
import { proposalGhosts } from './proposalGhosts';
import { responseGhosts } from './responseGhosts';
import { secondBoxes } from './secondBoxes';
import { shownBoxes } from './shownBoxes';
import { isReadyAhead, useShownPicture } from './shownPicture';
import { spokenBoxes } from './spokenBoxes';
import { useStageKeys } from './stageKeys';
import { useBoxClipboard } from './useBoxClipboard';

/** The picture with its boxes: drawing, moving, resizing, naming. */
export function Stage({ store, shownImage, onScale, viewport }: StageProps): preact.JSX.Element {
  const view = store.cursor.current.value;
  const { boxes: edits } = store;
  const imageView = view?.images[shownImage];
  const hasBoxes = shownImage === 0; // boxes belong to the first image of a row
  const { image, note } = useShownPicture(store, view, shownImage, hasBoxes ? neighbours(store) : []);
  const preview = useSignal<Preview | undefined>(undefined);
  const hovered = useSignal<number | undefined>(undefined);
  const size = image.state === 'ready' ? image.size : undefined;

  useEffect(() => {
    if (hasBoxes) edits.imageSize.value = size;
  }, [size?.width, size?.height, imageView?.uri, hasBoxes]);

  const rowBoxes = hasBoxes && edits.visibility.value !== 'hidden' ? view?.row?.boxes : undefined;
  const isNamed = edits.visibility.value === 'all';
  const second = useMemo(() => (hasBoxes ? secondBoxes(store) : undefined), [view, hasBoxes, edits.imageSize.value, edits.frame, edits.visibility.value, store.blind.isOn.value, store.openParts.value]);
  const shown = useMemo(() => shownBoxes(rowBoxes ?? [], box => edits.pixelsOf(box), isNamed, second?.notes), [rowBoxes, isNamed, edits.imageSize.value, edits.frame, second]);
  const ghosts = hasBoxes && edits.visibility.value !== 'hidden' ? [...proposalGhosts(store.proposals.open.value, store.proposals.focused.value, isNamed), ...responseGhosts(store, isNamed), ...(second?.boxes ?? [])] : [];
  const nudged = store.nudge.shapes.value;
  const changing: Preview | undefined = nudged ? { changed: nudged } : preview.value;
  const over = overBoxes(shown.at, shown.painted, edits.selection.value, hovered.value, changing, edits.drawn.value);

  const latest = useRef({ ...shown, size });
  latest.current = { ...shown, size };
  const tool = useMemo(
    () =>
      boxTool({
        get size() { return latest.current.size ?? { width: 0, height: 0 }; },
        get boxes() { return latest.current.boxes; },
        get near() { return latest.current.near; },
        get selection() { return edits.selection.value; },
        get isDrawing() { return edits.isDrawing.value; },
        get drawMode() { return edits.drawMode.value; },
        select: indexes => {
          store.fields.flush();
          edits.select(indexes);
        },
        hover: (index, point) => {
          hovered.value = index;
          edits.pointer.value = point;
        },
        preview: now => {
          preview.value = now && {
            ...now,
            ...(now.drawn && { drawn: roundBox(now.drawn) }),
            ...(now.changed && { changed: new Map([...now.changed].map(([index, bbox]) => [index, roundBox(bbox)])) }),
          };
        },
        commitBoxes: shapes => edits.setBoxes(new Map([...shapes].map(([index, bbox]) => [index, roundBox(bbox)]))),
        commitDrawn: bbox => {
          store.fields.flush();
          edits.addBox(roundBox(bbox));
        },
        rename: index => {
          edits.select([index]);
          edits.isRenaming.value = true;
        },
        note: text => queueMicrotask(() => (edits.note.value = text)), // after the gesture, which clears the note of the one before
      }),
    [store],
  );
  useStageKeys(store, viewport, latest);
  useBoxClipboard(store);

  const selected = edits.selected.value;
  const selectedBox = selected === undefined ? undefined : shown.boxes[shown.at.get(selected) ?? -1];
  const measured = changing?.drawn ?? (selected === undefined ? undefined : changing?.changed?.get(selected)) ?? edits.drawn.value ?? selectedBox?.bbox;
  useEffect(() => {
    edits.measured.value = measured;
  }, [measured?.join()]);
  const labelOf = (index: number): string => view?.row?.boxes.find(box => box.index === index)?.label ?? '';
  const naming = edits.drawn.value ?? (edits.isRenaming.value ? selectedBox?.bbox : undefined);
  const count = shown.boxes.length;
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
          boxes={shown.painted}
          over={ghosts.length === 0 ? over : { ...over, boxes: [...ghosts, ...over.boxes] }}
          hints={{ hasMap: true, guides: changing?.guides, points: changing?.points, band: changing?.band, crosshair: edits.isDrawing.value && hasBoxes && !naming ? edits.pointer.value : undefined }}
          label={`${view?.row?.qid ?? 'sample'}, ${count} ${count === 1 ? 'box' : 'boxes'}`}
          {...(hasBoxes && view?.row ? { tool } : {})}
          handle={viewport}
          onScale={onScale}
          overlay={place => naming && <LabelInput key={edits.drawn.value ? 'drawn' : selected} store={store} viewport={viewport} rect={place(naming)} initial={edits.drawn.value ? edits.lastLabel.value : labelOf(selected ?? -1)} />}
        />
      )}
      {note !== '' && <p class="stage-note dim" role="status">{note}</p>}
      {second && <p class="stage-legend"><span class="legend-line is-gold" aria-hidden="true" /> first <span class="legend-line is-second" aria-hidden="true" /> second{second.by !== '' && ` (${second.by})`}</p>}
      <div class="for-readers" role="status">{spokenBoxes(shown.boxes, edits.selection.value, labelOf)}</div>
    </div>
  );
}

/** Addresses of the images after and before the shown one. */
function neighbours(store: EditorStore): readonly string[] {
  const position = store.cursor.position.value;
  return [position - 1, position + 2, position + 1].flatMap(at => {
    const row = store.cursor.rowOf(at);
    const image = row === undefined ? undefined : store.cursor.rowAt(row)?.images[0];
    return image?.uri !== undefined && isReadyAhead(image) ? image.uri : [];
  });
}

/** The boxes that are not drawn like all others: selected, under the pointer, being changed or drawn. */
function overBoxes(
  at: ReadonlyMap<number, number>, painted: readonly CanvasBox[], selection: readonly number[], hovered: number | undefined, preview: Preview | undefined, drawn: CanvasBox['bbox'] | undefined,
): OverBoxes {
  const chosen = new Set(selection);
  const places = new Set<number>();
  const boxes: CanvasBox[] = [];
  for (const index of new Set([...selection, ...(preview?.changed?.keys() ?? []), ...(hovered === undefined ? [] : [hovered])])) {
    const place = at.get(index);
    const box = place === undefined ? undefined : painted[place];
    if (place === undefined || !box) continue;
    places.add(place);
    boxes.push({ ...box, bbox: preview?.changed?.get(index) ?? box.bbox, isSelected: chosen.has(index), hasHandles: chosen.size === 1 && chosen.has(index), isHovered: index === hovered });
  }
  const fresh = preview?.drawn ?? drawn;
  if (fresh) boxes.push({ bbox: fresh, label: '', look: 'gold', isSelected: true });
  return { replaces: places, boxes };
}

export interface StageProps {
  readonly store: EditorStore;
  readonly shownImage: number;
  readonly viewport: { current: ViewportHandle | null };
  readonly onScale: (scale: number) => void;
}
