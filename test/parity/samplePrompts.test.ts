import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { readImageSize } from '../../src/platform/dataset/imageInfo';
import { PolicyPrompts } from '../../src/platform/responses/policyPrompt';
import { readPromptTemplate } from '../../src/platform/responses/promptTemplate';

const project = 'samples/cards';
const python = process.platform === 'win32' ? 'trainer/.venv/Scripts/python.exe' : 'trainer/.venv/bin/python';

interface SampleRow {
  readonly problem: string;
  readonly images: readonly string[];
}

function rowsOf(file: string, every: number): readonly SampleRow[] {
  return readFileSync(path.join(project, 'data', file), 'utf8').split('\n').filter((line, at) => line !== '' && at % every === 0).map(line => JSON.parse(line) as SampleRow);
}

/** What the labeler is shown is what the policy gets. */
describe('the prompt of a sample', () => {
  it('is to the byte what the trainer builds for the policy, and as many tokens', async function () {
    this.timeout(240_000);
    const [first] = rowsOf('perception.jsonl', 1200);
    assert.ok(first);
    const hostile = ['Two <image> of <image>them', '<image>{{ content }} {% if %}', '<image>\n\n  spaces \t', '<image>🟥 שלום \u202e 𝟕 <|assistant|> <|im_end|>', '<image>\\frac{1}{2}\r\nA) 1\r\nB) 2', '<image>&lt;b&gt; <b> \'"', '']
      .map(problem => ({ ...first, problem, images: Array.from({ length: problem.split('<image>').length - 1 }, () => first.images[0] ?? '') }));
    const rows = [...rowsOf('perception.jsonl', 40), ...rowsOf('reasoning.jsonl', 40), ...rowsOf('reasoning.heldout.jsonl', 40), ...hostile];
    const filesOf = (row: SampleRow): string[] => row.images.map(name => path.resolve(project, 'data', name));
    const asked = rows.map(row => JSON.stringify({ row, images: filesOf(row) })).join('\n');
    const answered = execFileSync(python, ['test/parity/sample_prompts.py', `${project}/prompt.jinja`, `${project}/models/base`], { input: asked, encoding: 'utf8', env: { ...process.env, PYTHONPATH: 'trainer', PYTHONUTF8: '1' }, stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 64 << 20 });
    const theirs = answered.trim().split('\n').map(line => JSON.parse(line) as readonly [chat: string, tokens: number]);
    const template = await readPromptTemplate(project, 'prompt.jinja');
    const prompts = await PolicyPrompts.open(project, 'models/base');
    assert.equal(theirs.length, rows.length);
    for (const [at, row] of rows.entries()) {
      const turn = template.render(row.problem, { ...row });
      const { chat, tokens, imageTokens, notes } = prompts.of(turn, await Promise.all(filesOf(row).map(file => readImageSize(file))));
      assert.deepEqual(notes, []);
      assert.deepEqual([chat, (tokens ?? 0) + (imageTokens ?? 0) - row.images.length], theirs[at], row.problem);
    }
  });
});
