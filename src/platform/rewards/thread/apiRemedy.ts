/** What to do about a name of `pebr` that is used without its import, or that is imported and not there; undefined where the message tells of something else. */
export function apiRemedy(message: string, source: string, names: readonly string[]): string | undefined {
  const absent = /^ReferenceError: (\w+) is not defined/.exec(message)?.[1];
  if (absent !== undefined) return names.includes(absent) ? `Import it: import { ${absent} } from 'pebr';` : undefined;
  if (!/^TypeError: Cannot read properties of undefined \(reading 'call'\)/.test(message)) return undefined; // what a call of it is transpiled to
  const imported = [...source.matchAll(/\bimport\s*\{([^}]*)\}\s*from\s*['"]pebr['"]/g)].flatMap(([, list = '']) => list.split(',').map(each => /^\w+/.exec(each.trim())?.[0] ?? ''));
  const unknown = imported.find(name => name !== 'type' && !names.includes(name) && new RegExp(`\\b${name}\\s*\\(`).test(source));
  return unknown === undefined ? undefined : `"pebr" has no ${unknown}. It has ${names.join(', ')}.`;
}
