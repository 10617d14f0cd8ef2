import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import { errorInWords } from '../../core/errorWords';
import { imageMark } from '../../core/labels/imageMarks';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';
import type { Project } from '../../core/project/project';
import { readSamples } from '../dataset/readSample';
import { readPromptTemplate } from '../responses/promptTemplate';
import { usedDatasets } from './fileChecks';

/** Whether the policy's folder has a chat template that can be read: every prompt goes through it. Nothing is said of a policy of the hub. */
export async function checkChatTemplate(folder: string, { policy: { base } }: Project): Promise<readonly LaunchCheck[]> {
  const about = { id: 'chat-template', title: 'Chat template' } as const;
  if (!(await stat(path.resolve(folder, base)).then(found => found.isDirectory(), () => false))) return [];
  const { PolicyPrompts } = await import('../responses/policyPrompt'); // templates and tokenizers are nothing for the start of the window
  const { chat, notes } = (await PolicyPrompts.open(folder, base)).of(`${imageMark}?`, []);
  if (chat !== null) return [passed(about.id, about.title, `${base} has one.`)];
  return [{ ...about, state: 'error', message: `${base}: ${notes.find(note => note.includes('chat template')) ?? 'The policy has no chat template.'}`, remedy: 'Copy chat_template.jinja of the model, or start from the instruct model: it comes with one.', fix: { kind: 'open', title: 'Open pebr.json', file: 'pebr.json' } }];
}

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
