import type { MetricSeries } from './metricSeries';
import type { ReportTable, RunReport } from './report';

/** A response that a report shows as an example. */
export interface ReportExample {
  readonly qid: string;
  readonly dataset: string;
  readonly problem: string;
  readonly answer: string;
  readonly response: string;
  readonly overall: number | null;
  /** Pictures as `data:` URLs. */
  readonly images: readonly string[];
}

export interface ReportDetails {
  readonly series: MetricSeries;
  /** Stages in the order of the run. */
  readonly stages: readonly string[];
  readonly examples: readonly ReportExample[];
  /** Texts under a heading, such as the resolved configuration and the hashes. */
  readonly texts: readonly { readonly title: string; readonly text: string }[];
}

const size = { width: 360, height: 140, left: 52, bottom: 20 };
const mostPoints = 400;
const mostMetrics = 24;
const colours = ['#0969da', '#cf7c00', '#1a7f37', '#8250df', '#cf222e', '#57606a'];

/** One page without a reference to anything outside: it can be mailed, and is the same in ten years. Every text of the run stays text. */
export function reportAsHtml(report: RunReport, details: ReportDetails): string {
  const title = escaped(report.title);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head><body>
<h1>${title}</h1><ul>${report.facts.map(fact => `<li>${escaped(fact)}</li>`).join('')}</ul>
${report.problems.length > 0 ? `<h2>Problems</h2><ul>${report.problems.map(problem => `<li>${escaped(problem)}</li>`).join('')}</ul>` : ''}
${report.tables.map(tableAsHtml).join('\n')}
${curves(details)}
${details.examples.length > 0 ? `<h2>Examples</h2>${details.examples.map(exampleAsHtml).join('\n')}` : ''}
${details.texts.map(({ title: name, text }) => `<h2>${escaped(name)}</h2><details><summary>${escaped(name)}</summary><pre>${escaped(text)}</pre></details>`).join('\n')}
</body></html>
`;
}

function tableAsHtml({ title, note, columns, texts, rows }: ReportTable): string {
  const cell = (text: string, column: number, tag: 'td' | 'th'): string => `<${tag}${column < texts ? '' : ' class="number"'}>${escaped(text)}</${tag}>`;
  const body = rows.map(row => `<tr>${row.map((text, column) => cell(text, column, 'td')).join('')}</tr>`).join('');
  return `<h2>${escaped(title)}</h2><p>${escaped(note)}</p><table><thead><tr>${columns.map((text, column) => cell(text, column, 'th')).join('')}</tr></thead><tbody>${body}</tbody></table>`;
}

function curves({ series, stages }: ReportDetails): string {
  const shown = series.names().filter(name => name !== 'step_seconds').slice(0, mostMetrics);
  const drawn = shown.flatMap(name => {
    const lines = stages.map(stage => series.values(stage, name));
    return lines.some(values => values.length > 1) ? [curve(name, stages, lines)] : [];
  });
  const legend = stages.map((stage, index) => `<span style="color:${colourOf(index)}">━ ${escaped(stage)}</span>`).join(' ');
  return drawn.length === 0 ? '' : `<h2>Curves</h2><p>Against the step of each stage. ${legend}</p><div class="curves">${drawn.join('')}</div>`;
}

/** Every stage from its own first step on, over one scale. */
function curve(name: string, stages: readonly string[], lines: readonly (readonly number[])[]): string {
  const all = lines.flat();
  const low = all.reduce((least, value) => Math.min(least, value), Infinity);
  const high = all.reduce((most, value) => Math.max(most, value), -Infinity);
  const longest = Math.max(...lines.map(values => values.length));
  const x = (step: number): number => size.left + (step / Math.max(1, longest - 1)) * (size.width - size.left - 4);
  const y = (value: number): number => 6 + (1 - (high > low ? (value - low) / (high - low) : 0.5)) * (size.height - size.bottom - 12);
  const paths = lines.map((values, index) => {
    const every = Math.max(1, Math.ceil(values.length / mostPoints));
    const points = values.flatMap((value, step) => (step % every === 0 || step === values.length - 1 ? [`${x(step).toFixed(1)},${y(value).toFixed(1)}`] : []));
    return points.length === 0 ? '' : `<polyline fill="none" stroke="${colourOf(index)}" stroke-width="1.5" points="${points.join(' ')}"><title>${escaped(stages[index] ?? '')}</title></polyline>`;
  });
  const label = (value: number, top: number): string => `<text x="${size.left - 4}" y="${top}" text-anchor="end">${escaped(Number(value.toPrecision(3)).toString())}</text>`;
  const axis = `<text x="${size.left}" y="${size.height - 6}">1</text><text x="${size.width - 4}" y="${size.height - 6}" text-anchor="end">${longest}</text>`;
  return `<figure><figcaption>${escaped(name)}</figcaption><svg role="img" aria-label="${escaped(name)}" viewBox="0 0 ${size.width} ${size.height}">${label(high, 12)}${label(low, size.height - size.bottom)}${axis}${paths.join('')}</svg></figure>`;
}

function exampleAsHtml({ qid, dataset, problem, answer, response, overall, images }: ReportExample): string {
  const pictures = images.filter(url => /^data:image\/(?:jpeg|png);base64,[A-Za-z0-9+/=]+$/.test(url)).map(url => `<img src="${url}" alt="">`).join('');
  const score = overall === null ? 'not scored' : `overall ${overall.toFixed(3)}`;
  return `<section><h3>${escaped(`${dataset} / ${qid}`)}</h3>${pictures}<p><b>Question</b> ${escaped(problem)}</p><p><b>Answer</b> ${escaped(answer)} · ${score}</p><pre>${escaped(response)}</pre></section>`;
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? '#000';
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
}

const style = `body{font:14px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;color:#1f2328;background:#fff}
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{border:1px solid #d0d7de;padding:3px 8px;text-align:left}.number{text-align:right;font-variant-numeric:tabular-nums}
.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:12px}figure{margin:0}svg{width:100%;font-size:10px;fill:currentColor}
section{border-top:1px solid #d0d7de;overflow:auto}section img{float:right;max-width:256px;margin:0 0 8px 12px}pre{white-space:pre-wrap;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}td,th,section{border-color:#30363d}}`;
