import * as path from 'node:path';
import { parseRow } from '../../core/dataset/parseRow';
import { maskNonFinite } from '../../core/dataset/maskNonFinite';
import type { Services } from '../../host/services';
import type { RowText } from '../../platform/dataset/datasetFile';
import { SampleResponses } from '../../platform/runs/sampleResponses';
import type { PromptView, ResponsesView } from '../../protocol/datasetEditor';
import type { DatasetDocument } from './document';

/** What the policy sees and said of a sample; nothing for files that no project names. */
export class SampleFacts {
  private responses: Promise<SampleResponses | undefined> | undefined;

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
    return { run: path.basename(run), stage, step, responses: rollouts.map(({ response, overall }) => ({ text: response, overall })) };
  }

  /** The user's turn as the trainer renders it. Throws `argument.invalid` where the template does not go with the row. */
  async promptOf(at: RowText): Promise<PromptView> {
    const dataset = await this.services.datasets.byFile(this.document.uri.fsPath);
    const { readPromptTemplate } = await import('../../platform/responses/promptTemplate'); // templates are nothing for the start of the window
    const template = await readPromptTemplate(dataset?.project.folder ?? '', dataset?.project.project?.prompt ?? null);
    const text = template.render(parseRow(at.text, this.document.context.columns).row?.problem ?? '', JSON.parse(maskNonFinite(at.text)) as Record<string, unknown>);
    return { text, words: text.match(/\S+/g)?.length ?? 0, limit: dataset?.project.project?.policy.maxPromptTokens ?? null };
  }

  private async findResponses(): Promise<SampleResponses | undefined> {
    const dataset = await this.services.datasets.byFile(this.document.uri.fsPath);
    return dataset && new SampleResponses(dataset.project.folder, dataset.config.id);
  }
}
