// A real VS Code in a real browser, driven as a person would: for the e2e story, the benchmarks and the README's pictures.
const { cpSync, existsSync, mkdirSync, rmSync } = require('node:fs');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { chromiumFlags, findChromium, installVsix, startBrowserVsCode, temporaryFolder } = require('./browserVsCode');
const { root } = require('./setUp');

const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern', 'high contrast': 'Default High Contrast', 'high contrast light': 'Default High Contrast Light' };

/**
 * Opens a copy of a project (the sample by default), with the packaged extension when `vsix` is given, else the one under development.
 * @param {{vsix?: string, project?: string, theme?: 'light'|'dark'|'high contrast'|'high contrast light', version?: 'newest'|'oldest', keep?: boolean, settings?: object, size?: {width: number, height: number}}} options
 */
async function openWorkbench(options = {}) {
  const work = temporaryFolder('pebr-workbench');
  const workspace = path.join(work, 'cards');
  const profile = path.join(work, 'profile');
  mkdirSync(work, { recursive: true });
  cpSync(options.project ?? path.join(root, 'samples/cards'), workspace, { recursive: true, filter: source => !source.includes(`${path.sep}.pebr`) });
  if (options.vsix) installVsix(profile, options.vsix, options.version);
  const theme = themes[options.theme ?? 'dark'];
  if (!theme) throw new Error(`No theme ${options.theme}; there are ${Object.keys(themes).join(', ')}`);
  const isHighContrast = theme.includes('High Contrast');
  const server = await startBrowserVsCode({
    version: options.version, profile, testDriver: !options.vsix,
    settings: { 'workbench.colorTheme': isHighContrast ? themes.dark : theme, 'window.autoDetectColorScheme': false, 'pebr.python.path': path.join(root, 'trainer/.venv/bin/python'), ...options.settings },
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const context = await browser.newContext({ viewport: options.size ?? { width: 1500, height: 950 } });
  context.setDefaultTimeout(90_000); // a loaded machine is slow, not broken
  const page = await context.newPage();
  const payload = options.vsix ? '' : `&payload=${encodeURIComponent(JSON.stringify([['extensionDevelopmentPath', `vscode-remote://localhost:${server.port}${root}`]]))}`;
  const url = `${server.url}/?folder=${encodeURIComponent(workspace)}${payload}`;
  const workbench = {
    page, workspace, server, context, url, ...handsOf(page),
    /** The same hands in another window on the same folder. */
    handsOf,
    async close() {
      await browser.close();
      await server.stop();
      if (!options.keep && existsSync(work)) rmSync(work, { recursive: true, force: true });
    },
  };
  await page.goto(url);
  await page.locator('.monaco-workbench').waitFor();
  await page.getByRole('tab', { name: 'PeBR', exact: true }).first().waitFor();
  if (isHighContrast) await takeHighContrast(workbench, theme.endsWith('Light') ? 'Light High Contrast' : 'Dark High Contrast');
  return workbench;
}

/** What a person does in one window. */
function handsOf(page) {
  const hands = {
    /** Runs a command by its title in the palette. Where something takes the keyboard, or the command is not known yet, the palette is opened again. */
    async command(title) {
      const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      for (let left = 3; ; left--) {
        try {
          await page.keyboard.press('F1');
          await page.locator('.quick-input-widget input.input').fill(`>${title}`, { timeout: 15_000 });
          // The palette's own order may put "Resume Training" before "Train".
          await page.locator('.quick-input-list [role=option]').filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${escaped}$`) }) }).first().click({ timeout: 15_000 });
          return;
        } catch (error) {
          if (left === 0 || error.name !== 'TimeoutError') throw error;
          await page.keyboard.press('Escape'); // a list that was made before the extension was known stays as it is
        }
      }
    },
    /** Runs a command that asks for a choice, and takes it; `typed` goes into the field with that `placeholder` first. Asked for again where something took the keyboard meanwhile. */
    async pick(title, choice, { typed, placeholder } = {}) {
      for (let left = 3; ; left--) {
        try {
          await hands.command(title);
          if (placeholder) await page.getByPlaceholder(placeholder).fill(typed, { timeout: 15_000 });
          await page.locator('.quick-input-list [role=option]', { hasText: choice }).first().click({ timeout: 30_000 });
          return;
        } catch (error) {
          if (left === 0 || error.name !== 'TimeoutError') throw error;
          await page.keyboard.press('Escape'); // a list that was made before the extension was known stays as it is
        }
      }
    },
    /** Opens a view container by its title in the activity bar. */
    async container(name) {
      await page.getByRole('tab', { name, exact: true }).first().click();
    },
    treeItem: text => page.locator('.pane-body [role=treeitem]').filter({ hasText: text }).first(),
    /** The page inside the webview that shows `selector`; several webviews may be open. */
    async webview(selector, timeoutMs = 30_000) {
      const end = Date.now() + timeoutMs;
      while (Date.now() < end) {
        for (const frame of page.frames()) {
          if (frame.name() === 'active-frame' || frame.url().includes('fake.html')) {
            if (await frame.locator(selector).first().isVisible().catch(() => false)) return frame;
          }
        }
        await page.waitForTimeout(150);
      }
      throw new Error(`No webview shows ${selector}`);
    },
  };
  return hands;
}

/** 1.139 takes such a theme only while it runs. */
async function takeHighContrast({ page, command }, name) {
  await command('Preferences: Color Theme');
  await page.getByPlaceholder(/Color Theme/).fill(name);
  await page.locator('.quick-input-list [role=option]', { hasText: name }).first().click();
  await page.locator('.monaco-workbench.hc-black, .monaco-workbench.hc-light').waitFor();
}

module.exports = { openWorkbench };
