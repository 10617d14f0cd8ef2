import * as assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import sharp from 'sharp';
import { parseRollout } from '../../../src/core/rollouts/parseRollout';
import { parseRolloutLink, printRolloutLink } from '../../../src/core/rollouts/rolloutLink';
import type { Rollout } from '../../../src/core/rollouts/rollout';
import { escapeHtml } from '../../../src/core/rollouts/share/escapeHtml';
import { markdownBlock, markdownLine } from '../../../src/core/rollouts/share/markdownText';
import { markedResponse } from '../../../src/core/rollouts/share/markedResponse';
import type { SharedGroup } from '../../../src/core/rollouts/share/sharedGroup';
import { htmlGroup, htmlStart } from '../../../src/core/rollouts/share/sharedHtml';
import { sharedLine } from '../../../src/core/rollouts/share/sharedLines';
import { markdownGroup } from '../../../src/core/rollouts/share/sharedMarkdown';

const rollout = (part: Partial<Rollout> = {}): Rollout => ({
  run: 'r', stage: 'perception', step: 3, group: 'g', sampleId: 'p-1', dataset: 'cards', index: 0, prompt: '', response: '### Image Description: A red 7 ### Rationales: so ### The final answer is: 7', tokens: 9, finish: 'stop',
  components: { accuracy: 1, clip: 0.25 }, overall: 0.7, advantage: 0.5, evidence: [{ component: 'clip', kind: 'key_word', start: 25, end: 30, ok: true, note: 'named' }], rewardHash: 'h', checkpoint: '', ...part,
});
const group = (rollouts: SharedGroup['rollouts'], part: Partial<SharedGroup> = {}): SharedGroup => ({
  rollouts, predicted: rollouts.map(() => ({ boxes: [], from: 'none' as const, unplaced: 0 })), image: null,
  sample: { qid: 'p-1', problem: '<image>Which card?', answer: '7', images: [], key_words: ['red'], boxes: [] }, ...part,
});
const hostile = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onload='x", '</div></article></main>', '```\n# Heading\n```', '<!--', ']]>', '&lt;script&gt;', '| a | b |', '[x](javascript:alert(1))', '![](http://x/y.png)'), fc.array(fc.constantFrom('<', '>', '"', "'", '&', '`', '\n', '\0', '|', '#', 'a'), { maxLength: 12 }).map(parts => parts.join('')));
const tags = (html: string): readonly string[] => [...html.matchAll(/<\/?([a-z!][a-z0-9]*)/gi)].map(([, name = '']) => name.toLowerCase());
/** The text that a browser shows for our own escapes. */
const shown = (html: string): string => html.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
// What a page shows in place of control characters
const cleaned = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

describe('rollouts for others', () => {
  it('keep every text as text in a page, whatever it is', () => {
    const plain = tags(htmlGroup(group([rollout({ response: 'plain', evidence: [] })])));
    fc.assert(fc.property(hostile, hostile, hostile, (a, b, c) => {
      assert.doesNotMatch(escapeHtml(a), /[<>"'\0]/);
      assert.equal(shown(escapeHtml(a)), cleaned(a));
      const sections = a.match(/###/); // a heading folds, which adds tags of ours
      const page = htmlGroup(group([rollout({ response: sections ? 'x' : a, sampleId: b, group: c, evidence: [], components: { [`a${c}`]: 1, [`b${c}`]: 0 } })], { sample: { qid: b, problem: a, answer: b, images: [], key_words: [c], boxes: [] } }));
      assert.deepEqual(tags(page), plain);
    }), { numRuns: 500 });
  });

  it('show the response to the letter, with its evidence marked, in a page', () => {
    const spans = fc.array(fc.record({ start: fc.nat(60), length: fc.nat(20), ok: fc.constantFrom(true, false, undefined), note: hostile }), { maxLength: 5 });
    const parts = fc.array(fc.oneof(hostile, fc.constantFrom('### Image Description: ', ' ### Rationales: ', '### Step 1: ', '### The final answer is: ')), { maxLength: 6 });
    fc.assert(fc.property(parts, spans, (texts, given) => {
      const response = texts.join('');
      const html = markedResponse(response, given.map(({ start, length, ok, note }) => ({ component: 'c', kind: 'note', start, end: start + length, ok, note })));
      assert.equal(shown(html).replace(/\r/g, '\n'), cleaned(response).replace(/\r/g, '\n'));
      assert.deepEqual(tags(html).filter(tag => !['div', 'mark', 'details', 'summary'].includes(tag)), []);
    }), { numRuns: 500 });
  });

  it('begin nothing in Markdown, whatever a text is', () => {
    fc.assert(fc.property(hostile, text => {
      const line = markdownLine(text);
      assert.doesNotMatch(line, /\n|</);
      assert.doesNotMatch(line.replace(/\\[!-/:-@[-`{-~]/g, 'x'), /[\\`*_{}[\]!|~@$:]|^[-+=#>]|^\d+[.)]|www\./);
      const block = markdownBlock(text);
      const [fence = ''] = /^`+/.exec(block) ?? [];
      assert.ok(fence.length >= 3 && !text.includes(fence) && block.endsWith(`\n${fence}`));
    }), { numRuns: 500 });
  });

  it('look as written here in a page and in Markdown', () => {
    const both: SharedGroup['rollouts'] = [rollout(), rollout({ index: 1, response: 'No <b>idea</b>', components: { accuracy: 0, clip: null }, overall: 0.1, advantage: -0.5, evidence: [], error: { message: 'boom' } })];
    const html = htmlGroup(group(both));
    assert.match(html, /<h2>perception · step 3 · p-1 · cards<\/h2>\n<p class="dim">mean 0\.400 ± 0\.424 · 2 responses · g<\/p>/);
    assert.match(html, /<summary class="text">### Image Description:<\/summary><div class="text"> A <mark class="ok" title="clip · key word · counts · named">red 7<\/mark>/);
    assert.match(html, /<div><dt>clip<\/dt><dd><span class="track"><span class="fill" style="width:25%"><\/span><\/span><\/dd><dd>0\.250<\/dd><\/div>/);
    assert.match(html, /▼2<\/span> <b>0\.100<\/b> <span class="dim">✗ wrong · advantage -0\.50 · 9 tokens<\/span><\/h3><p class="bad">The reward failed: boom<\/p>/);
    assert.match(html, /No &lt;b&gt;idea&lt;\/b&gt;/);
    assert.match(htmlStart({ run: '<r>', query: 'right:no', found: 12, shown: 2, date: '2026-01-01' }), /<title>Rollouts of &lt;r&gt;<\/title>[\s\S]*the first 2 of 12 groups that answer right:no · 2026-01-01/);
    assert.equal(markdownGroup(group(both)).trim(), [
      '## perception · step 3 · p-1 · cards', '**Problem.** Which card?', '**Answer.** 7', '**Key words.** red', 'Mean 0.400 ± 0.424. Group g.',
      '|  | overall | advantage | accuracy | clip | right | tokens |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n| ▲ 1 | 0.700 | 0.500 | 1.000 | 0.250 | yes | 9 |\n| ▼ 2 | 0.100 | -0.500 | 0.000 | – | no | 9 |',
      '**▲ 1**', '```text\n### Image Description: A red 7 ### Rationales: so ### The final answer is: 7\n```', '**▼ 2** The reward failed: boom', '```text\nNo <b>idea</b>\n```',
    ].join('\n\n'));
  });

  it('are read again from their lines', () => {
    const given = rollout({ tokenLog: { texts: ['a'], logprobs: [-0.5], entropies: [] } });
    const line = sharedLine(given, { qid: 'p-1', problem: 'q', answer: '7', images: ['/secret/place.png'], key_words: ['k'], boxes: [{ label: 'c', bbox: [1, 2, 3, 4] }] });
    assert.deepEqual(JSON.parse(JSON.stringify(parseRollout(line).value)), JSON.parse(JSON.stringify(given)));
    assert.deepEqual((JSON.parse(line) as { sample: unknown }).sample, { problem: 'q', answer: '7', key_words: ['k'], boxes: [{ label: 'c', bbox: [1, 2, 3, 4] }] });
    assert.doesNotMatch(line, /secret/);
  });

  it('are found again by their link, as VS Code hands it over', () => {
    const text = fc.string({ minLength: 1, maxLength: 40 });
    const column = fc.stringMatching(/^[a-z_.,:&%]{1,12}$/);
    fc.assert(fc.property(fc.record({ run: text, stage: text, group: text, index: fc.nat(9999), filter: text, sort: fc.array(fc.record({ column, isDescending: fc.boolean() }, { noNullPrototype: true }), { minLength: 1, maxLength: 3 }) }, { requiredKeys: ['run'], noNullPrototype: true }), link => {
      const url = new URL(printRolloutLink('vscode', 'pebr-studio.pebr-studio', link));
      assert.equal(`${url.protocol}//${url.host}${url.pathname}`, 'vscode://pebr-studio.pebr-studio/rollouts');
      assert.deepEqual(parseRolloutLink('/rollouts', decodeURIComponent(url.search.slice(1))), link);
    }), { numRuns: 300 });
    assert.deepEqual(parseRolloutLink('/rollouts', 'run=a&filter=100%&index=-1&nothing'), { run: 'a', filter: '100%' });
    assert.equal(parseRolloutLink('/rollouts', 'stage=a'), undefined);
    assert.equal(parseRolloutLink('/other', 'run=a'), undefined);
  });
});

describe('pebr rollouts export', function () {
  this.timeout(120_000);
  let folder: string;
  const run = '20261121-101500-cards';
  const pebr = (...args: string[]): { code: number | null; out: string; err: string } => {
    const done = spawnSync(process.execPath, [path.resolve('dist/cli.js'), 'rollouts', 'export', ...args], { encoding: 'utf8', cwd: folder });
    return { code: done.status, out: done.stdout, err: done.stderr };
  };

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-share-'));
    writeFileSync(path.join(folder, 'pebr.json'), JSON.stringify({ name: 'p', datasets: [{ id: 'cards', stage: 'perception', path: 'd.jsonl' }] }));
    const row = (qid: string, image: string): string => JSON.stringify({ qid, problem: '<image>How many <script>alert(1)</script>?', answer: '7', images: [image], key_words: [], boxes: [{ label: 'card', bbox: [4, 4, 30, 30] }] });
    writeFileSync(path.join(folder, 'd.jsonl'), [row('p-1', 'a.png'), row('p-2', '../../etc/passwd')].join('\n'));
    await sharp({ create: { width: 80, height: 60, channels: 3, background: '#227744' } }).png().toFile(path.join(folder, 'a.png'));
    mkdirSync(path.join(folder, '.pebr/runs', run, 'rollouts'), { recursive: true });
    const line = (part: Partial<Rollout>): string => JSON.stringify({ v: 1, ...rollout({ response: '<script>alert(2)</script> {"bbox_2d": [5, 5, 28, 29], "label": "<b>card"}', evidence: [], ...part }) });
    writeFileSync(path.join(folder, '.pebr/runs', run, 'rollouts/perception.jsonl'), [
      line({}), line({ index: 1, components: { accuracy: 0 }, advantage: -0.5 }), line({ group: 'h', step: 4, sampleId: 'p-2' }), line({ group: 'i', step: 5, sampleId: 'gone' }),
    ].map(each => `${each}\n`).join(''));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('writes a page that holds its picture and boxes and runs nothing', () => {
    const told = pebr('--out', 'page.html', '--sample', 'p-1');
    assert.deepEqual([told.code, told.out, told.err], [0, `2 rollouts in 1 groups of ${run} written to page.html\n`, '']);
    const page = readFileSync(path.join(folder, 'page.html'), 'utf8');
    assert.match(page, /<img alt="" src="data:image\/jpeg;base64,[A-Za-z0-9+/=]+" width="80" height="60"><svg/);
    assert.match(page, /<rect x="5" y="5" width="23" height="24"/);
    assert.match(page, /▲1 &lt;b&gt;card/);
    assert.doesNotMatch(page, /<script|<b>card| on\w+=|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    assert.ok(!page.includes(folder));
  });

  it('writes Markdown with its pictures beside it, and lines of what answers a question', () => {
    assert.equal(pebr('--out', 'note.md', '--step', '3').code, 0);
    assert.match(readFileSync(path.join(folder, 'note.md'), 'utf8'), /!\[Gold and predicted boxes\]\(note-images\/001-p-1\.jpg\)/);
    assert.ok(existsSync(path.join(folder, 'note-images/001-p-1.jpg')));
    assert.equal(pebr('--out', 'lines.jsonl', '--where', 'sql: step > 3', '--sort', 'step:desc').code, 1);
    assert.deepEqual(readFileSync(path.join(folder, 'lines.jsonl'), 'utf8').trim().split('\n').map(line => (JSON.parse(line) as Rollout).group), ['i', 'h']);
  });

  it('says what is not in it, and reads no image outside the image root', () => {
    const told = pebr('--out', 'rest.html', '--step', '4..5', '--json');
    assert.equal(told.code, 1);
    assert.match(told.err, /cards has no sample gone/);
    const page = readFileSync(path.join(folder, 'rest.html'), 'utf8');
    assert.match(page, /The sample gone is not in the dataset any more/);
    assert.doesNotMatch(page, /passwd|<img/);
  });

  it('exits 2 and says what is wrong', () => {
    for (const [args, words] of [
      [[], /--out: say which file/], [['--out', 'x.txt'], /--to: give html, markdown or jsonl/], [['--out', 'x.html', '--run', 'none'], /there is no run "none"\. Known: 20261121/],
      [['--out', 'x.html', '--where', 'nope:1'], /There is no column "nope"/], [['--out', 'x.html', '--stage', 'other'], /no rollout answers that/], [['--out', 'no/such/x.html'], /cannot be written/], [['--out', 'x.html', '--step', 'many'], /neither a step nor a range/],
    ] as const) {
      const { code, err } = pebr(...args);
      assert.equal(code, 2, err);
      assert.match(err, words);
    }
    assert.ok(!existsSync(path.join(folder, 'x.html')));
  });
});
