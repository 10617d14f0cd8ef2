import type { Box } from '../../dataset/sample';
import type { ImageSize } from '../../geometry/boxFrame';
import type { PredictedBox } from '../predictedBoxes';
import { escapeHtml } from './escapeHtml';

/** Boxes of one response, with the sign of its advantage. */
export interface DrawnBoxes {
  /** Number of the response, from 1. */
  readonly number: number;
  readonly sign: 'good' | 'bad' | 'none';
  readonly boxes: readonly PredictedBox[];
}

const signs = { good: '▲', bad: '▼', none: '○' } as const;
const colors = { good: '#12a150', bad: '#e5484d', none: '#3b82f6' } as const;
const gold = '#ffd02e';
/** More names than this would hide the picture. */
const mostNames = 24;

/** The label's boxes in gold and those of responses dashed, with a sign before each name; coordinates are original-image pixels. */
export function boxesSvg(size: ImageSize, goldBoxes: readonly Box[], drawn: readonly DrawnBoxes[], attributes = ''): string {
  const unit = Math.max(size.width, size.height) / 100;
  const count = goldBoxes.length + drawn.reduce((sum, { boxes }) => sum + boxes.length, 0);
  const draw = ({ bbox: [x1, y1, x2, y2], label }: Pick<PredictedBox, 'bbox' | 'label'>, color: string, dash: string, mark: string): string => {
    // Names of predictions stand below their boxes, those of the label above: the better the boxes, the more they would cover each other.
    const nameY = mark === '' ? Math.max(unit * 2.6, Math.min(y1, y2) - unit * 0.6) : Math.min(size.height - unit * 0.4, Math.max(y1, y2) + unit * 2.6);
    const place = `x="${round(Math.min(x1, x2))}" y="${round(Math.min(y1, y2))}" width="${round(Math.abs(x2 - x1))}" height="${round(Math.abs(y2 - y1))}"`;
    const name = `${mark}${label}`.slice(0, 60);
    const text = name === '' || count > mostNames ? '' : `<text x="${round(Math.min(x1, x2) + unit * 0.4)}" y="${round(nameY)}" font-size="${round(unit * 2.6)}" fill="${color}" stroke="#000" stroke-width="${round(unit * 0.5)}" paint-order="stroke" font-family="sans-serif">${escapeHtml(name)}</text>`;
    return `<rect ${place} fill="none" stroke="#000" stroke-opacity="0.6" stroke-width="${round(unit * 0.9)}"/><rect ${place} fill="none" stroke="${color}" stroke-width="${round(unit * 0.5)}"${dash}/>${text}`;
  };
  const dashes = ` stroke-dasharray="${round(unit * 1.6)} ${round(unit * 0.9)}"`;
  const shapes = [
    ...goldBoxes.map(box => draw(box, gold, '', '')),
    ...drawn.flatMap(({ number, sign, boxes }) => boxes.map(box => draw({ bbox: box.bbox, label: `${number} ${box.label}${box.iou === null ? '' : ` ${box.iou.toFixed(2)}`}` }, colors[sign], dashes, signs[sign]))),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(size.width)} ${round(size.height)}"${attributes}>${shapes.join('')}</svg>`;
}

/** Above or below the mean of its group; none where it was not scored or the group has no spread. */
export function signOf(advantage: number | null): DrawnBoxes['sign'] {
  return advantage === null || Math.abs(advantage) < 1e-6 ? 'none' : advantage > 0 ? 'good' : 'bad';
}

export function signMark(sign: DrawnBoxes['sign']): string {
  return signs[sign];
}

function round(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : 0;
}
