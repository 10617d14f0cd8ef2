import * as assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { curationFile } from '../../../src/platform/dataset/curationFile';
import { lintCuration } from '../../../src/platform/lint/lintCuration';

describe('lint of a curation file', () => {
  it('places what cannot be read on its line, and finds nothing where there is no file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pebr-lint-curation-'));
    try {
      const file = path.join(folder, 'data.jsonl');
      assert.deepEqual((await lintCuration(file)).problems, []);
      await writeFile(curationFile(file), '{"qid":"a"}\n<<<<<<< HEAD\n{"qid":"a","review":"accepted"}\n{"qid":"b","review":"perhaps"}\n');
      const { problems, counts } = await lintCuration(file);
      assert.deepEqual(problems.map(({ line, rule, message }) => [line, rule, message]), [
        [2, 'curation/malformed-line', 'This line ends in the middle (the writer was stopped while it wrote).'],
        [3, 'curation/repeated-qid', 'There is an earlier line for a; this one counts.'],
        [4, 'curation/malformed-line', '"review" is "perhaps", which is none of its values.'],
      ]);
      assert.equal(counts.get('curation/malformed-line')?.count, 2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
