import * as assert from 'node:assert/strict';
import { MetricSeries } from '../../../src/core/runs/metricSeries';
import { runReport } from '../../../src/core/runs/report';
import { reportAsHtml } from '../../../src/core/runs/reportHtml';
import { readReportDetails } from '../../../src/platform/runs/reportDetails';
import { readRun } from '../../../src/platform/runs/runReader';

describe('run report as a page', () => {
  it('has curves, tables, examples, configuration and hashes, and nothing from outside', async () => {
    const folder = 'test/fixtures/runs/20261121-101500-cards';
    const { info, events } = await readRun(folder);
    const html = reportAsHtml(runReport(info, events), await readReportDetails(folder, info, events));
    assert.match(html, /<polyline [^>]*points="\d/);
    assert.match(html, /<figcaption>reward<\/figcaption>/);
    assert.match(html, /<th>stage<\/th>/);
    assert.match(html, /<h2>Examples<\/h2>/);
    assert.match(html, /&#34;hashes&#34;/);
    assert.doesNotMatch(html, /(?:src|href)="(?!data:)/);
  });

  it('keeps every text of the run a text', () => {
    const bad = '<img src=x onerror=alert(1)>"\'&';
    const report = { title: bad, facts: [bad], problems: [bad], tables: [{ title: bad, note: bad, columns: [bad], texts: 1, rows: [[bad]] }] };
    const series = new MetricSeries();
    for (const step of [1, 2]) series.add({ type: 'step', time: 1, stage: bad, step, total: 2, metrics: { [bad]: step } });
    const example = { qid: bad, dataset: bad, problem: bad, answer: bad, response: bad, overall: null, images: [`javascript:${bad}`, 'https://example.org/a.png', 'data:image/png;base64,AAAA'] };
    const html = reportAsHtml(report, { series, stages: [bad], examples: [example], texts: [{ title: bad, text: bad }] });
    assert.doesNotMatch(html, /<img src=x|onerror=alert\(1\)>/);
    assert.deepEqual(html.match(/<img [^>]*>/g), ['<img src="data:image/png;base64,AAAA" alt="">']);
  });

  it('draws long runs with few points and a flat line in the middle', () => {
    const series = new MetricSeries();
    for (let step = 1; step <= 5000; step++) series.add({ type: 'step', time: step, stage: 'a', step, total: 5000, metrics: { reward: 0.5 } });
    const html = reportAsHtml({ title: '', facts: [], problems: [], tables: [] }, { series, stages: ['a'], examples: [], texts: [] });
    const points = /points="([^"]*)"/.exec(html)?.[1]?.split(' ') ?? [];
    assert.ok(points.length > 300 && points.length < 500);
    assert.equal(new Set(points.map(point => point.split(',')[1])).size, 1);
  });
});
