// From the moment a reward file is saved until 1,000 stored rollouts are scored again and painted in the playground, in a real VS Code.
const { mkdirSync, readFileSync, watch, writeFileSync } = require('node:fs');
const path = require('node:path');
const { openWorkbench } = require('../workbench');

const rollouts = 1000;
const saves = 20;
/** After a save, until the next key: the forecast of the save is done. */
const betweenMs = 1500;
/** From the last key to the save: the hand goes from the letters to Ctrl+S. */
const handMs = 500;

/** A stage of `rollouts` responses in groups of eight, on samples of the perception dataset: most near the gold labels, some empty. */
function storeRollouts(workspace) {
  const rows = readFileSync(path.join(workspace, 'data/perception.jsonl'), 'utf8').split('\n').filter(Boolean).slice(0, rollouts / 8).map(line => JSON.parse(line));
  const folder = path.join(workspace, '.pebr/runs/20260101-000000-stored/rollouts');
  mkdirSync(folder, { recursive: true });
  const lines = rows.flatMap((row, group) => Array.from({ length: 8 }, (_, index) => {
    const shift = index * 4;
    const boxes = row.boxes.map(({ label, bbox: [x1, y1, x2, y2] }) => `${label} at [${x1 + shift}, ${y1}, ${x2 + shift}, ${y2}]`).join('; ');
    const response = index === 7 ? '' : `### Image Description:\n${boxes}.\n### Rationales:\n\n### Let's think step by step.\n### Step 1:\n${row.problem}\n### The final answer is: ${row.answer}`;
    return JSON.stringify({
      v: 1, run: 'stored', stage: 'perception', step: group, group: `perception-${group}`, dataset: 'cards-perception', sampleId: row.qid, index, prompt: '', response, tokens: 60,
      finish: 'stop', components: {}, overall: 0, advantage: 0, evidence: [], rewardHash: '', checkpoint: '',
    });
  }));
  writeFileSync(path.join(folder, 'perception.jsonl'), `${lines.join('\n')}\n`);
}

/** Rows of the suite: 95th percentile of `saves` saves, the first one (everything cold) left out. */
async function repaint() {
  const workbench = await openWorkbench();
  try {
    const { page, workspace } = workbench;
    storeRollouts(workspace);
    const frame = await openPlayground(workbench);
    const file = path.join(workspace, 'rewards/perception.reward.ts');
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+End');
    const timesOf = async pauseMs => {
      const times = [];
      for (let save = 0; save <= saves; save++) {
        await page.waitForTimeout(betweenMs);
        await page.keyboard.type(' ');
        await page.waitForTimeout(pauseMs);
        const painted = frame.evaluate(nextVersionPainted);
        const saved = changeOf(file);
        const pressed = Date.now();
        await page.keyboard.press('Control+s');
        times.push({ pressed, saved: await saved, painted: await painted });
      }
      return times.slice(1);
    };
    const times = await timesOf(handMs);
    const straight = await timesOf(0);
    const [fromSave, fromKey] = ['saved', 'pressed'].map(start => p95(times.map(time => time.painted - time[start])));
    return [
      { name: `saved half a second after the last key to ${rollouts} rollouts scored and painted, p95`, value: fromSave, unit: 'ms', reach: '≤ 250', ok: fromSave <= 250 },
      { name: 'the same from Ctrl+S on, p95', value: fromKey, unit: 'ms', reach: 'shown', ok: null },
      { name: 'the same, saved with the last key, p95', value: p95(straight.map(({ saved, painted }) => painted - saved)), unit: 'ms', reach: 'shown', ok: null },
    ];
  } finally {
    await workbench.close();
  }
}

async function openPlayground(workbench) {
  const { page } = workbench;
  await workbench.container('PeBR');
  await workbench.treeItem('perception.reward.ts').click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await workbench.command('PeBR: Open Reward Playground');
  const frame = await workbench.webview('.scores');
  const choose = async (label, entry) => {
    await frame.locator(`vscode-dropdown[aria-label="${label}"]`).click();
    await frame.locator('vscode-option:visible', { hasText: entry }).last().click();
  };
  await choose('Responses', 'perception');
  await choose('Number of rollouts', '1024');
  await frame.locator('.facts', { hasText: `${rollouts} responses` }).waitFor();
  return frame;
}

/** Runs in the page: when the scores of another version of the reward have been painted. */
function nextVersionPainted() {
  const version = () => document.querySelector('.facts [title]')?.getAttribute('title');
  const before = version();
  return new Promise(resolve => {
    const look = () => {
      const now = version();
      if (now && now !== before) requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** When the file is written next. */
function changeOf(file) {
  return new Promise(resolve => {
    const watcher = watch(file, () => {
      watcher.close();
      resolve(Date.now());
    });
  });
}

function p95(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))];
}

module.exports = { repaint };
