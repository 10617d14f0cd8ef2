import { difficulties } from '../dataset/difficulty';
import type { DifficultyReport, SourceHistogram, StageOutlook } from './difficultyReport';

const width = 40;
const blocks = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The report as text for a terminal. */
export function reportText(report: DifficultyReport): string {
  return [...head(report), ...report.sources.flatMap(source => histogram(source, report.binLabels)), ...outlook(report.stages), ...transitions(report), ...provenance(report)].join('\n');
}

function head({ dataset, rows, counts, overridden, leftOut }: DifficultyReport): string[] {
  const { easy, medium, hard, unsampled } = counts;
  const lines = [`${dataset}: ${number(rows)} rows. easy ${number(easy)}, medium ${number(medium)}, hard ${number(hard)}, not sampled ${number(unsampled)}`];
  if (overridden + leftOut > 0) lines.push(`  by hand: ${number(overridden)} moved, ${number(leftOut)} left out (rejected or excluded)`);
  if (easy + medium + hard === 0) lines.push('  Nothing was sampled yet: run the stage "sampling" of the pipeline.');
  return lines;
}

function histogram({ source, bins, counts }: SourceHistogram, labels: readonly string[]): string[] {
  const sampled = counts.easy + counts.medium + counts.hard;
  if (sampled === 0) return [];
  const most = Math.max(...bins);
  const rows = bins.map((count, bin) => `  ${(labels[bin] ?? '').padStart(6)} ${number(count).padStart(9)} ${bar(count / most)}`.trimEnd());
  return ['', `  pass rate, ${source} (${number(sampled)} sampled)`, ...rows];
}

function outlook(stages: readonly StageOutlook[]): string[] {
  if (stages.length === 0) return [];
  const rows = stages.map(stage => [
    stage.isReplay ? `${stage.stage} (replay)` : stage.stage, stage.difficulty.join('+'), number(stage.samples), String(stage.responses), percent(stage.zeroStd), percent(stage.expectedZeroStd),
    stage.expectedZeroStd === null ? '–' : `${Math.round((1 - stage.expectedZeroStd) * stage.samplesPerStep * 10) / 10} of ${stage.samplesPerStep}`,
  ]);
  return ['', '  zero-std groups with a reward of 0 or 1: pⁿ + (1−p)ⁿ', ...table([['stage', 'difficulty', 'samples', 'n', 'measured', 'expected', 'groups that teach a step'], ...rows])];
}

function transitions({ transitions: found }: DifficultyReport): string[] {
  if (!found) return [];
  const rows = difficulties.map(before => [before, ...difficulties.map(after => number(found.table[before][after]))]);
  return [
    '', `  since ${found.from}: ${number(found.samples)} samples that both asked, pass rate ${percent(found.passRateBefore)} → ${percent(found.passRateAfter)}`,
    ...table([['before \\ now', ...difficulties], ...rows]),
  ];
}

function provenance({ provenance: found }: DifficultyReport): string[] {
  return found.flatMap(({ run, policy, checkpoint, responses, temperature, topP, rewardHash, date, samples }) => [
    '', `  ${number(samples)} samples by ${[policy, checkpoint].filter(Boolean).join(', ') || 'an unknown policy'}: ${responses} responses${temperature === null ? '' : `, temperature ${temperature}`}${topP === null ? '' : `, top_p ${topP}`}`,
    `  run ${run || 'unknown'}${date ? `, ${date}` : ''}${rewardHash ? `, reward ${rewardHash}` : ''}`,
  ]);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  return rows.map(row => `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`);
}

function bar(share: number): string {
  const eighths = Math.round(share * width * 8);
  return '█'.repeat(eighths >> 3) + (blocks[eighths & 7] ?? '');
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
