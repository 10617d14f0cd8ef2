import { constants } from 'node:fs';
import { isBuiltin, syncBuiltinESMExports } from 'node:module';

type Functions = Record<string, unknown>;

const writers = [
  'writeFile', 'appendFile', 'write', 'writev', 'mkdir', 'mkdtemp', 'rename', 'rm', 'rmdir', 'unlink', 'copyFile', 'cp', 'link', 'symlink', 'chmod', 'fchmod', 'lchmod', 'chown', 'fchown',
  'lchown', 'utimes', 'futimes', 'lutimes', 'truncate', 'ftruncate', 'createWriteStream',
];
const writing = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;
const endings = ['exit', 'reallyExit', 'abort', 'kill', '_kill', '_debugProcess', '_debugEnd', '_startProfilerIdleNotifier', '_getActiveHandles', '_getActiveRequests', 'binding', '_linkedBinding', 'chdir', 'setuid', 'setgid', 'setgroups', 'execve'];
const resolvers = [
  'lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa', 'resolveCname', 'resolveMx', 'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa', 'resolveSrv',
  'resolveTlsa', 'resolveTxt', 'reverse',
];

/**
 * Takes from Node's own modules, in this thread, what a reward may not do: end or start processes, write files, use the network, start threads.
 * Each throws where it is called, so the error has the line of the reward. It holds however the module was reached (`require`, `import()`,
 * `process.getBuiltinModule`, an npm package), because all of them share the object that is changed here. Where Node has its permission model that stands behind it.
 */
export function refuseEffects(): void {
  refuse(process as unknown as Functions, 'process', endings, 'end, signal or reach into a process');
  refuse(process.report as unknown as Functions, 'process.report', ['writeReport'], 'write files');
  const fs = builtin('fs');
  for (const [module, name] of [[fs, 'fs'], [fs['promises'] as Functions, 'fs.promises']] as const) {
    refuse(module, name, writers.flatMap(writer => [writer, `${writer}Sync`]), 'write files');
    for (const opener of ['open', 'openSync']) readOnly(module, name, opener);
    for (const closer of ['close', 'closeSync']) ownOnly(module, name, closer);
  }
  refuse(builtin('child_process'), 'child_process', ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'], 'start processes');
  refuse(prototypeOf(builtin('child_process'), 'ChildProcess'), 'ChildProcess', ['spawn'], 'start processes');
  refuseNetwork();
  const threads = builtin('worker_threads');
  refuse(threads, 'worker_threads', ['Worker', 'postMessageToThread'], 'start threads');
  for (const name of ['parentPort', 'workerData']) Object.defineProperty(threads, name, { value: null, writable: false, configurable: false });
  refuse(builtin('v8'), 'v8', ['writeHeapSnapshot', 'setHeapSnapshotNearHeapLimit', 'setFlagsFromString'], 'change the engine');
  refuse(builtin('inspector'), 'inspector', ['open', 'Session'], 'open a debugger');
  refuse(builtin('module'), 'module', ['register', 'registerHooks'], 'change how modules load');
  refuse(builtin('async_hooks'), 'async_hooks', ['createHook'], 'watch what others run'); // one that throws ends the process for all
  refuse(builtin('wasi'), 'wasi', ['WASI'], 'write files');
  if (isBuiltin('node:sqlite')) refuse(builtin('sqlite'), 'sqlite', ['DatabaseSync'], 'write files');
  syncBuiltinESMExports();
}

function refuseNetwork(): void {
  const what = 'use the network';
  refuse(globalThis as unknown as Functions, 'globalThis', ['fetch', 'WebSocket', 'EventSource'], what);
  const net = builtin('net');
  refuse(prototypeOf(net, 'Socket'), 'net.Socket', ['connect'], what);
  refuse(prototypeOf(net, 'Server'), 'net.Server', ['listen'], what);
  const dgram = builtin('dgram');
  refuse(dgram, 'dgram', ['createSocket'], what);
  refuse(prototypeOf(dgram, 'Socket'), 'dgram.Socket', ['bind', 'connect', 'send'], what);
  const dns = builtin('dns');
  for (const [module, name] of [[dns, 'dns'], [dns['promises'] as Functions, 'dns.promises']] as const) {
    refuse(module, name, resolvers, what);
    refuse(prototypeOf(module, 'Resolver'), `${name}.Resolver`, resolvers, what);
  }
}

function refuse(holder: Functions, name: string, members: readonly string[], what: string): void {
  for (const member of members) {
    if (typeof holder[member] === 'function') set(holder, member, function refused() {
      throw new Error(`A reward may not ${what} (${name}.${member}).`);
    });
  }
}

/** Descriptors that a reward opened and may close: others are the pipes of its process. */
const opened = new Set<unknown>();

function ownOnly(module: Functions, name: string, member: string): void {
  const close = module[member];
  if (typeof close !== 'function') return;
  set(module, member, function closed(this: unknown, ...args: unknown[]) {
    if (!opened.delete(args[0])) throw new Error(`A reward may not close what it did not open (${name}.${member}).`);
    return Reflect.apply(close, this, args) as unknown;
  });
}

/** `fs.open` for reading alone. */
function readOnly(module: Functions, name: string, member: string): void {
  const open = module[member];
  if (typeof open !== 'function') return;
  set(module, member, function openToRead(this: unknown, ...args: unknown[]) {
    const flags = typeof args[1] === 'function' ? 'r' : (args[1] ?? 'r');
    if (typeof flags === 'number' ? (flags & writing) !== 0 : !/^(?:r|rs|sr)$/.test(String(flags))) throw new Error(`A reward may not write files (${name}.${member}).`);
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (error: unknown, descriptor: unknown): unknown => {
        opened.add(descriptor);
        return Reflect.apply(callback, undefined, [error, descriptor]);
      };
    }
    const given = Reflect.apply(open, this, args) as unknown;
    opened.add(given);
    return given instanceof Promise ? given.then(handle => withoutWriting(handle as object)) : given;
  });
}

const handleKinds = new WeakSet<object>();

/** A file that is open for reading can still be given another mode and time. */
function withoutWriting(handle: object): object {
  const kind = Object.getPrototypeOf(handle) as Functions;
  if (!handleKinds.has(kind)) refuse(kind, 'FileHandle', writers, 'write files');
  handleKinds.add(kind);
  return handle;
}

function set(holder: Functions, member: string, value: unknown): void {
  Object.defineProperty(holder, member, { value, writable: false, configurable: false, enumerable: true });
}

function prototypeOf(module: Functions, name: string): Functions {
  return (module[name] as { prototype: Functions }).prototype;
}

function builtin(name: string): Functions {
  return require(`node:${name}`) as Functions;
}
