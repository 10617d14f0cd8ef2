import * as path from 'node:path';
import { maskNonFinite } from '../../core/dataset/maskNonFinite';
import type { Services } from '../../host/services';
import type { RowText } from '../../platform/dataset/datasetFile';
import { inspectRow } from '../../platform/dataset/inspectRow';
import type { PolicyPrompts } from '../../platform/responses/policyPrompt';
import { SampleResponses } from '../../platform/runs/sampleResponses';
import type { PromptView, ResponsesView } from '../../protocol/datasetEditor';
import type { DatasetDocument } from './document';

/** What the policy sees and said of a sample; nothing for files that no project names. */
export class SampleFacts {
  private responses: Promise<SampleResponses | undefined> | undefined;
  private policy: { readonly base: string; readonly prompts: Promise<PolicyPrompts> } | undefined;

  constructor(
    private readonly document: DatasetDocument,
    private readonly services: Services,
  ) {}

  /** Its last stored responses; null where no run has any. */
  async responsesOf(qid: string): Promise<ResponsesView | null> {
    this.responses ??= this.findResponses();
    const found = await (await this.responses)?.of(qid);
    if (!found) return null;
    const { run, stage, step, rollouts } = found;
    return {
      run: path.basename(run), runFolder: run, stage, step, group: rollouts[0]?.group ?? '',
      responses: rollouts.map(({ response, overall, evidence }) => ({ text: response, overall, boxes: evidence.filter(({ kind }) => kind === 'box') })),
    };
  }

  /** The prompt as the trainer renders it, through the policy's own chat template. Throws `argument.invalid` where the template does not go with the row. */
  async promptOf(at: RowText): Promise<PromptView> {
    const dataset = await this.services.datasets.byFile(this.document.uri.fsPath);
    const { readPromptTemplate } = await import('../../platform/responses/promptTemplate'); // templates are nothing for the start of the window
    const folder = dataset?.project.folder ?? '';
    const policy = dataset?.project.project?.policy;
    const template = await readPromptTemplate(folder, dataset?.project.project?.prompt ?? null);
    const { row, images } = await inspectRow(at, this.document.context);
    const text = template.render(row?.problem ?? '', JSON.parse(maskNonFinite(at.text)) as Record<string, unknown>);
    const prompts = policy && (await this.policyPrompts(folder, policy.base));
    const prompt = prompts?.of(text, images.map(image => image.size)) ?? { chat: null, tokens: null, imageTokens: null, notes: ['No pebr.json names this file, so its policy is not known.'] };
    return { text, words: text.match(/\S+/g)?.length ?? 0, limit: policy?.maxPromptTokens ?? null, ...prompt };
  }

  /** Read once for a policy: its tokenizer may have megabytes. */
  private async policyPrompts(folder: string, base: string): Promise<PolicyPrompts> {
    const { PolicyPrompts } = await import('../../platform/responses/policyPrompt');
    if (this.policy?.base !== base) this.policy = { base, prompts: PolicyPrompts.open(folder, base) };
    return this.policy.prompts;
  }

  private async findResponses(): Promise<SampleResponses | undefined> {
    const dataset = await this.services.datasets.byFile(this.document.uri.fsPath);
    return dataset && new SampleResponses(dataset.project.folder, dataset.config.id);
  }
}
