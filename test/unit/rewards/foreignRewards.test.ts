import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { errorInWords } from '../../../src/core/errorWords';
import type { Score } from '../../../src/core/rewards/score';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';

const venv = path.resolve('trainer/.venv/bin/python');
const python = [process.env['PEBR_TEST_PYTHON'] ?? (existsSync(venv) ? venv : 'python3')];
const sample = { qid: 'p-1', problem: 'Which digit?', answer: '7', images: [], key_words: [], boxes: [] };

/** Reward files as people have them for other trainers, unchanged. Responses are 'a', '7' and 'b'. */
const files: readonly [what: string, text: string, contract: string, overall: readonly (number | null)[], message?: RegExp][] = [
  ['TRL, conversations', 'def acc(completions, answer, **kwargs):\n    return [float(c[0]["content"] == a) for c, a in zip(completions, answer)]\n', 'trl', [0, 1, 0]],
  ['TRL, plain texts', 'import re\ndef acc(completions, answer, **kwargs):\n    return [1.0 if re.fullmatch(a, c) else 0.0 for c, a in zip(completions, answer)]\n', 'trl', [0, 1, 0]],
  ['TRL, async', 'async def acc(prompts, completions, **kwargs):\n    return [0.5 for _ in completions]\n', 'trl', [0.5, 0.5, 0.5]],
  ['TRL, a generator', 'def acc(completions, **kwargs):\n    return (0.5 for _ in completions)\n', 'trl', [0.5, 0.5, 0.5]],
  ['TRL, a partial', 'from functools import partial\ndef graded(completions, answer, worth, **kwargs):\n    return [worth * (c[0]["content"] == a) for c, a in zip(completions, answer)]\nstrict = partial(graded, worth=0.5)\n', 'trl', [0, 0.5, 0]],
  ['TRL, two partials of one function, listed', 'from functools import partial\nasync def graded(worth, completions, answer, **kwargs):\n    return [worth * (c[0]["content"] == a) for c, a in zip(completions, answer)]\nreward_funcs = [partial(graded, 0.5), partial(graded, 0.25)]\nreward_weights = [1, 2]\n', 'trl', [0, 1, 0]],
  ['TRL, closures that share their name', 'def worth(value):\n    def reward(completions, **kwargs):\n        return [value for _ in completions]\n    return reward\nreward_funcs = [worth(0.5), worth(0.25)]\n', 'trl', [0.75, 0.75, 0.75]],
  ['EasyR1, a partial', 'from functools import partial\ndef scaled(reward_inputs, worth):\n    return [{"overall": worth} for _ in reward_inputs]\ngraded = partial(scaled, worth=0.5)\n', 'easyr1', [0.5, 0.5, 0.5]],
  ['TRL, a column that is not there', 'def acc(completions, gold, **kwargs):\n    return [1.0 for _ in completions]\n', 'trl', [null, null, null], /acc asks for "gold".*no such column; they have answer, boxes/],
  ['TRL, too few results', 'def acc(completions, **kwargs):\n    return [1.0]\n', 'trl', [null, null, null], /acc gave 1 results for 3 responses/],
  ['TRL, one result too few for one response', 'def acc(completions, **kwargs):\n    return [1.0 for c in completions if c[0]["content"] != "7"]\n', 'trl', [1, null, 1], /acc gave 0 results for 1 responses/],
  ['EasyR1, too few results', 'def compute_score(reward_inputs):\n    return [{"overall": 1.0}]\n', 'easyr1', [null, null, null], /compute_score gave 1 results for 3 responses/],
  ['verl, async with a keyword', 'async def compute_score(data_source, solution_str, ground_truth, extra_info=None, scale=0.5, **kwargs):\n    return {"score": scale * (solution_str == ground_truth), "acc": solution_str == ground_truth}\n', 'verl', [0, 0.5, 0]],
  ['verl, one of its own for geometry', 'def acc_reward(predict_str, ground_truth):\n    return float(predict_str == ground_truth)\ndef compute_score(predict_str: str, ground_truth: str, use_boxed: bool = True, format_score: float = 0.1) -> float:\n    return (1 - format_score) * acc_reward(predict_str, ground_truth)\n', 'verl', [0, 0.9, 0]],
  ['verl, one of its own for sums', 'def compute_score(solution_str, ground_truth, method="strict", format_score=0.0, score=1.0):\n    return score if solution_str == ground_truth else format_score\n', 'verl', [0, 1, 0]],
  ['verl, a batch without the source', 'def compute_score(solution_strs, ground_truths):\n    return [float(s == g) for s, g in zip(solution_strs, ground_truths)]\n', 'verl', [0, 1, 0]],
  ['EasyR1 of before, a batch', 'def compute_score(predicts, ground_truths, format_weight=0.1):\n    return [{"overall": float(p == g), "accuracy": float(p == g)} for p, g in zip(predicts, ground_truths)]\n', 'easyr1', [0, 1, 0]],
  ['EasyR1 of before, one response', 'def compute_score(predict: str, ground_truth: str, format_weight: float = 0.1):\n    return {"overall": float(predict == ground_truth), "format": 0.0}\n', 'easyr1', [0, 1, 0]],
  ['ms-swift, for conversations', 'class Accuracy:\n    def __call__(self, completions, answer, **kwargs):\n        return [float(c[0]["content"] == a) for c, a in zip(completions, answer)]\n', 'swift', [0, 1, 0]],
  ['ms-swift, registered', 'class ORM:\n    pass\norms = {}\nclass Accuracy(ORM):\n    def __call__(self, completions, solution=None, answer=None, **kwargs):\n        return [float(c == a) for c, a in zip(completions, answer)]\norms["acc"] = Accuracy\n', 'swift', [0, 1, 0]],
  ['OpenRLHF, a list', 'def reward_func(queries, prompts, labels, **kwargs):\n    return [float(q[len(p):] == l) for q, p, l in zip(queries, prompts, labels)]\n', 'openrlhf', [0, 1, 0]],
  ['OpenRLHF, a dict with logs', 'def reward_func(queries, prompts, labels):\n    r = [0.5 for _ in queries]\n    return {"rewards": r, "scores": r, "extra_logs": {"half": r}}\n', 'openrlhf', [0.5, 0.5, 0.5]],
  ['a patched JSON encoder', 'import json\ndef compute_score(reward_inputs):\n    for each in reward_inputs:\n        if each["response"] == "7":\n            json.JSONEncoder.encode = lambda *_: "x"\n    return [{"overall": 1.0} for _ in reward_inputs]\n', 'easyr1', [1, null, 1], /may not change json\.JSONEncoder\.encode/],
  ['a signal raised', 'import signal\ndef compute_score(reward_inputs):\n    for each in reward_inputs:\n        if each["response"] == "7":\n            signal.raise_signal(signal.SIGKILL)\n    return [{"overall": 1.0} for _ in reward_inputs]\n', 'easyr1', [1, null, 1], /may not signal processes \(signal\.raise_signal\)/],
  ['an exception that cannot be read', 'class M(type):\n    def __getattribute__(cls, name):\n        raise RuntimeError("meta")\nclass E(Exception, metaclass=M):\n    pass\ndef compute_score(reward_inputs):\n    for each in reward_inputs:\n        if each["response"] == "7":\n            raise E()\n    return [{"overall": 1.0} for _ in reward_inputs]\n', 'easyr1', [1, null, 1], /cannot be read/],
];

describe('a Python reward of another trainer', function () {
  this.timeout(120_000);
  const client = new RewardClient({ dist: path.resolve('dist') }, () => undefined);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-foreign-'));
  });
  after(async () => {
    client.dispose();
    await rm(folder, { recursive: true });
  });

  const score = async (name: string, text: string | Buffer): Promise<{ contract: string; scores: readonly Score[] }> => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    const { reward, contract } = await client.load({ path: file, python, deadlineMs: 20_000 });
    const { scores } = await client.score({ reward, items: ['a', '7', 'b'].map(response => ({ response, sample })) });
    await client.unload(reward);
    return { contract, scores };
  };

  files.forEach(([what, text, expected, overall, message], index) => {
    it(`runs unchanged or says why not: ${what}`, async () => {
      const { contract, scores } = await score(`reward${index}.py`, text);
      assert.equal(contract, expected);
      assert.deepEqual(scores.map(each => each.overall), overall, JSON.stringify(scores));
      if (message) for (const each of scores) if (each.overall === null) assert.match(each.error?.message ?? '', message);
    });
  });

  it('tells the line of the function that gave no results, or cannot be called as its trainer does', async () => {
    const lines: readonly (readonly [text: string, line: number])[] = [
      ['def compute_score(reward_inputs):\n    return [{"overall": 1.0}]\n', 1],
      ['import math\n\ndef compute_score(reward_inputs):\n    return [{"overall": math.nan} for _ in reward_inputs]\n', 3],
      ['def fine(completions, **kwargs):\n    return [1.0 for _ in completions]\ndef short(completions, **kwargs):\n    return []\n', 3],
      ['# verl\ndef compute_score(data_source, solution_str, ground_truth, extra_info, tokenizer):\n    return 1\n', 2],
    ];
    for (const [index, [text, line]] of lines.entries()) {
      const [score_] = (await score(`line${index}.py`, text)).scores;
      assert.deepEqual([score_?.overall, score_?.error?.line], [null, line], JSON.stringify(score_));
    }
  });

  it('names partials by their variables, and numbers functions that share a name', async () => {
    const head = 'from functools import partial\ndef graded(completions, worth, **kwargs):\n    return [worth for _ in completions]\n';
    const [named] = (await score('named.py', `${head}strict = partial(graded, worth=0.5)\nlenient = partial(graded, worth=1)\n`)).scores;
    assert.deepEqual(named?.components, { strict: 0.5, lenient: 1 });
    const [numbered] = (await score('numbered.py', `${head}reward_funcs = [partial(graded, worth=0.5), partial(graded, worth=1)]\n`)).scores;
    assert.deepEqual(numbered?.components, { graded: 0.5, graded_2: 1 });
  });

  it('says that a reward model is no function', () => assert.rejects(score('model.py', 'reward_funcs = ["org/model"]\n'), error => {
    assert.match(errorInWords(error), /reward_funcs has 'org\/model', which is no function/);
    return true;
  }));

  it('says which environment variable a file wants', () => assert.rejects(score('environment.py', 'import os\nkind = os.environ["REWARD_KIND"].upper()\ndef compute_score(reward_inputs):\n    return []\n'), error => {
    assert.ok(AppError.is(error, 'reward.failed'));
    assert.deepEqual([error.details.line, error.details.reason], [2, "KeyError: 'REWARD_KIND'"]);
    assert.match(error.details.remedy ?? '', /^Set the environment variable REWARD_KIND .*os\.environ\.get\('REWARD_KIND'/);
    return true;
  }));

  it('says that a file is no UTF-8', () => assert.rejects(score('wide.py', Buffer.from('\ufeffx = 1\n', 'utf16le')), /no UTF-8 text/));

  it('weighs components that are called like methods of every object', async () => {
    const { scores } = await score('names.reward.ts', "import { defineReward } from 'pebr';\nexport default defineReward({ components: { a: () => 1, toString: () => 1, constructor: () => 0 }, weights: { a: 1 } });\n");
    assert.deepEqual(scores.map(each => each.overall), [1, 1, 1]);
  });
});
