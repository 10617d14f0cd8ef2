import * as assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { RewardServer } from '../../../src/platform/rewards/rewardServer';

const sample = { qid: 'a', problem: '', answer: '7', images: [], key_words: [], boxes: [] };
const items = [{ response: '### The final answer is: 7', sample }, { response: '8', sample }];

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function ask(url: string, { method = 'POST', body = '', headers = {} }: { method?: string; body?: string; headers?: Record<string, string> }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    // A path as it stands: URL would tidy `/../score` up.
    const target = url.slice(url.indexOf('/', 8)) || pathname;
    const sent = request({ hostname, port, path: target, method, headers }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('pebr reward serve', function () {
  this.timeout(20_000);
  let server: ChildProcess;
  let url = '';
  let token = '';
  let out = '';
  before(async () => {
    server = spawn(process.execPath, ['dist/cli.js', 'reward', 'serve', 'samples/cards/rewards/reasoning.reward.ts'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = createInterface({ input: server.stdout ?? process.stdin });
    for await (const line of lines) {
      out += `${line}\n`;
      url = /^PEBR_REWARD_URL=(.*)$/.exec(line)?.[1] ?? url;
      token = /^PEBR_REWARD_TOKEN=(.*)$/.exec(line)?.[1] ?? token;
      if (token !== '') break;
    }
  });
  after(() => server.kill('SIGKILL'));
  const good = (): Record<string, string> => ({ 'Content-Type': 'application/json', Authorization: `Bearer ${token}` });
  const body = JSON.stringify({ items });

  it('listens on loopback with a long token, told once', () => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(token, /^[\w-]{32}$/);
    assert.equal(out.split(token).length, 2);
  });

  it('scores', async () => {
    const { status, text } = await ask(`${url}/score`, { body, headers: good() });
    assert.equal(status, 200);
    assert.deepEqual((JSON.parse(text) as { scores: { overall: number }[] }).scores.map(score => score.overall), [0.9, 0]);
  });

  const attacks: readonly (readonly [what: string, status: number, change: () => Parameters<typeof ask>[1] & { path?: string }])[] = [
    ['no token', 401, () => ({ body, headers: { 'Content-Type': 'application/json' } })],
    ['a wrong token', 401, () => ({ body, headers: { ...good(), Authorization: `Bearer ${token.slice(0, -1)}${token.endsWith('x') ? 'y' : 'x'}` } })],
    ['a token without Bearer', 401, () => ({ body, headers: { ...good(), Authorization: token } })],
    ['an empty token', 401, () => ({ body, headers: { ...good(), Authorization: 'Bearer ' } })],
    ['the token in the address', 401, () => ({ path: `/score?token=${token}`, body, headers: { 'Content-Type': 'application/json' } })],
    ['a page in a browser', 403, () => ({ body, headers: { ...good(), Origin: 'http://localhost:3000' } })],
    ['a page without an origin', 403, () => ({ body, headers: { ...good(), Origin: 'null' } })],
    ['a preflight', 403, () => ({ method: 'OPTIONS', headers: { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'POST' } })],
    ['GET', 405, () => ({ method: 'GET', headers: good() })],
    ['another path', 404, () => ({ path: '/', body, headers: good() })],
    ['a path that climbs', 404, () => ({ path: '/score/../../etc/passwd', body, headers: good() })],
    ['an encoded path that climbs', 404, () => ({ path: '/%2e%2e/score', body, headers: good() })],
    ['a doubled slash', 404, () => ({ path: '//score', body, headers: good() })],
    ['a form', 415, () => ({ body, headers: { ...good(), 'Content-Type': 'text/plain' } })],
    ['no JSON', 400, () => ({ body: '{"items": [', headers: good() })],
    ['a list', 400, () => ({ body: '[]', headers: good() })],
    ['null', 400, () => ({ body: 'null', headers: good() })],
    ['an item without a sample', 400, () => ({ body: '{"items": [{"response": "a"}]}', headers: good() })],
    ['an item with a number for a response', 400, () => ({ body: '{"items": [{"response": 1, "sample": {}}]}', headers: good() })],
    ['too many items', 413, () => ({ body: JSON.stringify({ items: new Array(10_001).fill(0) }), headers: good() })],
    ['a body that is said to be huge', 413, () => ({ headers: { ...good(), 'Content-Length': String(2 ** 40) }, body: 'x' })],
  ];
  for (const [what, status, change] of attacks) {
    it(`answers ${status} to ${what}`, async () => {
      const { path: target = '/score', ...asked } = change();
      const answer = await ask(url + target, asked);
      assert.equal(answer.status, status, answer.text);
      assert.equal(Object.keys(answer.headers).some(name => name.startsWith('access-control')), false);
      assert.ok(!answer.text.includes(token) && !answer.text.includes('/etc') && !answer.text.includes('    at '), answer.text);
    });
  }

  it('still scores after all of that', async () => assert.equal((await ask(`${url}/score`, { body, headers: good() })).status, 200));

  it('tells an error of the reward as one of its response', async () => {
    const odd = JSON.stringify({ items: [{ response: 'x', sample: { qid: 'a', answer: { toString: 1 } } }, items[0]] });
    const { status, text } = await ask(`${url}/score`, { body: odd, headers: good() });
    assert.equal(status, 200);
    assert.equal((JSON.parse(text) as { scores: { overall: number | null }[] }).scores[1]?.overall, 0.9);
  });

  it('ends with the signal, and 0', async () => {
    server.kill('SIGTERM');
    assert.deepEqual(await once(server, 'exit'), [0, null]);
    await assert.rejects(ask(`${url}/score`, { body, headers: good() }), /ECONNREFUSED/);
  });
});

describe('a reward server', function () {
  this.timeout(20_000);
  let release: () => void = () => undefined;
  const held = new Promise<void>(resolve => (release = resolve));
  const server = new RewardServer({
    token: 'secret', host: '127.0.0.1', port: 0, maxBytes: 1000, requestMs: 700,
    score: async given => {
      if (given[0]?.response === 'wait') await held;
      return { scores: given.map(() => ({ overall: 1, components: {}, evidence: [] })), rewardHash: 'x', ms: 0 };
    },
  });
  let port = 0;
  before(async () => {
    port = await server.listen();
  });
  const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer secret' };

  it('reads no more than its limit of a body whose length is not said', async () => {
    const sent = request({ port, host: '127.0.0.1', path: '/score', method: 'POST', headers: { ...headers, 'Transfer-Encoding': 'chunked' } });
    const answered = once(sent, 'response') as Promise<[{ statusCode: number }]>;
    sent.on('error', () => undefined); // it hangs up on the rest
    for (let n = 0; n < 10; n++) sent.write('x'.repeat(500));
    assert.equal((await answered)[0].statusCode, 413);
    sent.destroy();
  });

  it('hangs up on a body that trickles', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /score HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{');
    const timer = setInterval(() => socket.write(' '), 100);
    socket.on('error', () => undefined);
    await once(socket.resume(), 'close');
    clearInterval(timer);
  });

  it('lets what runs come to its end when it closes', async () => {
    const answer = ask(`http://127.0.0.1:${port}/score`, { body: JSON.stringify({ items: [{ response: 'wait', sample }] }), headers });
    // The second answer shows that the first request has arrived.
    await ask(`http://127.0.0.1:${port}/score`, { body: JSON.stringify({ items: [] }), headers });
    const closed = server.close();
    release();
    assert.equal((await answer).status, 200);
    await closed;
  });
});

describe('pebr reward shim', () => {
  it('refuses a policy that is none, and a file that is not there', () => {
    const run = (...args: string[]): Promise<unknown[]> => once(spawn(process.execPath, ['dist/cli.js', 'reward', 'shim', ...args], { stdio: 'ignore' }), 'exit');
    return Promise.all([
      run('samples/cards/rewards/reasoning.reward.ts', '--out', path.join('out', 'never.py'), '--on-error', 'zero'), run('gone.reward.ts'), run(),
    ]).then(exits => assert.deepEqual(exits.map(([code]) => code), [2, 2, 2]));
  });
});
