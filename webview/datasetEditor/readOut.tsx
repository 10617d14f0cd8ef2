import type { Row } from '../../src/core/dataset/row';
import { frameInWords } from '../../src/core/geometry/writtenFrame';
import type { EditorStore } from './editorStore';

/** Where the pointer or the box at hand is: in pixels, and as the file will have it. */
export function ReadOut({ store }: { readonly store: EditorStore }): preact.JSX.Element | null {
  const { boxes } = store;
  const size = boxes.imageSize.value;
  const bbox = boxes.measured.value;
  const point = boxes.pointer.value;
  if (!size) return null;
  const { width, height } = size;
  if (bbox) {
    const [x1, y1, x2, y2] = bbox;
    const count = boxes.selection.value.length;
    return (
      <span class="read-out">
        {count > 1 && `${count.toLocaleString('en')} boxes · `}{bbox.map(Math.round).join(', ')} px · {Math.round(x2 - x1)} × {Math.round(y2 - y1)} · {inFrame(store, boxes.row)}
      </span>
    );
  }
  const isInside = point && point.x >= 0 && point.y >= 0 && point.x < width && point.y < height;
  return <span class="read-out">{isInside ? `${Math.floor(point.x)}, ${Math.floor(point.y)} px` : `${width} × ${height} px`}</span>;
}

/** The measured box in the dataset's own frame; for one in pixels in thousandths, which models are asked for. */
function inFrame({ boxes }: EditorStore, row: Row | undefined): string {
  const bbox = boxes.measured.value;
  const size = boxes.imageSize.value;
  if (!bbox || !size || !row) return '';
  if (boxes.frame !== 'pixel') return `${boxes.numbersOf(bbox, row).join(', ')} ${frameInWords(boxes.frame)}`;
  const [x1, y1, x2, y2] = bbox;
  return `${[x1 / size.width, y1 / size.height, x2 / size.width, y2 / size.height].map(share => Math.round(share * 1000)).join(', ')} ‰`;
}
