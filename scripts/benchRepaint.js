// From Ctrl+S in a reward file until 1,000 stored rollouts are scored and painted in the playground, in a real VS Code.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { openWorkbench } = require('./workbench');

const rollouts = 1000;
const saves = 21;

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

/** Milliseconds of each save, the first one (everything cold) left out, and of scoring alone as the panel shows it. */
async function benchRepaint() {
  const workbench = await openWorkbench();
  try {
    const { page, workspace } = workbench;
    storeRollouts(workspace);
    await workbench.container('PeBR');
    await workbench.treeItem('perception.reward.ts').click();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await workbench.command('PeBR: Open Reward Playground');
    const frame = await workbench.webview('.scores');
    await frame.locator('vscode-dropdown[aria-label="Responses"]').click();
    await frame.locator('vscode-option:visible', { hasText: 'perception' }).last().click();
    await frame.locator('vscode-dropdown[aria-label="Number of rollouts"]').click();
    await frame.locator('vscode-option:visible', { hasText: '1024' }).last().click();
    await frame.locator('.facts', { hasText: `${rollouts} responses` }).waitFor();
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+End');
    const times = [];
    for (let save = 0; save < saves; save++) {
      await page.keyboard.type(' ');
      await page.waitForTimeout(1500); // the forecast of the save before is done: a person does not save without a pause either
      const painted = frame.evaluate(() => new Promise(resolve => {
        const facts = document.querySelector('.facts [title]');
        const before = facts.title; // the version of the reward: it changes with each save
        const watch = () => {
          if (document.querySelector('.facts [title]')?.title !== before && document.querySelector('.facts')) requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
          else requestAnimationFrame(watch);
        };
        watch();
      }));
      const start = Date.now();
      await page.keyboard.press('Control+s');
      times.push({ total: (await painted) - start, scoring: await frame.locator('.facts').innerText() });
    }
    return times;
  } finally {
    await workbench.close();
  }
}

module.exports = { benchRepaint };
