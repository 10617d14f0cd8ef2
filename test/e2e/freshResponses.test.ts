import * as assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { openWorkbench, type Workbench } from './openWorkbench';

/** Responses that did not exist before: from the sample's base policy, and from a server that speaks the OpenAI protocol. */
describe('sampling fresh responses in the playground', () => {
  let vscode: Workbench;
  let page: Page;
  let playground: Frame;
  let server: Server;
  const asked: { readonly messages: readonly { readonly content: unknown }[]; readonly n: number }[] = [];

  before(async () => {
    server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url?.endsWith('/models')) return void response.end(JSON.stringify({ data: [{ id: 'served-model' }] }));
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => {
        const question = JSON.parse(body) as (typeof asked)[number];
        asked.push(question);
        const choices = Array.from({ length: question.n ?? 1 }, (_, index) => ({ index, message: { role: 'assistant', content: `### The final answer is: ${index}` }, finish_reason: 'stop' }));
        response.end(JSON.stringify({ model: 'served-model', choices, usage: { completion_tokens: 9 } }));
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    vscode = await openWorkbench({ theme: 'dark', settings: { 'pebr.endpoint.url': url } });
    page = vscode.page;
    await vscode.container('PeBR');
    await vscode.treeItem('reasoning.reward.ts').click();
    await page.locator('.tab', { hasText: 'reasoning.reward.ts' }).waitFor();
    await vscode.command('PeBR: Open Reward Playground');
    playground = await vscode.webview('.scores tbody tr');
  });
  after(async () => {
    await vscode?.close();
    server?.close();
  });

  afterEach(async function () {
    mkdirSync('artifacts', { recursive: true });
    await page?.screenshot({ path: path.join('artifacts', `${this.currentTest?.title.replace(/[^a-z0-9]+/gi, '-').toLowerCase() ?? 'end'}.png`) });
  });

  async function sample(policy: string, size: string): Promise<void> {
    await playground.locator('vscode-dropdown[aria-label="Responses"]').click();
    await playground.locator('vscode-option:visible', { hasText: 'Sample fresh responses' }).click();
    await page.locator('.quick-input-list [role=option]', { hasText: policy }).first().click();
    await page.locator('.quick-input-widget input.input').fill(size);
    await page.keyboard.press('Enter');
  }

  it('asks the endpoint with prompt and picture, and scores its answers in groups', async () => {
    await sample('OpenAI-compatible endpoint', '2 x 3');
    await playground.locator('.facts', { hasText: '6 responses' }).waitFor({ timeout: 60_000 });
    assert.equal(await playground.locator('.group-line').count(), 2);
    assert.match(JSON.stringify(asked[0]?.messages), /data:image\/png;base64,/);
    const [file] = readdirSync(path.join(vscode.workspace, '.pebr/responses'));
    assert.match(file ?? '', /^\d{8}-\d{6}-served-model\.jsonl$/);
    assert.equal(readFileSync(path.join(vscode.workspace, '.pebr/responses', file ?? ''), 'utf8').trimEnd().split('\n').length, 6);
  });

  it('samples the base policy of the project', async function () {
    this.timeout(240_000);
    await sample('Base policy', '2 x 4');
    await playground.locator('.facts', { hasText: '8 responses' }).waitFor({ timeout: 200_000 });
    await playground.locator('.response-text', { hasText: '### Image Description:' }).waitFor();
  });
});
