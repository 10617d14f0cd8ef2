import { toPixels } from '../../src/core/geometry/boxFrame';
import type { RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';

/** A sample's first image, small, with its boxes. */
export function Picture({ store, view }: { readonly store: EditorStore; readonly view: RowView | undefined }): preact.JSX.Element {
  const image = view?.images[0];
  const frame = store.document.value?.boxFrame ?? 'pixel';
  if (!view || !image?.uri || !image.size) return <i class={`codicon codicon-${view ? (image?.fault ? 'warning' : 'file-media') : 'loading'} dim`} title={image?.fault?.message} aria-hidden="true" />;
  const { width, height } = image.size;
  const small = store.thumbnails.of(view);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {small && <image href={small} width={width} height={height} />}
      {view.row?.boxes.map(box => {
        const [x1, y1, x2, y2] = toPixels(box.numbers, frame, { width, height });
        return <rect key={box.index} x={x1} y={y1} width={Math.max(0, x2 - x1)} height={Math.max(0, y2 - y1)} vector-effect="non-scaling-stroke" />;
      })}
    </svg>
  );
}
