/** A reward file that *New Reward…* starts from; its text is in `media/templates`. */
export interface RewardTemplate {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  /** File in `media/templates`, and the name that is proposed for the copy. */
  readonly file: string;
}

export const rewardTemplates: readonly RewardTemplate[] = [
  { label: 'Perception, stage 1 of the paper', description: '0.4 clip + 0.4 key_word + 0.1 format + 0.1 length', detail: 'Does the description fit the picture and name what matters?', file: 'perception.reward.ts' },
  { label: 'Reasoning, stage 2 of the paper', description: '0.9 accuracy + 0.1 format', detail: 'Is the final answer right by mathruler’s rules?', file: 'reasoning.reward.ts' },
  { label: 'Grounding', description: '0.9 iou + 0.1 format', detail: 'Do the boxes of the response cover the labelled ones?', file: 'grounding.reward.ts' },
  { label: 'Your own, TypeScript', description: 'components with evidence', detail: 'Typed, with completion; runs in the worker of the editor, the command line and the trainer.', file: 'custom.reward.ts' },
  { label: 'Your own, Python', description: 'compute_score of EasyR1', detail: 'The contract of EasyR1 and the released PeBR-R1 code; verl’s and TRL’s files run too.', file: 'custom_reward.py' },
];

/** What is wrong with the name of a new reward file, if anything. `isTaken` tells whether a file of that name is there. */
export function faultOfRewardName(name: string, template: RewardTemplate, isTaken: (name: string) => boolean): string | undefined {
  const isPython = template.file.endsWith('.py');
  if (!/^[\w][\w. -]*$/.test(name)) return 'Letters, digits, dots, dashes and underscores make a file name here.';
  if (isPython && !name.endsWith('.py')) return 'A Python reward ends in .py.';
  if (!isPython && !/\.reward\.[mc]?[tj]s$/.test(name)) return 'A TypeScript reward ends in .reward.ts.';
  return isTaken(name) ? 'There is a file of this name already.' : undefined;
}

/** The proposed name, made free with a number: `perception-2.reward.ts`. */
export function freeRewardName(template: RewardTemplate, isTaken: (name: string) => boolean): string {
  const [, stem = '', ending = ''] = /^(.*?)((?:\.reward)?\.\w+)$/.exec(template.file) ?? [];
  const dash = ending === '.py' ? '_' : '-';
  for (let number = 1; ; number++) {
    const name = `${stem}${number === 1 ? '' : `${dash}${number}`}${ending}`;
    if (!isTaken(name)) return name;
  }
}
