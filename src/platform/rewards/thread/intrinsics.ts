/** Objects of the language that every piece of code in a thread shares, and that a reward must not change for the responses after it. */
const names = [
  'Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Math', 'JSON', 'Reflect', 'Proxy', 'Promise', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef',
  'RegExp', 'Date', 'Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView',
  'Atomics', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array',
  'BigUint64Array', 'Intl', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'encodeURIComponent', 'decodeURIComponent', 'eval',
  'TextEncoder', 'TextDecoder', 'URL', 'URLSearchParams', 'Buffer',
];
/** Globals that cannot be replaced, whatever may be set on them. */
const fixed = [
  'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask', 'structuredClone', 'process', 'performance', 'console', 'atob', 'btoa',
  'AbortController', 'AbortSignal', 'Event', 'EventTarget', 'WebAssembly',
];

/** Names that programs set on their own objects; locking them here must not keep them from that. */
const overridden = new Map<object, readonly string[]>([
  [Object.prototype, ['toString', 'toLocaleString', 'valueOf', 'constructor', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable']],
  [Function.prototype, ['toString', 'constructor', 'bind', 'call', 'apply']],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'].map(
    name => [(globalThis as unknown as Record<string, { prototype: object }>)[name]?.prototype ?? {}, ['name', 'message', 'constructor', 'toString']] as const,
  ),
]);

/** V8 runs lists and regular expressions slowly once anything about these is locked, so what changed in them is looked for instead. */
const watched: readonly object[] = [Array.prototype, RegExp.prototype];
/** Lists with holes are slow once this cannot be extended; what it holds is locked, and what is added to it is looked for. */
const extensible: object = Object.prototype;

export interface IntrinsicsCheck {
  /** Puts back what was changed and names it. */
  readonly find: () => string | undefined;
  /** The same for what is usual, in a fraction of the time: after every component of every response. */
  readonly glance: () => string | undefined;
}

/**
 * Locks the language's own objects: a reward that sets `Array.prototype.map` or `JSON.stringify` fails at that line, and nothing changes.
 * Gives a check for the few that stay open.
 */
export function lockIntrinsics(): IntrinsicsCheck {
  const seen = new Set<object>([globalThis, ...watched]);
  for (const name of names) lock((globalThis as Record<string, unknown>)[name], seen);
  for (const prototype of watched) for (const held of Object.values(Object.getOwnPropertyDescriptors(prototype))) for (const each of [held.value, held.get] as unknown[]) lock(each, seen);
  for (const make of [function* () {}, async function () {}, async function* () {}]) lock(make, seen); // their prototypes have no name
  for (const iterated of [[], new Map(), new Set(), '']) lock(iterated[Symbol.iterator](), seen);
  for (const name of [...names, ...fixed]) Object.defineProperty(globalThis, name, { value: (globalThis as Record<string, unknown>)[name], writable: false, configurable: false });
  Object.defineProperty(performance, 'now', { value: performance.now.bind(performance), writable: false, configurable: false });
  const { stackTraceLimit, prepareStackTrace } = Error;
  /** Packages set these and take them back; a reward that leaves them set would take the line from the errors of others. */
  const putBackStacks = (): void => {
    if (Error.stackTraceLimit !== stackTraceLimit) Error.stackTraceLimit = stackTraceLimit;
    if (Error.prepareStackTrace !== prepareStackTrace) Object.defineProperty(Error, 'prepareStackTrace', { value: prepareStackTrace, writable: true, configurable: true });
  };
  const snapshots = [extensible, ...watched].map(snapshotOf);
  const find = (): string | undefined => {
    putBackStacks();
    let wrong: string | undefined;
    for (let index = 0; index < snapshots.length; index++) {
      const snapshot = snapshots[index];
      if (snapshot) wrong = restored(snapshot) ?? wrong;
    }
    return wrong;
  };
  const list = Array.prototype as unknown as Readonly<Record<string | symbol, unknown>>;
  const { map, forEach, filter, push, join, slice, reduce, some, every, includes, indexOf, concat, sort, flatMap } = list;
  const iterator = list[Symbol.iterator];
  const pattern = RegExp.prototype as unknown as Readonly<Record<string | symbol, unknown>>;
  const { exec, test } = pattern;
  const [replace, match, matchAll, split, search] = [Symbol.replace, Symbol.match, Symbol.matchAll, Symbol.split, Symbol.search].map(symbol => pattern[symbol]);
  const isSuspicious = (): boolean => {
    for (const _ in []) return true;
    return (
      list['map'] !== map || list['forEach'] !== forEach || list['filter'] !== filter || list['push'] !== push || list['join'] !== join || list['slice'] !== slice || list['reduce'] !== reduce ||
      list['some'] !== some || list['every'] !== every || list['includes'] !== includes || list['indexOf'] !== indexOf || list['concat'] !== concat || list['sort'] !== sort ||
      list['flatMap'] !== flatMap || list[Symbol.iterator] !== iterator || pattern['exec'] !== exec || pattern['test'] !== test || pattern[Symbol.replace] !== replace ||
      pattern[Symbol.match] !== match || pattern[Symbol.matchAll] !== matchAll || pattern[Symbol.split] !== split || pattern[Symbol.search] !== search
    );
  };
  const glance = (): string | undefined => {
    putBackStacks();
    return isSuspicious() ? find() : undefined;
  };
  return { find, glance };
}

/** What is told of a change that was found. */
export function changedIntrinsic(name: string): string {
  return `A reward may not change ${name}, which all code shares; it was put back.`;
}

function lock(value: unknown, seen: Set<object>): void {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
  seen.add(value);
  const reached = Reflect.ownKeys(value).flatMap(key => {
    const { value: held, get, set } = Reflect.getOwnPropertyDescriptor(value, key) ?? {};
    return [held, get, set] as unknown[];
  });
  for (const name of overridden.get(value) ?? []) makeOverridable(value, name);
  if (value === Error) for (const key of ['prototype', 'captureStackTrace']) Object.defineProperty(Error, key, { writable: false, configurable: false }); // packages set its stackTraceLimit
  else if (value === extensible) for (const key of Reflect.ownKeys(value)) fix(value, key);
  else Object.freeze(value);
  for (const each of reached) lock(each, seen);
  lock(Object.getPrototypeOf(value), seen);
}

function fix(value: object, key: string | symbol): void {
  const { configurable, value: held, writable } = Reflect.getOwnPropertyDescriptor(value, key) ?? {};
  if (configurable) Object.defineProperty(value, key, held !== undefined || writable ? { writable: false, configurable: false } : { configurable: false });
}

/** Setting the name on an object that inherits it gives that object its own; setting it here throws. */
function makeOverridable(holder: object, name: string): void {
  const held = Reflect.getOwnPropertyDescriptor(holder, name);
  if (!held || !('value' in held)) return;
  const value: unknown = held.value;
  Object.defineProperty(holder, name, {
    get: () => value,
    set(this: object, own: unknown) {
      if (this === holder) throw new TypeError(`Cannot assign to read only property '${name}' of object '[object ${(holder.constructor as { name: string }).name}]'`);
      Object.defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true });
    },
    enumerable: false,
    configurable: false,
  });
}

interface Snapshot {
  readonly holder: object;
  readonly name: string;
  readonly parent: object | null;
  readonly keys: readonly (string | symbol)[];
  readonly held: readonly PropertyDescriptor[];
}

function snapshotOf(holder: object): Snapshot {
  const keys = Reflect.ownKeys(holder);
  const name = `${holder === Array.prototype ? 'Array' : holder === RegExp.prototype ? 'RegExp' : 'Object'}.prototype`;
  return { holder, name, parent: Object.getPrototypeOf(holder) as object | null, keys, held: keys.map(key => Reflect.getOwnPropertyDescriptor(holder, key) ?? {}) };
}

/** Puts back what differs and gives the name of one thing that did. No method of a list is called here: it may be the one that was changed. */
function restored({ holder, name, parent, keys, held }: Snapshot): string | undefined {
  let wrong: string | undefined;
  if (Object.getPrototypeOf(holder) !== parent) {
    Object.setPrototypeOf(holder, parent);
    wrong = `the prototype of ${name}`;
  }
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? '';
    const was = held[index] ?? {};
    const now = Reflect.getOwnPropertyDescriptor(holder, key);
    if (key === 'length' || (now?.value === was.value && now?.get === was.get)) continue;
    Object.defineProperty(holder, key, was);
    wrong = `${name}.${String(key)}`;
  }
  const present = Reflect.ownKeys(holder);
  if (present.length === keys.length) return wrong;
  for (let index = 0; index < present.length; index++) {
    const key = present[index] ?? '';
    let isKnown = false;
    for (let at = 0; at < keys.length; at++) isKnown ||= keys[at] === key;
    if (isKnown) continue;
    Reflect.deleteProperty(holder, key);
    wrong = `${name}.${String(key)}`;
  }
  return wrong;
}
