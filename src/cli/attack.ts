import type { CliCommand } from './cliCommand';
import { AppError } from '../core/errors';
import { type AttackReport, attackResponses, reportAttacks } from '../core/rewards/attacks/attackReport';
import { attacks } from '../core/rewards/attacks/attacks';
import type { ScoreError } from '../core/rewards/score';
import { readAttackTargets } from '../platform/dataset/attackTargets';
import { RewardClient } from '../platform/rewards/rewardClient';
import { datasetArgument } from './datasetArgument';
import { openProject } from './openProject';
import { clipFolder, rewardArgument } from './rewardArgument';

export const attackCommand: CliCommand = {
  usage: `pebr attack --reward FILE [--project DIR] [--dataset ID] [--json]
                                                         try known hacks on a reward; 1 when one earns more than the honest answer, or that cannot be scored`,
  options: { project: { type: 'string', default: '.' }, reward: { type: 'string' }, dataset: { type: 'string' }, python: { type: 'string', default: 'python3' }, json: { type: 'boolean', default: false } },
  async run(values) {
    const { folder, project } = await openProject(String(values.project));
    const dataset = datasetArgument(project, values.dataset);
    const targets = await readAttackTargets(folder, dataset);
    if (targets.length === 0) throw new AppError('argument.invalid', { argument: '--dataset', reason: `${dataset.id} has no row that can be read.` });
    const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
    try {
      const { reward } = await client.load({ path: rewardArgument(folder, values.reward), clip: clipFolder(folder, project), python: [String(values.python)] });
      const items = targets.flatMap(target => attackResponses(target).map(response => ({ response, sample: target.sample })));
      const { scores } = await client.score({ reward, items });
      const width = attacks.length + 1;
      const report = reportAttacks(targets.map((_, index) => scores.slice(index * width, (index + 1) * width)));
      console.log(values.json ? JSON.stringify(report) : inWords(report));
      if (report.failure) console.error(`error: ${placed(report.failure)}`);
      return report.honest === null || report.results.some(result => result.verdict === 'pays-more') ? 1 : 0;
    } finally {
      client.dispose();
    }
  },
};

const marks = { 'pays-more': '!!', pays: '! ', partly: '~ ', holds: '  ', failed: '? ' } as const;

function placed({ file, line, message }: ScoreError): string {
  return `${file === undefined ? '' : `${file}:${line ?? 1}: `}${message}`;
}

function inWords({ honest, samples, results }: AttackReport): string {
  const decimal = (value: number | null): string => (value === null ? 'failed' : value.toFixed(3)).padStart(7);
  return [
    `${decimal(honest)}  the honest answer, mean of ${samples} samples`,
    ...results.map(({ attack, mean, verdict }) => `${decimal(mean)}  ${marks[verdict]} ${attack.name} (knows ${attack.knows === 'nothing' ? 'nothing' : attack.knows === 'labels' ? 'the labels' : 'the dataset'})`),
    '!! earns more than the honest answer   ! nearly as much   ~ more than a third   ? the reward failed',
  ].join('\n');
}
