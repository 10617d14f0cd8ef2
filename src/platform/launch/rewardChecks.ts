import * as path from 'node:path';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';
import type { Sample, SampleRef } from '../../core/dataset/sample';
import type { Project } from '../../core/project/project';
import { casesFileOf } from '../../core/rewards/cases/caseFiles';
import type { LoadedReward } from '../../core/rewards/score';
import { readSample, readSamples } from '../dataset/readSample';
import { isPassed, readCases, runCases } from '../rewards/runCases';
import type { PreflightHands } from './preflight';

/** Whether every reward that the run uses loads, has the component that sampling asks for, and passes its own cases. */
export async function checkRewards(folder: string, project: Project, hands: PreflightHands): Promise<readonly LaunchCheck[]> {
  const checks: LaunchCheck[] = [];
  for (const reward of usedRewards(project)) checks.push(...(await checkReward(folder, project, reward, hands)));
  return checks;
}

function usedRewards({ pipeline: { sampling, stages } }: Project): readonly string[] {
  return [...new Set([...(sampling ? [sampling.reward] : []), ...stages.flatMap(stage => [stage.reward, ...(stage.replay ? [stage.replay.reward] : [])])])];
}

async function checkReward(folder: string, project: Project, reward: string, hands: PreflightHands): Promise<readonly LaunchCheck[]> {
  const about = { id: `reward@${reward}`, title: `Reward ${path.basename(reward)}` };
  let loaded: LoadedReward;
  try {
    loaded = await hands.loadReward(path.resolve(folder, reward));
  } catch (error) {
    const line = AppError.is(error, 'reward.failed') ? error.details.line : undefined;
    return [{ ...about, state: 'error', message: `It cannot be loaded: ${errorInWords(error)}`, remedy: 'Mend the file; the playground shows the place.', fix: { kind: 'open', title: 'Open', file: reward, ...(line === undefined ? {} : { line }) } }];
  }
  return [checkComponent(about, project, reward, loaded), ...(await checkTrial(folder, project, reward, loaded, hands)), await checkCases(folder, project, reward, loaded, hands)];
}

function checkComponent(about: Pick<LaunchCheck, 'id' | 'title'>, { pipeline }: Project, reward: string, { components }: LoadedReward): LaunchCheck {
  const asked = pipeline.sampling?.reward === reward ? pipeline.sampling.component : undefined;
  const [first] = components;
  if (asked === undefined || first === undefined || components.includes(asked)) return passed(about.id, about.title, first === undefined ? 'Loads.' : `Loads: ${components.join(', ')}.`);
  const fix = { kind: 'set', title: `Use ${first}`, overrides: { 'pipeline.sampling.component': first } } as const;
  return { ...about, state: 'error', message: `Sampling asks for its component "${asked}", but it has ${components.join(', ')}.`, remedy: 'Set pipeline.sampling.component to one of them.', fix };
}

/** A reward that fails on whatever it is given would make every step one of errors; nothing is said of one that does not. */
async function checkTrial(folder: string, project: Project, reward: string, loaded: LoadedReward, { score }: PreflightHands): Promise<readonly LaunchCheck[]> {
  const { datasets, pipeline } = project;
  const used = new Set(pipeline.stages.flatMap(stage => [stage, ...(stage.replay ? [stage.replay] : [])]).flatMap(use => (use.reward === reward ? [use.dataset] : [])));
  const samples = (await Promise.all(datasets.filter(({ id }) => used.has(id)).map(config => readSamples(folder, config, { limit: 2 }).catch(() => [])))).flat(); // a dataset that cannot be read is told by its own check
  if (samples.length === 0) return [];
  const about = { id: `trial@${reward}`, title: `Trial of ${path.basename(reward)}`, remedy: 'Mend the reward; the playground shows the place.' } as const;
  try {
    const scores = await score(loaded, samples.flatMap(({ sample }) => [sample.answer, `<think>${sample.answer}</think>\n### The final answer is: ${sample.answer}`].map(response => ({ response, sample }))));
    const fault = scores.find(each => each.error)?.error;
    if (!fault || scores.some(each => !each.error)) return [];
    const place = fault.file === undefined ? '' : `${path.basename(fault.file)}${fault.line === undefined ? '' : `:${fault.line}`}: `;
    const fix = { kind: 'open', title: 'Open', file: reward, ...(fault.line === undefined ? {} : { line: fault.line }) } as const;
    return [{ ...about, state: 'error', message: `It fails on every response that was tried: ${place}${fault.message}`, fix }];
  } catch (error) {
    return [{ ...about, state: 'error', message: errorInWords(error) }];
  }
}

async function checkCases(folder: string, { datasets }: Project, reward: string, loaded: LoadedReward, { score }: PreflightHands): Promise<LaunchCheck> {
  const [id, title] = [`cases@${reward}`, `Cases of ${path.basename(reward)}`];
  const file = casesFileOf(path.resolve(folder, reward));
  const fix = { kind: 'open', title: 'Open Cases', file } as const;
  const findSample = async ({ dataset, qid }: SampleRef): Promise<Sample> => {
    const config = datasets.find(each => each.id === dataset);
    const placed = config && (await readSample(folder, config, qid));
    if (!placed) throw new AppError('argument.invalid', { argument: qid, reason: `the dataset "${dataset}" has no such sample` });
    return placed.sample;
  };
  try {
    const { cases, problems } = await readCases(file);
    const outcomes = cases.length === 0 ? [] : await runCases(cases, { findSample, score: items => score(loaded, items) });
    const failed = [...problems.map(problem => problem.message), ...outcomes.filter(outcome => !isPassed(outcome)).map(outcome => outcome.placed.name)];
    if (failed.length > 0) return { id, title, state: 'error', message: `${failed.length} of ${cases.length + problems.length} fail: ${failed.slice(0, 3).map(words => words.replace(/\.$/, '')).join(', ')}${failed.length > 3 ? ', …' : ''}.`, remedy: 'The Test Explorer shows what differs. Mend the reward, or the cases where they are wrong.', fix };
    return passed(id, title, cases.length === 0 ? 'It has none.' : `All ${cases.length} pass.`);
  } catch (error) {
    return { id, title, state: 'warning', message: `They could not be run: ${errorInWords(error)}`, remedy: 'Run them in the Test Explorer.', fix };
  }
}
