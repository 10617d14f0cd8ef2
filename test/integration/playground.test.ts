import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../src/core/lifecycle';
import { goldResponse } from '../../src/core/rewards/gold/goldResponse';
import { AttackSession } from '../../src/features/playground/attackSession';
import { rewardOfEditor } from '../../src/features/playground/rewardOfEditor';
import { ForecastSession } from '../../src/features/playground/forecastSession';
import { completeChoice, playgroundOptions } from '../../src/features/playground/playgroundOptions';
import { PlaygroundSession } from '../../src/features/playground/playgroundSession';
import { writeTriedNumbers } from '../../src/features/playground/writeTriedNumbers';
import type { Services } from '../../src/host/services';
import type { AttackOutcome, ForecastResult, PlaygroundChoice, PlaygroundResult, ScoredResult } from '../../src/protocol/playground';
import { openServices } from './openServices';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const reasoning = path.join(root, 'rewards', 'reasoning.reward.ts');
const runFolder = path.join(root, '.pebr', 'runs', '20260102-000000-stored');

describe('the playground', function () {
  this.timeout(60_000);
  const lifetime = new DisposableStore();
  const original = readFileSync(reasoning, 'utf8');
  let services: Services;
  let session: PlaygroundSession;
  let results: PlaygroundResult[] = [];

  before(() => {
    services = openServices(lifetime, 'playground test');
    session = lifetime.add(new PlaygroundSession(services, { onScoring: () => undefined, onResult: result => results.push(result), onAhead: () => undefined }));
  });
  beforeEach(() => (results = []));
  afterEach(() => {
    writeFileSync(reasoning, original);
    rmSync(path.join(root, '.pebr', 'runs', path.basename(runFolder)), { recursive: true, force: true });
  });
  after(() => lifetime.dispose());

  const choiceOf = async (given: Partial<PlaygroundChoice>): Promise<PlaygroundChoice> => completeChoice(services, await playgroundOptions(services), { reward: reasoning, dataset: 'cards-reasoning', ...given });
  async function score(choice: PlaygroundChoice, keepsBaseline = false, tried: Readonly<Record<string, number>> = {}): Promise<PlaygroundResult & { readonly kind: 'scored' }> {
    await session.score(choice, keepsBaseline, tried);
    const result = results.at(-1);
    assert.equal(result?.kind, 'scored', JSON.stringify(result));
    return result as PlaygroundResult & { readonly kind: 'scored' };
  }

  /** Two groups: right and wrong, and both right. */
  async function storeRollouts(): Promise<void> {
    const rollout = { v: 1, run: 'stored', stage: 'reasoning', step: 1, dataset: 'cards-reasoning', prompt: '', tokens: 30, finish: 'stop', evidence: [], rewardHash: 'recorded', checkpoint: '', advantage: 0 };
    const gold = async (qid: string): Promise<string> => goldResponse((await services.datasets.sample({ dataset: 'cards-reasoning', qid })).sample);
    const lines = [
      { ...rollout, group: 'a', sampleId: 'r-0003', index: 0, response: await gold('r-0003'), components: { accuracy: 1, format: 1 }, overall: 1 },
      { ...rollout, group: 'a', sampleId: 'r-0003', index: 1, response: 'no', components: { accuracy: 0, format: 0 }, overall: 0 },
      { ...rollout, group: 'b', sampleId: 'r-0004', index: 0, response: await gold('r-0004'), components: { accuracy: 1, format: 1 }, overall: 1 },
      { ...rollout, group: 'b', sampleId: 'r-0004', index: 1, response: `${await gold('r-0004')} `, components: { accuracy: 1, format: 1 }, overall: 1 },
    ];
    mkdirSync(path.join(runFolder, 'rollouts'), { recursive: true });
    writeFileSync(path.join(runFolder, 'rollouts', 'reasoning.jsonl'), lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  }

  it('tries other weights without touching the file, compares with the file, and writes them when asked', async () => {
    const choice = await choiceOf({ count: 8, source: { kind: 'gold' } });
    const { reward: { numbers, hash } } = await score(choice);
    assert.deepEqual(numbers.map(({ name, value }) => [name, value]), [['weights.accuracy', 0.9], ['weights.format', 0.1]]);
    const trial = await score(choice, true, { 'weights.accuracy': 0.4 });
    assert.deepEqual([trial.tried, Math.round((trial.means.overall ?? 0) * 1000), trial.before?.overall], [{ 'weights.accuracy': 0.4 }, 500, 1]);
    assert.notEqual(trial.reward.hash, hash);
    assert.equal(readFileSync(reasoning, 'utf8'), original);
    assert.equal(services.results.of(reasoning)?.hash, hash); // what is only tried is not shown beside the code

    await writeTriedNumbers(reasoning, numbers, { 'weights.accuracy': 0.4 });
    assert.equal(readFileSync(reasoning, 'utf8'), original.replace('accuracy: 0.9', 'accuracy: 0.4'));
    const saved = await score(choice, true);
    assert.deepEqual([saved.reward.hash, saved.before?.overall, saved.tried], [trial.reward.hash, 1, {}]);
  });

  it('scores an edit ahead of its save, and shows nothing of it before', async () => {
    const asked: number[] = [];
    const { rewards } = services;
    const counting = { ...services, rewards: { ...rewards, onDidChange: rewards.onDidChange, load: rewards.load.bind(rewards), score: (...args: Parameters<typeof rewards.score>) => { asked.push(args[2].length); return rewards.score(...args); }, dispose: () => undefined } };
    const told: PlaygroundResult[] = [];
    const ahead: ScoredResult[] = [];
    const known: boolean[] = [];
    const own = lifetime.add(new PlaygroundSession(counting, { onScoring: () => undefined, onResult: (result, isKnown) => (told.push(result), known.push(isKnown)), onAhead: result => ahead.push(result) }));
    const choice = { ...(await choiceOf({ count: 8, source: { kind: 'gold' } })), reward: reasoning };
    await own.score(choice, false);
    const edited = original.replace('accuracy: 0.9', 'accuracy: 0.4');
    await own.scoreAhead(choice, 'export default {');
    await own.scoreAhead(choice, edited);
    assert.deepEqual([told.length, asked], [1, [8, 8]]);
    assert.deepEqual(ahead.map(each => [each.responses, Math.round((each.means.overall ?? 0) * 1000), each.before?.overall]), [[null, 500, 1]]);

    writeFileSync(reasoning, edited);
    await own.score(choice, true);
    const saved = told.at(-1);
    assert.ok(saved?.kind === 'scored', JSON.stringify(saved));
    assert.deepEqual([asked.length, Math.round((saved.means.overall ?? 0) * 1000), saved.before?.overall], [2, 500, 1]);
    assert.deepEqual({ ...saved, ms: 0, evidence: null }, ahead[0]); // what the page was told ahead is what the save shows
    assert.equal(known.at(-1), true);
    writeFileSync(reasoning, original.replace('accuracy: 0.9', 'accuracy: 0.6'));
    await own.score(choice, true);
    const other = told.at(-1);
    assert.equal(known.at(-1), false);
    assert.deepEqual([asked.length, other?.kind === 'scored' ? Math.round((other.means.overall ?? 0) * 1000) : null], [3, 700]); // what was scored ahead is not taken for another text
  });

  it('does not write into a reward file that has unsaved edits', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(reasoning));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// mine\n');
    await vscode.workspace.applyEdit(edit);
    await assert.rejects(writeTriedNumbers(reasoning, [{ name: 'x', value: 1, start: 0, end: 1, line: 1 }], { x: 2 }), /not saved/);
    assert.equal(document.lineAt(0).text, '// mine');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('scores the responses of a file, in groups, and says which lines and samples it left out', async () => {
    const file = path.join(root, 'given.jsonl');
    const { sample } = await services.datasets.sample({ dataset: 'cards-reasoning', qid: 'r-0001' });
    writeFileSync(file, [JSON.stringify({ qid: 'r-0001', response: goldResponse(sample) }), JSON.stringify({ id: 'r-gone', output: 'x' }), 'no json', JSON.stringify({ qid: 'r-0001', response: 'wrong' })].join('\n'));
    try {
      const { responses, scores, left } = await score(await choiceOf({ source: { kind: 'file', path: file } }));
      assert.deepEqual(responses?.map((row, index) => [row.sample.qid, row.group, row.index, scores[index]?.score.overall]), [['r-0001', 'cards-reasoning/r-0001', 0, 1], ['r-0001', 'cards-reasoning/r-0001', 1, 0]]);
      assert.match(left.join('; '), /no sample r-gone; line 3/);
    } finally {
      rmSync(file);
    }
  });

  it('forecasts what a saved reward does to the stored rollouts of its stage, against the run and then against the save before', async () => {
    await storeRollouts();
    const told: ForecastResult[] = [];
    const forecasts = lifetime.add(new ForecastSession(services, result => told.push(result)));
    const update = async () => {
      await forecasts.update(reasoning);
      const last = told.at(-1);
      assert.ok(last?.kind === 'forecast', JSON.stringify(last));
      const stage = last.stages.find(each => each.stage === 'reasoning' && !each.isReplay);
      assert.ok(stage);
      return stage;
    };
    const first = await update();
    assert.deepEqual([first.baseline, first.forecast.zeroStdBefore, first.forecast.zeroStdAfter, first.forecast.shifts[0]?.changed], [{ kind: 'recorded', hash: 'recorded' }, 0.5, 0.5, 0]);

    writeFileSync(reasoning, original.replace('accuracy: accuracy()', 'accuracy: ({ response }) => (response.endsWith(" ") ? 0.5 : 1)'));
    const second = await update();
    assert.deepEqual([second.baseline, second.hash !== first.hash], [{ kind: 'saved', hash: first.hash }, true]);
    const { gained, lost, zeroStdAfter, shifts } = second.forecast;
    assert.deepEqual([gained, lost, zeroStdAfter], [1, 0, 0]); // the second group can be told apart now
    assert.deepEqual(shifts.find(shift => shift.name === 'accuracy'), { name: 'accuracy', before: 0.75, after: 0.875, changed: 2 });
  });

  it('says why there is no forecast for a reward that no stage trains with', async () => {
    const told: ForecastResult[] = [];
    await lifetime.add(new ForecastSession(services, result => told.push(result))).update(path.join(root, 'rewards', 'reward_easyr1.py'));
    const last = told.at(-1);
    assert.ok(last?.kind === 'none');
    assert.match(last.message, /No stage of pebr.json trains with this reward/);
  });

  it('knows the reward in the editor by its name, its function or pebr.json', async () => {
    const released = path.join(root, 'pebr_1.py');
    writeFileSync(released, 'def compute_score(reward_inputs):\n    return [{"overall": 1.0} for _ in reward_inputs]\n');
    try {
      for (const [file, expected] of [[released, released], [reasoning, reasoning], [path.join(root, 'pebr.json'), undefined]] as const) {
        await vscode.window.showTextDocument(vscode.Uri.file(file));
        assert.equal(await rewardOfEditor(services.projects), expected);
      }
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      rmSync(released);
    }
  });

  it('attacks a reward and ranks what pays, with what each attack wrote', async () => {
    const told: AttackOutcome[] = [];
    const attack = lifetime.add(new AttackSession(services, outcome => told.push(outcome)));
    await attack.run(await choiceOf({}));
    const strict = told.at(-1);
    assert.ok(strict?.kind === 'report', JSON.stringify(strict));
    assert.equal(strict.report.honest, 1);
    assert.deepEqual(strict.report.results.filter(result => result.verdict === 'pays-more').map(result => result.attack.id), []);
    assert.equal(strict.examples['empty']?.score.overall, 0);

    writeFileSync(reasoning, original.replace('accuracy: accuracy()', 'accuracy: ({ response, sample }) => response.split(sample.answer).length'));
    await attack.run(await choiceOf({}));
    const loose = told.at(-1);
    assert.ok(loose?.kind === 'report');
    assert.equal(loose.report.results[0]?.verdict, 'pays-more'); // what pays most stands first
    assert.ok(loose.report.results.some(({ attack: { id }, verdict }) => id === 'answer-pasted' && verdict === 'pays-more'));
  });
});
