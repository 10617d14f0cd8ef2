// Activation and the time to the first tree, in the packaged extension and a real VS Code.
const { packageExtension } = require('./package');
const { openWorkbench } = require('./workbench');

async function benchHost(option) {
  const repeats = Number(option('repeats', '3'));
  const vsix = packageExtension();
  const activations = [];
  const trees = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const workbench = await openWorkbench({ vsix });
    try {
      const started = Date.now();
      await workbench.container('PeBR');
      await workbench.treeItem('cards-perception').waitFor({ timeout: 60_000 });
      trees.push(Date.now() - started);
      activations.push(await activationMs(workbench));
    } finally {
      await workbench.close();
    }
  }
  const activation = median(activations);
  return [
    { name: 'activation, own code (median)', value: activation, unit: 'ms', reach: '≤ 50', ok: activation <= 50 },
    { name: 'click on PeBR to first tree (median)', value: median(trees), unit: 'ms', reach: 'shown', ok: null },
  ];
}

/** What VS Code itself measured: "Developer: Show Running Extensions" shows it as "Activation: N ms". */
async function activationMs({ page, command }) {
  await command('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .extension').filter({ hasText: 'PeBR Studio' }).first();
  await row.waitFor();
  const text = await row.innerText();
  const match = /Activation[^:]*:\s*(\d+)\s*ms/.exec(text);
  if (!match) throw new Error(`VS Code does not tell the activation time: ${text}`);
  return Number(match[1]);
}

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

module.exports = { benchHost };
