import { difficulties } from '../../core/dataset/difficulty';
import type { Difficulty } from '../../core/dataset/sample';
import type { DifficultyCounts, DifficultyReport, Provenance, SourceHistogram, StageOutlook } from '../../core/routing/difficultyReport';
import type { Transitions } from '../../core/routing/transitions';

const names: Readonly<Record<keyof DifficultyCounts, string>> = { easy: 'Easy', medium: 'Medium', hard: 'Hard', unsampled: 'Not sampled' };
const barWidth = 26;
const plotHeight = 110;

/** The body of the difficulty page: a static picture of the report, every text of it escaped. */
export function difficultyPage(report: DifficultyReport): string {
  const { dataset, rows, counts, overridden, leftOut } = report;
  const sampled = counts.easy + counts.medium + counts.hard;
  const byHand = overridden + leftOut === 0 ? '' : ` · ${number(overridden)} moved by hand, ${number(leftOut)} left out`;
  return `<main>
  <header><h1>${escaped(dataset)}</h1><p>${number(rows)} rows, ${number(sampled)} sampled${byHand}</p></header>
  ${shareBar(counts)}
  ${sampled === 0 ? '<p class="hint">Nothing was sampled yet. Sampling is a stage of the pipeline: it asks the warm policy each question several times.</p>' : ''}
  ${sampled === 0 ? '' : section('Pass rates', 'Right responses of each sample, by source.', `<div class="plots">${report.sources.filter(isSampled).map(source => plot(source, report.binLabels)).join('')}</div>`)}
  ${report.stages.length === 0 || sampled === 0 ? '' : section('Zero-std groups to expect', 'With a reward of 0 or 1, a group of n responses is all equal with probability pⁿ + (1−p)ⁿ and teaches nothing. “Measured” takes the pass rate as it is, “expected” counts with what so few responses leave open.', outlook(report.stages))}
  ${report.transitions ? section('Since the sampling before', `${number(report.transitions.samples)} samples that both asked; before: ${escaped(report.transitions.from)}. Mean pass rate ${percent(report.transitions.passRateBefore)} → ${percent(report.transitions.passRateAfter)}.`, moves(report.transitions)) : ''}
  ${report.provenance.length === 0 ? '' : section('Where it comes from', '', provenance(report.provenance))}
</main>`;
}

/** Colours are the theme's; nothing here runs or loads. */
export const difficultyStyle = `
body { padding: 0 20px 28px; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
main { max-width: 860px; }
h1 { font-size: 1.5em; font-weight: 600; margin: 18px 0 2px; }
h2 { font-size: 1.1em; font-weight: 600; margin: 28px 0 2px; }
p { margin: 2px 0 10px; color: var(--vscode-descriptionForeground); line-height: 1.45; }
.hint { color: var(--vscode-foreground); }
.actions { margin: 14px 0 22px; }
.actions a { display: inline-block; margin-right: 8px; padding: 4px 12px; border-radius: 2px; text-decoration: none; color: var(--vscode-button-foreground); background: var(--vscode-button-background); border: 1px solid var(--vscode-button-border, transparent); }
.actions a:hover { background: var(--vscode-button-hoverBackground); }
.actions a.second { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
.plots { display: flex; flex-wrap: wrap; gap: 18px 32px; }
figure { margin: 0; }
figcaption { margin-bottom: 4px; }
figcaption span { color: var(--vscode-descriptionForeground); }
svg { display: block; max-width: 100%; }
svg text { fill: var(--vscode-descriptionForeground); font-size: 10px; font-family: var(--vscode-font-family); }
.easy { fill: var(--vscode-charts-green); } .medium { fill: var(--vscode-charts-yellow); } .hard { fill: var(--vscode-charts-red); }
.unsampled { fill: var(--vscode-editorWidget-border, var(--vscode-widget-border, #8884)); opacity: .6; }
.axis { stroke: var(--vscode-widget-border, var(--vscode-contrastBorder, #8884)); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 6px 0 0; padding: 0; list-style: none; }
.legend svg { display: inline-block; vertical-align: -1px; margin-right: 6px; }
table { border-collapse: collapse; margin-top: 6px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--vscode-descriptionForeground); }
th, td { padding: 4px 18px 4px 0; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, #8883)); }
td.n, th.n { text-align: right; }
td.same { color: var(--vscode-descriptionForeground); }
td.up { color: var(--vscode-charts-green); font-weight: 600; } td.down { color: var(--vscode-charts-red); font-weight: 600; }
code { font-family: var(--vscode-editor-font-family); font-size: 0.92em; }
@media (max-width: 640px) {
  body { padding: 0 12px 20px; }
  th, td { padding: 4px 10px 4px 0; }
  th { white-space: nowrap; }
  section { overflow-x: auto; }
}
`;

function section(title: string, text: string, body: string): string {
  return `<section><h2>${title}</h2>${text === '' ? '' : `<p>${text}</p>`}${body}</section>`;
}

function shareBar(counts: DifficultyCounts): string {
  const keys = Object.keys(names) as (keyof DifficultyCounts)[];
  const all = keys.reduce((sum, key) => sum + counts[key], 0) || 1;
  let x = 0;
  const parts = keys.map(key => {
    const width = (counts[key] / all) * 860;
    const part = `<rect class="${key}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="14"><title>${names[key]}: ${number(counts[key])}</title></rect>`;
    x += width;
    return part;
  });
  const legend = keys.map(key => `<li><svg width="10" height="10" aria-hidden="true"><rect class="${key}" width="10" height="10" rx="2"/></svg>${names[key]} ${number(counts[key])} (${percent(counts[key] / all)})</li>`);
  return `<svg viewBox="0 0 860 14" width="860" role="img" aria-label="${keys.map(key => `${names[key]} ${counts[key]}`).join(', ')}">${parts.join('')}</svg><ul class="legend">${legend.join('')}</ul>`;
}

function plot({ source, bins, counts }: SourceHistogram, labels: readonly string[]): string {
  const most = Math.max(...bins, 1);
  const width = bins.length * barWidth;
  const bars = bins.map((count, bin) => {
    const height = (count / most) * plotHeight;
    const kind: Difficulty = bin === 0 ? 'hard' : bin === bins.length - 1 ? 'easy' : 'medium';
    const x = bin * barWidth;
    const top = plotHeight + 14 - height;
    return `<g><title>${labels[bin] ?? ''} right: ${number(count)} samples</title><rect class="${kind}" x="${x + 2}" y="${top.toFixed(1)}" width="${barWidth - 4}" height="${height.toFixed(1)}" rx="1"/>
<text x="${x + barWidth / 2}" y="${(top - 3).toFixed(1)}" text-anchor="middle">${count === 0 ? '' : compact(count)}</text>
<text x="${x + barWidth / 2}" y="${plotHeight + 27}" text-anchor="middle">${labels[bin] ?? ''}</text></g>`;
  });
  const sampled = counts.easy + counts.medium + counts.hard;
  return `<figure><figcaption>${escaped(source)} <span>${number(sampled)} sampled</span></figcaption>
<svg width="${width}" height="${plotHeight + 32}" role="img" aria-label="Pass rates of ${escaped(source)}: ${bins.map((count, bin) => `${labels[bin] ?? ''}: ${count}`).join(', ')}">
<line class="axis" x1="0" x2="${width}" y1="${plotHeight + 14.5}" y2="${plotHeight + 14.5}"/>${bars.join('')}</svg></figure>`;
}

function outlook(stages: readonly StageOutlook[]): string {
  const rows = stages.map(stage => {
    const teaching = stage.expectedZeroStd === null ? '–' : `${decimal((1 - stage.expectedZeroStd) * stage.samplesPerStep)} of ${stage.samplesPerStep}`;
    return `<tr><td>${escaped(stage.stage)}${stage.isReplay ? ' (replay)' : ''}</td><td>${stage.difficulty.join(', ')}</td><td class="n">${number(stage.samples)}</td><td class="n">${stage.responses}</td><td class="n">${percent(stage.zeroStd)}</td><td class="n">${percent(stage.expectedZeroStd)}</td><td class="n">${teaching}</td></tr>`;
  });
  return `<table><tr><th>Stage</th><th>Difficulty</th><th class="n">Samples</th><th class="n">n</th><th class="n">Measured</th><th class="n">Expected</th><th class="n">Groups that teach a step</th></tr>${rows.join('')}</table>`;
}

function moves({ table }: Transitions): string {
  const order: readonly Difficulty[] = ['hard', 'medium', 'easy'];
  const cell = (before: Difficulty, after: Difficulty): string => {
    const count = table[before][after];
    const way = order.indexOf(after) - order.indexOf(before);
    return `<td class="n ${count === 0 || way === 0 ? 'same' : way > 0 ? 'up' : 'down'}">${number(count)}</td>`;
  };
  const rows = difficulties.map(before => `<tr><th>${names[before]} before</th>${difficulties.map(after => cell(before, after)).join('')}</tr>`);
  return `<table><tr><th></th>${difficulties.map(after => `<th class="n">${names[after]} now</th>`).join('')}</tr>${rows.join('')}</table>`;
}

function provenance(found: readonly Provenance[]): string {
  const rows = found.map(({ samples, policy, checkpoint, responses, temperature, topP, run, date, rewardHash }) =>
    `<tr><td class="n">${number(samples)}</td><td>${escaped([policy, checkpoint].filter(Boolean).join(', ') || 'unknown')}</td><td class="n">${responses}</td><td class="n">${temperature ?? '–'}</td><td class="n">${topP ?? '–'}</td><td>${escaped(run)}</td><td>${escaped(date.replace('T', ' ').slice(0, 16))}</td><td><code>${escaped(rewardHash.slice(0, 8))}</code></td></tr>`);
  return `<table><tr><th class="n">Samples</th><th>Policy</th><th class="n">K</th><th class="n">Temperature</th><th class="n">top_p</th><th>Run</th><th>Date (UTC)</th><th>Reward</th></tr>${rows.join('')}</table>`;
}

function isSampled({ counts }: SourceHistogram): boolean {
  return counts.easy + counts.medium + counts.hard > 0;
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
}

function percent(share: number | null): string {
  return share === null ? '–' : `${decimal(100 * share)} %`;
}

function decimal(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function compact(value: number): string {
  return value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });
}
