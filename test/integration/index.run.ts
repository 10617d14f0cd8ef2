import { readdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';

/** Called by VS Code in the extension host. Writes what happened to PEBR_TEST_RESULT, because the host's exit code lies when it dies. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, ...(process.env.PEBR_TEST_GREP ? { grep: process.env.PEBR_TEST_GREP } : {}) });
  for (const file of testFiles(__dirname)) mocha.addFile(file);
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  await new Promise<void>(resolve => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', test => {
      passed++;
      lines.push(`  ok ${test.fullTitle()} (${test.duration} ms)`);
    });
    runner.on('fail', (test, error: Error) => {
      failed++;
      lines.push(`  FAILED ${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
    spareOtherExtensions(lines);
  });
  writeFileSync(process.env.PEBR_TEST_RESULT ?? 'result.json', JSON.stringify({ passed, failed, lines }));
  if (failed > 0) throw new Error(`${failed} failed`);
}

/** VS Code's own extensions share the process: what they do not catch is told, and is not the failure of the test that runs just then. */
function spareOtherExtensions(lines: string[]): void {
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error, origin) => {
    if (/[\\/]vscode[\\/]extensions[\\/]/.test(error.stack ?? '')) lines.push(`  of another extension: ${error.stack}`);
    else for (const listener of listeners) listener(error, origin);
  });
}

function testFiles(folder: string): string[] {
  return readdirSync(folder).filter(file => file.endsWith('.test.js')).map(file => path.join(folder, file));
}
