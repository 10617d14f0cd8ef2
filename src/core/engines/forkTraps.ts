/** A place where the released scripts of PeBR-R1 do something else than one expects, and what is written here instead. */
export interface ForkTrap {
  readonly released: string;
  readonly written: string;
}

export const forkTraps: readonly ForkTrap[] = [
  { released: 'The splitter of easy, medium and hard reads paths relative to its own folder.', written: 'The split is a query on .pebr/difficulty; no script has to be started in a certain folder.' },
  { released: 'The splits are written to dataset/grpo, but the stages read dataset.', written: 'Each configuration names the absolute path of the rows that were exported for it.' },
  { released: 'Rollouts of the sampling are appended to one file, so a second sampling spoils the counts.', written: 'Each sampling belongs to its run; the counts are those of one policy.' },
  { released: 'Sampling drops the last incomplete batch, and those questions vanish from all splits.', written: 'Sampling takes every chosen row; what was not sampled has no difficulty and is told.' },
  { released: 'Saved responses are cut to a hundred letters.', written: 'The shim records nothing itself; responses of the sampling are kept whole in the rollouts of its run.' },
  { released: 'The second stage starts from a folder of shards, and the merge command of the README names another path.', written: 'The shards of the last step are merged by command, and the next stage starts from the merged folder.' },
  { released: 'save_model_only is true: nothing can be resumed.', written: 'save_model_only is false: optimizer and random state are saved.' },
  { released: 'Difficulty is sampled at up to 4,194,304 pixels, training sees 802,816.', written: 'Both use the same limits.' },
  { released: 'Sampling loads math12k from the hub for a validation it never does.', written: 'Validation files are the held-out rows of the project; no hub is needed.' },
  { released: 'A CLIP model that cannot be loaded scores 0 without a word.', written: 'The reward of the project fails with its cause; an error is never a zero.' },
  { released: 'Rows that all have the same number of key words become a two-dimensional array, and the reward stops.', written: 'The shim takes lists and arrays alike.' },
  { released: 'The format reward is more tolerant than the search for the answer: format 1 and accuracy 0 may be a matter of a blank.', written: 'The reward is the project’s own; the playground shows what was read as the answer.' },
  { released: 'Fewer rows than rollout_batch_size end the run with an assertion.', written: 'rollout_batch_size and global_batch_size are the samples of a step, and too few rows are told before the start.' },
  { released: 'The vision tower is frozen in warm-up and trained in RL.', written: 'Kept as released (freeze_vision_tower: false); say so in a report.' },
  { released: 'The second stage’s epochs changed from 1 to 2 after publication.', written: 'Steps are counted (max_steps), so epochs do not matter.' },
];

export function trapNotes(): readonly string[] {
  return forkTraps.map(({ released, written }, index) => `Trap ${index + 1} of the released scripts. ${released} Here: ${written}`);
}
