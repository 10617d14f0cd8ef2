import * as assert from 'node:assert/strict';
import { heldOutMetrics, runReport } from '../../../src/core/runs/report';
import { reportAsMarkdown, reportAsText } from '../../../src/core/runs/reportText';
import { readRun } from '../../../src/platform/runs/runReader';

describe('run report', () => {
  it('has each stage with its minutes, reward and share of zero-std groups', async () => {
    const { info, events } = await readRun('test/fixtures/runs/20261121-101500-cards');
    const report = runReport(info, events);
    const [stages, components, heldOut] = report.tables;
    assert.deepEqual(stages?.rows.map(row => [row[0], row[2], row[4], row[5]]), [
      ['warm-up', '0.1', '–', '–'], ['sampling', '0.1', '–', '–'], ['perception', '0.2', '0.550 → 0.700', '25 %'],
      ['reasoning', '0.2', '0.450 → 0.600', '50 %'], ['evaluation', '0.3', '–', '–'],
    ]);
    assert.deepEqual(components?.rows, [['perception', 'clip', '0.700 → 0.700'], ['perception', 'key_word', '0.500 → 0.800'], ['reasoning', 'accuracy', '0.350 → 0.500']]);
    assert.deepEqual(heldOut?.columns, ['dataset', 'metric', 'decoding', 'after warm-up', 'after perception', 'after reasoning', 'change']);
    assert.deepEqual(heldOut?.rows[0], ['cards-perception', 'accuracy', 'sampled', '0.400 [0.360, 0.440]', '0.450 [0.410, 0.490]', '0.550 [0.510, 0.590]', '+0.150']);
    assert.deepEqual(heldOut?.rows.map(row => row.slice(0, 3).join(' ')), [
      'cards-perception accuracy sampled', 'cards-perception accuracy greedy', 'cards-perception iou sampled', 'cards-perception iou greedy',
      'cards-reasoning accuracy sampled', 'cards-reasoning accuracy greedy',
    ]);
    assert.match(report.problems[0] ?? '', /warning in perception: the reward failed/);
  });

  it('lines up in a terminal and is a table in Markdown', async () => {
    const { info, events } = await readRun('test/fixtures/runs/20261121-101500-cards');
    const report = runReport(info, events);
    const lines = reportAsText(report).split('\n');
    const head = lines.findIndex(line => line.startsWith('stage ') && line.includes('minutes'));
    const [titles = '', , first = ''] = lines.slice(head);
    assert.equal(first.indexOf('0.1') + 3, titles.indexOf('minutes') + 7);
    const markdown = reportAsMarkdown(report);
    assert.match(markdown, /\| stage \| state \| minutes \|/);
    assert.match(markdown, /\| perception \| done \| 0\.2 \| 4 \| 0\.550 → 0\.700 \| 25 % \| 0 % \|/);
  });

  it('shows a component that is a metric of its own once', () => {
    assert.deepEqual(heldOutMetrics(['reward/iou', 'reward/clip', 'reward', 'iou', 'accuracy']), ['accuracy', 'iou', 'reward', 'reward/clip']);
  });

  it('makes no table of what is not there', () => {
    assert.deepEqual(runReport(undefined, []).tables, []);
  });
});
