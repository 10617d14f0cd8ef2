// A run folder with rollouts as our trainer writes them, with token logs: some 10 KB each, groups of 8, two stages' worth of steps.
const { closeSync, mkdirSync, openSync, writeSync } = require('node:fs');
const path = require('node:path');

const colours = ['red', 'blue', 'green', 'yellow', 'purple', 'orange'];
const words = 'the card lies left of another one near upper edge and its digit can be read although edges are blurred by light so I compare shapes again before deciding which value belongs where'.split(' ');

/** The same numbers on every machine. */
function randomOf(seed) {
  let state = seed;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
}

function rollout(random, run, group, index, step, sample, name = `perception-${step}-${group % 64}`) {
  const text = Array.from({ length: 420 }, () => words[Math.floor(random() * words.length)]).join(' ');
  const answer = Math.floor(random() * 10);
  const right = random() < 0.55;
  const colour = colours[Math.floor(random() * colours.length)];
  const response = `### Image Description:\nA ${colour} ${answer} at [${8 + index}, 8, 32, 32] and more. ${text.slice(0, 700)}\n### Rationales:\n${text.slice(700, 1100)}\n### Let's think step by step.\n### Step 1:\n${text.slice(1100)}\n### The final answer is: ${answer}`;
  const clip = Math.round(random() * 1000) / 1000;
  const keyWord = Math.floor(random() * 4) / 3;
  const format = random() < 0.95 ? 1 : 0;
  const accuracy = group % 9 === 0 ? 0 : right ? 1 : 0;
  const overall = group % 7 === 0 ? 0.5 : 0.4 * clip + 0.3 * keyWord + 0.1 * format + 0.2 * accuracy;
  const tokens = 560 + Math.floor(random() * 60);
  const at = response.lastIndexOf(String(answer));
  return {
    v: 1, run, stage: 'perception', step, group: name, sampleId: `p-${String(sample).padStart(5, '0')}`, dataset: 'cards-perception', index,
    prompt: `<image>Which digit is on the ${colour} card?\nDescribe the image first, then reason step by step and give the final answer.`, response, tokens, finish: random() < 0.98 ? 'stop' : 'length',
    components: { clip, key_word: keyWord, format, length: 1, accuracy }, overall, advantage: Math.round((random() - 0.5) * 4000) / 1000,
    evidence: [{ component: 'accuracy', kind: 'answer', start: at, end: at + 1, text: String(answer), ok: accuracy === 1 }, { component: 'clip', kind: 'description', start: 23, end: 600 }, { component: 'iou', kind: 'box', start: 30, end: 55, text: `${colour} ${answer}`, bbox: [8 + index, 8, 32, 32], gold: [8, 8, 32, 32], iou: 0.8 }],
    rewardHash: '3f9a', checkpoint: 'checkpoints/warm-up/final',
    logprobs: Array.from({ length: tokens }, () => Math.round(-random() * 3000) / 1000), entropies: Array.from({ length: tokens }, () => Math.round(random() * 3000) / 1000),
  };
}

/** `<folder>/.pebr/runs/<run>/rollouts/perception.jsonl` with `count` rollouts, the last 64 of them one group. Returns the run's folder. */
function writeRollouts(folder, count) {
  const run = path.join(folder, '.pebr/runs/20261121-101500-bench');
  mkdirSync(path.join(run, 'rollouts'), { recursive: true });
  const file = openSync(path.join(run, 'rollouts/perception.jsonl'), 'w');
  const random = randomOf(1);
  let lines = [];
  const last = count - 64;
  for (let at = 0; at < count; at++) {
    const [group, index] = at < last ? [Math.floor(at / 8), at % 8] : [Math.floor(last / 8), at - last];
    const step = Math.floor(group / 64) + 1;
    lines.push(JSON.stringify(rollout(random, '20261121-101500-bench', group, index, step, group % 1200, at < last ? undefined : 'perception-large')));
    if (lines.length < 500 && at < count - 1) continue;
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  }
  closeSync(file);
  return run;
}

module.exports = { randomOf, rollout, writeRollouts };
