import * as path from 'node:path';
import type { Box } from '../../core/dataset/sample';
import { frameChoices } from '../../core/formats/importPreview';
import { type ForeignFrame, foreignToPixels, inLayout } from '../../core/formats/foreignFrame';
import type { PreviewPicture } from '../../core/formats/previewText';
import { thumbnail } from '../dataset/thumbnail';
import { nameBelow } from './imageName';
import type { ImportPlan, SampledRow } from './importPlan';

const side = 300;

/** The first images with their boxes in the frame that was found; where the data do not decide, one image in each frame that they allow. Images that cannot be drawn are left out. */
export async function previewPictures(plan: ImportPlan): Promise<readonly PreviewPicture[]> {
  const { frame } = plan.decision;
  const wanted = frame
    ? plan.samples.map(sample => ({ sample, frame, caption: captionOf(sample) }))
    : frameChoices(plan.decision).filter(({ isPossible }) => isPossible).slice(0, 4).flatMap(choice => plan.samples.slice(0, 1).map(sample => ({ sample, frame: choice.frame, caption: `as ${choice.frame}` })));
  const pictures = await Promise.all(wanted.map(async each => {
    const drawn = await draw(plan, each.sample, each.frame).catch(() => undefined); // the preview tells missing images elsewhere
    return drawn === undefined ? [] : [{ caption: each.caption, source: `data:image/jpeg;base64,${drawn.toString('base64')}` }];
  }));
  return pictures.flat();
}

async function draw(plan: ImportPlan, { row, size }: SampledRow, frame: ForeignFrame): Promise<Buffer | undefined> {
  const [image] = row.images;
  const name = typeof image === 'string' ? nameBelow(plan.root, image) : undefined;
  const input = name !== undefined ? path.join(plan.root.folder, name) : typeof image === 'object' ? (image.bytes ?? Buffer.from(image.base64 ?? '', 'base64')) : undefined;
  if (input === undefined) return undefined;
  const isChosen = plan.request.frame !== undefined;
  const boxes = row.boxes.map((box): Box => ({ label: box.label, bbox: foreignToPixels(box.numbers, inLayout(isChosen ? frame : (box.frame ?? frame), box.layout), size) }));
  return thumbnail(input, boxes, side);
}

function captionOf({ row }: SampledRow): string {
  const labels = [...new Set(row.boxes.map(({ label }) => label).filter(label => label !== ''))];
  return labels.slice(0, 4).join(', ') || `${row.boxes.length} boxes`;
}
