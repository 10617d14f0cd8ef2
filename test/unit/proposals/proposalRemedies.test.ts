import * as assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { errorInWords } from '../../../src/core/errorWords';
import { partialRemedies, proposalRemedies } from '../../../src/core/proposals/proposalRemedies';
import { readDetectorFolder } from '../../../src/platform/proposals/detectorFolder';
import { EndpointProposer } from '../../../src/platform/proposals/endpointProposer';

/** Every failure has a way out: the error itself comes from real folders and a real server. */
describe('what mends proposals that fail', () => {
  let folder: string;
  let server: Server;
  let status = 200;
  let said = '{}';
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pebr-remedies-'));
    await sharp({ create: { width: 40, height: 20, channels: 3, background: '#888' } }).png().toFile(path.join(folder, 'a.png'));
    server = createServer((request, response) => void request.resume().on('end', () => response.writeHead(status).end(said)));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const failureOf = async (work: () => Promise<unknown>): Promise<unknown> => {
    try {
      await work();
    } catch (error) {
      return error;
    }
    return assert.fail('nothing failed');
  };
  const asked = (port: number, timeoutMs?: number) => failureOf(() => new EndpointProposer({ url: `http://127.0.0.1:${port}/v1`, model: 'vlm', frame: 'norm1000', ...(timeoutMs !== undefined && { timeoutMs }) }).propose({ image: path.join(folder, 'a.png'), labels: ['cat'] }, new AbortController().signal));
  const port = (): number => (server.address() as AddressInfo).port;

  it('is another folder, the setting or the description of a detector that cannot be used', async () => {
    assert.deepEqual(proposalRemedies(await failureOf(() => readDetectorFolder(path.join(folder, 'gone')))), ['chooseModel', 'nameModel', 'retry']);
    mkdirSync(path.join(folder, 'empty'));
    assert.deepEqual(proposalRemedies(await failureOf(() => readDetectorFolder(path.join(folder, 'empty')))), ['chooseModel', 'nameModel', 'retry']);
    mkdirSync(path.join(folder, 'wrong'));
    writeFileSync(path.join(folder, 'wrong', 'pebr-model.json'), '{"v": 1}');
    const wrong = await failureOf(() => readDetectorFolder(path.join(folder, 'wrong')));
    assert.match(errorInWords(wrong), /pebr-model\.json/);
    assert.deepEqual(proposalRemedies(wrong), ['openDescription', 'chooseModel', 'retry']);
  });

  it('is the key, the address, the model or another try for an endpoint', async () => {
    for (const [code, text, remedies] of [
      [401, '{"error": {"message": "no key"}}', ['giveKey', 'openEndpoint']],
      [404, 'not found', ['chooseModel', 'openEndpoint', 'retry']],
      [500, 'broken', ['retry', 'chooseModel']],
      [200, '<html>', ['retry', 'openEndpoint', 'chooseModel']],
    ] as const) {
      status = code;
      said = text;
      const error = await asked(port());
      assert.match(errorInWords(error), /127\.0\.0\.1/);
      assert.deepEqual(proposalRemedies(error), remedies, `${code}`);
    }
    const free = createServer();
    await new Promise<void>(resolve => free.listen(0, '127.0.0.1', resolve));
    const unused = (free.address() as AddressInfo).port;
    await new Promise(resolve => free.close(resolve));
    assert.deepEqual(proposalRemedies(await asked(unused)), ['retry', 'openEndpoint', 'chooseModel']);
    assert.deepEqual(proposalRemedies(await failureOf(async () => new EndpointProposer({ url: 'nonsense', model: 'vlm', frame: 'pixel' }))), ['openEndpoint', 'chooseModel']);
  });

  it('is another model or frame where samples were refused or their boxes could not be read', () => {
    assert.deepEqual(partialRemedies([]), []);
    assert.deepEqual(partialRemedies(['the endpoint refused it (400): no such model']), ['chooseModel', 'openEndpoint', 'retry']);
    assert.deepEqual(partialRemedies(['3 boxes of the answer could not be used: [900, 900, 950, 950] is no place in an image of 40 × 20']), ['chooseModel', 'retry']);
    assert.deepEqual(partialRemedies(['it has no image']), ['retry']);
  });
});
