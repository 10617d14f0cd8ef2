import type { Severity } from '../problem';

/** What a rule looks for, and why it matters; `docs/RULES.md` is written from these. */
export interface Rule {
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
}

const rule = (severity: Severity, title: string, why: string): Rule => ({ severity, title, why });

/** Every rule of the linter, by its id. A row may tell a rule more mildly than it stands here where the stage does not need what is missing. */
export const rules = {
  'dataset/unreadable': rule('error', 'The file cannot be read', 'A path in `pebr.json` is wrong, or the file is gone or not UTF-8.'),
  'dataset/empty-file': rule('warning', 'The file has no rows', 'A stage that trains on it has nothing to do.'),
  'dataset/more-problems': rule('warning', 'More problems than are listed', 'So many problems have one cause. Correct the first ones and check again.'),
  'dataset/long-line': rule('error', 'A line that is too long', 'It is not read: one row of such a length fills the memory of whatever loads it. Images belong into files of their own.'),
  'dataset/invalid-utf8': rule('error', 'Bytes that are no UTF-8', 'The file was written in another encoding, or a text was cut in the middle of a character, whose half then stands as an escape such as `\\ud83d`. Readers stop, or put `�` in their place.'),
  'dataset/malformed-line': rule('error', 'The line is no JSON object', 'Trainers stop at it, or skip it without a word.'),
  'dataset/non-finite-number': rule('error', 'NaN or Infinity', 'Python writes them, JSON does not have them, and strict readers refuse the line.'),
  'dataset/repeated-key': rule('warning', 'A key stands twice in a row', 'Readers keep one of the values, and not all the same one.'),
  'dataset/prototype-key': rule('error', 'A key named `__proto__`', 'It is no data of anybody; some readers take it for a part of the language.'),
  'dataset/field-type': rule('error', 'A field of the wrong type', 'Trainers read the field as a text or a list and stop, or read something else.'),
  'dataset/mixed-types': rule('warning', 'A column of several types', 'Arrow and Parquet, and with them most loaders, give a column one type: numbers among texts are lost or stop the load.'),
  'dataset/missing-qid': rule('error', 'A row without an id', 'Difficulty, rollouts and cases find their sample by its id.'),
  'dataset/duplicate-qid': rule('error', 'An id that two rows have', 'Difficulty and rollouts of the two are mixed up.'),
  'dataset/empty-problem': rule('error', 'An empty problem', 'The policy is asked nothing.'),
  'dataset/empty-answer': rule('error', 'An empty answer', 'No response can be right; sampling calls the sample hard. A warning in perception, where accuracy is no part of the reward.'),
  'dataset/ungradable-answer': rule('error', 'An answer that the grader does not accept as right', 'Given as the response, the answer itself gets no point: it has several lines, or reads as something else. No response can be right.'),
  'dataset/untrimmed-answer': rule('info', 'Blanks around the answer', 'A reward that compares to the letter never finds it right.'),
  'dataset/choice-answer': rule('warning', 'A multiple-choice answer that is no option', 'The problem lists options by letter and the answer is not one of the letters: `B` will not be right for `B. a red card`.'),
  'dataset/long-prompt': rule('warning', 'A problem longer than the prompt may be', 'It has more words than `policy.maxPromptTokens` tokens, so the trainer leaves it out or cuts it.'),
  'dataset/no-image': rule('error', 'A row without an image', 'Both stages look at an image; a text-only row stops the processor or teaches to guess.'),
  'dataset/image-count': rule('error', 'More or fewer `<image>` than images', 'Trainers stop where the placeholders of the problem and the images of the row differ in number.'),
  'dataset/repeated-image': rule('warning', 'An image that a row names twice', 'It costs its tokens twice and shows nothing new.'),
  'dataset/missing-image': rule('error', 'A missing image', 'The trainer stops at it, an hour into the run or in the first minute.'),
  'dataset/unreadable-image': rule('error', 'An image that cannot be read', 'It is cut short, or no picture.'),
  'dataset/image-outside-root': rule('error', 'A path that leaves the image root', 'It is not read: a dataset from elsewhere must not open other files of this machine.'),
  'dataset/tiny-image': rule('warning', 'A tiny image', 'A side below 28 px: Qwen processors refuse it, and the paper filters it out.'),
  'dataset/oversized-image': rule('warning', 'An oversized image', 'More than 50 million pixels: every epoch decodes it to shrink it.'),
  'dataset/narrow-image': rule('error', 'An image more than 200 times as long as wide', 'Qwen’s smart resize refuses such a ratio and stops the run.'),
  'dataset/rotated-image': rule('info', 'An image that EXIF data turn', 'Boxes here are those of the picture as it is seen. Loaders that ignore EXIF see it unturned, and the boxes beside it: store it turned.'),
  'dataset/leaked-row': rule('error', 'A held-out row that is trained on', 'Image and problem are those of a training row: the evaluation measures memory.'),
  'dataset/leaked-image': rule('warning', 'A held-out image that is trained on', 'The held-out row asks about an image of a training row.'),
  'dataset/no-labels': rule('warning', 'A perception row without key words and boxes', 'Only the coarse part of the perception reward can judge a response to it.'),
  'dataset/empty-key-words': rule('warning', 'Key words that are missing or empty', 'Without key words that part of the reward says nothing; an empty one is found in every response.'),
  'dataset/repeated-key-word': rule('warning', 'A key word that stands twice', 'It counts twice.'),
  'dataset/nested-key-word': rule('info', 'A key word within another', 'The longer one pays for both, because the released reward takes any substring: `red` is found in `red 7`.'),
  'dataset/malformed-box': rule('error', 'An entry that is no box', 'A box is `{"label", "bbox"}` with four numbers.'),
  'dataset/degenerate-box': rule('error', 'A box without area', 'Nothing can overlap it.'),
  'dataset/swapped-box': rule('error', 'A box with swapped corners', 'x2 is left of x1, or y2 above y1: it overlaps nothing as it stands.'),
  'dataset/box-outside': rule('error', 'A box that reaches outside the image', 'It is off, or all of them are and `boxFrame` is not the frame of the data.'),
  'dataset/repeated-box': rule('warning', 'A box that stands twice', 'A response must find it twice to be paid in full.'),
  'dataset/unnamed-box': rule('warning', 'A box without a label', 'It cannot be matched with what a response names.'),
  'dataset/tiny-box': rule('warning', 'A box smaller than a pixel', 'Nobody draws such a box: its numbers look like shares of the image (`norm1`), and `boxFrame` says otherwise.'),
  'dataset/duplicate-image': rule('warning', 'The same picture under two names', 'Found with *Check Images* or `pebr lint --images`. The picture counts twice; where one of the two is held out, the evaluation measures memory.'),
  'dataset/near-duplicate-image': rule('info', 'Two pictures that look alike', 'Found with *Check Images* or `pebr lint --images`: re-encoded, scaled or slightly changed copies by their perceptual hash. A warning where one of them is held out.'),
  'reward/gold-below-full-marks': rule('warning', 'A gold answer that the reward does not pay in full', 'Found with *Check Gold Answers* or `pebr lint --gold`: given as the response, the row’s own labels do not score 1. Label or reward is wrong. An error where the reward fails.'),
  'warm-up/malformed-row': rule('error', 'A warm-up line that is no row', 'The trainer leaves it out. A row is `{"qid", "messages": [{"role": "user", …}, {"role": "assistant", …}], "images"}`.'),
  'warm-up/reflection': rule('warning', 'A response that takes itself back', '“Let me rethink it”: the paper filters such targets out, because the policy learns to write a wrong answer first. The trainer leaves the row out.'),
  'warm-up/section-grammar': rule('warning', 'A response without the section grammar', 'A section is missing, empty, repeated or out of place; the format reward pays for what the warm-up did not teach.'),
  'warm-up/image-count': rule('error', 'More or fewer `<image>` than images in a warm-up row', 'The processor stops where the placeholders of the user’s turn and the images differ in number.'),
  'dataset/suspicious-frame': rule('warning', 'Boxes in another frame, by the look of them', 'The most frequent reason for “IoU is always 0”: the numbers of the whole dataset fit another frame better than the declared one.'),
  'curation/malformed-line': rule('warning', 'A line of a curation file that cannot be read', 'What was decided about that sample counts for nothing. The line stays as it is until somebody mends it.'),
  'curation/repeated-qid': rule('warning', 'Two lines for one sample in a curation file', 'Only the last one counts; a merge may have kept both.'),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;
