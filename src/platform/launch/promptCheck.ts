import { errorInWords } from '../../core/errorWords';
import { imageMark } from '../../core/labels/imageMarks';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';
import type { Project } from '../../core/project/project';
import { readSamples } from '../dataset/readSample';
import { readPromptTemplate } from '../responses/promptTemplate';
import { usedDatasets } from './fileChecks';

/** Whether the prompt can be made of a sample of each dataset, and still has the question and its pictures. */
export async function checkPrompt(folder: string, project: Project): Promise<readonly LaunchCheck[]> {
  if (project.prompt === null) return [];
  const about = { id: 'prompt', title: 'Prompt', fix: { kind: 'open', title: 'Open', file: project.prompt } } as const;
  try {
    const { render } = await readPromptTemplate(folder, project.prompt);
    for (const dataset of usedDatasets(project)) {
      const [first] = await readSamples(folder, dataset, { limit: 1 }).catch(() => []); // the check of its file tells
      if (!first) continue;
      const { sample: { qid, problem, ...rest } } = first;
      const text = render(problem, { qid, problem, ...rest });
      const lost = marksIn(problem) !== marksIn(text) ? `has ${marksIn(text)} ${imageMark} marks for its ${marksIn(problem)} pictures` : text.includes(problem.replaceAll(imageMark, '').trim()) ? '' : 'does not hold its question';
      if (lost) return [{ ...about, state: 'error', message: `${project.prompt}: the prompt of ${qid} in ${dataset.id} ${lost}.`, remedy: 'Write {{ content }} once, where the question with its pictures is to stand.' }];
    }
    return [passed(about.id, about.title, `${project.prompt} can be made of the samples.`)];
  } catch (error) {
    return [{ ...about, state: 'error', message: errorInWords(error), remedy: 'Correct the template; it may use `content` and `sample`.' }];
  }
}

function marksIn(text: string): number {
  return text.split(imageMark).length - 1;
}
