import { spawn } from 'node:child_process';
import * as assert from 'node:assert/strict';

const python = process.platform === 'win32' ? 'trainer/.venv/Scripts/python.exe' : 'trainer/.venv/bin/python';

/** What verdicts.py answers to each question, in order; one that took longer than `seconds` is answered with `timeout`. */
export async function askPython<Answer>(questions: readonly unknown[], seconds = 3): Promise<readonly (Answer | 'timeout')[]> {
  const child = spawn(python, ['test/parity/verdicts.py'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONUTF8: '1', PYTHONPATH: 'trainer', PEBR_PARITY_SECONDS: String(seconds) } });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  child.stdin.end(questions.map(question => `${JSON.stringify(question)}\n`).join(''));
  assert.equal(await ended, 0, 'verdicts.py ended without answering');
  const answers = text.trim().split('\n').map(line => JSON.parse(line) as Answer | 'timeout');
  assert.equal(answers.length, questions.length);
  return answers;
}
