import * as assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { BoxFrame } from '../../../src/core/project/project';
import type { RowText } from '../../../src/platform/dataset/datasetFile';
import { EndpointProposer } from '../../../src/platform/proposals/endpointProposer';
import { ProposalFile } from '../../../src/platform/proposals/proposalFile';
import { proposeRows } from '../../../src/platform/proposals/proposeRows';

interface Body {
  readonly model: string;
  readonly temperature: number;
  readonly messages: readonly { readonly content: readonly { readonly text?: string; readonly image_url?: { readonly url: string } }[] }[];
}

/** A model behind a real server that speaks the OpenAI protocol. */
describe('a vision-language model that proposes', () => {
  let folder: string;
  let server: Server;
  let url: string;
  let asked: { readonly key: string | undefined; readonly body: Body }[];
  let answer: (body: Body) => { readonly status?: number; readonly content?: string; readonly finish?: string };
  const { signal } = new AbortController();

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pebr-vlm-'));
    const picture = sharp({ create: { width: 400, height: 200, channels: 3, background: '#888' } });
    await picture.clone().png().toFile(path.join(folder, 'a.png'));
    await picture.clone().jpeg().withMetadata({ orientation: 6 }).toFile(path.join(folder, 'turned.jpg')); // seen as 200 × 400
    writeFileSync(path.join(folder, 'text.png'), 'no picture');
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => {
        const body = JSON.parse(text) as Body;
        asked.push({ key: request.headers.authorization, body });
        const { status = 200, content = '[]', finish = 'stop' } = answer(body);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(status === 200 ? { choices: [{ message: { content }, finish_reason: finish }] } : { error: { message: 'no' } }));
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterEach(() => new Promise(resolve => server.close(resolve)));

  const proposer = (frame: BoxFrame): EndpointProposer => new EndpointProposer({ url, model: 'org/vlm-7b', frame, key: 'secret' });
  const propose = (frame: BoxFrame, image = 'a.png', labels: readonly string[] = ['Cat', 'dog']): ReturnType<EndpointProposer['propose']> => proposer(frame).propose({ image: path.join(folder, image), labels }, signal);

  it('is asked for the labels with the picture, and its boxes are read in the frame that was chosen', async () => {
    answer = () => ({ content: 'Here:\n```json\n[{"bbox_2d": [100, 100, 200, 150], "label": "cat", "score": 0.75}, {"bbox_2d": [0, 0, 50, 50], "label": "horse"}]\n```' });
    assert.deepEqual((await propose('norm1000')).proposals, [{ label: 'horse', score: null, bbox: [0, 0, 20, 10] }, { label: 'Cat', score: 0.75, bbox: [40, 20, 80, 30] }]);
    assert.deepEqual((await propose('pixel')).proposals.at(-1), { label: 'Cat', score: 0.75, bbox: [100, 100, 200, 150] });
    // Qwen2.5-VL sees 400 × 200 as 392 × 196.
    assert.deepEqual((await propose('qwen2.5-resized')).proposals.at(-1)?.bbox, [102, 102, 204, 153]);
    const [{ key, body } = {}] = asked;
    const [image, text] = body?.messages[0]?.content ?? [];
    assert.deepEqual([key, body?.model, body?.temperature], ['Bearer secret', 'org/vlm-7b', 0]);
    assert.ok(image?.image_url?.url.startsWith('data:image/png;base64,'));
    assert.match(text?.text ?? '', /Cat, dog.*\n.*thousandths/);
    assert.equal(proposer('pixel').model.name, 'vlm-7b');
    assert.notEqual(proposer('pixel').model.hash, proposer('norm1000').model.hash, 'read in another frame they are other proposals');
  });

  it('sees a picture as its EXIF data turn it', async () => {
    answer = () => ({ content: '<loc0512><loc0000><loc1023><loc1023> cat' });
    const { size, proposals } = await propose('pixel', 'turned.jpg');
    assert.deepEqual([size, proposals[0]?.bbox], [{ width: 200, height: 400 }, [0, 200, 200, 400]]);
    const sent = asked[0]?.body.messages[0]?.content[0]?.image_url?.url.split(',')[1] ?? '';
    const { width, height } = await sharp(Buffer.from(sent, 'base64')).metadata();
    assert.deepEqual([width, height], [200, 400]);
  });

  it('whose answer cannot be used is told, and proposes nothing', async () => {
    answer = () => ({ content: '[{"bbox_2d": [900, 900, 950, 950], "label": "cat"}]' });
    assert.match((await propose('pixel')).note ?? '', /1 box of the answer could not be used: \[900, 900, 950, 950\] is no place in an image of 400 × 200, read as pixels/);
    answer = () => ({ content: 'I cannot see any.' });
    assert.match((await propose('pixel')).note ?? '', /holds no box: "I cannot see any\."/);
    answer = () => ({ content: '[]' });
    assert.deepEqual(await propose('pixel'), { size: { width: 400, height: 200 }, proposals: [] });
    answer = () => ({ content: '[{"bbox_2d": [1, 2, 30, 40], "label": "cat"}, {"bbox_2d": [1', finish: 'length' });
    assert.match((await propose('pixel')).note ?? '', /cut at its limit/);
  });

  it('is asked about many rows, each of them once; a row that it cannot be asked about is left out, and a cancel keeps the others', async () => {
    const lines = ['a.png', 'text.png', '../outside.png', 'a.png', 'refused.png', 'a.png'].map((image, at) => JSON.stringify({ qid: `q${at}`, problem: '?', answer: '', images: [image], key_words: at === 4 ? ['refuse'] : ['cat'], boxes: [] }));
    lines.push('no row', JSON.stringify({ qid: '', problem: '?', answer: '', images: ['a.png'] }));
    writeFileSync(path.join(folder, 'refused.png'), await sharp({ create: { width: 30, height: 30, channels: 3, background: '#000' } }).png().toBuffer());
    async function* rows(): AsyncGenerator<RowText> {
      for (const [row, text] of lines.entries()) yield { row, line: row + 1, text } as RowText;
    }
    answer = ({ messages }) => (messages[0]?.content[1]?.text?.includes('refuse') ? { status: 400 } : { content: '[{"bbox_2d": [1, 2, 30, 40], "label": "cat"}]' });
    const into = await ProposalFile.open(path.join(folder, 'kept.jsonl'), proposer('pixel').model);
    const options = { proposer: proposer('pixel'), into, context: { file: 'x', imageRoot: folder, stage: 'perception', columns: defaultColumns, boxFrame: 'pixel', maxPromptTokens: null } as const, labels: [], again: false };
    const outcome = await proposeRows(lines.length, rows(), { ...options, signal });
    assert.deepEqual([outcome.asked, outcome.known, outcome.proposals], [3, 0, 3]);
    assert.deepEqual(outcome.left.map(({ line }) => line).sort(), [2, 3, 5, 7, 8]);
    assert.match(outcome.left.find(({ line }) => line === 5)?.reason ?? '', /refused it \(400\)/);
    const before = asked.length;
    assert.deepEqual([(await proposeRows(lines.length, rows(), { ...options, signal })).known, asked.length - before], [3, 1], 'only the refused one again');
    const abort = new AbortController();
    const fresh = await ProposalFile.open(path.join(folder, 'cut.jsonl'), proposer('pixel').model);
    const cut = proposeRows(lines.length, rows(), { ...options, into: fresh, signal: abort.signal, onProgress: ({ done }) => done === 2 && abort.abort(new Error('enough')) });
    await assert.rejects(cut, /enough/);
    assert.ok(fresh.size <= 3);
  });

  it('that refuses the key stops everything, with what to do', async () => {
    answer = () => ({ status: 401 });
    await assert.rejects(propose('pixel'), { code: 'endpoint.failed' });
  });
});
