/** What a reward file imports as `pebr`. Public: a name that is here stays. */
export { accuracy, type AccuracyOptions } from './components/accuracy';
export { clip, type ClipOptions } from './components/clip';
export { format } from './components/format';
export { iou, type IouOptions } from './components/iou';
export { keyWords, type KeyWordOptions } from './components/keyWords';
export { length, type LengthOptions } from './components/length';
export {
  type BatchComponent, type Component, type ComponentEvidence, type ComponentResult, defineReward, type RewardContext, type RewardDefinition, type RewardInput,
  type SingleComponent,
} from './reward';
export { extractAnswer, extractAnswerTolerant, type ExtractedAnswer } from '../grading/extractAnswer';
export { gradeAnswer } from '../grading/gradeAnswer';
export { type BoxGrammar, parseBoxes, type WrittenBox } from '../grading/boxes/parseBoxes';
export { parseSections, type Section, type Sections, type Span } from '../grading/sections';
export { type BoxMatches, matchBoxes } from '../geometry/boxMatches';
export { boxGiou, boxIou } from '../geometry/iou';
export { matchBest } from '../geometry/matching';
export type { ResizedFrame } from '../geometry/resizedSize';
export { type WrittenFrame, writtenToPixels } from '../geometry/writtenFrame';
export type { Bbox, Box, Sample } from '../dataset/sample';
export type { Evidence } from './score';
