import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

describe('npm start', () => {
  const start = (args: readonly string[], environment: Record<string, string> = {}): { code: number | null; text: string } => {
    const done = spawnSync(process.execPath, ['scripts/start.js', ...args], { encoding: 'utf8', env: { ...process.env, ...environment } });
    return { code: done.status, text: `${done.stdout}${done.stderr}` };
  };

  it('says what it can do', () => {
    const { code, text } = start(['--help']);
    assert.equal(code, 0);
    assert.match(text, /--headless/);
  });

  it('refuses an unknown option', () => {
    const { code, text } = start(['--headles']);
    assert.equal(code, 2);
    assert.match(text, /Unknown option --headles/);
  });

  it('names what is missing and how to get it when there is no Python', () => {
    const { code, text } = start(['--headless'], { PATH: '/nonexistent', PEBR_PYTHON: '' });
    assert.equal(code, 2);
    assert.match(text, /Python 3\.11 or newer was not found/);
    assert.match(text, /apt-get install python3/);
  });
});
