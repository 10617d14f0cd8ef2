import type { EditorStore } from './editorStore';

/** Where the pointer or the box at hand is, in pixels and in thousandths, which models are asked for. */
export function ReadOut({ store }: { readonly store: EditorStore }): preact.JSX.Element | null {
  const size = store.boxes.imageSize.value;
  const bbox = store.boxes.measured.value;
  const point = store.boxes.pointer.value;
  if (!size) return null;
  const { width, height } = size;
  if (bbox) {
    const [x1, y1, x2, y2] = bbox;
    const thousandths = [x1 / width, y1 / height, x2 / width, y2 / height].map(share => Math.round(share * 1000));
    return (
      <span class="read-out">
        {bbox.map(Math.round).join(', ')} px · {Math.round(x2 - x1)} × {Math.round(y2 - y1)} · {thousandths.join(', ')} ‰
      </span>
    );
  }
  const isInside = point && point.x >= 0 && point.y >= 0 && point.x < width && point.y < height;
  return <span class="read-out">{isInside ? `${Math.floor(point.x)}, ${Math.floor(point.y)} px` : `${width} × ${height} px`}</span>;
}
