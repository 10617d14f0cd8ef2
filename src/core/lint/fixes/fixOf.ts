import type { ImageSize } from '../../geometry/boxFrame';
import type { BoxFrame, Columns } from '../../project/project';
import { type RuleId, rules } from '../rules';
import { fixAnswerChoice, trimAnswer } from './fixAnswer';
import { clipBoxes, dropBoxes, isRepeatedBox, isWithoutArea, swapCorners } from './fixBoxes';
import { dropEarlierKeys, dropPrototypeKey, nullNonFinite } from './fixKeys';
import { matchMarks, matchWarmUpMarks, dropRepeatedImages } from './fixMarks';
import { dropEmptyKeyWords, dropRepeatedKeyWords } from './fixKeyWords';
import { suffixQid, writeOneType } from './fixTypes';

/** What a fix may need beside the row's text. */
export interface FixFacts {
  readonly columns: Columns;
  readonly boxFrame: BoxFrame;
  /** Of the row's first image; undefined where it cannot be read. */
  readonly size?: ImageSize;
  /** Whether another row of the dataset has this id. */
  readonly isTaken?: (qid: string) => boolean;
}

/** A row's text as it is and as it would be. The text is unchanged where there is nothing to correct. Throws for a row that is no JSON object. */
export type RowFix = (text: string, facts: FixFacts) => string;

export interface Fix {
  readonly title: string;
  readonly fix: RowFix;
  /** Takes something away or renames a row: not done unless its rule is named. */
  readonly isAsked?: true;
}

/** Corrections that take the frame of the boxes as given: where the numbers look like another frame's, they make good boxes bad. */
export const trustsFrame: ReadonlySet<string> = new Set<RuleId>(['dataset/swapped-box', 'dataset/box-outside', 'dataset/degenerate-box']);

/** The rules that have a correction which is right whatever the row means. */
const fixes: Readonly<Partial<Record<RuleId, Fix>>> = {
  'dataset/swapped-box': { title: 'Put the corners of the boxes in order', fix: swapCorners },
  'dataset/box-outside': { title: 'Clip the boxes to the image', fix: clipBoxes },
  'dataset/degenerate-box': { title: 'Delete boxes without area', fix: dropBoxes(isWithoutArea), isAsked: true },
  'dataset/repeated-box': { title: 'Delete the repeated boxes', fix: dropBoxes(isRepeatedBox) },
  'dataset/empty-key-words': { title: 'Remove the empty key words', fix: dropEmptyKeyWords },
  'dataset/repeated-key-word': { title: 'Remove the repeated key words', fix: dropRepeatedKeyWords },
  'dataset/image-count': { title: 'Write one <image> for each image', fix: matchMarks },
  'dataset/repeated-image': { title: 'Name each image once', fix: dropRepeatedImages },
  'dataset/untrimmed-answer': { title: 'Remove the blanks around the answer', fix: trimAnswer },
  'dataset/choice-answer': { title: 'Answer with the letter of the option', fix: fixAnswerChoice },
  'dataset/mixed-types': { title: 'Write images and key words as lists, id and answer as texts', fix: writeOneType },
  'dataset/duplicate-qid': { title: 'Give the row an id of its own', fix: suffixQid, isAsked: true },
  'dataset/repeated-key': { title: 'Keep the last of the repeated keys', fix: dropEarlierKeys },
  'dataset/prototype-key': { title: 'Remove the key "__proto__"', fix: dropPrototypeKey, isAsked: true },
  'dataset/non-finite-number': { title: 'Write null in place of NaN and Infinity', fix: nullNonFinite },
  'warm-up/image-count': { title: 'Write one <image> for each image', fix: matchWarmUpMarks },
};

/** The correction of a rule, if it has a safe one. */
export function fixOfRule(rule: string): Fix | undefined {
  return Object.hasOwn(rules, rule) ? fixes[rule as RuleId] : undefined;
}

/** The row's new text and words for the button; undefined where the rule has no correction that is safe, or this row needs none. */
export function fixOf(rule: string, text: string, facts: FixFacts): { readonly title: string; readonly text: string } | undefined {
  const found = fixOfRule(rule);
  if (!found) return undefined;
  try {
    const fixed = found.fix(text, facts);
    return fixed === text ? undefined : { title: found.title, text: fixed };
  } catch {
    return undefined; // no JSON object: nothing in it can be corrected without a person
  }
}
