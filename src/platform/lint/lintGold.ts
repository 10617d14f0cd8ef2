import type { RowFault } from '../../core/dataset/row';
import type { LintReport } from '../../core/lint/lintReport';
import type { DatasetConfig } from '../../core/project/project';
import { type GoldCheck, GoldTally, type Shortfall } from '../../core/rewards/gold/goldCheck';
import { goldResponse } from '../../core/rewards/gold/goldResponse';
import type { Score } from '../../core/rewards/score';
import { DatasetFile } from '../dataset/datasetFile';
import { type PlacedSample, sampleBatches } from '../dataset/readSample';
import { FaultReport } from './faultReport';

export interface GoldLintOptions {
  /** The reward's name, for the words. */
  readonly name: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly score: (items: readonly { readonly response: string; readonly sample: PlacedSample['sample'] }[]) => Promise<readonly Score[]>;
  readonly signal?: AbortSignal;
  onProgress?(done: GoldCheck): void;
}

export interface GoldFindings {
  readonly report: LintReport;
  readonly check: GoldCheck;
}

/** "Gold must score 1": rows whose own labels, given as the response, the dataset's reward does not pay in full. Runs the reward, so only where the workspace is trusted. */
export async function lintGold(folder: string, config: DatasetConfig, { name, weights, score, signal, onProgress }: GoldLintOptions): Promise<GoldFindings> {
  const report = new FaultReport(config.columns);
  const tally = new GoldTally(weights);
  let lines: DatasetFile | undefined;
  try {
    for await (const samples of sampleBatches(folder, config, { signal })) {
      const scores = await score(samples.map(({ sample }) => ({ response: goldResponse(sample), sample })));
      for (const [index, { sample, file, line }] of samples.entries()) {
        const found = scores[index];
        const shortfall = found && tally.add(found);
        if (!found || !shortfall) continue;
        lines ??= await DatasetFile.open(file);
        const row = await lines.rowOfLine(line);
        const [at] = await lines.readRows(row, row + 1);
        const fault = faultOf(shortfall, found.error !== undefined, name);
        report.add(row, fault, { file, line, text: at?.text ?? '', qid: sample.qid });
      }
      onProgress?.(tally.result);
    }
  } finally {
    await lines?.close();
  }
  return { report: report.done(), check: tally.result };
}

/** A model's taste is no mistake of anybody: where only the image-text model wants more, that is worth knowing. */
function faultOf({ below, message }: Shortfall, isFailure: boolean, reward: string): RowFault {
  const isTaste = below.length > 0 && below.every(component => component.name === 'clip');
  return {
    severity: isFailure ? 'error' : isTaste ? 'info' : 'warning', rule: 'reward/gold-below-full-marks', field: 'answer', message: `${message} (${reward})`,
    remedy: isTaste ? 'The image-text model finds the labels little like the picture: look whether they fit.' : 'Correct the label or the reward: one of the two is wrong.',
  };
}
