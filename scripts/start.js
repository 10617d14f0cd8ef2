// `npm start`: sets everything up and opens the sample project; `npm start -- --headless` runs its whole loop in the terminal.
const { spawn, spawnSync } = require('node:child_process');
const path = require('node:path');
const { startBrowserVsCode } = require('./browserVsCode');
const { runMain, SetUpError } = require('./setUpError');
const { root, setUp } = require('./setUp');

const sample = path.join(root, 'samples/cards');
const usage = `npm start                 set up and open the sample project in VS Code
npm start -- --headless   set up and run the sample's whole loop in the terminal
npm start -- --browser    use VS Code in the browser even where desktop VS Code is installed
npm start -- --port 8080  port of VS Code in the browser`;

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return void console.log(usage);
  const unknown = args.find((arg, index) => !['--headless', '--browser', '--port', '--seed'].includes(arg) && !['--port', '--seed'].includes(args[index - 1]));
  if (unknown) throw new SetUpError(`Unknown option ${unknown}.`, usage);
  setUp();
  if (args.includes('--headless')) return headless(args);
  if (!args.includes('--browser') && hasDesktop()) return desktop();
  return browser(args);
}

function headless(args) {
  const at = args.indexOf('--seed');
  const seed = at === -1 ? [] : ['--seed', args[at + 1]];
  const done = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'train', '--project', sample, ...seed], { stdio: 'inherit' });
  return done.status ?? 1;
}

function hasDesktop() {
  const probe = spawnSync('code', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  return probe.status === 0 && /^\d+\.\d+/.test(probe.stdout) && (process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY));
}

function desktop() {
  console.log('Opening the sample project in VS Code');
  const done = spawnSync('code', [`--extensionDevelopmentPath=${root}`, sample], { stdio: 'inherit', shell: process.platform === 'win32' });
  return done.status ?? 1;
}

async function browser(args) {
  const at = args.indexOf('--port');
  const port = at === -1 ? undefined : Number(args[at + 1]);
  if (port !== undefined && !(port > 0 && port < 65536)) throw new SetUpError(`--port ${args[at + 1]} is not a port.`, 'Give a number from 1 to 65535.');
  const server = await startBrowserVsCode({ profile: path.join(root, '.setup/browser'), port, testDriver: true });
  const authority = `localhost:${server.port}`;
  const payload = JSON.stringify([['extensionDevelopmentPath', `vscode-remote://${authority}${root}`]]);
  const url = `${server.url}/?folder=${encodeURIComponent(sample)}&payload=${encodeURIComponent(payload)}`;
  console.log(`\nPeBR Studio is open at\n\n  ${url}\n\nCtrl+C ends it; training runs go on.`);
  openInBrowser(url);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.stop());
  await server.exited;
}

/** Shows the page where there is a screen; the printed address is enough elsewhere. */
function openInBrowser(url) {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'linux' && process.env.DISPLAY ? 'xdg-open' : undefined;
  if (opener) spawn(opener, [url], { stdio: 'ignore', detached: true }).once('error', () => console.log('Open the address in a browser.')).unref();
}

void runMain(main);
