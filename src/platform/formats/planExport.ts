import * as path from 'node:path';
import { AppError } from '../../core/errors';
import { exportTargetOf } from '../../core/formats/exportTargets';
import type { Container, ExportTarget, ImageMode } from '../../core/formats/exportTarget';
import { isBoxFrame } from '../../core/geometry/boxFrame';
import type { BoxFrame } from '../../core/project/project';
import type { ExportInput, ExportPlan } from './exportPlan';

/** What a person said about an export; the target's own choice holds for what is not said. */
export interface ExportWishes {
  readonly to: string;
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  readonly container?: string;
  readonly frame?: string;
  readonly images?: string;
  readonly answer?: string;
  readonly leaveOut?: boolean;
  readonly force?: boolean;
}

/** The plan of an export of `inputs`. Throws `argument.invalid` for what the target does not have. */
export function planExport(inputs: readonly ExportInput[], wishes: ExportWishes, rest: Pick<ExportPlan, 'isWanted' | 'render'> = {}): ExportPlan {
  const target = exportTargetOf(wishes.to);
  const name = wishes.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '');
  if (name === '') throw new AppError('argument.invalid', { argument: '--name', reason: 'it names the files: write letters, digits, ".", "_" or "-".' });
  return {
    inputs, target, name, folder: path.resolve(wishes.folder),
    container: oneOf('--container', wishes.container, target.containers, target),
    images: oneOf<ImageMode>('--images', wishes.images === 'paths' ? undefined : wishes.images, imageModes(target, wishes.container), target),
    frame: frameOf(wishes.frame, target, inputs[0]?.boxFrame ?? 'pixel'),
    answer: oneOf('--answer', wishes.answer, ['row', 'boxes'] as const, target),
    leaveOut: wishes.leaveOut ?? false, force: wishes.force ?? false, ...rest,
  };
}

/** How images can come along in a container: only Parquet holds bytes. */
export function imageModes(target: ExportTarget, container: string = target.containers[0] ?? ''): readonly ImageMode[] {
  return target.images.filter(mode => mode !== 'embed' || (container as Container) === 'parquet');
}

function oneOf<T extends string>(argument: string, text: string | undefined, known: readonly T[], target: ExportTarget): T {
  const found = text === undefined ? known[0] : known.find(each => each === text);
  if (found === undefined) throw new AppError('argument.invalid', { argument, reason: `${target.title} has no "${String(text)}". Known: ${known.join(', ')}.` });
  return found;
}

function frameOf(text: string | undefined, { frame, frames, title }: ExportTarget, own: BoxFrame): BoxFrame {
  if (text === undefined) return frame ?? own;
  if (!isBoxFrame(text) || (frames && !frames.includes(text))) {
    const known = frames ?? ['pixel', 'norm1', 'norm1000', 'percent-xywh', 'coco-xywh', 'yolo-cxcywh', 'qwen2.5-resized'];
    throw new AppError('argument.invalid', { argument: '--frame', reason: `${title} has no frame "${text}". Known: ${known.join(', ')}.` });
  }
  return text;
}
