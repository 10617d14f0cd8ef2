import type { MatchedSample, SampleMatcher } from '../../core/rollouts/readers/groupForeign';
import type { DatasetPlace } from '../dataset/findSamples';
import { sampleBatches } from '../dataset/readSample';
import type { PromptTemplate } from '../responses/promptTemplate';

interface Known extends MatchedSample {
  readonly answer: string;
}

/** Finds samples by their id, else by the question that a prompt holds: the whole prompt, one of its lines, or what stands after its last image. `render` is the project's prompt, by which an engine asked. Where several samples have the question the gold answer decides; else none is meant. */
export async function matchSamples(datasets: readonly DatasetPlace[], render: PromptTemplate['render'] = problem => problem): Promise<SampleMatcher> {
  const byId = new Map<string, Known[]>();
  const byQuestion = new Map<string, Known[]>();
  const put = (map: Map<string, Known[]>, key: string, sample: Known): void => void map.set(key, [...(map.get(key) ?? []), sample]);
  for (const { folder, config } of datasets) {
    for (const heldOut of config.heldOut === null ? [false] : [false, true]) {
      try {
        for await (const batch of sampleBatches(folder, config, { heldOut })) {
          for (const { sample } of batch) {
            const { qid, problem, answer } = sample;
            const known = { dataset: config.id, sampleId: qid, answer: answer.trim() };
            put(byId, qid, known);
            for (const question of new Set([plain(problem), plain(render(problem, { ...sample }))])) put(byQuestion, question, known);
          }
        }
      } catch {
        // A dataset that cannot be read matches nothing; its own view tells why.
      }
    }
  }
  return ({ sampleId, prompt = '', gold }) => {
    if (sampleId !== undefined) return only(byId.get(sampleId), gold);
    for (const candidate of candidatesOf(prompt)) {
      const found = byQuestion.get(candidate);
      if (found) return only(found, gold);
    }
    return undefined;
  };
}

function only(found: readonly Known[] | undefined, gold: string | undefined): MatchedSample | undefined {
  const fitting = found && found.length > 1 && gold !== undefined ? found.filter(({ answer }) => answer === gold.trim()) : found;
  return fitting?.length === 1 ? fitting[0] : undefined;
}

/** Marks of chat templates and of images, as the usual models write them. */
const marks = /<\|[^|<>]{1,40}\|>|<image>|<img>|<\/img>/g;

function candidatesOf(prompt: string): readonly string[] {
  const turns = prompt.split(/<\|im_end\|>|<\|end\|>|<\/s>|<\|eot_id\|>/);
  const tails = [prompt, ...turns].map(text => text.split(/<\|vision_end\|>|<image>|<\|image_pad\|>/).at(-1) ?? '');
  // Without the marks of the chat template, as engines decode a prompt, the roles are lines.
  const asked = /(?:^|\n)user\n([\s\S]*?)(?:\nassistant\s*)?$/.exec(prompt)?.[1] ?? '';
  return [...new Set([prompt, asked, ...turns, ...tails, ...prompt.split('\n')].map(text => plain(text.replace(/^(user|assistant|system)\n/, ''))))].filter(text => text !== '');
}

function plain(text: string): string {
  return text.replace(marks, ' ').replace(/^\s*(user|assistant|system)\s*\n/i, '').replace(/\s+/g, ' ').trim();
}
