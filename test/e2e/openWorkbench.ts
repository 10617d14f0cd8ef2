import { createRequire } from 'node:module';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';

/** What a person does in one window. */
export interface Hands {
  /** Runs a command by its title in the palette. */
  command(title: string): Promise<void>;
  /** Runs a command that asks for a choice, and takes it; `typed` goes into the field with that `placeholder` first. */
  pick(title: string, choice: string, field?: { readonly typed: string; readonly placeholder: string }): Promise<void>;
  /** Opens a view container by its title in the activity bar. */
  container(name: string): Promise<void>;
  treeItem(text: string): ReturnType<Page['locator']>;
  /** The page inside the webview that shows `selector`. */
  webview(selector: string, timeoutMs?: number): Promise<Frame>;
}

/** A real VS Code in a real browser, as `scripts/workbench.js` gives it. */
export interface Workbench extends Hands {
  readonly page: Page;
  readonly workspace: string;
  /** Of the window; another page on it is another window on the same folder. */
  readonly url: string;
  /** The same hands in another window. */
  handsOf(page: Page): Hands;
  close(): Promise<void>;
}

const load = createRequire(path.join(process.cwd(), 'package.json'));
export const { openWorkbench } = load('./scripts/workbench.js') as { openWorkbench(options: object): Promise<Workbench> };
export const { packageExtension } = load('./scripts/package.js') as { packageExtension(): string };
