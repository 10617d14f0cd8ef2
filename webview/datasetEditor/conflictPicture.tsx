import type { Row } from '../../src/core/dataset/row';
import { toPixels } from '../../src/core/geometry/boxFrame';
import type { BoxFrame } from '../../src/core/project/project';
import type { ConflictView } from '../../src/protocol/datasetEditor';

interface ConflictPictureProps {
  readonly title: string;
  readonly row: Row | null | undefined;
  readonly other: Row | undefined;
  readonly conflict: ConflictView;
  readonly frame: BoxFrame;
}

/** One side's boxes on the image; those that the other side does not have stand out by a thicker line. */
export function ConflictPicture({ title, row, other, conflict, frame }: ConflictPictureProps): preact.JSX.Element {
  const image = conflict.images[0];
  const nameOf = (box: Row['boxes'][number]): string => `${box.label} ${box.numbers.join(' ')}`;
  const others = new Set(other?.boxes.map(nameOf));
  const boxes = row?.boxes ?? [];
  const own = boxes.filter(box => !others.has(nameOf(box)));
  const told = `${title}: ${row === null ? 'no such row' : row === undefined ? 'no row that can be read' : `${boxes.length} boxes, ${own.length} of them only here${own.length > 0 ? `: ${own.map(nameOf).join(', ')}` : ''}`}`;
  return (
    <figure class="conflict-picture" aria-label={told}>
      <figcaption>{title}</figcaption>
      {row && image?.uri && image.size ? (
        <svg viewBox={`0 0 ${image.size.width} ${image.size.height}`} aria-hidden="true">
          <image href={image.uri} width={image.size.width} height={image.size.height} />
          {boxes.map(box => {
            const [x1, y1, x2, y2] = toPixels(box.numbers, frame, image.size ?? { width: 1, height: 1 });
            return <rect key={box.index} class={others.has(nameOf(box)) ? '' : 'is-own'} x={x1} y={y1} width={Math.max(0, x2 - x1)} height={Math.max(0, y2 - y1)} vector-effect="non-scaling-stroke" />;
          })}
        </svg>
      ) : (
        <p class="dim">{row ? (image?.fault?.message ?? 'No image.') : row === null ? (title === 'Mine' ? 'Deleted.' : 'Not in the file any more.') : 'No row that can be read.'}</p>
      )}
    </figure>
  );
}
