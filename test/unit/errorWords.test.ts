import * as assert from 'node:assert/strict';
import { AppError } from '../../src/core/errors';
import { errorInWords } from '../../src/core/errorWords';

describe('errors in words', () => {
  it('end a sentence before the remedy begins', () => {
    const words = (reason: string): string => errorInWords(new AppError('reward.failed', { file: 'a.py', line: 3, reason, remedy: 'Install it.' }));
    assert.equal(words("ModuleNotFoundError: No module named 'ray'"), "a.py, line 3: ModuleNotFoundError: No module named 'ray'. Install it.");
    assert.equal(words('There is no such file.'), 'a.py, line 3: There is no such file. Install it.');
  });
});
