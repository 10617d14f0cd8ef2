// The integration suite in desktop VS Code, where one can be fetched: `npm run test:desktop [-- 1.100.0]`.
const { cpSync, existsSync, mkdirSync, readFileSync, rmSync } = require('node:fs');
const path = require('node:path');
const { runTests } = require('@vscode/test-electron');
const { temporaryFolder } = require('./browserVsCode');
const { runMain } = require('./setUpError');
const { root, setUp, venvPython } = require('./setUp');

async function main() {
  setUp({ tests: true });
  const work = temporaryFolder('pebr-desktop');
  const workspace = path.join(work, 'cards');
  const resultFile = path.join(work, 'result.json');
  mkdirSync(work, { recursive: true });
  cpSync(path.join(root, 'samples/cards'), workspace, { recursive: true, filter: source => !source.includes(`${path.sep}.pebr`) });
  try {
    await runTests({
      version: process.argv[2] ?? 'stable',
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'out/test/integration/index.run.js'),
      launchArgs: [workspace, '--user-data-dir', path.join(work, 'profile'), '--disable-extensions', '--disable-workspace-trust'],
      extensionTestsEnv: { PEBR_TEST_RESULT: resultFile, PEBR_TEST_PYTHON: venvPython, PEBR_TEST_ROOT: root },
    }).catch(error => {
      if (!existsSync(resultFile)) throw error; // a failing test rejects too, and then the result file says which
    });
    const { passed, failed, lines } = JSON.parse(readFileSync(resultFile, 'utf8'));
    console.log(`${lines.join('\n')}\n\n${passed} passed, ${failed} failed`);
    return failed > 0 || passed === 0 ? 1 : 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

void runMain(main);
