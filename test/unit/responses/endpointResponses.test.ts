import * as assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { errorInWords } from '../../../src/core/errorWords';
import { parseProject } from '../../../src/core/project/parseProject';
import type { Project } from '../../../src/core/project/project';
import { readSamples } from '../../../src/platform/dataset/readSample';
import type { Endpoint } from '../../../src/platform/responses/endpoint';
import { endpointModels, endpointResponses } from '../../../src/platform/responses/endpointResponses';
import type { FreshOutcome, FreshRequest, FreshResponse } from '../../../src/platform/responses/freshResponse';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

interface Asked {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: { model?: string; n?: number; temperature?: number; top_p?: number; max_tokens?: number; messages?: { role: string; content: unknown }[] };
}

type Answer = (asked: Asked, request: IncomingMessage, response: ServerResponse) => void;

describe('endpointResponses', () => {
  let folder: string;
  let project: Project;
  let server: Server;
  let url: string;
  let asked: Asked[];
  let answer: Answer;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-endpoint-'));
    mkdirSync(path.join(folder, 'images'));
    writeFileSync(path.join(folder, 'images/a.png'), png);
    writeFileSync(path.join(folder, 'outside.png'), png);
    writeFileSync(path.join(folder, 'images/big.png'), Buffer.concat([png, Buffer.alloc(21 << 20)]));
    writeFileSync(path.join(folder, 'images/text.png'), 'not a picture');
    symlinkSync(path.join(folder, 'outside.png'), path.join(folder, 'images/link.png'));
    const rows = [
      { qid: 'a', question: 'Look: <image> How many?', answer: '7', images: ['a.png'], source: 'vqa' }, { qid: 'plain', question: 'One and one?', answer: '2' },
      { qid: 'big', question: '<image>?', answer: '1', images: ['big.png'] }, { qid: 'text', question: '<image>?', answer: '1', images: ['text.png'] },
      { qid: 'out', question: '<image>?', answer: '1', images: ['../outside.png'] }, { qid: 'link', question: '<image>?', answer: '1', images: ['link.png'] },
      { qid: 'gone', question: '<image>?', answer: '1', images: ['gone.png'] }, { qid: 'marks', question: 'no mark', answer: '1', images: ['a.png'] },
    ];
    writeFileSync(path.join(folder, 'data.jsonl'), `\n${rows.map(row => JSON.stringify(row)).join('\n')}\n`);
    writeFileSync(path.join(folder, 'prompt.jinja'), 'Describe.{% if sample.source %} ({{ sample.source }}){% endif %}\n{{ content | trim }}\n');
    project = parseProject(JSON.stringify({
      v: 1, name: 'p', datasets: [{ id: 'd', stage: 'reasoning', path: 'data.jsonl', imageRoot: 'images', columns: { problem: 'question' } }], prompt: 'prompt.jinja', policy: { base: 'x', maxResponseTokens: 33 },
    }), 'pebr.json').project as Project;
    assert.ok(project);
    asked = [];
    answer = ({ body }, _, response) => reply(response, Array.from({ length: body.n ?? 1 }, (__, index) => `r${asked.length}.${index}`), { completion_tokens: 5 });
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => {
        const one: Asked = { path: request.url ?? '', key: request.headers.authorization, body: text ? (JSON.parse(text) as Asked['body']) : {} };
        asked.push(one);
        if (one.path.endsWith('/models')) json(response, 200, { data: [{ id: 'vlm-7b' }, { id: 'other' }] });
        else answer(one, request, response);
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(qids: readonly string[], endpoint: Partial<Endpoint> = {}, change: Partial<FreshRequest> = {}): Promise<FreshOutcome & { readonly heard: readonly FreshResponse[] }> {
    const dataset = project.datasets[0];
    assert.ok(dataset);
    const samples = await readSamples(folder, dataset, { limit: 99, qids: new Set(qids) });
    const heard: FreshResponse[] = [];
    const outcome = await endpointResponses({ url, model: 'm', ...endpoint }, {
      folder, project, dataset, samples, responses: 3, temperature: 0.7, topP: 0.9, signal: new AbortController().signal, onResponse: each => heard.push(each), ...change,
    });
    return { ...outcome, heard };
  }
  const failure = async (promise: Promise<unknown>): Promise<string> => promise.then(() => assert.fail('it did not fail'), (error: unknown) => {
    assert.ok(error instanceof AppError, String(error));
    return errorInWords(error);
  });

  it('asks for the prompt that the trainer renders, with the picture in its place', async () => {
    const { responses, heard, left, policy } = await ask(['a']);
    assert.deepEqual(responses.map(({ qid, index, response, finish, tokens }) => [qid, index, response, finish, tokens]), [0, 1, 2].map(index => ['a', index, `r1.${index}`, 'stop', undefined]));
    assert.deepEqual([heard, left, policy], [responses, [], 'm']);
    const { path: address, body, key } = asked[0] ?? assert.fail('nothing was asked');
    assert.deepEqual([address, key, body.model, body.n, body.temperature, body.top_p, body.max_tokens], ['/v1/chat/completions', undefined, 'm', 3, 0.7, 0.9, 33]);
    assert.deepEqual(body.messages, [{ role: 'user', content: [
      { type: 'text', text: 'Describe. (vqa)\nLook: ' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } }, { type: 'text', text: ' How many?' },
    ] }]);
  });

  it('asks again until there are enough where the server gives one at a time, and counts tokens then', async () => {
    answer = (_, __, response) => reply(response, [`r${asked.length}`], { completion_tokens: 5 });
    const { responses } = await ask(['plain']);
    assert.deepEqual(responses.map(({ index, response, tokens }) => [index, response, tokens]), [[0, 'r1', undefined], [1, 'r2', undefined], [2, 'r3', 5]]);
    answer = ({ body }, __, response) => ((body.n ?? 1) > 1 ? json(response, 400, { error: { message: 'n must be 1' } }) : reply(response, ['one'], { completion_tokens: 2 }));
    assert.deepEqual((await ask(['plain'])).responses.map(({ response, tokens }) => [response, tokens]), [['one', 2], ['one', 2], ['one', 2]]);
  });

  it('leaves out what it cannot send, and says why', async () => {
    const { responses, left } = await ask(['plain', 'big', 'text', 'out', 'link', 'gone', 'marks'], {}, { responses: 1 });
    assert.deepEqual(responses.map(({ qid }) => qid), ['plain']);
    const reasons = new Map(left.map(({ qid, reason }) => [qid, reason]));
    assert.match(reasons.get('big') ?? '', /big\.png is 21 MB, more than 20 MB/);
    assert.match(reasons.get('text') ?? '', /text\.png is no PNG/);
    assert.match(reasons.get('out') ?? '', /0 images that can be used but 1 <image>/);
    assert.match(reasons.get('link') ?? '', /link\.png leads out of the image root/);
    assert.match(reasons.get('gone') ?? '', /gone\.png is missing/);
    assert.match(reasons.get('marks') ?? '', /1 images that can be used but 0 <image>/);
    assert.equal(asked.length, 1);
  });

  it('takes the first model where none is named, and understands the whole address', async () => {
    assert.equal((await ask(['plain'], { model: null, url: `${url}/chat/completions` })).policy, 'vlm-7b');
    assert.deepEqual(asked.map(each => each.path), ['/v1/models', '/v1/chat/completions']);
    assert.deepEqual(await endpointModels({ url }), ['vlm-7b', 'other']);
  });

  it('sends the key to the address and shows it nowhere', async () => {
    answer = ({ key }, __, response) => json(response, 401, { error: { message: `bad key ${key?.slice(7)}` } });
    const words = await failure(ask(['plain'], { key: 'sk-secret' }));
    assert.equal(asked[0]?.key, 'Bearer sk-secret');
    assert.match(words, /answered 401: bad key …\. Give the key/);
    assert.ok(!words.includes('sk-secret'));
  });

  const failures: readonly [what: string, status: number, body: unknown, headers: Record<string, string>, words: RegExp][] = [
    ['an unknown model', 404, { error: { message: 'The model `m` does not exist.' } }, {}, /answered 404: The model `m` does not exist\.\. Check the address/],
    ['too many requests for long', 429, { error: 'slow down' }, { 'retry-after': '120' }, /answered 429: slow down\. Try again in 120 s/],
    ['a failing server', 500, 'oops', {}, /answered 500: oops\. Look at the log of the server/],
    ['an answer that is no JSON', 200, '<html>', {}, /answer is no JSON: "<html>"/],
    ['another address', 307, '', { location: 'http://127.0.0.1:1/v1' }, /sends requests on to another address\. Give the final address/],
  ];
  for (const [what, status, body, headers, words] of failures) {
    it(`tells of ${what}`, async () => {
      answer = (_, __, response) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
      };
      assert.match(await failure(ask(['plain'])), words);
      assert.equal(asked.length, 1);
    });
  }

  it('waits as long as the server asks, and goes on', async () => {
    answer = (_, __, response) => {
      if (asked.length > 1) return reply(response, ['late'], {});
      response.setHeader('retry-after', '0');
      json(response, 429, {});
    };
    assert.deepEqual((await ask(['plain'], {}, { responses: 1 })).responses.map(each => each.response), ['late']);
  });

  it('tells of a request that the server refuses, for its sample alone', async () => {
    answer = ({ body }, __, response) => (Array.isArray(body.messages?.[0]?.content) ? json(response, 400, { error: { message: 'no images here' } }) : reply(response, ['ok'], {}));
    const { responses, left } = await ask(['a', 'plain'], {}, { responses: 1 });
    assert.deepEqual([responses.map(each => each.qid), left], [['plain'], [{ qid: 'a', reason: 'the endpoint refused it (400): no images here' }]]);
  });

  it('tells that nothing listens, that no answer comes, and what is no address', async () => {
    const port = new URL(url).port;
    await new Promise(resolve => server.close(resolve));
    assert.match(await failure(ask(['plain'])), new RegExp(`127\\.0\\.0\\.1:${port}/v1: Nothing listens there.* Start the server`));
    await new Promise<void>(resolve => server.listen(Number(port), '127.0.0.1', resolve));
    answer = () => undefined;
    assert.match(await failure(ask(['plain'], { timeoutMs: 60 })), /no answer within 0\.06 s\. Ask for fewer/);
    assert.match(await failure(ask(['plain'], { url: 'file:///etc/passwd' })), /"file:" is not http: or https:/);
    assert.match(await failure(ask(['plain'], { url: 'localhost' })), /is no address/);
    assert.match(await failure(ask(['plain'], { url: 'http://me:pass@localhost/v1' })), /holds a name or a password/);
  });

  it('asks so many at a time and no more, and ends them all when it is cancelled', async () => {
    let open = 0;
    let most = 0;
    const cancel = new AbortController();
    const closed: Promise<void>[] = [];
    answer = (_, __, response) => {
      most = Math.max(most, ++open);
      if (open === 2) cancel.abort();
      closed.push(new Promise(resolve => response.once('close', resolve)));
    };
    await assert.rejects(ask(['a', 'plain'], { concurrency: 2 }, { signal: cancel.signal }), { name: 'AbortError' });
    await Promise.all(closed);
    assert.equal(most, 2);
    open = most = 0;
    answer = (_, __, response) => {
      most = Math.max(most, ++open);
      response.once('close', () => open--);
      reply(response, ['x'], {});
    };
    await ask(['a', 'plain'], { concurrency: 1 }, { responses: 1 });
    assert.equal(most, 1);
  });
});

function reply(response: ServerResponse, texts: readonly string[], usage: unknown): void {
  json(response, 200, { choices: texts.map((content, index) => ({ index, message: { role: 'assistant', content }, finish_reason: 'stop' })), usage });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
