import * as assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { openWorkbench, type Workbench } from './openWorkbench';

/** How often; `PEBR_KILLS=100` shows more. */
const kills = Number(process.env['PEBR_KILLS'] ?? 3);

/** The process that has the documents is killed as by `kill -9` in the midst of a person's work, who then reloads the window. */
describe('work in a window whose extension host is killed', function () {
  this.timeout(300_000 + kills * 120_000);
  let vscode: Workbench;
  let page: Page;
  let editor: Frame;

  before(async () => {
    vscode = await openWorkbench({ theme: 'light', settings: { 'files.autoSave': 'off' } });
    page = vscode.page;
    await vscode.container('PeBR');
    await vscode.treeItem('cards-perception').waitFor({ timeout: 90_000 });
    await vscode.pick('PeBR: Open Dataset', 'cards-perception');
    editor = await vscode.webview('.canvas-viewport canvas', 90_000);
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
  });
  after(() => vscode?.close());
  afterEach(async function () {
    if (!page || this.currentTest?.state !== 'failed') return;
    mkdirSync('artifacts', { recursive: true });
    await page.screenshot({ path: path.join('artifacts', `host-killed-${this.currentTest.title.replace(/[^a-z0-9]+/gi, '-')}.png`) });
  });

  const saved = (): number | undefined => (JSON.parse(readFileSync(path.join(vscode.workspace, 'data/perception.jsonl'), 'utf8').split('\n')[0] ?? '') as { boxes: { bbox: number[] }[] }).boxes[0]?.bbox[0];
  const left = (): Promise<number> => editor.locator('.boxes .mono').first().innerText().then(text => Number(text.split(',')[0]));
  const isAt = (x: number): Promise<unknown> => editor.waitForFunction(wanted => document.querySelector('.boxes .mono')?.textContent?.startsWith(`${wanted},`), x);
  /** Changes with every step that is on the disk. */
  const journal = (): string => {
    const storage = path.join(vscode.workspace, '../profile/data/User/workspaceStorage');
    const folders = readdirSync(storage).map(name => path.join(storage, name, 'pebr-studio.pebr-studio/journals'));
    return folders.flatMap(folder => listed(folder).map(name => `${name} ${statSync(path.join(folder, name)).size}`)).join();
  };
  const press = async (key: string): Promise<void> => {
    const before = journal();
    await page.keyboard.press(key);
    for (const end = Date.now() + 20_000; journal() === before; await page.waitForTimeout(5)) assert.ok(Date.now() < end, `${key} is not journaled`);
  };
  const save = async (x: number): Promise<void> => {
    await page.keyboard.press('Control+s');
    for (const end = Date.now() + 20_000; saved() !== x; await page.waitForTimeout(20)) assert.ok(Date.now() < end, `the file has ${saved()}, not ${x}`);
    await editor.locator('.status', { hasText: 'All edits saved' }).waitFor();
  };
  const kill = async (): Promise<void> => {
    const [host] = extensionHosts();
    assert.ok(host, 'an extension host runs');
    process.kill(host, 'SIGKILL');
    for (const end = Date.now() + 10_000; extensionHosts().includes(host); await page.waitForTimeout(50)) assert.ok(Date.now() < end);
  };
  const reload = async (): Promise<void> => {
    await page.reload();
    await page.locator('.monaco-workbench').waitFor({ timeout: 90_000 });
    editor = await vscode.webview('.boxes .mono', 240_000);
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor({ timeout: 60_000 });
    await editor.locator('.boxes [role=option]').first().click();
  };

  it('says that what is done then is not kept, and has all that was done before again', async () => {
    const x = await left();
    await editor.locator('.boxes [role=option]').first().click();
    await press('ArrowRight');
    await editor.locator('.status', { hasText: '1 edit not saved' }).waitFor();
    await kill();
    await page.keyboard.press('ArrowRight');
    await editor.locator('.banner', { hasText: 'VS Code does not answer: your last step is not kept yet' }).waitFor();
    await reload();
    await editor.locator('.banner', { hasText: '1 unsaved edit from before this window was closed or crashed is back.' }).waitFor();
    await isAt(x + 1);
    await page.keyboard.press('Control+z');
    await isAt(x);
    await editor.locator('.status', { hasText: 'All edits saved' }).waitFor();
  });

  it(`keeps any order of steps, undo, redo and saving, and what can be undone (killed ${kills} times)`, async () => {
    const random = seeded(Number(process.env['PEBR_SEED'] ?? 7));
    const start = await left();
    let steps: number[] = []; // where the box is after each
    let done = 0;
    const now = (): number => (done === 0 ? start : (steps[done - 1] ?? start));
    for (let killed = 0; killed < kills; killed++) {
      for (let each = 0; each < 6; each++) {
        const kind = random();
        if (kind < 0.5) {
          const right = random() < 0.7;
          steps = [...steps.slice(0, done), now() + (right ? 1 : -1)];
          done++;
          await press(right ? 'ArrowRight' : 'ArrowLeft');
        } else if (kind < 0.7 && done > 0) {
          done--;
          await press('Control+z');
        } else if (kind < 0.85 && done < steps.length) {
          done++;
          await press('Control+y');
        } else {
          await save(now());
        }
        await isAt(now());
      }
      await kill();
      await reload();
      await isAt(now());
    }
    for (; done > 0; done--) {
      await isAt(now());
      await page.keyboard.press('Control+z');
    }
    await isAt(start);
    for (; done < steps.length; done++) {
      await page.keyboard.press('Control+y');
      await isAt(steps[done] ?? start);
    }
    await save(now());
  });
});

/** Process ids of the extension hosts that this process started, through VS Code's server. */
function extensionHosts(): readonly number[] {
  const read = (pid: string, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      return ''; // it just ended
    }
  };
  const parentOf = (pid: string): string => read(pid, 'stat').split(') ').at(-1)?.split(' ')[1] ?? '0';
  const isOurs = (pid: string): boolean => {
    for (let each = pid; Number(each) > 1; each = parentOf(each)) if (Number(each) === process.pid) return true;
    return false;
  };
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && read(name, 'cmdline').includes('--type=extensionHost') && isOurs(name)).map(Number);
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith('.jsonl'));
  } catch {
    return []; // nothing was journaled there yet
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
