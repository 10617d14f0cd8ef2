/** Objects of the language that every piece of code in a thread shares, and that a reward must not change for the responses after it. */
const names = [
  'Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Math', 'JSON', 'Reflect', 'Proxy', 'Promise', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef',
  'RegExp', 'Date', 'Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView',
  'Atomics', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array',
  'BigUint64Array', 'Intl', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'encodeURIComponent', 'decodeURIComponent', 'eval',
];
const timers = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask', 'structuredClone', 'process', 'performance'];

/** Names that programs set on their own objects; locking them here must not keep them from that. */
const overridden = new Map<object, readonly string[]>([
  [Object.prototype, ['toString', 'toLocaleString', 'valueOf', 'constructor', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable']],
  [Function.prototype, ['toString', 'constructor', 'bind', 'call', 'apply']],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'].map(
    name => [(globalThis as unknown as Record<string, { prototype: object }>)[name]?.prototype ?? {}, ['name', 'message', 'constructor', 'toString']] as const,
  ),
]);

/** V8 runs lists with holes and regular expressions slowly once these cannot be extended, so what is added to them is looked for instead. */
const open: ReadonlySet<object> = new Set<object>([Object.prototype, Array.prototype, RegExp.prototype]);

/**
 * Locks the language's own objects: a reward that sets `Array.prototype.map` or `JSON.stringify` fails at that line, and nothing changes.
 * Gives a check for the few that stay open: it puts back what was changed and names it.
 */
export function lockIntrinsics(): () => string | undefined {
  const seen = new Set<object>([globalThis, RegExp.prototype]);
  for (const name of names) lock((globalThis as Record<string, unknown>)[name], seen);
  for (const make of [function* () {}, async function () {}, async function* () {}]) lock(make, seen); // their prototypes have no name
  for (const iterated of [[], new Map(), new Set(), '']) lock(iterated[Symbol.iterator](), seen);
  for (const name of [...names, ...timers]) Object.defineProperty(globalThis, name, { value: (globalThis as Record<string, unknown>)[name], writable: false, configurable: false });
  const counts = [Object.prototype, Array.prototype].map(prototype => [prototype, Reflect.ownKeys(prototype)] as const);
  const expression = Reflect.ownKeys(RegExp.prototype).map(key => [key, Reflect.getOwnPropertyDescriptor(RegExp.prototype, key) ?? {}] as const);
  const parents = [Array.prototype, RegExp.prototype].map(prototype => [prototype, Object.getPrototypeOf(prototype) as object] as const);
  return () => added(counts) ?? changed(expression) ?? adopted(parents);
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
  else if (open.has(value)) for (const key of Reflect.ownKeys(value)) fix(value, key);
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

function added(counts: readonly (readonly [prototype: object, keys: readonly (string | symbol)[]])[]): string | undefined {
  for (const [prototype, keys] of counts) {
    const now = Reflect.ownKeys(prototype);
    if (now.length === keys.length) continue;
    const extra = now.filter(key => !keys.includes(key));
    for (const key of extra) Reflect.deleteProperty(prototype, key);
    return `${prototype === Object.prototype ? 'Object' : 'Array'}.prototype.${extra.map(String).join(', ')}`;
  }
  return undefined;
}

function changed(expression: readonly (readonly [key: string | symbol, was: PropertyDescriptor])[]): string | undefined {
  const prototype = RegExp.prototype as unknown as Readonly<Record<string | symbol, unknown>>;
  let wrong: string | undefined;
  for (const [key, was] of expression) {
    if ('value' in was ? Object.hasOwn(prototype, key) && prototype[key] === was.value : Reflect.getOwnPropertyDescriptor(prototype, key)?.get === was.get) continue;
    Object.defineProperty(RegExp.prototype, key, was);
    wrong = `RegExp.prototype.${String(key)}`;
  }
  return wrong;
}

function adopted(parents: readonly (readonly [prototype: object, parent: object])[]): string | undefined {
  const wrong = parents.filter(([prototype, parent]) => Object.getPrototypeOf(prototype) !== parent);
  for (const [prototype, parent] of wrong) Object.setPrototypeOf(prototype, parent);
  return wrong.length > 0 ? 'the prototype of Array.prototype or RegExp.prototype' : undefined;
}
