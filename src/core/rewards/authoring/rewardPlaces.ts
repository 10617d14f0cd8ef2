/** Where the parts of a reward stand in its file; lines are zero-based. What is written in a way that is not understood here is left out. */
export interface RewardPlaces {
  /** Of `defineReward`, `compute_score` or the first TRL function. */
  readonly definition: number | undefined;
  readonly components: ReadonlyMap<string, number>;
}

export function rewardPlaces(text: string, isPython: boolean): RewardPlaces {
  return isPython ? pythonPlaces(text) : scriptPlaces(text);
}

function scriptPlaces(text: string): RewardPlaces {
  const code = withoutWords(text);
  const lineOf = lineFinder(text);
  const call = code.search(/\bdefineReward\s*[(<]/);
  const start = call >= 0 ? call : code.search(/\bexport\s+default\b|\bmodule\.exports\b/);
  if (start < 0) return { definition: undefined, components: new Map() };
  const opening = /\bcomponents\s*:\s*\{|\b(?:const|let|var)\s+components\s*(?::[^={};]*)?=\s*\{/g;
  opening.lastIndex = start;
  const found = opening.exec(code) ?? ((opening.lastIndex = 0), opening.exec(code)); // the object may stand in a constant above
  return { definition: lineOf(start), components: found ? keysOf(text, code, found.index + found[0].length, lineOf) : new Map() };
}

/** Keys of the object literal whose content starts at `from`, with their lines. */
function keysOf(text: string, code: string, from: number, lineOf: (offset: number) => number): ReadonlyMap<string, number> {
  const keys = new Map<string, number>();
  let depth = 1;
  let isAtKey = true;
  for (let at = from; at < code.length && depth > 0; at++) {
    const char = code[at] ?? '';
    if (isAtKey && /[\w$'"]/.test(char)) {
      const key = /^(?:async\s+)?(?:(['"])(.*?)\1|([\w$]+))/.exec(text.slice(at));
      const name = key?.[2] ?? key?.[3];
      if (name !== undefined) keys.set(name, lineOf(at));
      at += (key?.[0].length ?? 1) - 1;
      isAtKey = false;
    } else if ('{[('.includes(char)) {
      depth++;
      isAtKey = false; // a computed key has no name here
    } else if ('}])'.includes(char)) depth--;
    else if (char === ',' && depth === 1) isAtKey = true;
    else if (!/\s/.test(char)) isAtKey = false; // a spread
  }
  return keys;
}

/** The text with the content of strings and comments blanked, every offset and line kept. */
function withoutWords(text: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|(['"])(?:\\.|(?!\1)[^\\\n])*\1|`(?:\\[\s\S]|[^\\`])*`/g, part =>
    part.startsWith('/') ? blank(part) : `${part[0]}${blank(part.slice(1, -1))}${part[0]}`);
}

function pythonPlaces(text: string): RewardPlaces {
  const lines = text.replace(/("""|''')[\s\S]*?\1/g, part => part.replace(/[^\n]/g, ' ')).split('\n');
  const components = new Map<string, number>();
  const add = (name: string | undefined, line: number): void => {
    if (name !== undefined && name !== 'overall' && !components.has(name)) components.set(name, line);
  };
  lines.forEach((content, line) => {
    const code = content.replace(/^\s*#.*/, '');
    for (const match of code.matchAll(/(['"])([\w ./-]+)\1\s*(?::|\]\s*=)/g)) add(match[2], line);
    add(/^(?:async\s+)?def\s+(\w+)\s*\([^)]*\bcompletions\b/.exec(code)?.[1], line);
  });
  const isDefinition = (pattern: RegExp): number | undefined => {
    const line = lines.findIndex(content => pattern.test(content));
    return line < 0 ? undefined : line;
  };
  return { definition: isDefinition(/^(?:async\s+)?def\s+compute_score\b/) ?? isDefinition(/^(?:async\s+)?def\s+\w+\s*\([^)]*\bcompletions\b/), components };
}

function lineFinder(text: string): (offset: number) => number {
  return offset => text.slice(0, offset).split('\n').length - 1;
}
