import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { AppError } from '../core/errors';
import { stagesOfReward } from '../core/project/stagesOfReward';
import { keyOfRollout, type StageForecast, stageForecast, teachingSamples } from '../core/rewards/forecast/stageForecast';
import { findSamples } from '../platform/dataset/findSamples';
import { RewardClient } from '../platform/rewards/rewardClient';
import { newestRollouts } from '../platform/runs/stageRollouts';
import { openProject } from './openProject';
import { clipFolder, rewardArgument } from './rewardArgument';

export const rescoreCommand: CliCommand = {
  usage: `pebr rescore --reward FILE [--project DIR] [--run DIR] [--limit N] [--json]
                                                         what the reward does to the stored rollouts of each stage it trains`,
  options: {
    project: { type: 'string', default: '.' }, reward: { type: 'string' }, run: { type: 'string' }, limit: { type: 'string', default: '1024' },
    python: { type: 'string', default: 'python3' }, json: { type: 'boolean', default: false },
  },
  async run(values) {
    const { folder, project } = await openProject(String(values.project));
    const file = rewardArgument(folder, values.reward);
    const limit = Number(values.limit);
    if (!(Number.isInteger(limit) && limit > 0)) throw new AppError('argument.invalid', { argument: '--limit', reason: 'Give a whole number above 0.' });
    const stages = stagesOfReward(project, name => path.resolve(folder, name) === file);
    if (stages.length === 0) throw new AppError('argument.invalid', { argument: '--reward', reason: 'No stage of pebr.json trains with this reward.' });
    const runs = typeof values.run === 'string' ? [path.resolve(values.run)] : undefined;
    const datasets = project.datasets.map(config => ({ folder, config }));
    const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
    let errors = 0;
    try {
      const { reward, hash } = await client.load({ path: file, clip: clipFolder(folder, project), python: [String(values.python)] });
      for (const stage of stages) {
        const stored = await newestRollouts(folder, stage, limit, runs);
        if (!stored) {
          console.error(`${stage.stage}: no run has rollouts of it${stage.dataset === null ? '' : ` on ${stage.dataset}`}.`);
          continue;
        }
        const { rollouts, runFolder } = stored;
        const found = await findSamples(datasets, rollouts.map(({ dataset, sampleId }) => ({ dataset, qid: sampleId })));
        for (const left of found.left) console.error(`warning: ${left}; these rollouts are left out.`);
        const present = rollouts.flatMap(rollout => {
          const sample = found.of({ dataset: rollout.dataset, qid: rollout.sampleId });
          return sample ? [{ key: keyOfRollout(rollout), item: { response: rollout.response, tokens: rollout.tokens, sample } }] : [];
        });
        const { scores } = await client.score({ reward, items: present.map(({ item }) => item) });
        const byKey = new Map(present.flatMap(({ key }, index) => (scores[index] ? [[key, scores[index]] as const] : [])));
        const told = stageForecast(stage, runFolder, rollouts, { hash, scores: byKey }, undefined);
        errors += told.errors;
        console.log(values.json ? JSON.stringify(told) : inWords(told));
      }
    } finally {
      client.dispose();
    }
    return errors > 0 ? 1 : 0;
  },
};

function inWords(told: StageForecast): string {
  const { stage, dataset, isReplay, runFolder, forecast: shift, difficulty, errors, plan } = told;
  const decimal = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
  const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);
  const teaching = teachingSamples(told);
  return [
    `${stage} on ${dataset}${isReplay ? ' (replayed)' : ''}: ${shift.rollouts} rollouts in ${shift.groups} groups of ${path.basename(runFolder)}`,
    ...shift.shifts.map(({ name, before, after, changed }) => `  ${name.padEnd(16)} ${decimal(before)} → ${decimal(after)}   ${changed} changed`),
    `  zero-std groups  ${percent(shift.zeroStdBefore)} → ${percent(shift.zeroStdAfter)}   ${shift.gained} gain a signal, ${shift.lost} lose it`,
    `  ranks            ${shift.flippedPairs} of ${shift.orderedPairs} pairs turn round, another best response in ${shift.bestChanged} groups`,
    ...(teaching && plan ? [`  each step        ${teaching.before.toFixed(1)} → ${teaching.after.toFixed(1)} of ${plan.samplesPerStep} samples teach`] : []),
    ...(difficulty ? [`  by ${difficulty.component.padEnd(13)} ${(['easy', 'medium', 'hard'] as const).map(level => `${level} ${difficulty.before[level]} → ${difficulty.after[level]}`).join(', ')}`] : []),
    ...(errors > 0 ? [`  the reward fails on ${errors} of them`] : []),
  ].join('\n');
}
