// VS Code's server and workbench as npm ships it (code-server): for `npm start` where there is no desktop VS Code, and for the tests.
const { spawn, spawnSync } = require('node:child_process');
const { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { SetUpError } = require('./setUpError');

const hosts = path.join(__dirname, 'hosts');

/** VS Code 1.139 wants Node 24, 1.100 runs on 20 to 22; `rebuild` are the native modules without which it logs errors. */
const versions = {
  newest: { nodeMajor: 24, rebuild: ['@vscode/spdlog', '@vscode/native-watchdog'], ownRebuild: [] },
  oldest: { nodeMajor: 20, rebuild: ['@vscode/spdlog', 'native-watchdog'], ownRebuild: ['argon2'] },
};

const nodeVersions = { 20: '20.20.2', 24: '24.21.0' };

const settings = {
  'chat.disableAIFeatures': true,
  'chat.agentHost.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'files.autoSave': 'off', // as on the desktop; the browser's default saves labels a second after each gesture
  'telemetry.telemetryLevel': 'off',
  'git.decorations.enabled': false, // asks git what it ignores, and throws past every handler where git has ended first
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
};

/** Installs the host once; a second call returns at once. Returns the Node to run it with. */
function installBrowserVsCode(version, log = console.log) {
  const folder = path.join(hosts, version);
  const node = nodeFor(versions[version].nodeMajor, log);
  const stamp = path.join(folder, 'node_modules', '.pebr-installed');
  const wanted = readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return node;
  log(`VS Code in the browser (${version}): installing, about a minute and 800 MB`);
  const home = path.dirname(path.dirname(node));
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`, npm_config_nodedir: existsSync(path.join(home, 'include/node')) ? home : '' };
  if (!env.npm_config_nodedir) delete env.npm_config_nodedir;
  const server = path.join(folder, 'node_modules/code-server/lib/vscode');
  npm(['ci', '--ignore-scripts'], folder, env);
  npm(['install', '--omit=dev', '--ignore-scripts'], server, env);
  npm(['rebuild', ...versions[version].rebuild], server, env);
  if (versions[version].ownRebuild.length > 0) npm(['rebuild', ...versions[version].ownRebuild], folder, env);
  npm(['install', '--omit=dev', '--ignore-scripts'], path.join(server, 'extensions'), env);
  if (version === 'oldest') placeRipgrep(folder, server);
  writeFileSync(stamp, wanted);
  return node;
}

/** The search program, which 1.100 would download from elsewhere; later versions bring it as a package. */
function placeRipgrep(folder, server) {
  const bin = path.join(server, 'node_modules/@vscode/ripgrep/bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(path.join(folder, 'node_modules/@vscode/ripgrep-universal/bin', `${process.platform}-${process.arch}`, 'rg'), path.join(bin, 'rg'));
}

/** This Node where it is the right one, else the one that npm ships for this platform. */
function nodeFor(major, log) {
  const own = Number(process.versions.node.split('.')[0]);
  if (own === major || (major === 20 && own <= 22)) return process.execPath;
  const folder = path.join(hosts, `node${major}`);
  const name = `node-${process.platform}-${process.arch}`;
  const node = path.join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(node)) {
    log(`Node ${major} for VS Code in the browser: installing`);
    mkdirSync(folder, { recursive: true });
    npm(['install', '--ignore-scripts', '--no-save', '--prefix', folder, `${name}@${nodeVersions[major]}`], folder, process.env);
  }
  return node;
}

function npm(args, cwd, env) {
  const done = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status === 0) return;
  const output = `${done.stdout}${done.stderr}`;
  throw new SetUpError(
    `npm ${args.join(' ')} failed in ${path.relative(process.cwd(), cwd)}: ${output.trim().split('\n').slice(-4).join(' ')}`,
    /gyp|g\+\+|make/.test(output) ? 'A C++ compiler is needed: on Debian and Ubuntu, apt-get install g++ make python3' : 'Check the network and the npm configuration, then start again.',
  );
}

/**
 * Starts a server of its own with a profile of its own.
 * @param {{version?: 'newest'|'oldest', profile: string, port?: number, testDriver?: boolean, env?: Record<string, string>, settings?: object, log?: (line: string) => void}} options
 * @returns {Promise<{url: string, port: number, stop(): Promise<void>, exited: Promise<number|null>}>}
 */
async function startBrowserVsCode(options) {
  const version = options.version ?? 'newest';
  const node = installBrowserVsCode(version, options.log);
  const { profile } = options;
  const port = options.port ?? (await freePort());
  mkdirSync(profile, { recursive: true });
  writeFileSync(path.join(profile, 'config.yaml'), '');
  // Programs' paths are settings of the machine that the server runs on, the rest are the person's.
  for (const owner of ['User', 'Machine']) {
    mkdirSync(path.join(profile, 'data', owner), { recursive: true });
    const settingsFile = path.join(profile, 'data', owner, 'settings.json');
    if (!existsSync(settingsFile)) writeFileSync(settingsFile, JSON.stringify({ ...settings, ...options.settings }, null, 2));
  }
  const args = [
    entry(version), '--config', path.join(profile, 'config.yaml'), '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`,
    '--user-data-dir', path.join(profile, 'data'), '--extensions-dir', path.join(profile, 'extensions'),
    '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened',
  ];
  // 1.139 reads the extension under development from the page's address only with this flag; 1.100 always does.
  if (options.testDriver && version === 'newest') args.push('--vscode-option', 'enable-smoke-test-driver');
  const child = spawn(node, args, {
    env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => { lines.push(String(data)); if (lines.length > 200) lines.shift(); });
  const exited = new Promise(resolve => child.once('exit', resolve)); // not 'close': helpers of the server keep its pipes open
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) killTree(child.pid);
    await exited;
    child.stdout.destroy();
    child.stderr.destroy();
  };
  await healthy(port, child, lines);
  return { url: `http://localhost:${port}`, port, stop, exited, output: () => lines.join('') };
}

/** Installs a packaged extension into a profile. */
function installVsix(profile, vsix, version = 'newest') {
  const node = installBrowserVsCode(version);
  mkdirSync(path.join(profile, 'data/User'), { recursive: true });
  writeFileSync(path.join(profile, 'config.yaml'), '');
  const done = spawnSync(node, [
    entry(version), '--config', path.join(profile, 'config.yaml'), '--user-data-dir', path.join(profile, 'data'),
    '--extensions-dir', path.join(profile, 'extensions'), '--install-extension', vsix,
  ], { encoding: 'utf8', env: { ...process.env, EXTENSIONS_GALLERY: '{}' } });
  if (done.status !== 0) throw new Error(`The extension cannot be installed: ${done.stdout}${done.stderr}`);
}

function entry(version) {
  return path.join(hosts, version, 'node_modules/code-server/out/node/entry.js');
}

function killTree(pid) {
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(pid), '/t', '/f']);
  else process.kill(-pid, 'SIGKILL');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function healthy(port, child, lines) {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`VS Code's server did not start: ${lines.join('').slice(-800)}`);
}

/** A browser that can show it, or what to do to get one. */
function findChromium() {
  const candidates = [
    process.env.PEBR_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  const found = candidates.find(candidate => candidate && existsSync(candidate));
  if (found) return found;
  throw new SetUpError('The tests need Chromium, which was not found.', 'On Debian: apt-get install chromium. Elsewhere: set PEBR_CHROMIUM to a Chrome or Chromium program.');
}

const chromiumFlags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
];

const temporaryFolder = name => path.join(os.tmpdir(), `${name}-${process.pid}-${Date.now()}`);

module.exports = { chromiumFlags, findChromium, installBrowserVsCode, installVsix, startBrowserVsCode, temporaryFolder };
