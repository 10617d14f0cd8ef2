import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from './eventually';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const reward = path.join(root, 'rewards', 'perception.reward.ts');

interface Frame {
  readonly line: number;
  readonly source?: { readonly path?: string };
}

describe('debugging a reward', function () {
  this.timeout(90_000);
  const original = readFileSync(reward, 'utf8');
  afterEach(() => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    writeFileSync(reward, original);
  });

  it('stops at the breakpoint in the TypeScript source, image-text model included, and ends', async () => {
    const source = original.replace('format: format(),', 'format: format(),\n    own: ({ response }: { response: string }): number => {\n      const words = response.split(" ");\n      return words.length > 1 ? 1 : 0;\n    },');
    writeFileSync(reward, source);
    const at = source.split('\n').findIndex(text => text.includes('return words.length'));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(vscode.Uri.file(reward), new vscode.Position(at, 0)))]);
    const stops: { readonly session: vscode.DebugSession; readonly threadId: number }[] = [];
    const output: string[] = [];
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('*', {
      createDebugAdapterTracker: session => ({
        onDidSendMessage: (message: { readonly event?: string; readonly body?: { readonly threadId?: number; readonly output?: string } }) => {
          if (message.event === 'stopped') stops.push({ session, threadId: message.body?.threadId ?? 0 });
          if (message.event === 'output') output.push(message.body?.output ?? '');
        },
      }),
    });
    try {
      const done = vscode.commands.executeCommand('pebr.reward.debug', { reward, sample: { dataset: 'cards-perception', qid: 'p-0001' }, response: '### Image Description: a red card\n### Rationales: none' });
      await eventually('the debugger stops', () => stops.length > 0, 60_000);
      const stop = stops[0];
      assert.ok(stop);
      const { stackFrames } = (await stop.session.customRequest('stackTrace', { threadId: stop.threadId })) as { readonly stackFrames: readonly Frame[] };
      assert.deepEqual([stackFrames[0]?.source?.path, stackFrames[0]?.line], [reward, at + 1]);
      const { result } = (await stop.session.customRequest('evaluate', { expression: 'words.length', frameId: (stackFrames[0] as unknown as { id: number }).id })) as { readonly result: string };
      assert.equal(result, '8');
      await stop.session.customRequest('continue', { threadId: stop.threadId });
      await done; // the session has ended
      const text = output.join('');
      assert.match(text, /own +1\b/);
      assert.match(text, /clip +-?0\.\d+/);
      assert.match(text, /overall +0\.\d+/);
    } finally {
      tracker.dispose();
    }
  });
});
