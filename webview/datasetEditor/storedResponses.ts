import { type Signal, signal } from '@preact/signals';
import type { DatasetEditorContract, ResponsesView } from '../../src/protocol/datasetEditor';
import type { Host } from '../shared/connect';

/** What the policy last answered to the sample that is looked at. */
export class StoredResponses {
  /** The response whose text is unfolded, and whose boxes lie over the image. */
  readonly shown: Signal<{ readonly qid: string; readonly index: number } | null> = signal(null);
  private readonly known: Signal<ReadonlyMap<string, ResponsesView | null>> = signal(new Map());

  constructor(
    private readonly host: Host<DatasetEditorContract>,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Null where no run has one; undefined where they were not asked for. */
  of(qid: string): ResponsesView | null | undefined {
    return this.known.value.get(qid);
  }

  async load(qid: string): Promise<void> {
    try {
      const told = await this.host.request('responses', { qid });
      this.known.value = new Map([[qid, told]]);
    } catch (error) {
      this.fail(error);
    }
  }
}
