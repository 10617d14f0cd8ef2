import * as assert from 'node:assert/strict';
import { LogLevels } from '../../../src/core/runs/logLevel';

const read = (text: string): string[] => {
  const levels = new LogLevels();
  return text.split('\n').map(line => levels.read(line).level);
};

describe('levels of a log', () => {
  it('are those that loggers write', () => {
    assert.deepEqual(read('INFO 12:00 loaded\n2026-11-21 ERROR no such thing\nWARNING: slow tokenizer\nUserWarning: old\nthe error was 0.02\nreward 0.5'), ['info', 'error', 'warning', 'warning', 'info', 'info']);
  });

  it('hold a traceback together, also one that Ray or torchrun prefixes', () => {
    assert.deepEqual(read('Traceback (most recent call last):\n  File "a.py", line 1, in b\n    c()\nValueError: no\nafter it'), ['error', 'error', 'error', 'error', 'info']);
    assert.deepEqual(read('[rank0]: Traceback (most recent call last):\n[rank0]:   File "a.py"\n[rank0]: RuntimeError: no\n[rank0]: INFO next'), ['error', 'error', 'error', 'info']);
  });

  it('name the cause of a line that tells of one', () => {
    const line = new LogLevels().read('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB');
    assert.deepEqual([line.level, line.cause?.id], ['error', 'gpu-memory']);
  });

  it('cut a line that nobody reads to its end', () => {
    assert.equal(new LogLevels().read('x'.repeat(100_000)).text.length, 4001);
  });
});
