import * as assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { parseProject } from '../../../src/core/project/parseProject';
import type { Project } from '../../../src/core/project/project';
import { readSamples } from '../../../src/platform/dataset/readSample';
import { checkpointResponses } from '../../../src/platform/responses/checkpointResponses';
import type { FreshOutcome, FreshRequest } from '../../../src/platform/responses/freshResponse';
import { onnxResponses } from '../../../src/platform/responses/onnx/onnxResponses';
import { exportFolderOf, hasExport } from '../../../src/platform/responses/onnx/policyFolder';

const folder = path.resolve('samples/cards');
const base = path.join(folder, 'models/base');
const python = path.resolve(process.platform === 'win32' ? 'trainer/.venv/Scripts/python.exe' : 'trainer/.venv/bin/python');

describe('onnxResponses', function () {
  this.timeout(240_000);
  const project = parseProject(readFileSync(path.join(folder, 'pebr.json'), 'utf8'), 'pebr.json').project as Project;

  async function requestOf(dataset: string, limit: number, change: Partial<FreshRequest> = {}): Promise<FreshRequest> {
    const config = project.datasets.find(each => each.id === dataset) ?? assert.fail('the sample project has changed');
    const samples = await readSamples(folder, config, { limit });
    return { folder, project, dataset: config, samples, responses: 1, temperature: 0, signal: new AbortController().signal, onResponse: () => undefined, ...change };
  }
  const ask = (request: FreshRequest, seed = 1, exported = exportFolderOf(base)): Promise<FreshOutcome> => onnxResponses({ folder: exported, name: 'models/base', seed }, request);

  for (const dataset of ['cards-perception', 'cards-reasoning']) {
    it(`answers as PyTorch does when it is greedy: ${dataset}`, async () => {
      const request = await requestOf(dataset, 20);
      const [here, there] = await Promise.all([ask(request), checkpointResponses({ python, trainerFolder: path.resolve('trainer'), checkpoint: null }, request)]);
      assert.equal(there.responses.length, 20);
      assert.deepEqual(here.responses, there.responses);
      assert.deepEqual(here.left, []);
    });
  }

  it('samples several responses at once, the same for the same seed', async () => {
    const heard: string[] = [];
    const request = await requestOf('cards-reasoning', 3, { responses: 4, temperature: 1.2, topP: 0.99, onResponse: ({ qid, index }) => heard.push(`${qid}/${index}`) });
    const [first, again, other] = [await ask(request, 5), await ask(request, 5), await ask(request, 6)];
    assert.deepEqual(first.responses, again.responses);
    assert.notDeepEqual(first.responses, other.responses);
    assert.deepEqual(heard.slice(0, 12), first.responses.map(({ qid, index }) => `${qid}/${index}`));
    assert.ok(new Set(first.responses.map(({ response }) => response)).size > 3);
    assert.ok(first.responses.every(({ response, tokens = 0 }) => response.startsWith('### Image Description:') && tokens <= project.policy.maxResponseTokens && !response.includes('<|')));
  });

  it('cuts a response at the limit and says so', async () => {
    const { responses } = await ask(await requestOf('cards-reasoning', 1, { maxTokens: 5 }));
    assert.deepEqual(responses.map(({ tokens, finish }) => [tokens, finish]), [[5, 'length']]);
  });

  it('stops when asked to', async () => {
    const abort = new AbortController();
    const request = await requestOf('cards-reasoning', 20, { signal: abort.signal, onResponse: () => abort.abort(new Error('enough')) });
    await assert.rejects(ask(request), /enough/);
  });

  describe('of a folder that is not whole', () => {
    let copy: string;
    beforeEach(() => {
      copy = mkdtempSync(path.join(os.tmpdir(), 'pebr-export-'));
      cpSync(base, copy, { recursive: true });
    });
    afterEach(() => rmSync(copy, { recursive: true, force: true }));

    it('says which file is missing or broken, and what to do', async () => {
      assert.ok(hasExport(copy));
      const exported = exportFolderOf(copy);
      writeFileSync(path.join(exported, 'decoder.onnx'), 'no model');
      await assert.rejects(ask(await requestOf('cards-reasoning', 1), 1, exported), (error: unknown) => error instanceof AppError && error.code === 'policy.failed');
      writeFileSync(path.join(exported, 'policy.json'), '{"v": 1, "layers": 1e9}');
      await assert.rejects(ask(await requestOf('cards-reasoning', 1), 1, exported), (error: unknown) => error instanceof AppError && error.code === 'policy.failed');
      rmSync(path.join(exported, 'policy.json'));
      assert.ok(!hasExport(copy));
      await assert.rejects(ask(await requestOf('cards-reasoning', 1), 1, exported), /policy\.json missing/);
    });
  });
});
