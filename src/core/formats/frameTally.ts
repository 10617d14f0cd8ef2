import type { FrameBox } from '../dataset/row';
import type { ImageSize } from '../geometry/boxFrame';
import { factsOf, type ForeignFrame, foreignToPixels } from './foreignFrame';
import type { ForeignBox } from './importedRow';

/** Frames that are told apart by the data; the others are read only where a person or the format names them. */
const candidates = ['pixel', 'coco-xywh', 'norm1', 'norm1-xywh', 'yolo-cxcywh', 'norm1000', 'percent-xywh', 'qwen2.5-resized'] as const satisfies readonly ForeignFrame[];
/** A frame in which fewer of the boxes lie on their images is not theirs. */
const enough = 0.95;
/** A box whose sides are shorter is no label of anything. */
const smallestPx = 2;
/** With as many boxes as this, a frame in which all of them keep to a corner of their images is not theirs. */
const manyBoxes = 20;
const corner = 0.25;

/** Why a box cannot be one of a frame. */
type Reason = 'beyond' | 'order' | 'tiny' | 'scale' | 'negative' | 'refused';

const reasonWords: Readonly<Record<Reason, string>> = {
  beyond: 'would reach beyond their image',
  order: 'would have their right or lower edge before the other',
  tiny: `would be narrower than ${smallestPx} px`,
  scale: 'hold a number above the scale',
  negative: 'hold a negative number',
  refused: 'are on an image that the processor refuses',
};

interface Count {
  fits: number;
  /** How far right or down a box reached, as a part of its image. */
  reach: number;
  readonly against: Map<Reason, number>;
}

/** How a frame agrees with the boxes. */
export interface FrameCandidate {
  readonly frame: ForeignFrame;
  readonly fits: number;
  readonly isPossible: boolean;
  /** The evidence in words: "812 of 812 boxes lie on their image". */
  readonly words: string;
}

export interface FrameDecision {
  /** Undefined: the data do not decide, the person is asked. */
  readonly frame: ForeignFrame | undefined;
  readonly by: 'nothing' | 'data' | 'format' | 'evidence' | 'person' | 'undecided';
  readonly why: string;
  readonly boxes: number;
  readonly candidates: readonly FrameCandidate[];
}

/** Collects what boxes say about their frame; never more than counts. */
export class FrameTally {
  private boxes = 0;
  private told = 0;
  private sized = 0;
  private atZero = 0;
  private readonly counts = new Map<ForeignFrame, Count>();
  private readonly claims = new Map<ForeignFrame, number>();
  /** How far the two readings of Qwen's numbers lie apart at most, in pixels. */
  private resizedShift = 0;

  add(box: ForeignBox, size: ImageSize | undefined): void {
    if (box.frame) {
      this.told++;
      return;
    }
    this.boxes++;
    if (size) this.sized++;
    if (box.numbers[0] === 0 || box.numbers[1] === 0) this.atZero++;
    if (box.claim) this.claims.set(box.claim, (this.claims.get(box.claim) ?? 0) + 1);
    const claimed = box.claim === undefined || (candidates as readonly ForeignFrame[]).includes(box.claim) ? [] : [box.claim];
    for (const frame of [...candidates, ...claimed]) {
      if ((box.layout && factsOf(frame).layout !== box.layout) || (frame === 'qwen2.5-resized' && !box.isForModel)) continue;
      const count = this.counts.get(frame) ?? { fits: 0, reach: 0, against: new Map<Reason, number>() };
      this.counts.set(frame, count);
      const reason = against(box.numbers, frame, size, count);
      if (reason === undefined) count.fits++;
      else count.against.set(reason, (count.against.get(reason) ?? 0) + 1);
    }
    if (size && against(box.numbers, 'qwen2.5-resized', size) === undefined) this.resizedShift = Math.max(this.resizedShift, shiftOf(box.numbers, size));
  }

  /** Says that more boxes than rounding explains do not lie on their images in this frame; undefined where they do. */
  doubt(frame: ForeignFrame | undefined): string | undefined {
    const count = frame && this.counts.get(frame);
    if (!frame || !count || this.boxes === 0 || count.fits >= enough * this.boxes) return undefined;
    return `As ${frame}, ${this.candidateOf(frame, count).words}.`;
  }

  decide(chosen: ForeignFrame | undefined): FrameDecision {
    const all = [...this.counts].map(([frame, count]) => this.candidateOf(frame, count));
    const base = { boxes: this.boxes + this.told, candidates: all };
    if (base.boxes === 0) return { ...base, frame: 'pixel', by: 'nothing', why: 'There are no boxes.' };
    if (chosen) return { ...base, frame: chosen, by: 'person', why: chosenWords(all.find(each => each.frame === chosen)) };
    if (this.boxes === 0) return { ...base, frame: 'pixel', by: 'data', why: `Each of the ${this.told} boxes says its frame.` };
    const [claim] = this.claims.keys();
    if (claim && this.claims.size === 1 && this.claims.get(claim) === this.boxes) return { ...base, ...this.checked(claim, all) };
    return { ...base, ...this.byEvidence(all) };
  }

  /** The format says a frame: it is taken unless the boxes deny it. */
  private checked(claim: ForeignFrame, all: readonly FrameCandidate[]): Pick<FrameDecision, 'frame' | 'by' | 'why'> {
    const agreed = all.find(each => each.frame === claim);
    if (claim === 'voc' && this.atZero > 0 && all.some(each => each.frame === 'pixel' && each.isPossible)) {
      return { frame: 'pixel', by: 'evidence', why: `Pascal VOC counts pixels from 1, but ${this.atZero} of ${this.boxes} boxes begin at 0: whoever wrote this counts from 0.` };
    }
    if (agreed && agreed.fits >= enough * this.boxes) return { frame: claim, by: 'format', why: `The format says so, and ${agreed.words}.${this.told > 0 ? ` ${this.told} more say their frame themselves.` : ''}` };
    return { frame: undefined, by: 'undecided', why: `The format says ${claim}, but then ${agreed?.words ?? 'nothing agrees'}.` };
  }

  private byEvidence(all: readonly FrameCandidate[]): Pick<FrameDecision, 'frame' | 'by' | 'why'> {
    const possible = all.filter(each => each.isPossible);
    const resized = possible.find(each => each.frame === 'qwen2.5-resized');
    const others = possible.filter(each => each !== resized);
    if (others.length === 1 && others[0]?.frame === 'pixel' && resized && this.sized === this.boxes && this.resizedShift < 1) {
      return { frame: 'pixel', by: 'evidence', why: `${others[0].words}; pixels of the resized image would mean the same (at most ${this.resizedShift.toFixed(1)} px apart).` };
    }
    const [only] = possible;
    const denied = all.filter(each => !each.isPossible).sort((a, b) => Number(this.isTooSmall(a.frame)) - Number(this.isTooSmall(b.frame))).map(each => `${each.frame}: ${each.words}`);
    if (only && possible.length === 1) return { frame: only.frame, by: 'evidence', why: `${sentenceCase(only.words)}; ${denied.slice(0, 3).join('; ')}.` };
    const shift = resized && possible.some(each => each.frame === 'pixel') && this.sized > 0 ? ` Pixels of the original and of the resized image are up to ${this.resizedShift.toFixed(0)} px apart here.` : '';
    const sizes = this.sized < this.boxes ? ` The size of the image is known for ${this.sized} of ${this.boxes} boxes only.` : '';
    return {
      frame: undefined, by: 'undecided',
      why: possible.length === 0 ? `No frame fits the boxes.${sizes}` : `The data do not decide: ${possible.map(each => each.frame).join(', ')} all agree with the boxes.${sizes}${shift}`,
    };
  }

  /** Whether the numbers are simply larger than the frame's scale: it need not be spoken of first. */
  private isTooSmall(frame: ForeignFrame): boolean {
    return (this.counts.get(frame)?.against.get('scale') ?? 0) === this.boxes;
  }

  private candidateOf(frame: ForeignFrame, { fits, reach, against: reasons }: Count): FrameCandidate {
    const isCornered = this.sized === this.boxes && this.boxes >= manyBoxes && reach < corner;
    const [worst] = [...reasons].sort((a, b) => b[1] - a[1]);
    const fitting = `${fits} of ${this.boxes} boxes ${this.sized > 0 ? 'lie on their image' : 'have possible numbers'}`;
    const denying = worst && `${worst[1]} of ${this.boxes} boxes ${worst[0] === 'scale' ? `hold a number above ${factsOf(frame).scale ?? ''}` : reasonWords[worst[0]]}`;
    const agree = denying === undefined ? fitting : fits >= enough * this.boxes ? `${fitting}, ${denying}` : denying;
    return {
      frame, fits, isPossible: fits >= enough * this.boxes && !isCornered,
      words: isCornered && fits >= enough * this.boxes ? `all ${this.boxes} boxes would lie in the top left ${Math.max(1, Math.round(reach * 100))} % of their images` : agree,
    };
  }
}

function against(numbers: FrameBox, frame: ForeignFrame, size: ImageSize | undefined, count?: Count): Reason | undefined {
  if (numbers.some(number => number < (frame === 'voc' ? 1 : -1))) return 'negative';
  const { scale, layout } = factsOf(frame);
  if (scale !== undefined && numbers.some(number => number > scale * 1.002)) return 'scale';
  if (layout === 'xyxy' && (numbers[2] < numbers[0] || numbers[3] < numbers[1])) return 'order';
  if (!size) {
    const sides = layout === 'xyxy' ? [numbers[2] - numbers[0], numbers[3] - numbers[1]] : [numbers[2], numbers[3]];
    if (layout !== 'xyxy' && scale !== undefined && (numbers[0] + numbers[2] * (layout === 'xywh' ? 1 : 0.5) > scale * 1.01 || numbers[1] + numbers[3] * (layout === 'xywh' ? 1 : 0.5) > scale * 1.01)) return 'beyond';
    return sides.some(side => side < (scale === undefined ? smallestPx : scale / 1000)) ? 'tiny' : undefined;
  }
  let box;
  try {
    box = foreignToPixels(numbers, frame, size);
  } catch {
    return 'refused';
  }
  const [x1, y1, x2, y2] = box;
  const slack = 1 + Math.max(size.width, size.height) / 500; // numbers are rounded
  if (x2 <= x1 || y2 <= y1) return layout === 'xyxy' ? 'order' : 'tiny';
  if (x1 < -slack || y1 < -slack || x2 > size.width + slack || y2 > size.height + slack) return 'beyond';
  if (count) count.reach = Math.max(count.reach, x2 / size.width, y2 / size.height);
  return x2 - x1 < smallestPx || y2 - y1 < smallestPx ? 'tiny' : undefined;
}

function shiftOf(numbers: FrameBox, size: ImageSize): number {
  const there = foreignToPixels(numbers, 'qwen2.5-resized', size);
  return Math.max(...there.map((value, index) => Math.abs(value - (numbers[index] ?? 0))));
}

function chosenWords(seen: FrameCandidate | undefined): string {
  return seen ? `You chose it: ${seen.words}.` : 'You chose it.';
}

function sentenceCase(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
