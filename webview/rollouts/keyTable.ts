import type { KeyGroup, KeyRow } from '../shared/keys';

const command = (name: string, what: string, ...keys: readonly string[]): KeyRow => ({ keys, what, command: `pebr.rollouts.${name}` });

/** Every key of the rollouts, as the help shows it. */
export const keyTable: readonly KeyGroup[] = [
  {
    title: 'Look',
    rows: [
      command('nextGroup', 'Next group', 'j'), command('previousGroup', 'Group before', 'k'), command('previousResponse', 'Response before', 'h'), command('nextResponse', 'Next response', 'l'),
      command('compare', 'Compare two responses', 'd'), command('otherSteps', 'Same sample in other steps and runs', 's'), command('tokens', 'Tokens: probability, entropy, plain', 'e'),
      command('images', 'Perception against reasoning by image', 'i'), command('showNew', 'Show what is new', 'n'), command('find', 'Search', '/'), command('help', 'This help', 'shift+/'),
    ],
  },
  {
    title: 'Close the loop',
    rows: [
      command('fixGold', 'Fix the gold: the sample in the dataset editor', 'f'), command('tag', 'Tag the sample', 't'), command('toWarmUp', 'Send the sample to the warm-up', 'w'), command('exclude', 'Exclude the sample from training', 'x'),
      command('moveStage', 'Move the sample to a stage', 'v'), command('makeCase', 'Make the response a case of the reward', 'm'), command('playground', 'Open the group in the playground', 'p'),
      command('rescore', 'Re-score the group with the reward as it is now', 'r'), command('openLog', 'Open the log at this step', 'o'),
      command('share', 'Export the group, or all that answer', 'shift+e'), command('copyLink', 'Copy a link that opens this view', 'y'),
    ],
  },
];
