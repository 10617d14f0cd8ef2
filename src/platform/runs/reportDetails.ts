import type { DatasetConfig } from '../../core/project/project';
import { parseProject } from '../../core/project/parseProject';
import type { ReportDetails, ReportExample } from '../../core/runs/reportHtml';
import { MetricSeries } from '../../core/runs/metricSeries';
import type { RunEvent } from '../../core/runs/runEvent';
import type { RunInfo } from '../../core/runs/runInfo';
import { runStateOf } from '../../core/runs/runState';
import type { Rollout } from '../../core/rollouts/rollout';
import { readSample } from '../dataset/readSample';
import { thumbnail } from '../dataset/thumbnail';
import { readLastRollouts } from './readRollouts';

const mostExamples = 12;
const mostImages = 2;
const pictureSide = 256;
const read = 400;

/** What the page of a run shows beside its tables: curves, the last policy's responses with their pictures, configuration and hashes. */
export async function readReportDetails(runFolder: string, info: RunInfo | undefined, events: readonly RunEvent[]): Promise<ReportDetails> {
  const series = new MetricSeries();
  for (const event of events) series.add(event);
  const stages = runStateOf(events).stages.map(stage => stage.name).filter(stage => series.lastStep(stage) > 0);
  const texts = info ? [{ title: 'Configuration', text: JSON.stringify(info.config, null, 2) }, { title: 'Hashes and versions', text: JSON.stringify(info.provenance ?? {}, null, 2) }] : [];
  return { series, stages, texts, examples: await examplesOf(runFolder, info, stages.at(-1)) };
}

/** The last evaluated policy's greedy responses, worst and best first in turn; where nothing was evaluated, the last rollouts. */
async function examplesOf(runFolder: string, info: RunInfo | undefined, lastStage: string | undefined): Promise<readonly ReportExample[]> {
  const evaluated = (await lastOf(runFolder, 'evaluation')).filter(rollout => rollout.mode === 'greedy');
  const last = evaluated[0]?.policyStage;
  const rollouts = evaluated.length > 0 ? evaluated.filter(rollout => rollout.policyStage === last) : lastStage === undefined ? [] : await lastOf(runFolder, lastStage);
  const sorted = [...rollouts].sort((a, b) => (a.overall ?? -1) - (b.overall ?? -1));
  const chosen = sorted.length <= mostExamples ? sorted : [...sorted.slice(0, mostExamples / 2), ...sorted.slice(-mostExamples / 2)];
  const datasets = info ? (parseProject(JSON.stringify(info.config), 'run.json').project?.datasets ?? []) : [];
  return Promise.all(chosen.map(rollout => exampleOf(rollout, info?.project ?? '', datasets.find(each => each.id === rollout.dataset))));
}

async function lastOf(runFolder: string, stage: string): Promise<readonly Rollout[]> {
  return (await readLastRollouts(runFolder, stage, read).catch(() => ({ rollouts: [] }))).rollouts; // a stage that wrote none
}

/** The dataset may have moved or changed since: then the prompt and the response are all there is. */
async function exampleOf({ sampleId, dataset, prompt, response, overall }: Rollout, folder: string, config: DatasetConfig | undefined): Promise<ReportExample> {
  const placed = config ? await readSample(folder, config, sampleId).catch(() => undefined) : undefined;
  const pictures = (placed?.sample.images ?? []).slice(0, mostImages).map(image => thumbnail(image, [], pictureSide).then(jpeg => `data:image/jpeg;base64,${jpeg.toString('base64')}`, () => ''));
  const images = (await Promise.all(pictures)).filter(url => url !== '');
  return { qid: sampleId, dataset, problem: placed?.sample.problem ?? prompt, answer: placed?.sample.answer ?? '', response, overall, images };
}
