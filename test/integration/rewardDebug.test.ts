import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { TestHands } from '../../src/extension';
import type { RewardHands } from '../../src/features/rewards/register';
import { eventually } from './eventually';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const reward = path.join(root, 'rewards', 'perception.reward.ts');

interface Frame {
  readonly id: number;
  readonly line: number;
  readonly source?: { readonly path?: string; readonly sourceReference?: number };
}

describe('debugging a reward', function () {
  this.timeout(90_000);
  const original = readFileSync(reward, 'utf8');
  let hands: RewardHands;
  before(async () => {
    hands = ((await vscode.extensions.getExtension<TestHands>('pebr-studio.pebr-studio')?.activate()) as TestHands).rewards;
  });
  afterEach(() => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    writeFileSync(reward, original);
  });

  it('stops at the breakpoint in the TypeScript source, image-text model included, and ends', async () => {
    const source = original.replace('format: format(),', 'format: format(),\n    own: ({ response }: { response: string }): number => {\n      const words = response.split(" ");\n      return words.length > 1 ? 1 : 0;\n    },');
    writeFileSync(reward, source);
    const at = source.split('\n').findIndex(text => text.includes('return words.length'));
    const { output } = await stopAt(at, 'words.length', '8', () => vscode.commands.executeCommand('pebr.reward.debug', {
      reward, sample: { dataset: 'cards-perception', qid: 'p-0001' }, response: '### Image Description: a red card\n### Rationales: none',
    }));
    assert.match(output, /own +1\b/);
    assert.match(output, /clip +-?0\.\d+/);
    assert.match(output, /overall +0\.\d+/);
  });

  it('stops in the case at the cursor, from the Test Explorer too', async () => {
    const source = original.replace('format: format(),', 'format: ({ response }: { response: string }) => {\n      return response.includes("### Rationales") ? 1 : 0;\n    },');
    writeFileSync(reward, source);
    const at = source.split('\n').findIndex(text => text.includes('return response'));
    const cases = reward.replace('.ts', '.cases.jsonl');
    const row = JSON.parse(readFileSync(cases, 'utf8').split('\n')[1] ?? '') as { readonly response: string };
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(cases));
    editor.selection = new vscode.Selection(1, 0, 1, 0);
    for (const command of ['pebr.reward.debug', 'testing.debugAtCursor']) {
      await eventually('the case is found', () => hands.tests.controller.items.get(cases)?.children.size === 5);
      await vscode.window.showTextDocument(vscode.Uri.file(cases), { selection: editor.selection });
      await stopAt(at, 'response.length', String(row.response.length), () => vscode.commands.executeCommand(command));
      vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    }
  });

  /** Starts what `start` starts, and goes on from the breakpoint once it is seen with the value of an expression. */
  async function stopAt(line: number, expression: string, value: string, start: () => Thenable<unknown>): Promise<{ readonly output: string }> {
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(vscode.Uri.file(reward), new vscode.Position(line, 0)))]);
    const stops: { readonly session: vscode.DebugSession; readonly threadId: number }[] = [];
    const output: string[] = [];
    let ended = 0;
    const subscriptions = [
      vscode.debug.onDidTerminateDebugSession(session => (ended += session.parentSession ? 0 : 1)),
      vscode.debug.registerDebugAdapterTrackerFactory('*', {
        createDebugAdapterTracker: session => ({
          onDidSendMessage: (message: { readonly event?: string; readonly body?: { readonly threadId?: number; readonly output?: string } }) => {
            if (message.event === 'stopped') stops.push({ session, threadId: message.body?.threadId ?? 0 });
            if (message.event === 'output') output.push(message.body?.output ?? '');
          },
        }),
      }),
    ];
    try {
      const done = start();
      await eventually('the debugger stops', () => stops.length > 0, 60_000);
      const stop = stops[0];
      assert.ok(stop);
      const { stackFrames } = (await stop.session.customRequest('stackTrace', { threadId: stop.threadId })) as { readonly stackFrames: readonly Frame[] };
      const [top] = stackFrames;
      const source = top?.source?.path ?? '';
      const file = source.includes('://') ? vscode.Uri.parse(source).path : source; // a window that is served from elsewhere names its machine
      assert.deepEqual([file, top?.source?.sourceReference || 0, top?.line], [reward, 0, line + 1]); // the file, not what it became
      const { result } = (await stop.session.customRequest('evaluate', { expression, frameId: top?.id })) as { readonly result: string };
      assert.equal(result, value);
      await stop.session.customRequest('continue', { threadId: stop.threadId });
      await done;
      await eventually('the session ends', () => ended > 0);
      return { output: output.join('') };
    } finally {
      subscriptions.forEach(subscription => subscription.dispose());
    }
  }
});
