import * as assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { listResponseFiles, readResponseFile, ResponseWriter } from '../../../src/platform/responses/responseFile';

describe('files of responses', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'pebr-responses-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = (text: string, limit = 100) => {
    const file = path.join(folder, 'given.jsonl');
    writeFileSync(file, text);
    return readResponseFile(file, limit);
  };

  it('come back as they were written, the newest file first', async () => {
    for (const name of ['20260101-000000-base', '20260201-000000-base']) {
      const writer = await ResponseWriter.open(folder, name);
      writer.write({ dataset: 'd', qid: 'q1', index: 0, response: 'ä\n"1"', tokens: 3, finish: 'stop', policy: 'base' });
      writer.write({ dataset: 'd', qid: 'q1', index: 1, response: '', finish: 'length', policy: 'base' });
      await writer.close();
    }
    const files = await listResponseFiles(folder);
    assert.deepEqual(files.map(file => path.basename(file)), ['20260201-000000-base.jsonl', '20260101-000000-base.jsonl']);
    const { responses, problems } = await readResponseFile(files[0] ?? '', 100);
    assert.deepEqual(responses, [{ dataset: 'd', qid: 'q1', index: 0, response: 'ä\n"1"', tokens: 3 }, { dataset: 'd', qid: 'q1', index: 1, response: '', tokens: undefined }]);
    assert.deepEqual(problems, []);
    assert.equal(JSON.parse(readFileSync(files[0] ?? '', 'utf8').split('\n')[0] ?? '').v, 1);
  });

  it('of other tools are read by their usual names, several texts as several responses', async () => {
    const { responses } = await read('\uFEFF{"question_id": 7, "output": "a"}\r\n{"id": "x", "completion": ["b", "c"]}\n{"sample_id": "x", "prediction": "d"}\n');
    assert.deepEqual(responses.map(({ qid, index, response }) => [qid, index, response]), [['7', 0, 'a'], ['x', 0, 'b'], ['x', 1, 'c'], ['x', 2, 'd']]);
  });

  it('tell each line that cannot be used, with its number, and keep the others', async () => {
    const { responses, problems } = await read('{"qid": "a", "response": "x"}\nnot json\n{"response": "no id"}\n{"qid": "b"}\n[1]\n{"qid": "c", "response": "y", "tokens": NaN}\n{"qid": "d", "resp');
    assert.deepEqual(responses.map(response => response.qid), ['a', 'c']);
    assert.deepEqual(problems.map(problem => problem.line), [2, 3, 4, 5, 7]);
    assert.match(problems[1]?.message ?? '', /names no sample/);
    assert.match(problems[2]?.message ?? '', /has no response/);
  });

  it('are read up to the limit, and a file that is not there says so', async () => {
    assert.equal((await read('{"qid": "a", "response": ["1", "2", "3"]}\n{"qid": "b", "response": "4"}\n', 2)).responses.length, 2);
    await assert.rejects(readResponseFile(path.join(folder, 'gone.jsonl'), 2), /there is no such file/);
    assert.deepEqual(await listResponseFiles(path.join(folder, 'gone')), []);
  });
});
