// Runs test/integration inside a real extension host: `node scripts/testIntegration.js newest|oldest [--grep TEXT]`.
const { cpSync, existsSync, mkdirSync, readFileSync, rmSync } = require('node:fs');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { chromiumFlags, findChromium, startBrowserVsCode, temporaryFolder } = require('./browserVsCode');
const { runMain } = require('./setUpError');
const { root } = require('./setUp');

const limitMs = 15 * 60_000;

/**
 * Opens a copy of the sample project with the extension under development and waits for mocha's result file.
 * The file is demanded because a host that dies still reports success to the page.
 */
async function testIntegration(version, grep = '') {
  const work = temporaryFolder(`pebr-integration-${version}`);
  const workspace = path.join(work, 'cards');
  const resultFile = path.join(work, 'result.json');
  mkdirSync(work, { recursive: true });
  cpSync(path.join(root, 'samples/cards'), workspace, { recursive: true, filter: source => !source.includes(`${path.sep}.pebr`) });
  // The extension host inherits the server's environment.
  const env = { PEBR_TEST_RESULT: resultFile, PEBR_TEST_GREP: grep, PEBR_TEST_PYTHON: path.join(root, 'trainer/.venv/bin/python'), PEBR_TEST_ROOT: root };
  const server = await startBrowserVsCode({ version, profile: path.join(work, 'profile'), testDriver: true, env, settings: { 'pebr.python.path': env.PEBR_TEST_PYTHON } });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  try {
    const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
    const ended = new Promise(resolve => void page.exposeFunction('codeAutomationExit', resolve));
    const log = [];
    await page.exposeFunction('codeAutomationLog', (type, args) => { log.push(`${type}: ${args.map(String).join(' ')}`); if (log.length > 100) log.shift(); });
    const authority = `localhost:${server.port}`;
    const payload = [
      ['extensionDevelopmentPath', `vscode-remote://${authority}${root}`],
      ['extensionTestsPath', `vscode-remote://${authority}${root}/out/test/integration/index.run.js`],
      ['skipWelcome', 'true'],
    ];
    await page.goto(`${server.url}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    let timer;
    const outcome = await Promise.race([ended, new Promise(resolve => { timer = setTimeout(resolve, limitMs, 'time'); })]);
    clearTimeout(timer);
    if (!existsSync(resultFile)) {
      await page.screenshot({ path: path.join(artifacts(), `integration-${version}.png`) });
      throw new Error(`The extension host ended without a result (${outcome}): ${server.output().slice(-600)}\n${log.slice(-12).join('\n')}`);
    }
    const result = JSON.parse(readFileSync(resultFile, 'utf8'));
    if (result.passed + result.failed === 0) throw new Error('No integration test ran.');
    return result;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

function artifacts() {
  const folder = path.join(root, 'artifacts');
  mkdirSync(folder, { recursive: true });
  return folder;
}

module.exports = { artifacts, testIntegration };

if (require.main === module) {
  void runMain(async () => {
    const at = process.argv.indexOf('--grep');
    const result = await testIntegration(process.argv[2] ?? 'newest', at === -1 ? '' : process.argv[at + 1]);
    for (const line of result.lines) console.log(line);
    return result.failed > 0 ? 1 : 0;
  });
}
